import { createHash } from 'node:crypto';
import type { Queries, Transaction } from '../../platform/database/database';
import type { FaultKind, Localised } from '../../platform/errors';
import type { ImportState } from './import-lifecycle';
import type { ImportSettings } from './import-settings';
import type { Reading } from './reading';
import type { SheetRow } from './sheet-row';

/** A fault of the file, kept with its import. */
export interface KeptFault {
  readonly kind: FaultKind;
  readonly code: string;
  readonly text: Localised;
}

/** What the undo of an import did: members of the list and subscribers, by what became of them. */
export interface UndoCounts {
  /** Taken off the list. */
  readonly leftTheList: number;
  /** Deleted from the register: they had come with this import and were on no other list. */
  readonly deleted: number;
  /** Put back to what was known before. */
  readonly restored: number;
  /** Left as they are, because a person or another import changed them since. */
  readonly changedSince: number;
  /** Left as they are, because a later file names them too. */
  readonly namedAgain: number;
}

/** What became of the rows of a file: rows = added + changed + unchanged + repeated + rejected. */
export interface ImportCounts {
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly repeated: number;
  readonly rejected: number;
  /** Of the rows that are taken: something about them should be looked at. */
  readonly warned: number;
  /** Of the rows that are taken: their numbers opted out, and are not texted. */
  readonly optedOut: number;
}

export interface ImportRecord extends ImportCounts {
  /** People who were not on the list before; 0 until it is done. */
  readonly joined: number;
  readonly id: number;
  readonly listId: number;
  readonly state: ImportState;
  readonly revision: number;
  readonly fileName: string;
  readonly fileBytes: number;
  readonly fileSha256: string;
  readonly settings: ImportSettings;
  readonly reading: Reading | null;
  /** The first rows as they were read; null once they are no longer needed. */
  readonly sample: readonly SheetRow[] | null;
  readonly headerRow: number | null;
  readonly progressRows: number;
  readonly fault: KeptFault | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly analysedAt: Date | null;
  readonly confirmedBy: string | null;
  readonly confirmedAt: Date | null;
  readonly doneAt: Date | null;
  readonly undoneBy: string | null;
  readonly undoneAt: Date | null;
  readonly undoReason: string | null;
  readonly undo: UndoCounts | null;
  readonly emptiedAt: Date | null;
}

const COLUMNS = `id, list_id as "listId", state, revision, file_name as "fileName", file_bytes as "fileBytes",
  file_sha256 as "fileSha256", settings, reading, sample, header_row as "headerRow", rows, added, changed, unchanged, repeated,
  rejected, warned, opted_out as "optedOut", joined, progress_rows as "progressRows", fault, created_by as "createdBy",
  created_at as "createdAt", analysed_at as "analysedAt", confirmed_by as "confirmedBy", confirmed_at as "confirmedAt",
  done_at as "doneAt", undone_by as "undoneBy", undone_at as "undoneAt", undo_reason as "undoReason", undo, emptied_at as "emptiedAt"`;

export interface NewImport {
  readonly listId: number;
  readonly fileName: string;
  readonly settings: ImportSettings;
  readonly createdBy: string;
}

export async function insertImport(tx: Transaction, facts: NewImport): Promise<number> {
  const { listId, fileName, settings, createdBy } = facts;
  const { id } = (await tx.row<{ id: number }>(
    `insert into imports (list_id, file_name, file_bytes, file_sha256, settings, created_by, state)
     values ($1, $2, 0, '', $3, $4, 'uploaded') returning id`,
    [listId, fileName, settings, createdBy],
  ))!;
  return id;
}

export function findImport(queries: Queries, id: number): Promise<ImportRecord | undefined> {
  return queries.row<ImportRecord>(`select ${COLUMNS} from imports where id = $1`, [id]);
}

/** The import, locked until the transaction ends. */
export function lockImport(tx: Transaction, id: number): Promise<ImportRecord | undefined> {
  return tx.row<ImportRecord>(`select ${COLUMNS} from imports where id = $1 for no key update`, [id]);
}

export function newestImports(
  queries: Queries,
  filter: { listId?: number; before?: number; limit: number },
): Promise<ImportRecord[]> {
  return queries.rows<ImportRecord>(
    `select ${COLUMNS} from imports where ($1::int is null or list_id = $1) and ($2::int is null or id < $2)
     order by id desc limit $3`,
    [filter.listId ?? null, filter.before ?? null, filter.limit],
  );
}

/** Stores an uploaded file in pieces, so that any instance can go on with it. Returns its SHA-256 and size. */
export async function keepFile(
  tx: Transaction,
  importId: number,
  chunks: AsyncIterable<Buffer>,
): Promise<{ sha256: string; bytes: number }> {
  const digest = createHash('sha256');
  let piece = 0;
  let bytes = 0;
  for await (const chunk of chunks) {
    piece += 1;
    bytes += chunk.length;
    digest.update(chunk);
    await tx.run('insert into import_files (import_id, piece, bytes) values ($1, $2, $3)', [importId, piece, chunk]);
  }
  const sha256 = digest.digest('hex');
  await tx.run('update imports set file_bytes = $2, file_sha256 = $3 where id = $1', [importId, bytes, sha256]);
  return { sha256, bytes };
}

/** Files of imports that need them no more: done, failed, put away. */
export async function deleteFilesNotNeeded(queries: Queries): Promise<void> {
  await queries.run(
    `delete from import_files f using imports i
     where i.id = f.import_id and i.state not in ('uploaded', 'analysed', 'confirmed')`,
  );
}

/** The pieces of a kept file in their order; none once it was deleted. */
export async function* readFile(queries: Queries, importId: number): AsyncGenerator<Buffer> {
  for (let piece = 1; ; piece += 1) {
    const found = await queries.row<{ bytes: Buffer }>(
      'select bytes from import_files where import_id = $1 and piece = $2',
      [importId, piece],
    );
    if (!found) return;
    yield found.bytes;
  }
}

export async function deleteFile(queries: Queries, importId: number): Promise<void> {
  await queries.run('delete from import_files where import_id = $1', [importId]);
}

export async function deleteRows(queries: Queries, importId: number): Promise<void> {
  await queries.run('delete from import_rows where import_id = $1', [importId]);
}

export async function hasFile(queries: Queries, importId: number): Promise<boolean> {
  return (await queries.row('select 1 from import_files where import_id = $1 and piece = 1', [importId])) !== undefined;
}

/** The rows of an import whose file could not be read as chosen, and what was counted of them. */
export async function forgetRows(queries: Queries, importId: number): Promise<void> {
  await deleteRows(queries, importId);
  await queries.run(
    `update imports set rows = 0, progress_rows = 0, added = 0, changed = 0, unchanged = 0, repeated = 0, rejected = 0, warned = 0,
       opted_out = 0, sample = null where id = $1`,
    [importId],
  );
}

/**
 * A hint for whoever watches, outside of the work's own transaction. Nobody waits for it: the work may hold the register,
 * and everybody who has a connection may be waiting for just that.
 */
export function showProgress(queries: Queries, importId: number, rows: number): void {
  queries
    .run(`update imports set progress_rows = $2 where id = $1 and state in ('uploaded', 'confirmed')`, [importId, rows])
    .catch(() => undefined);
}
