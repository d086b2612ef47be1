import type { Queries } from '../platform/database/database';
import type { Localised } from '../platform/errors';
import { plainReason } from './plain-reason';

export interface FailureReason {
  readonly kind: 'failed' | 'unknown' | 'suppressed';
  /** The gateway's, or ours. */
  readonly code: string;
  readonly messages: number;
  readonly reason: Localised;
}

/**
 * The most frequent reasons for which texts of a batch failed, are unknown or were suppressed; what was unknown and has been
 * settled since is not among them. A code is put in words as the gateway means it that the first text with it went through.
 * By the index outcomes_troubles, and for each unknown one a look by primary key: of a million
 * texts with 5 % failed and 5 % unknown 280 ms on a busy machine, so not for every second.
 */
export async function failureReasons(queries: Queries, batchId: number, limit: number): Promise<FailureReason[]> {
  const rows = await queries.rows<Omit<FailureReason, 'reason'> & { gateway: string }>(
    `with reasons as materialized (
       select o.kind, o.code, count(*) as messages, min(array[o.seq, o.attempt]) as first
       from outcomes o
       where o.batch_id = $1 and o.kind in ('failed', 'unknown', 'suppressed')
         and (o.kind <> 'unknown' or not exists (
           select from outcomes s
           where s.batch_id = o.batch_id and s.seq = o.seq and s.attempt = o.attempt and s.certain))
       group by 1, 2 order by messages desc, kind, code limit $2
     )
     select coalesce(case when b.alternative_gateways <> '{}' then (
         select h.gateway from chunks c join handovers h on h.chunk_id = c.id
         where c.batch_id = b.id and c.attempt = r.first[2]
           and coalesce(array_position(c.seqs, r.first[1]), r.first[1]) between h.from_item and h.to_item
           and (c.seqs is null or r.first[1] = any(c.seqs)) limit 1) end, b.gateway) as gateway, r.kind, r.code, r.messages
     from batches b cross join reasons r where b.id = $1 order by r.messages desc, r.kind, r.code`,
    [batchId, limit],
  );
  return rows.map(({ gateway, kind, code, messages }) => ({
    kind,
    code,
    messages,
    reason: plainReason(gateway, kind, code),
  }));
}
