import { appendAudit } from '../audit';
import { emptyMessages, findBatchToEmpty, markEmptied, oldestOpenBatch } from '../delivery';
import { localDay } from '../platform/clock';
import type { Config } from '../platform/config';
import type { Database } from '../platform/database/database';
import { SYSTEM } from '../platform/http/actor';
import {
  deleteExpiredMembers,
  deleteImportRows,
  deleteWithdrawals,
  discardUnconfirmed,
  findExpiredLists,
  findImportsToEmpty,
  markImportEmptied,
} from '../subscribers';

export type RetentionTimes = Pick<
  Config,
  'IMPORT_ROWS_KEPT_DAYS' | 'UNCONFIRMED_IMPORT_KEPT_DAYS' | 'MESSAGES_KEPT_DAYS'
>;

/** What one run deleted. All zero: nothing's time was over. */
export interface RetentionReport {
  readonly discardedImports: number;
  readonly emptiedImports: number;
  readonly importRows: number;
  readonly expiredLists: number;
  readonly members: number;
  readonly subscribers: number;
  readonly withdrawals: number;
  readonly emptiedBatches: number;
  readonly messages: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Deletes what the law gives no more reason to keep: rows and files of imports, imports nobody confirmed, lists past their
 * time with whoever is in no other, numbers and texts of old messages. Figures stay. Each step is small and looks at state
 * only, so a run that was stopped is made up for by the next. Every list, import and batch is put on record with counts.
 */
export async function runRetention(database: Database, times: RetentionTimes, now: Date): Promise<RetentionReport> {
  return {
    ...(await emptyImports(database, times, now)),
    ...(await emptyExpiredLists(database, localDay(now))),
    ...(await forgetWithdrawals(database, now)),
    ...(await emptyBatches(database, times.MESSAGES_KEPT_DAYS, now)),
  };
}

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

async function emptyImports(database: Database, times: RetentionTimes, now: Date) {
  const discarded = await database.transaction(async (tx) => {
    const ids = await discardUnconfirmed(tx, daysBefore(now, times.UNCONFIRMED_IMPORT_KEPT_DAYS));
    for (const id of ids) {
      await appendAudit(tx, { actor: SYSTEM, act: 'retention.discard-import', subject: `import:${id}` });
    }
    return ids;
  });
  const doneBefore = daysBefore(now, times.IMPORT_ROWS_KEPT_DAYS);
  let emptiedImports = 0;
  let importRows = 0;
  for (const id of await findImportsToEmpty(database, { doneBefore, today: localDay(now) })) {
    const isMarked = await database.transaction(async (tx) => {
      if (!(await markImportEmptied(tx, id))) return false;
      await appendAudit(tx, { actor: SYSTEM, act: 'retention.empty-import', subject: `import:${id}` });
      return true;
    });
    if (!isMarked) continue;
    emptiedImports += 1;
    importRows += await deleteImportRows(database, id);
  }
  return { discardedImports: discarded.length, emptiedImports, importRows };
}

async function emptyExpiredLists(database: Database, today: string) {
  const listIds = await findExpiredLists(database, today);
  let members = 0;
  let subscribers = 0;
  for (const listId of listIds) {
    for (let left = true; left;) {
      const deleted = await database.transaction(async (tx) => {
        const slice = await deleteExpiredMembers(tx, listId, today);
        const entry = { actor: SYSTEM, act: 'retention.empty-list', subject: `list:${listId}`, details: { ...slice } };
        if (slice.members > 0) await appendAudit(tx, entry);
        return slice;
      });
      members += deleted.members;
      subscribers += deleted.subscribers;
      left = deleted.members > 0;
    }
  }
  return { expiredLists: listIds.length, members, subscribers };
}

/** Those of the last day stay: a submission that began before them may not be seen yet. */
async function forgetWithdrawals(database: Database, now: Date) {
  const yesterday = daysBefore(now, 1);
  const oldest = (await oldestOpenBatch(database)) ?? yesterday;
  const before = oldest < yesterday ? oldest : yesterday;
  return { withdrawals: await database.transaction((tx) => deleteWithdrawals(tx, before)) };
}

async function emptyBatches(database: Database, keptDays: number, now: Date) {
  let emptiedBatches = 0;
  let messages = 0;
  if (keptDays === 0) return { emptiedBatches, messages };
  const finishedBefore = daysBefore(now, keptDays);
  for (let batch; (batch = await findBatchToEmpty(database, finishedBefore)) !== undefined;) {
    const { id, size } = batch;
    await emptyMessages(database, batch);
    await database.transaction(async (tx) => {
      await markEmptied(tx, id);
      const details = { messages: size };
      await appendAudit(tx, { actor: SYSTEM, act: 'retention.empty-messages', subject: `batch:${id}`, details });
    });
    emptiedBatches += 1;
    messages += size;
  }
  return { emptiedBatches, messages };
}
