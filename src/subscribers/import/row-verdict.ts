import { judgePhoneNumber } from '../phone-number';
import type { PhoneWarning } from '../phone-verdicts';
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
const LONGEST_HAMLET = 120;

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
  const texts = textsOf(row, header);
  const faulty = texts.find(({ fault }) => fault !== undefined);
  if (faulty) return reject(faulty.column!, faulty.fault!);
  const [name, area, hamlet, district] = texts.map(({ text }) => text) as [string, string, string, string];
  return {
    kind: 'accepted',
    rowNumber: row.rowNumber,
    phone: verdict.phone,
    fullName: name || null,
    areaName: area || null,
    district: district || null,
    hamlet: hamlet || null,
    warnings: [...verdict.warnings, ...textWarnings(name, area, header)],
  };
}

/** Name, area, hamlet, district, each with what is wrong with it. */
function textsOf(row: SheetRow, header: Header) {
  const { fullName, area, hamlet, district } = header.columns;
  const plain = (column: number | undefined): string => tidyName(row.cells[column ?? -1] ?? '');
  const checked = (text: string, column: number | undefined, longest: number) => ({
    text,
    column,
    fault: faultOfText(text, longest),
  });
  return [
    checked(nameOf(row, header), fullName, LONGEST_NAME),
    checked(plain(area), area, LONGEST_AREA),
    checked(plain(hamlet), hamlet, LONGEST_HAMLET),
    checked(plain(district), district, LONGEST_AREA),
  ];
}

function textWarnings(name: string, area: string, { columns }: Header): RowWarning[] {
  const warnings: RowWarning[] = [];
  if (name === '' && columns.fullName !== undefined) warnings.push('name-missing');
  if (/\d{3}/.test(name)) warnings.push('name-has-digits');
  if (area === '' && columns.area !== undefined) warnings.push('area-missing');
  return warnings;
}

function nameOf({ cells }: SheetRow, { columns: { fullName, givenName } }: Header): string {
  const family = fullName === undefined ? '' : (cells[fullName] ?? '');
  return tidyName(givenName === undefined ? family : `${family} ${cells[givenName] ?? ''}`);
}
