import type { Queries, Transaction } from '../platform/database/database';

/** Messages emptied in one statement: some 100 ms, during which nothing else waits. */
const SLICE_MESSAGES = 10_000;

/** A batch whose work ended before the given time and that still holds numbers and texts. */
export function findBatchToEmpty(
  queries: Queries,
  finishedBefore: Date,
): Promise<{ id: number; size: number } | undefined> {
  return queries.row<{ id: number; size: number }>(
    `select id, size from batches where finished_at < $1 and emptied_at is null order by id limit 1`,
    [finishedBefore],
  );
}

/**
 * Sets numbers and texts of a finished batch to null, slice by slice, each by itself: begun anew it goes on where it was.
 * Keys and digests stay, so that all figures and what was approved still hold.
 */
export async function emptyMessages(queries: Queries, { id, size }: { id: number; size: number }): Promise<void> {
  for (let from = 1; from <= size; from += SLICE_MESSAGES) {
    await queries.run(
      `update messages set phone = null, text = null
       where batch_id = $1 and seq >= $2 and seq < $2 + $3 and (phone is not null or text is not null)`,
      [id, from, SLICE_MESSAGES],
    );
  }
}

export async function markEmptied(tx: Transaction, batchId: number): Promise<void> {
  await tx.run('update batches set emptied_at = now() where id = $1', [batchId]);
}

/** When the oldest work that is not ended was submitted; undefined when all of it has ended. */
export async function oldestOpenBatch(queries: Queries): Promise<Date | undefined> {
  const row = await queries.row<{ at: Date | null }>(
    'select min(created_at) as at from batches where finished_at is null',
  );
  return row?.at ?? undefined;
}
