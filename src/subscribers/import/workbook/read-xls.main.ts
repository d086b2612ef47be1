import { type CellObject, read, type WorkBook, type WorkSheet } from '@e965/xlsx';
import { BatchSize, dropTrailingBlanks, type ReadLimits, type SheetRow } from '../sheet-row';
import { dateText, numberText } from '../xlsx/cell-text';
import { isDateFormat } from '../xlsx/date-format';
import type { MergedRows, XlsAnswer, XlsContents, XlsFile, XlsQuestion } from './xls-messages';

/*
 * A process of its own for the library that reads .xls: whatever a file does to it, the service goes on. A thread would not
 * do: where it wants much memory at once, node ends the whole process, whatever the limits of the thread.
 */

/** What a cell shows for an error. Source: [MS-XLS], section 2.5.10 (BErr). */
const ERRORS: Readonly<Record<number, string>> = {
  0x00: '#NULL!',
  0x07: '#DIV/0!',
  0x0f: '#VALUE!',
  0x17: '#REF!',
  0x1d: '#NAME?',
  0x24: '#NUM!',
  0x2a: '#N/A',
  0x2b: '#GETTING_DATA',
};

interface Table {
  readonly name: string;
  readonly hidden: boolean;
  readonly sheet: WorkSheet;
}

/** The file that is read; it comes as the first message, and every other one asks for rows of it. */
let limits: ReadLimits;
let tables: readonly Table[] = [];
let date1904 = false;

process.on('message', (message: XlsFile | XlsQuestion) => {
  process.send!('stream' in message ? contents(message) : answer(message));
});

function contents(file: XlsFile): XlsContents {
  const { buffer, byteOffset, byteLength } = file.stream;
  const workbook = opened(Buffer.from(buffer, byteOffset, byteLength));
  if (!workbook) return { damaged: true };
  limits = file.limits;
  tables = tablesOf(workbook);
  date1904 = workbook.Workbook?.WBProps?.date1904 === true;
  return { sheets: tables.map(({ name, hidden }) => ({ name, hidden })) };
}

/** Numbers are kept as such, with their formats: shown texts have lost the digits that did not fit the column. */
function opened(bytes: Buffer): WorkBook | undefined {
  try {
    return read(bytes, {
      type: 'buffer',
      dense: true,
      cellText: false,
      cellNF: true,
      cellHTML: false,
      cellFormula: false,
    });
  } catch {
    return undefined; // it says in many ways that a file is damaged, none of which help its sender
  }
}

function tablesOf({ SheetNames: names, Sheets: sheets, Workbook: info }: WorkBook): Table[] {
  return names.flatMap((name) => {
    const sheet = sheets[name];
    if (!sheet || (sheet['!type'] && sheet['!type'] !== 'sheet')) return [];
    const hidden = info?.Sheets?.some(
      (about) => about.name === name && about.Hidden !== 0 && about.Hidden !== undefined,
    );
    return [{ name, hidden: hidden === true, sheet }];
  });
}

function answer({ sheet: place, afterRow }: XlsQuestion): XlsAnswer {
  const sheet = tables[place]!.sheet;
  const data = (sheet['!data'] ?? []) as (CellObject[] | undefined)[];
  const rows: SheetRow[] = [];
  const size = new BatchSize();
  let at = afterRow;
  for (; at < data.length && !size.isFull; at += 1) {
    const cells = rowCells(data[at] ?? []);
    if (cells.length === 0) continue;
    rows.push({ rowNumber: at + 1, cells });
    size.add(cells);
  }
  return { rows, merged: afterRow === 0 ? mergedRows(sheet) : [], nextRow: at, isLast: at >= data.length };
}

function rowCells(row: readonly (CellObject | undefined)[]): string[] {
  const { maxColumns, maxCellLength } = limits;
  const cells = dropTrailingBlanks(Array.from(row, (cell) => cellText(cell).slice(0, maxCellLength + 1)));
  return cells.length <= maxColumns ? cells : [...cells.slice(0, maxColumns), cells.at(-1)!];
}

function mergedRows(sheet: WorkSheet): MergedRows[] {
  return (sheet['!merges'] ?? [])
    .filter(({ s, e }) => e.r > s.r)
    .map(({ s, e }) => ({ column: s.c, top: s.r + 1, bottom: e.r + 1 }));
}

/** The text that the reader of .xlsx gives for the same cell. */
function cellText(cell: CellObject | undefined): string {
  if (cell?.v === undefined) return '';
  if (cell.t === 'e') return ERRORS[Number(cell.v)] ?? '#N/A';
  if (typeof cell.v === 'boolean') return cell.v ? 'TRUE' : 'FALSE';
  if (typeof cell.v !== 'number') return String(cell.v);
  const isDate = typeof cell.z === 'string' && isDateFormat(cell.z);
  return isDate ? dateText(String(cell.v), date1904) : numberText(String(cell.v));
}
