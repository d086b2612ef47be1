/**
 * Whoever the undo of an import took off the lists of a batch after it was written, and is on none of them any more: his
 * text says what a wrong file said. Decided at the hand-over and not by the undo, so it also holds for batches that are
 * held or paused then. A submission shares the register's lock and `at` is taken under the lock of the undo, so of the two
 * the later one has the later time.
 *
 * The second condition is asked only of those whom the first one holds for.
 *
 * @param message alias of a row of messages @param batch alias of a row with list_ids and created_at
 */
export function wasWithdrawn(message: string, batch: string): string {
  return `(
    exists (
      select from withdrawals w
      where w.phone_key = ${message}.phone_key and w.list_id = any(${batch}.list_ids) and w.at > ${batch}.created_at)
    and not exists (
      select from list_members l where l.subscriber_id = ${message}.subscriber_id and l.list_id = any(${batch}.list_ids)))`;
}
