import type { Queries } from '../platform/database/database';

/**
 * Every message of a batch is in exactly one of the first eight; they add up to `messages` at every instant. `delivered`
 * and `undelivered` are parts of `accepted`. A first wave is over when accepted, failed, unknown, suppressed, cancelled and
 * expired add up to `released`.
 */
export interface BatchFigures {
  readonly messages: number;
  readonly segments: number;
  readonly queued: number;
  readonly sending: number;
  readonly accepted: number;
  readonly failed: number;
  readonly unknown: number;
  readonly suppressed: number;
  readonly cancelled: number;
  readonly expired: number;
  readonly delivered: number;
  readonly undelivered: number;
  /** So many may leave as yet: fewer than `messages` during a first wave or a spread. */
  readonly released: number;
}

/**
 * One statement, so one snapshot: marks and counters cannot fall out of step between two reads. Of a batch that is under way
 * it reads one row per chunk and per counter, of one that has ended its row per day (nothing of it is being sent); never a
 * message.
 */
export async function batchFigures(queries: Queries, batchIds: readonly number[]): Promise<Map<number, BatchFigures>> {
  const rows = await queries.rows<BatchFigures & { batchId: number }>(
    `with marked as (
       select c.batch_id, sum(c.marked - c.lo + 1)::int as marked from batches b join chunks c on c.batch_id = b.id
       where b.id = any($1::bigint[]) and b.finished_at is null group by c.batch_id
     ), counted as (
       select batch_id, sum(messages)::int as messages, sum(segments)::int as segments, sum(closed)::int as closed,
         sum(accepted)::int as accepted, sum(failed)::int as failed, sum(unknown)::int as unknown,
         sum(suppressed)::int as suppressed, sum(cancelled)::int as cancelled, sum(expired)::int as expired,
         sum(delivered)::int as delivered, sum(undelivered)::int as undelivered
       from counted_by_day where batch_id = any($1::bigint[]) group by batch_id
     )
     select batch_id as "batchId", messages, counted.segments,
       messages - coalesce(marked - closed, 0) - accepted - failed - unknown - suppressed - cancelled - expired as queued,
       coalesce(marked - closed, 0) as sending,
       accepted, failed, unknown, suppressed, cancelled, expired, delivered, undelivered, b.released_to as released
     from counted left join marked using (batch_id) join batches b on b.id = batch_id`,
    [batchIds],
  );
  return new Map(rows.map(({ batchId, ...figures }) => [batchId, figures]));
}
