import type { Queries } from '../platform/database/database';

/**
 * What the texts `after < seq <= upTo` of a batch say about their numbers: a receipt, or a refusal for the number's own
 * sake. Accepted without a receipt, unknown, suppressed and the like say nothing. Erased people are left alone. Reads by
 * the primary keys of messages, deliveries and outcomes.
 *
 * @param numberRefusals see GatewayCapabilities
 */
export function findNumberResults(
  queries: Queries,
  range: { batchId: number; after: number; upTo: number },
  numberRefusals: readonly string[],
): Promise<{ phoneKey: Buffer; delivered: boolean }[]> {
  return queries.rows(
    `select m.phone_key as "phoneKey", d.status is not distinct from 'delivered' as delivered
     from messages m left join deliveries d on d.batch_id = m.batch_id and d.seq = m.seq
     where m.batch_id = $1 and m.seq > $2 and m.seq <= $3 and m.phone is not null
       and (d.status is not null or exists (
         select from outcomes o
         where o.batch_id = m.batch_id and o.seq = m.seq and o.kind = 'failed' and o.code = any($4::text[])))`,
    [range.batchId, range.after, range.upTo, numberRefusals],
  );
}
