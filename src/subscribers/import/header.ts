import { tidyName } from '../vietnamese-text';
import { type ColumnField, PHONE_TITLES_TO_NAME, titleMeaning } from './column-titles';
import { continuesHeader, isColumnNumbering, titlesUnderGroups } from './header-rows';
import { noPhoneColumn } from './read-faults';
import { isBlank, type SheetRow } from './sheet-row';

type HeaderColumns = { readonly phone: number } & { readonly [field in Exclude<ColumnField, 'phone'>]?: number };

/** Where a list begins and what its columns hold. Columns are 0-based. */
export interface Header {
  /** The last row of the header. */
  readonly headerRowNumber: number;
  readonly firstDataRowNumber: number;
  readonly columns: HeaderColumns;
  /** Further columns that seem to hold phone numbers; they are not read. */
  readonly otherPhoneColumns: readonly number[];
  /** One for each column, empty where the list has none; a title under a group is "group – title". */
  readonly titles: readonly string[];
}

/** Rows with content among which the header is looked for: letterheads and titles take up to ten. */
export const HEADER_SEARCH_ROWS = 20;
const ROWS_OF_EVIDENCE = 10;
const EVIDENCE_WEIGHT = 3;
const LONGEST_TITLE = 120;
const HOLDS_PHONE = /\d(?:[ .\-]?\d){7}|\dE\+?\d/i;

interface Candidate {
  /** Place of the header's last row among the rows searched. */
  readonly at: number;
  readonly titles: readonly string[];
  readonly columns: HeaderColumns;
  readonly otherPhoneColumns: readonly number[];
  readonly score: number;
}

/**
 * Finds the header of a list: the row, or two rows of groups and titles, whose titles mean most, by their text without
 * accents and punctuation; phone numbers below it count as evidence. Rows above it are titles of the document.
 *
 * @param rows the first rows of a sheet; those past the first 20 are evidence only
 * @throws noPhoneColumn naming the titles looked for
 */
export function findHeader(rows: readonly SheetRow[]): Header {
  const searched = rows.slice(0, HEADER_SEARCH_ROWS);
  const best = searched
    .flatMap((_, at) => candidatesAt(rows, at))
    .reduce<Candidate | undefined>((a, b) => (a === undefined || b.score > a.score ? b : a), undefined);
  if (!best) throw noPhoneColumn({ searchedRows: HEADER_SEARCH_ROWS, titles: PHONE_TITLES_TO_NAME });
  const titles = best.titles.map((title) => tidyName(title).slice(0, LONGEST_TITLE));
  const first = firstDataRow(rows, best.at, titles);
  return {
    headerRowNumber: rows[best.at]!.rowNumber,
    firstDataRowNumber: first,
    columns: withSplitName(best.columns, titles, rows.slice(best.at + 1)),
    otherPhoneColumns: best.otherPhoneColumns,
    titles,
  };
}

/** The row alone, and the row as titles under the groups of the row above it. */
function candidatesAt(rows: readonly SheetRow[], at: number): Candidate[] {
  const row = rows[at]!;
  if (row.cells.some((cell) => HOLDS_PHONE.test(cell))) return [];
  const above = rows[at - 1];
  const alone = candidate(rows, at, row.cells, row.cells);
  if (!above || above.rowNumber !== row.rowNumber - 1) return alone;
  const { titles, meanings } = titlesUnderGroups(above.cells, row.cells);
  return [...alone, ...candidate(rows, at, titles, meanings)];
}

/**
 * @param titles what each column is called
 * @param meaningful what each column's meaning is told from: the own title, or with its group where it says nothing alone
 */
function candidate(
  rows: readonly SheetRow[],
  at: number,
  titles: readonly string[],
  meaningful: readonly string[],
): Candidate[] {
  const columns: Partial<Record<string, { column: number; weight: number }>> = {};
  const phones: number[] = [];
  let score = 0;
  meaningful.forEach((title, column) => {
    const meaning = titleMeaning(title);
    if (!meaning) return;
    const { field, weight } = meaning;
    score += weight;
    if (field === 'phone') phones.push(column);
    if (field !== 'ignored' && weight > (columns[field]?.weight ?? 0)) columns[field] = { column, weight };
  });
  const phone = columns.phone?.column;
  if (phone === undefined) return [];
  const below = rows.slice(at + 1, at + 1 + ROWS_OF_EVIDENCE);
  if (below.some(({ cells }) => HOLDS_PHONE.test(cells[phone] ?? ''))) score += EVIDENCE_WEIGHT;
  const otherPhoneColumns = phones.filter((column) => column !== phone);
  return [{ at, titles, columns: { ...namesJoined(columns), phone }, otherPhoneColumns, score }];
}

/** "Họ" and "Tên" in columns of their own make one name; "Tên" alone is the name. */
function namesJoined(found: Partial<Record<string, { column: number }>>): Partial<Record<ColumnField, number>> {
  const { familyName, ignored: _, ...rest } = found;
  const columns: Partial<Record<ColumnField, number>> = Object.fromEntries(
    Object.entries(rest).flatMap(([field, at]) => (at ? [[field, at.column]] : [])),
  );
  const given = columns.givenName ?? columns.fullName;
  if (familyName && given !== undefined) return { ...columns, fullName: familyName.column, givenName: given };
  if (familyName) return { ...columns, fullName: familyName.column };
  if (columns.fullName === undefined && given !== undefined) {
    const { givenName: alone, ...others } = columns;
    return { ...others, fullName: alone };
  }
  return columns;
}

/** "Họ và tên" drawn over two columns: the family name stands below its left half, the given name below its right one. */
function withSplitName(columns: HeaderColumns, titles: readonly string[], below: readonly SheetRow[]): HeaderColumns {
  const { fullName, givenName } = columns;
  if (fullName === undefined || givenName !== undefined) return columns;
  const right = fullName + 1;
  const isUntitled = (titles[right] ?? '') === '' || titles[right] === titles[fullName];
  if (!isUntitled || Object.values(columns).includes(right)) return columns;
  const named = below.filter(({ cells }) => /\p{L}/u.test(cells[fullName] ?? ''));
  const inBoth = named.filter(({ cells }) => /^[\p{L}\p{M}' ]{1,30}$/u.test((cells[right] ?? '').trim()));
  return named.length > 0 && inBoth.length * 2 > named.length ? { ...columns, givenName: right } : columns;
}

/** Below the titles many lists number their columns (1, 2, 3…) or end a group in a row of its own. */
function firstDataRow(rows: readonly SheetRow[], at: number, titles: readonly string[]): number {
  let next = at + 1;
  if (continuesHeader(rows[at]!, rows[next], titles)) next += 1;
  if (isColumnNumbering(rows[next])) next += 1;
  return rows[next - 1]!.rowNumber + 1;
}

/** Whether a row below the header is the header again, as lists printed page by page have it. */
export function repeatsHeader(row: SheetRow, { columns, titles }: Header): boolean {
  const title = titles[columns.phone] ?? '';
  const cell = tidyName(row.cells[columns.phone] ?? '');
  return !isBlank(cell) && (cell === title || title.endsWith(` – ${cell}`)) && titleMeaning(cell)?.field === 'phone';
}
