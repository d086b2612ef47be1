import { copyTextOf, encodeCopyRow } from '../../platform/database/copy-text';
import type { Transaction } from '../../platform/database/database';
import type { SaidLanguage } from '../text-language';
import type { MergePolicy } from './import-settings';
import type { ImportCounts } from './imports.store';

/**
 * A row as the file alone tells it, in the order of ROW_COLUMNS; whether its subscriber is new, the register knows. An
 * array, because a million objects more would be garbage at once.
 */
type StagedRow = readonly [
  importId: number,
  rowNumber: number,
  /** `added` until the register is asked. */
  verdict: 'added' | 'repeated' | 'rejected',
  phone: string | null,
  /** As byteaText gives it. */
  phoneKey: string | null,
  fullName: string | null,
  nameKey: string | null,
  areaId: number | null,
  areaText: string | null,
  hamlet: string | null,
  language: SaidLanguage | null,
  firstRow: number | null,
  /** As arrayText gives it, like the cells. */
  codes: string | null,
  faultColumn: number | null,
  cells: string | null,
];

export function stagedLine(row: StagedRow): string {
  return encodeCopyRow(row);
}

/** The line of a row that is taken and of which nothing is to be said, as nearly all are. */
export function takenLine(
  importId: number,
  rowNumber: number,
  { phone, keyHex, fullName, nameKey, areaId, areaText, hamlet, language }: TakenRow,
): string {
  return (
    `${importId}\t${rowNumber}\tadded\t${phone}\t\\\\x${keyHex}\t${copyTextOf(fullName)}\t${nameKey ?? '\\N'}\t${areaId ?? '\\N'}\t` +
    `${copyTextOf(areaText)}\t${copyTextOf(hamlet)}\t${language ?? '\\N'}\t\\N\t\\N\t\\N\t\\N\n`
  );
}

export interface TakenRow {
  readonly phone: string;
  readonly keyHex: string;
  readonly fullName: string | null;
  readonly nameKey: string | null;
  readonly areaId: number | null;
  readonly areaText: string | null;
  readonly hamlet: string | null;
  readonly language: SaidLanguage | null;
}

const ROW_COLUMNS = [
  'import_id',
  'row_number',
  'verdict',
  'phone',
  'phone_key',
  'full_name',
  'name_key',
  'area_id',
  'area_text',
  'hamlet',
  'language',
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
  // Vietnamese is said in a file and not in a record: who now wishes for it loses the other language.
  const language = `nullif(${of('language')}, 'vi')`;
  return `(${of('full_name')}, ${of('name_key')}, ${of('area_id')}, ${areaText}, ${of('hamlet')}, ${language})`;
}

/** The record that a row of the policy makes: (full_name, name_key, area_id, area_text, hamlet, language). */
export function mergedRecord(policy: MergePolicy): string {
  return MERGED[policy];
}

export const RECORD = '(s.full_name, s.name_key, s.area_id, s.area_text, s.hamlet, s.language)';

/** What the register says of a taken row: `r` the row, `s` its subscriber, `x` its opt-out. */
export function registerVerdict(policy: MergePolicy): string {
  return `case when x.source = 'erasure' then 'rejected' when s.id is null then 'added'
    when ${mergedRecord(policy)} is distinct from ${RECORD} then 'changed' else 'unchanged' end`;
}

/** Which verdicts the rows of a file got. */
type VerdictCounts = Omit<ImportCounts, 'rows'>;

const COUNTS = `count(*) filter (where verdict = 'added') as added, count(*) filter (where verdict = 'changed') as changed,
  count(*) filter (where verdict = 'unchanged') as unchanged, count(*) filter (where verdict = 'repeated') as repeated,
  count(*) filter (where verdict = 'rejected') as rejected,
  count(*) filter (where verdict <> 'rejected' and codes is not null) as warned,
  count(*) filter (where verdict <> 'rejected' and opted_out) as "optedOut"`;

/** Writes rows while they are read: one COPY, 3 µs a row on the database's side. */
export async function writeRows(tx: Transaction, lines: AsyncIterable<Buffer>): Promise<void> {
  await tx.copyText('import_rows', ROW_COLUMNS, lines);
}

/** An array in PostgreSQL's own notation. @see https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
export function arrayText(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
}

export async function countRows(tx: Transaction, importId: number): Promise<VerdictCounts> {
  return (await tx.row<VerdictCounts>(`select ${COUNTS} from import_rows where import_id = $1`, [importId]))!;
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
       select first_row, ${first('full_name')}, ${first('name_key')}, ${first('area_id')}, ${first('area_text')}, ${first('hamlet')},
         ${first('language')}
       from import_rows where import_id = $1 and verdict = 'repeated' group by first_row
     )
     update import_rows r set full_name = coalesce(r.full_name, f.full_name), name_key = coalesce(r.name_key, f.name_key),
       area_id = coalesce(r.area_id, f.area_id),
       area_text = case when coalesce(r.area_id, f.area_id) is null then coalesce(r.area_text, f.area_text) end,
       hamlet = coalesce(r.hamlet, f.hamlet), language = coalesce(r.language, f.language)
     from further f
     where r.import_id = $1 and r.row_number = f.first_row and r.verdict <> 'rejected'
       and (r.full_name is null and f.full_name is not null or r.hamlet is null and f.hamlet is not null
         or r.language is null and f.language is not null
         or r.area_id is null and (f.area_id is not null or r.area_text is null and f.area_text is not null))`,
    [importId],
  );
}
