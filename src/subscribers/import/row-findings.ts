import { type Language, type Localised, fillIn } from '../../platform/errors';
import { PHONE_WARNINGS } from '../phone-verdicts';
import { rejectionText, warningText } from './rejection-texts';
import type { MappedField } from './import-settings';
import type { Reading } from './reading';
import { columnName } from './sheet-row';
import { columnIndex } from './xlsx/merged-cells';

/** One thing to be said of a row: the cell, what is the matter with it and what to do. */
export interface Finding {
  readonly code: string;
  /** Excel's letter; empty where no cell is meant. */
  readonly column: string;
  readonly title: string;
  /** The cell as the office has it. */
  readonly value: string;
  readonly message: string;
}

/** What of a row is kept, as far as findings need it. */
export interface JudgedRow {
  readonly verdict: string;
  readonly codes: readonly string[] | null;
  readonly faultColumn: number | null;
  readonly firstRow: number | null;
  readonly cells: readonly string[] | null;
}

const LONGEST_VALUE = 200;
const REPEATED: Localised = {
  vi: 'Số này đã có ở dòng {firstRow} của tệp; dòng này không được dùng. Không cần làm gì nếu là cùng một người.',
  en: 'Row {firstRow} of the file has this number already; this row is not used. Nothing to do if it is the same person.',
};

/**
 * Everything there is to say of a row, in the reader's language.
 *
 * @param candidates names of areas near to an unknown one
 */
export function findingsOf(
  row: JudgedRow,
  reading: Pick<Reading, 'columns' | 'titles'>,
  language: Language,
  candidates: readonly string[] = [],
): Finding[] {
  const found = (row.codes ?? []).map((code): Finding => {
    const text = row.verdict === 'rejected' ? rejectionText(code) : warningText(code);
    const column = row.verdict === 'rejected' ? nameOf(row.faultColumn) : (reading.columns[fieldOf(code)] ?? '');
    return { code, ...cellAt(row, reading, column), message: withCandidates(text, candidates)[language] };
  });
  if (row.verdict !== 'repeated') return found;
  const message = fillIn(REPEATED, { firstRow: row.firstRow ?? 0 })[language];
  return [{ code: 'repeated', ...cellAt(row, reading, reading.columns.phone ?? ''), message }, ...found];
}

function cellAt({ cells }: JudgedRow, { titles }: Pick<Reading, 'titles'>, column: string) {
  const index = column === '' ? -1 : columnIndex(column);
  return { column, title: titles[index] ?? '', value: (cells?.[index] ?? '').slice(0, LONGEST_VALUE) };
}

function nameOf(column: number | null): string {
  return column === null ? '' : columnName(column);
}

function fieldOf(warning: string): MappedField {
  if (warning in PHONE_WARNINGS) return 'phone';
  if (warning.startsWith('language')) return 'language';
  return warning.startsWith('area') ? 'area' : 'fullName';
}

/** What a code means, for a count of rows: without what is special to a row. */
export function messageOf(verdict: string, code: string): Localised {
  return withCandidates(verdict === 'rejected' ? rejectionText(code) : warningText(code), []);
}

/** Names of areas that may be meant; without any the place for them is left out. */
function withCandidates(text: Localised, candidates: readonly string[]): Localised {
  if (candidates.length > 0) return fillIn(text, { candidates: candidates.join('; ') });
  const bare = (sentence: string): string =>
    sentence.replace(/ (?:Gần giống|Nearest): \{candidates\}\./, '').replace(/: \{candidates\}/, '');
  return { vi: bare(text.vi), en: bare(text.en) };
}
