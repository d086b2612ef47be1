import { judgePhoneNumber } from '../phone-number';
import type { PhoneWarning } from '../phone-verdicts';
import { tidyName } from '../vietnamese-text';
import { type Header, repeatsHeader } from './header';
import type { RowRejection, RowWarning } from './rejection-texts';
import { columnName, isBlank, type SheetRow } from './sheet-row';
import { faultOfText, isFormula } from './text-damage';

interface AcceptedRow {
  readonly kind: 'accepted';
  readonly rowNumber: number;
  /** E.164 */
  readonly phone: string;
  readonly fullName: string | null;
  /** As the file has it; whether there is such an area is decided elsewhere. */
  readonly areaName: string | null;
  readonly warnings: readonly (PhoneWarning | RowWarning)[];
}

interface RejectedRow {
  readonly kind: 'rejected';
  readonly rowNumber: number;
  /** Title of the column at fault. */
  readonly column: string;
  /** The cell as the file has it, without characters that cannot be shown, cut to 200. */
  readonly value: string;
  readonly code: RowRejection;
}

const LONGEST_NAME = 120;
const LONGEST_AREA = 120;
const LONGEST_VALUE = 200;

/**
 * Decides what becomes of one row of a list: taken, with what a person should know about it, or rejected with the cell at
 * fault. Every row gets one of the two; null only for a row without content.
 */
export function judgeRow(row: SheetRow, header: Header): AcceptedRow | RejectedRow | null {
  if (row.cells.every(isBlank)) return null;
  const { phone: phoneColumn } = header.columns;
  const reject = (column: number, code: RowRejection, value = row.cells[column] ?? ''): RejectedRow => ({
    kind: 'rejected',
    rowNumber: row.rowNumber,
    column: header.titles[column] || columnName(column),
    value: tidyName(value).slice(0, LONGEST_VALUE),
    code,
  });
  const phoneCell = row.cells[phoneColumn] ?? '';
  if (isFormula(phoneCell)) return reject(phoneColumn, 'formula-without-result');
  const verdict = judgePhoneNumber(phoneCell);
  if (verdict.kind === 'refused') {
    return reject(phoneColumn, repeatsHeader(row, header) ? 'repeated-header' : verdict.code);
  }
  const warnings: (PhoneWarning | RowWarning)[] = [...verdict.warnings];
  const name = nameOf(row, header);
  const nameFault = faultOfText(name, LONGEST_NAME);
  if (nameFault) return reject(header.columns.fullName!, nameFault, name);
  const area = tidyName(row.cells[header.columns.area ?? -1] ?? '');
  const areaFault = faultOfText(area, LONGEST_AREA);
  if (areaFault) return reject(header.columns.area!, areaFault, area);
  if (name === '' && header.columns.fullName !== undefined) warnings.push('name-missing');
  if (/\d{3}/.test(name)) warnings.push('name-has-digits');
  if (area === '' && header.columns.area !== undefined) warnings.push('area-missing');
  return {
    kind: 'accepted',
    rowNumber: row.rowNumber,
    phone: verdict.phone,
    fullName: name || null,
    areaName: area || null,
    warnings,
  };
}

function nameOf({ cells }: SheetRow, { columns: { fullName, givenName } }: Header): string {
  const family = fullName === undefined ? '' : (cells[fullName] ?? '');
  return tidyName(givenName === undefined ? family : `${family} ${cells[givenName] ?? ''}`);
}
