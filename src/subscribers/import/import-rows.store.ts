import type { CopyBuffers } from '../../platform/database/copy-text';
import type { Transaction } from '../../platform/database/database';
import type { MergePolicy } from './import-settings';
import type { ImportCounts } from './imports.store';

/**
 * A row as the file alone tells it, in the order of PAGE_COLUMNS; whether its subscriber is new, the register knows. An
 * array, because a million objects more would be garbage at once.
 */
export type StagedRow = readonly [
  rowNumber: number,
  base: 'taken' | 'repeated' | 'rejected',
  phone: string | null,
  /** As byteaText gives it. */
  phoneKey: string | null,
  fullName: string | null,
  nameKey: string | null,
  areaId: number | null,
  areaText: string | null,
  hamlet: string | null,
  firstRow: number | null,
  /** As arrayText gives it, like the cells. */
  codes: string | null,
  faultColumn: number | null,
  cells: string | null,
];

const PAGE_COLUMNS = [
  'row_number',
  'base',
  'phone',
  'phone_key',
  'full_name',
  'name_key',
  'area_id',
  'area_text',
  'hamlet',
  'first_row',
  'codes',
  'fault_column',
  'cells',
] as const;

/** What a subscriber's record becomes by a row: `r` the row, `s` the record. An area's own name gives way to the area. */
const MERGED: Readonly<Record<MergePolicy, string>> = {
  'fill-gaps': merged('coalesce(s.@, r.@)'),
  overwrite: merged('coalesce(r.@, s.@)'),
  keep: merged('s.@'),
};

function merged(rule: string): string {
  const of = (column: string): string => rule.replaceAll('@', column);
  const areaText = `case when ${of('area_id')} is null then ${of('area_text')} end`;
  return `(${of('full_name')}, ${of('name_key')}, ${of('area_id')}, ${areaText}, ${of('hamlet')})`;
}

/** The record that a row of the policy makes: (full_name, name_key, area_id, area_text, hamlet). */
export function mergedRecord(policy: MergePolicy): string {
  return MERGED[policy];
}

export const RECORD = '(s.full_name, s.name_key, s.area_id, s.area_text, s.hamlet)';

/** What the register says of a taken row: `r` the row, `s` its subscriber, `x` its opt-out. */
export function registerVerdict(policy: MergePolicy): string {
  return `case when x.source = 'erasure' then 'rejected' when s.id is null then 'added'
    when ${mergedRecord(policy)} is distinct from ${RECORD} then 'changed' else 'unchanged' end`;
}

/**
 * Looked up one by one by unique index: whatever the statistics of tables filled a moment ago say, a page of ten thousand
 * rows must not make the planner read a register of millions whole.
 */
export async function lookUpByIndex(tx: Transaction): Promise<void> {
  await tx.run(
    `select set_config(name, 'off', true)
     from unnest(array['enable_hashjoin', 'enable_mergejoin', 'enable_seqscan']) name`,
  );
}

/** The page of rows on its way in, seen by this transaction alone and gone with it. */
export async function openPage(tx: Transaction): Promise<void> {
  await tx.run(
    `create temporary table import_page (
       row_number integer not null, base text not null, phone text, phone_key bytea, full_name text, name_key text,
       area_id integer, area_text text, hamlet text, first_row integer, codes text[], fault_column smallint, cells text[]
     ) on commit drop`,
  );
}

/** Which verdicts the rows of a page got. */
export type PageCounts = Omit<ImportCounts, 'rows'>;

const COUNTS = `count(*) filter (where verdict = 'added') as added, count(*) filter (where verdict = 'changed') as changed,
  count(*) filter (where verdict = 'unchanged') as unchanged, count(*) filter (where verdict = 'repeated') as repeated,
  count(*) filter (where verdict = 'rejected') as rejected,
  count(*) filter (where verdict <> 'rejected' and codes is not null) as warned,
  count(*) filter (where verdict <> 'rejected' and opted_out) as "optedOut"`;

/**
 * Writes a page of staged rows with their verdicts: 3 µs a row on an empty register, all on the database's side while the next
 * page is read. Whoever had his data erased is rejected, and his row is not kept.
 */
export async function writePage(
  tx: Transaction,
  importId: number,
  policy: MergePolicy,
  page: CopyBuffers,
): Promise<PageCounts> {
  await tx.copyText('import_page', PAGE_COLUMNS, page.take());
  const counts = await tx.row<PageCounts>(
    `with written as (
       insert into import_rows (import_id, row_number, verdict, opted_out, phone, phone_key, full_name, name_key, area_id,
         area_text, hamlet, first_row, codes, fault_column, cells)
       select $1, r.row_number, case when r.base = 'taken' or x.source = 'erasure' then ${registerVerdict(policy)} else r.base end,
         x.phone_key is not null,
         case when e.kept then r.phone end, case when e.kept then r.phone_key end, case when e.kept then r.full_name end,
         case when e.kept then r.name_key end, case when e.kept then r.area_id end, case when e.kept then r.area_text end,
         case when e.kept then r.hamlet end, r.first_row,
         case when e.kept then r.codes else array['erased-on-request'] end, r.fault_column,
         case when e.kept then r.cells end
       from import_page r
       left join subscribers s on s.phone_key = r.phone_key
       left join suppressions x on x.phone_key = r.phone_key
       cross join lateral (select x.source is distinct from 'erasure' as kept) e
       returning verdict, opted_out, codes
     ) select ${COUNTS} from written`,
    [importId],
  );
  await tx.run('truncate import_page');
  return counts!;
}

/** An array in PostgreSQL's own notation. @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
export function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

export async function countRows(tx: Transaction, importId: number): Promise<PageCounts> {
  return (await tx.row<PageCounts>(`select ${COUNTS} from import_rows where import_id = $1`, [importId]))!;
}

/**
 * Rows of one number make one person: what the first of them leaves open, the next that fills it in does. Returns how many
 * first rows got something.
 */
export async function fillFromRepeats(tx: Transaction, importId: number): Promise<number> {
  const first = (column: string): string =>
    `(array_agg(${column} order by row_number) filter (where ${column} is not null))[1] as ${column}`;
  return tx.run(
    `with further as materialized (
       select first_row, ${first('full_name')}, ${first('name_key')}, ${first('area_id')}, ${first('area_text')}, ${first('hamlet')}
       from import_rows where import_id = $1 and verdict = 'repeated' group by first_row
     )
     update import_rows r set full_name = coalesce(r.full_name, f.full_name), name_key = coalesce(r.name_key, f.name_key),
       area_id = coalesce(r.area_id, f.area_id),
       area_text = case when coalesce(r.area_id, f.area_id) is null then coalesce(r.area_text, f.area_text) end,
       hamlet = coalesce(r.hamlet, f.hamlet)
     from further f
     where r.import_id = $1 and r.row_number = f.first_row and r.verdict <> 'rejected'
       and (r.full_name is null and f.full_name is not null or r.hamlet is null and f.hamlet is not null
         or r.area_id is null and (f.area_id is not null or r.area_text is null and f.area_text is not null))`,
    [importId],
  );
}
