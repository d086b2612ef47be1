import { judgePhoneNumber } from '../phone-number';
import { tidyName } from '../vietnamese-text';
import { titleMeaning } from './column-titles';
import { findHeader, type Header } from './header';
import { type ImportSettings, type MappedField, MAPPED_FIELDS } from './import-settings';
import {
  columnChosenTwice,
  languageIsNotEthnicity,
  noPhoneColumnChosen,
  noSuchColumn,
  noSuchHeaderRow,
} from './import-faults';
import { namesEthnicity } from './sensitive-columns';
import { columnName, type SheetRow } from './sheet-row';
import { columnIndex } from './xlsx/merged-cells';

type Columns = Partial<Record<MappedField, number>>;

/**
 * The header of a list: found, or where and what a person says it is. Columns that were chosen stand for themselves: then
 * the titles decide nothing.
 *
 * @param rows the first rows of the sheet
 * @throws the fault of findHeader; noSuchHeaderRow, noPhoneColumnChosen, noSuchColumn, columnChosenTwice, languageIsNotEthnicity
 */
export function headerOf(rows: readonly SheetRow[], { headerRow, columns }: ImportSettings): Header {
  if (headerRow === undefined && columns === undefined) return findHeader(rows);
  const chosen = columns && chosenColumns(columns, Math.max(...rows.map(({ cells }) => cells.length)));
  if (headerRow === undefined) return headerAbove(rows, chosen!);
  const at = rows.find(({ rowNumber }) => rowNumber === headerRow);
  if (!at && headerRow !== 0) throw noSuchHeaderRow({ headerRow });
  const titles = (at?.cells ?? []).map((cell) => tidyName(cell).slice(0, 120));
  return header(headerRow, headerRow + 1, titles, chosen ?? columnsByTitle(titles));
}

/** Without a word on where the titles are: they end where the phone numbers begin. */
function headerAbove(rows: readonly SheetRow[], columns: Columns): Header {
  const first = rows.findIndex(({ cells }) => judgePhoneNumber(cells[columns.phone!] ?? '').kind === 'accepted');
  const above = first > 0 ? rows[first - 1] : undefined;
  const titles = (above?.cells ?? []).map((cell) => tidyName(cell).slice(0, 120));
  const firstRow = first < 0 ? (rows[0]?.rowNumber ?? 1) : rows[first]!.rowNumber;
  return header(above?.rowNumber ?? 0, firstRow, titles, columns);
}

function chosenColumns(letters: NonNullable<ImportSettings['columns']>, width: number): Columns {
  const columns: Columns = {};
  for (const field of MAPPED_FIELDS) {
    const letter = letters[field];
    if (letter === undefined) continue;
    columns[field] = columnIndex(letter);
    if (columns[field] >= width) throw noSuchColumn({ column: letter });
  }
  if (columns.phone === undefined) throw noPhoneColumnChosen();
  const used = Object.values(letters);
  const twice = used.find((letter, at) => used.indexOf(letter) !== at);
  if (twice !== undefined) throw columnChosenTwice({ column: twice });
  return columns;
}

function columnsByTitle(titles: readonly string[]): Columns {
  const best = new Map<string, { column: number; weight: number }>();
  titles.forEach((title, column) => {
    const meaning = titleMeaning(title);
    if (meaning && meaning.weight > (best.get(meaning.field)?.weight ?? 0)) {
      best.set(meaning.field, { column, weight: meaning.weight });
    }
  });
  if (!best.has('phone')) throw noPhoneColumnChosen();
  const family = best.get('familyName');
  const columns: Columns = {};
  for (const field of MAPPED_FIELDS) columns[field] = best.get(field)?.column;
  if (family) return { ...columns, fullName: family.column, givenName: columns.givenName ?? columns.fullName };
  return columns.fullName === undefined ? { ...columns, fullName: columns.givenName, givenName: undefined } : columns;
}

function header(row: number, firstRow: number, titles: readonly string[], columns: Columns): Header {
  const { language } = columns;
  if (language !== undefined && namesEthnicity(titles[language] ?? '')) {
    throw languageIsNotEthnicity({ column: columnName(language) });
  }
  const given = Object.entries(columns).filter(([, column]) => column !== undefined);
  return {
    headerRowNumber: row,
    firstDataRowNumber: firstRow,
    columns: { ...Object.fromEntries(given), phone: columns.phone! },
    otherPhoneColumns: [],
    titles,
  };
}
