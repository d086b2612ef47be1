import type { Queries, Transaction } from '../platform/database/database';
import { lockRegister } from './register-lock';

/** Rows deleted in one transaction: some 100 ms, during which edits and imports wait. */
const SLICE_ROWS = 10_000;

export interface ImportTimes {
  /** Imports done or undone before then lose their rows; those that failed or were discarded do so at once. */
  readonly doneBefore: Date;
  /** Local day: of lists that may be kept only until before it, all imports lose their rows. */
  readonly today: string;
}

/** Imports that were read before then and left lying: a decision nobody made becomes a no. Guarded by the state. */
export async function discardUnconfirmed(tx: Transaction, analysedBefore: Date): Promise<number[]> {
  const rows = await tx.rows<{ id: number }>(
    `update imports set state = 'discarded', revision = revision + 1
     where state = 'analysed' and analysed_at < $1 returning id`,
    [analysedBefore],
  );
  return rows.map(({ id }) => id);
}

/** Imports whose rows and files are to go; those too in whose emptying the service was stopped. */
export async function findImportsToEmpty(queries: Queries, times: ImportTimes): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    `select i.id from imports i join subscriber_lists l on l.id = i.list_id
     where i.state in ('done', 'undone', 'failed', 'discarded')
       and (i.state in ('failed', 'discarded') or coalesce(i.undone_at, i.done_at, i.created_at) < $1 or l.retain_until < $2)
       and (i.emptied_at is null or exists (select from import_rows r where r.import_id = i.id)
         or exists (select from import_files f where f.import_id = i.id))
     order by i.id`,
    [times.doneBefore, times.today],
  );
  return rows.map(({ id }) => id);
}

/**
 * Marks an import as emptied, from when on nobody can see its rows or undo it. Its figures stay.
 *
 * @returns false when somebody acts on it at this moment
 */
export async function markImportEmptied(tx: Transaction, importId: number): Promise<boolean> {
  const marked = await tx.run(
    `update imports set emptied_at = coalesce(emptied_at, now()), sample = null
     where id = $1 and state in ('done', 'undone', 'failed', 'discarded')`,
    [importId],
  );
  if (marked === 0) return false;
  await tx.run('delete from import_files where import_id = $1', [importId]);
  return true;
}

/** Deletes the rows of an emptied import. @returns how many they were */
export async function deleteImportRows(queries: Queries, importId: number): Promise<number> {
  let deleted = 0;
  for (let slice = SLICE_ROWS; slice === SLICE_ROWS; deleted += slice) {
    slice = await queries.run(
      `delete from import_rows where import_id = $1 and row_number in (
         select row_number from import_rows where import_id = $1 order by row_number limit $2)`,
      [importId, SLICE_ROWS],
    );
  }
  return deleted;
}

/** Lists with members whose time is over: `retain_until` is the last day on which they may be kept. */
export async function findExpiredLists(queries: Queries, today: string): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    `select id from subscriber_lists l
     where retain_until < $1 and exists (select from list_members m where m.list_id = l.id) order by id`,
    [today],
  );
  return rows.map(({ id }) => id);
}

export interface ExpiredMembers {
  readonly members: number;
  /** Of them: in no other list, so their records went too. */
  readonly subscribers: number;
  readonly historyEntries: number;
}

/** Takes some members off a list whose time is over, and deletes whoever then is in no list. Zero members: all are gone. */
export async function deleteExpiredMembers(tx: Transaction, listId: number, today: string): Promise<ExpiredMembers> {
  await lockRegister(tx);
  const found = await tx.row<ExpiredMembers>(
    `with leaving as materialized (
       select m.subscriber_id as id from list_members m join subscriber_lists l on l.id = m.list_id
       where m.list_id = $1 and l.retain_until < $2 order by m.subscriber_id limit $3
     ), gone as (
       delete from list_members m using leaving where m.list_id = $1 and m.subscriber_id = leaving.id
     ), deleted as (
       delete from subscribers s using leaving
       where s.id = leaving.id
         and not exists (select from list_members m where m.subscriber_id = s.id and m.list_id <> $1)
       returning s.id
     ), forgotten as (
       delete from subscriber_history h using deleted where h.subscriber_id = deleted.id returning 1
     )
     select (select count(*) from leaving) as members, (select count(*) from deleted) as subscribers,
       (select count(*) from forgotten) as "historyEntries"`,
    [listId, today, SLICE_ROWS],
  );
  return found!;
}

/** Withdrawals matter to texts prepared before them, and to nothing else. @returns how many were deleted */
export function deleteWithdrawals(tx: Transaction, before: Date): Promise<number> {
  return tx.run('delete from withdrawals where at < $1', [before]);
}
