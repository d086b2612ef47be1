import type { MessageReference } from '../../gateways';
import type { Queries } from '../../platform/database/database';
import { HANDED_OVER } from './handed-over';

/** An unknown text whose turn has come, and what the rows say of it. */
export interface DueUnknown extends MessageReference {
  readonly lookUps: number;
  /** Null where erased; and the text. */
  readonly phone: string | null;
  readonly text: string | null;
  readonly segments: number;
  readonly gateway: string;
  readonly sender: string | null;
  readonly handedOverAt: Date;
  /** By the database's clock. */
  readonly handedOverMsAgo: number;
  readonly isBatchOpen: boolean;
  readonly hasOneWay: boolean;
  readonly resends: number;
}

/**
 * Takes unknown texts whose turn has come, the longest due first, by the index unknowns_look_up. Nobody else takes them for
 * `seconds`; then, should this process be gone, their turn has come again.
 */
export function takeDueUnknowns(queries: Queries, limit: number, seconds: number): Promise<DueUnknown[]> {
  return queries.rows<DueUnknown>(
    `with due as materialized (
       select batch_id, seq, attempt from unknowns
       where look_up_at <= now() order by look_up_at limit $1 for update skip locked
     ), taken as (
       update unknowns u set look_up_at = now() + make_interval(secs => $2)
       from due where u.batch_id = due.batch_id and u.seq = due.seq and u.attempt = due.attempt
       returning u.*
     )
     select u.batch_id as "batchId", u.seq, u.attempt, u.look_ups as "lookUps", m.phone, m.text, m.segments, h.gateway, h.sender,
       h.at as "handedOverAt", extract(epoch from clock_timestamp() - h.at)::float8 * 1000 as "handedOverMsAgo",
       b.finished_at is null as "isBatchOpen", b.alternative_gateways = '{}' as "hasOneWay",
       (select count(*) from settlements t where t.batch_id = u.batch_id and t.seq = u.seq
          and t.decision = 'send-again' and t.by in ('look-up', 'resend')) as resends
     from taken u join batches b on b.id = u.batch_id join messages m on m.batch_id = u.batch_id and m.seq = u.seq ${HANDED_OVER}`,
    [limit, seconds],
  );
}

/** When the turn of an unknown text comes next; null: none any more, a person decides. */
export interface NextTurn extends MessageReference {
  readonly inMs: number | null;
  readonly lookUps: number;
}

export async function setNextTurns(queries: Queries, turns: readonly NextTurn[]): Promise<void> {
  if (turns.length === 0) return;
  await queries.run(
    `update unknowns u set look_up_at = now() + make_interval(secs => g.ms / 1000), look_ups = g.look_ups
     from unnest($1::bigint[], $2::int[], $3::smallint[], $4::float8[], $5::smallint[]) as g (batch_id, seq, attempt, ms, look_ups)
     where u.batch_id = g.batch_id and u.seq = g.seq and u.attempt = g.attempt`,
    [
      turns.map(({ batchId }) => batchId),
      turns.map(({ seq }) => seq),
      turns.map(({ attempt }) => attempt),
      turns.map(({ inMs }) => inMs),
      turns.map(({ lookUps }) => lookUps),
    ],
  );
}
