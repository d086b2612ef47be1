import { judgePhoneNumber } from '../phone-number';
import type { PhoneWarning } from '../phone-verdicts';
import { tidyName } from '../vietnamese-text';
import { type Header, repeatsHeader } from './header';
import type { RowRejection, RowWarning } from './rejection-texts';
import { columnName, isBlank, type SheetRow } from './sheet-row';

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
/** Nothing but Vietnamese letters, digits and the signs of names: as good as every cell, and needs no further tests. */
const PLAIN_TEXT = /^[ A-Za-z0-9À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ'.,/()-]*$/;
/** "Nguy?n", "Tr?n": a letter was lost when the file was saved in a code page without it. */
const LOST_LETTERS = /\p{L}\?|\?\p{L}|\uFFFD/u;
/** Signs inside a word that only the fonts .VnTime (TCVN3) and VNI show as Vietnamese letters. */
const LEGACY_FONT = /\p{L}[¨©ª«¬®µ¶·¸¹»¼½¾¦§]|[¨©ª«¬®µ¶·¸¹»¼½¾¦§]\p{L}|[aeiouyôö][øûïåäëü]/iu;
/** UTF-8 read as windows-1252: "Nguyá»…n", "Trầ" as "Tráº§". */
const DOUBLE_ENCODED = /á[»º]|Ã[\u0080-\u00BF]|Æ[°¡]|Ä[‘\u0091\u0090]/;

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

function faultOfText(text: string, maxLength: number): RowRejection | undefined {
  if (PLAIN_TEXT.test(text)) return text.length > maxLength ? 'text-too-long' : undefined;
  if (isFormula(text)) return 'formula-without-result';
  if (/^#(?:N\/A|[A-Z]+[!?]|DIV\/0!)$/.test(text)) return 'excel-error';
  if (LOST_LETTERS.test(text)) return 'text-damaged';
  if (LEGACY_FONT.test(text) || DOUBLE_ENCODED.test(text)) return 'text-legacy-encoding';
  return text.length > maxLength ? 'text-too-long' : undefined;
}

/** A formula whose result the file does not hold; the phone rule takes `="0912…"`, the way to keep a zero, by itself. */
function isFormula(cell: string): boolean {
  return cell.startsWith('=') && !/^=\s*\(?"/.test(cell);
}
