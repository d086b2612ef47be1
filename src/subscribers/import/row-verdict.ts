import { judgePhoneNumber } from '../phone-number';
import type { PhoneWarning } from '../phone-verdicts';
import { readLanguage, type SaidLanguage } from '../text-language';
import { tidyName } from '../vietnamese-text';
import { type Header, repeatsHeader } from './header';
import type { RowRejection, RowWarning } from './rejection-texts';
import { isBlank, type SheetRow } from './sheet-row';
import { faultOfText, isFormula } from './text-damage';

interface AcceptedRow {
  readonly kind: 'accepted';
  readonly rowNumber: number;
  /** E.164 */
  readonly phone: string;
  readonly fullName: string | null;
  /** As the file has it; whether there is such an area is decided elsewhere. */
  readonly areaName: string | null;
  readonly district: string | null;
  readonly hamlet: string | null;
  /** Null where the row says nothing that can be understood. */
  readonly language: SaidLanguage | null;
  readonly warnings: readonly (PhoneWarning | RowWarning)[];
}

interface RejectedRow {
  readonly kind: 'rejected';
  readonly rowNumber: number;
  /** The column at fault, 0-based. */
  readonly column: number;
  readonly code: RowRejection;
}

const LONGEST_NAME = 120;
const LONGEST_AREA = 120;

/** What an office may decide about its rows. */
export interface RowRules {
  /** Numbers of ranges that are not known to be in use are taken, with a warning. */
  readonly takeUnfamiliarRanges: boolean;
}

/**
 * Decides what becomes of one row of a list: taken, with what a person should know about it, or rejected with the cell at
 * fault. Every row gets one of the two; null only for a row without content.
 */
export function judgeRow(
  row: SheetRow,
  header: Header,
  { takeUnfamiliarRanges }: RowRules,
): AcceptedRow | RejectedRow | null {
  if (row.cells.every(isBlank)) return null;
  const { phone: phoneColumn } = header.columns;
  const reject = (column: number, code: RowRejection): RejectedRow => ({
    kind: 'rejected',
    rowNumber: row.rowNumber,
    column,
    code,
  });
  const phoneCell = row.cells[phoneColumn] ?? '';
  if (isFormula(phoneCell)) return reject(phoneColumn, 'formula-without-result');
  const verdict = judgePhoneNumber(phoneCell);
  if (verdict.kind === 'refused') {
    return reject(phoneColumn, repeatsHeader(row, header) ? 'repeated-header' : verdict.code);
  }
  if (!takeUnfamiliarRanges && verdict.warnings.includes('unfamiliar-range')) {
    return reject(phoneColumn, 'unfamiliar-range');
  }
  const { fullName, area, hamlet, district } = header.columns;
  const texts = {
    fullName: nameOf(row, header),
    areaName: textOf(row, area),
    hamlet: textOf(row, hamlet),
    district: textOf(row, district),
  };
  const fault =
    faultIn(texts.fullName, fullName, LONGEST_NAME) ??
    faultIn(texts.areaName, area, LONGEST_AREA) ??
    faultIn(texts.hamlet, hamlet, LONGEST_AREA) ??
    faultIn(texts.district, district, LONGEST_AREA);
  if (fault) return reject(fault.column, fault.code);
  const { phone, warnings } = verdict;
  warnOfTexts(warnings, texts, header);
  const language = languageOf(row, header.columns.language, warnings);
  return { kind: 'accepted', rowNumber: row.rowNumber, phone, ...texts, language, warnings };
}

/** Null for an empty cell, and for a column that the list has not. */
function textOf({ cells }: SheetRow, column: number | undefined): string | null {
  return column === undefined ? null : tidyName(cells[column] ?? '') || null;
}

function faultIn(
  text: string | null,
  column: number | undefined,
  longest: number,
): { column: number; code: RowRejection } | undefined {
  const code = text === null ? undefined : faultOfText(text, longest);
  return code && { column: column!, code };
}

function warnOfTexts(
  warnings: (PhoneWarning | RowWarning)[],
  { fullName, areaName }: { fullName: string | null; areaName: string | null },
  { columns }: Header,
): void {
  if (fullName === null && columns.fullName !== undefined) warnings.push('name-missing');
  if (fullName !== null && /\d{3}/.test(fullName)) warnings.push('name-has-digits');
  if (areaName === null && columns.area !== undefined) warnings.push('area-missing');
}

/** What cannot be understood is no reason to leave a person out: he is texted in Vietnamese until somebody mends it. */
function languageOf(
  { cells }: SheetRow,
  column: number | undefined,
  warnings: (PhoneWarning | RowWarning)[],
): SaidLanguage | null {
  const said = column === undefined ? null : readLanguage(cells[column] ?? '');
  if (said !== 'language-unknown' && said !== 'language-is-ethnicity') return said;
  warnings.push(said);
  return null;
}

function nameOf(row: SheetRow, { columns: { fullName, givenName } }: Header): string | null {
  if (givenName === undefined) return textOf(row, fullName);
  const family = fullName === undefined ? '' : (row.cells[fullName] ?? '');
  return tidyName(`${family} ${row.cells[givenName] ?? ''}`) || null;
}
