import type { Transaction } from '../../platform/database/database';
import { tracePattern, withoutNumber } from '../number-traces';
import { searchKey } from '../vietnamese-text';
import { fileGone } from './import-faults';

/** What of the imports speaks of a person whose data are erased. */
export interface ImportTraces {
  readonly phoneKey: Buffer;
  /** As `digitTraces` makes them. */
  readonly digits: readonly string[];
  /** Of numbers he had before, which may be other people's today: his are only rows that also bear one of his names. */
  readonly formerKeys: readonly Buffer[];
  readonly formerDigits: readonly string[];
  readonly names: readonly string[];
}

export interface ErasedImports {
  readonly importRows: number;
  /** Of imports not done yet: they may name him. */
  readonly uploadedFiles: number;
}

const NOT_DONE = `('uploaded', 'analysed', 'confirmed')`;
const HUSK = `opted_out = true, phone = null, phone_key = null, full_name = null, name_key = null, area_id = null,
  area_text = null, hamlet = null, language = null, fault_column = null, cells = null`;
const ERASED = `array['erased-on-request']`;

/**
 * Leaves of the person's rows the verdict and the row number, so that the figures of every import still add up; in an
 * import that waits for its confirmation they become rejected rows, so that nobody takes them.
 *
 * @param tx holds the register's lock; no import is being confirmed or undone meanwhile
 */
export async function eraseFromImports(tx: Transaction, traces: ImportTraces): Promise<ErasedImports> {
  const uploadedFiles = await deleteUploadedFiles(tx);
  const importRows = (await emptyOwnRows(tx, traces)) + (await emptyRowsNaming(tx, traces));
  await emptyReadings(tx, traces.digits);
  return { importRows, uploadedFiles };
}

/**
 * A file cannot be searched like rows, so those still kept are deleted whole. What was analysed can be confirmed, only not
 * read anew; what was not analysed yet has failed. The new revision keeps an analysis that is under way from ending.
 */
async function deleteUploadedFiles(tx: Transaction): Promise<number> {
  const { kind, code, text } = fileGone();
  const failed = await tx.rows<{ id: number }>(
    `update imports set state = 'failed', fault = $1, revision = revision + 1, sample = null,
       settings = settings || '{"fileErased": true}', rows = 0, progress_rows = 0, added = 0, changed = 0, unchanged = 0,
       repeated = 0, rejected = 0, warned = 0, opted_out = 0
     where state = 'uploaded' returning id`,
    [JSON.stringify({ kind, code, text })],
  );
  await tx.run('delete from import_rows where import_id = any($1::int[])', [failed.map(({ id }) => id)]);
  await tx.run(
    `update imports set sample = null, settings = settings || '{"fileErased": true}', revision = revision + 1
     where state in ${NOT_DONE}`,
  );
  const deleted = await tx.row<{ files: number }>(
    `with gone as (delete from import_files returning import_id)
     select count(distinct g.import_id) as files from gone g join imports i on i.id = g.import_id
     where i.state in ${NOT_DONE} or i.id = any($1::int[])`,
    [failed.map(({ id }) => id)],
  );
  return deleted!.files;
}

/** Reads all rows once, twice where some are his: there is no index, because nothing else looks for a number here. */
async function emptyOwnRows(tx: Transaction, traces: ImportTraces): Promise<number> {
  const found = await tx.row<{ rows: number }>(
    `with his as materialized (
       select import_id, row_number from import_rows
       where phone_key = $1 or (phone_key = any($2::bytea[]) and name_key = any($3::text[]))
     ), found as materialized (
       select distinct r.import_id, r.row_number, r.verdict, r.opted_out, r.codes is not null as warned, i.state in ${NOT_DONE} as waits
       from his join import_rows r on r.import_id = his.import_id
         and (r.row_number = his.row_number or r.first_row = his.row_number)
       join imports i on i.id = r.import_id
     ), husked as (
       update import_rows r set ${HUSK},
         codes = case when f.waits or r.verdict = 'rejected' then ${ERASED} end,
         verdict = case when f.waits then 'rejected' else r.verdict end
       from found f where r.import_id = f.import_id and r.row_number = f.row_number
     ), moved as (
       select import_id, count(*) filter (where verdict = 'added') as added,
         count(*) filter (where verdict = 'changed') as changed, count(*) filter (where verdict = 'unchanged') as unchanged,
         count(*) filter (where verdict = 'repeated') as repeated, count(*) filter (where warned) as warned,
         count(*) filter (where opted_out) as opted_out, count(*) as rejected
       from found where waits and verdict <> 'rejected' group by import_id
     ), counted as (
       update imports i set added = i.added - m.added, changed = i.changed - m.changed, unchanged = i.unchanged - m.unchanged,
         repeated = i.repeated - m.repeated, warned = i.warned - m.warned, opted_out = i.opted_out - m.opted_out,
         rejected = i.rejected + m.rejected
       from moved m where i.id = m.import_id
     )
     select count(*) as rows from found`,
    [traces.phoneKey, traces.formerKeys, traces.names.map(searchKey)],
  );
  return found!.rows;
}

/** Rows that were rejected, or taken with a warning, keep the office's own cells: any of them may name the number. */
function emptyRowsNaming(tx: Transaction, { digits, formerDigits, names }: ImportTraces): Promise<number> {
  const anyCell = (condition: string): string => `exists (select from unnest(cells) cell where ${condition})`;
  return tx.run(
    `update import_rows set cells = null, codes = case verdict when 'rejected' then ${ERASED} else codes end
     where cells is not null and array_to_string(cells, ' ') ~ $4 and (${anyCell('cell ~ $1')}
       or (${anyCell('cell ~ $2')} and ${anyCell('lower(normalize(trim(cell))) = any($3::text[])')}))`,
    [
      tracePattern(digits),
      tracePattern(formerDigits),
      names.map((name) => name.normalize('NFC').toLowerCase()),
      tracePattern([...digits, ...formerDigits]),
    ],
  );
}

/** Names of files, why people undid, first rows kept as a sample, titles where a row of data was taken for the header. */
async function emptyReadings(tx: Transaction, digits: readonly string[]): Promise<void> {
  const naming = await tx.rows<{ id: number; facts: Record<string, unknown> }>(
    `select id, jsonb_build_object('fileName', file_name, 'undoReason', undo_reason, 'reading', reading, 'sample', sample) as facts
     from imports where concat(file_name, undo_reason, reading, sample) ~ $1`,
    [tracePattern(digits)],
  );
  for (const { id, facts } of naming) {
    await tx.run(
      `update imports set file_name = f ->> 'fileName', undo_reason = f ->> 'undoReason', reading = nullif(f -> 'reading', 'null'),
         sample = nullif(f -> 'sample', 'null')
       from (select $2::jsonb as f) facts where id = $1`,
      [id, JSON.stringify(withoutNumber(facts, digits))],
    );
  }
}
