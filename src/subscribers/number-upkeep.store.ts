import type { Queries, Transaction } from '../platform/database/database';

/** What became of one text, as far as it tells something about the number. */
export interface TextResult {
  readonly phoneKey: Buffer;
  readonly delivered: boolean;
}

/**
 * Counts the texts of a batch: one that was delivered sets its number back to nothing, one that was not adds one. Batches
 * come one after the other in the order in which they ended, each once; the caller sees to both.
 *
 * @param endedAt when the batch ended: what a person verified since then is not doubted again
 * @param results each number at most once
 */
export async function countTextResults(tx: Transaction, endedAt: Date, results: readonly TextResult[]): Promise<void> {
  const keys = (delivered: boolean): Buffer[] =>
    results.filter((result) => result.delivered === delivered).map(({ phoneKey }) => phoneKey);
  await tx.run(
    'update number_health set undelivered_in_row = 0 where phone_key = any($1::bytea[]) and undelivered_in_row > 0',
    [keys(true)],
  );
  await tx.run(
    `insert into number_health as h (phone_key, undelivered_in_row, last_undelivered_at)
     select phone_key, 1, $2 from unnest($1::bytea[]) phone_key order by phone_key
     on conflict (phone_key) do update set
       undelivered_in_row = h.undelivered_in_row + 1, last_undelivered_at = excluded.last_undelivered_at
     where h.cleared_at is null or h.cleared_at < excluded.last_undelivered_at`,
    [keys(false), endedAt],
  );
}

/** @returns how many texts in a row had not been delivered; undefined when the number is not flagged (any more). */
export async function clearNumber(
  queries: Queries,
  subscriberId: number,
  flaggedAfter: number,
  { by, reason }: { by: string; reason: string },
): Promise<{ undelivered: number } | undefined> {
  return queries.row<{ undelivered: number }>(
    `with flagged as (
       select h.phone_key, h.undelivered_in_row
       from number_health h join subscribers s on s.phone_key = h.phone_key
       where s.id = $1 and h.undelivered_in_row >= $2
       for update of h
     )
     update number_health h set undelivered_in_row = 0, cleared_at = now(), cleared_by = $3, cleared_reason = $4
     from flagged f where h.phone_key = f.phone_key
     returning f.undelivered_in_row as undelivered`,
    [subscriberId, flaggedAfter, by, reason],
  );
}
