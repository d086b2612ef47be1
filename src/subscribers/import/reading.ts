import type { Header } from './header';
import { type MappedField, MAPPED_FIELDS } from './import-settings';
import type { OpenedSheet } from './read-sheet';
import { type SensitiveColumn, sensitiveColumns } from './sensitive-columns';
import { columnName, type SheetRow } from './sheet-row';

/** How a file was read: what was guessed, and what else could be chosen. */
export interface Reading {
  readonly format: OpenedSheet['format'];
  readonly sheet: string | null;
  readonly sheets: OpenedSheet['sheets'];
  readonly coding: OpenedSheet['coding'];
  readonly codingGuesses: OpenedSheet['codingGuesses'];
  readonly delimiter: string | null;
  /** The titles of all columns, from A on. Empty until a header was found. */
  readonly titles: readonly string[];
  /** Excel's letters of the columns that are taken. */
  readonly columns: Readonly<Partial<Record<MappedField, string>>>;
  /** Further columns that seem to hold phone numbers, and are not taken. */
  readonly otherPhoneColumns: readonly string[];
  readonly sensitive: readonly SensitiveColumn[];
}

const LONGEST_HEADING = 300;

export function readingOf(
  sheet: OpenedSheet,
  header: Header | undefined,
  beginning: readonly SheetRow[],
  fileName: string,
): Reading {
  const { format, sheets, coding, codingGuesses, delimiter } = sheet;
  const above = beginning.filter(({ rowNumber }) => rowNumber < (header?.headerRowNumber ?? 0));
  const headings = [fileName, sheet.sheet ?? '', ...above.flatMap(({ cells }) => cells)].map((text) =>
    text.slice(0, LONGEST_HEADING),
  );
  const columns = Object.fromEntries(
    MAPPED_FIELDS.flatMap((field) => {
      const column = header?.columns[field];
      return column === undefined ? [] : [[field, columnName(column)]];
    }),
  );
  return {
    format,
    sheet: sheet.sheet,
    sheets,
    coding,
    codingGuesses,
    delimiter,
    titles: header?.titles ?? [],
    columns,
    otherPhoneColumns: (header?.otherPhoneColumns ?? []).map(columnName),
    sensitive: sensitiveColumns(header?.titles ?? [], headings),
  };
}
