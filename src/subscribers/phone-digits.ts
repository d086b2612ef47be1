import type { PhoneRefusal } from './phone-verdicts';
import { searchKey } from './vietnamese-text';

type PhoneReading =
  { kind: 'digits'; digits: string; plus: boolean; letterO: boolean } | { kind: 'refused'; code: PhoneRefusal };

/** Longer cells are prose; the bound also keeps the expressions below cheap whatever is sent. */
const MAX_LENGTH = 120;
/** What people type where there is no number. Keys as `searchKey` makes them. */
const MEANS_NONE = new Set(
  'khong,khong co,ko,ko co,k,k co,kg,chua co,chua,x,none,no,na,n a,null,nil,trong,khong co sdt,khong sdt'.split(','),
);
/** Words beside a number that say no more than that it is one; any other text might change whose number it is. */
const HARMLESS_LABELS = new Set(
  (
    'dt,sdt,so dt,so dien thoai,dien thoai,dtdd,so dtdd,dd,di dong,so di dong,dien thoai di dong,dt di dong,so,tel,phone,' +
    'mobile,cell,zalo,so zalo,viettel,vina,vinaphone,mobi,mobifone,vietnamobile,gmobile,itel'
  ).split(','),
);
const EXCEL_ERROR = /^#(?:N\/A|[A-Z_]+[!?]|DIV\/0!|GETTING_DATA|#*)$/i;
const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i;
const DECIMAL_ZEROS = /^(\+?\d{9,})[.,]0+$/;
const BETWEEN_NUMBERS = /[;,/|&\\\r\n\t]+|\s-+\s|(?<=\d)\s*\+/;
const SEPARATORS = /[\s.\-_()[\]·•,;/|&\\]+/g;

/**
 * Takes spelling and spreadsheet damage off a cell: what is left are the digits as typed, and whether a plus stood before
 * them. Says what is wrong where no single number is to be had. Knows nothing of prefixes.
 */
export function readPhoneDigits(raw: string): PhoneReading {
  if (raw.length > MAX_LENGTH) return refused('not-a-number');
  const text = unquote(asciiForms(raw));
  if (EXCEL_ERROR.test(text)) return refused('excel-error');
  if (text === '' || MEANS_NONE.has(searchKey(text))) return refused('phone-missing');
  if (SCIENTIFIC.test(text)) return refused('excel-scientific');
  const whole = DECIMAL_ZEROS.exec(text)?.[1] ?? text;
  if (holdsSeveralNumbers(whole)) return refused('several-numbers');
  return readSingle(whole);
}

function readSingle(text: string): PhoneReading {
  const bare = withoutLabels(text).replace(SEPARATORS, '');
  const letterO = /^\+?[\dOo]*$/.test(bare) && /[Oo]/.test(bare) && /\d{6}/.test(bare.replace(/[Oo]/g, '0'));
  const number = letterO ? bare.replace(/[Oo]/g, '0') : bare;
  if (/^\+?\d*$/.test(number)) {
    const plus = number.startsWith('+');
    const digits = plus ? number.slice(1) : number;
    return digits === '' ? refused('phone-missing') : { kind: 'digits', digits, plus, letterO };
  }
  if (/^\+?\d+[*xX?#…]+\d*$/.test(number)) return refused('masked-number');
  return refused(/\d{6}/.test(number) ? 'text-in-number' : 'not-a-number');
}

/** Full-width and Arabic digits, the many dashes and blanks of Unicode, and marks that cannot be seen. */
function asciiForms(raw: string): string {
  return raw
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace(/[\u2010-\u2015\u2212\uFE58\u30FC]/g, '-')
    .replace(/[\p{Cf}\uFE00-\uFE0F\u034F]+/gu, '')
    .replace(/[^\P{Cc}\t\r\n]+/gu, '')
    .trim();
}

/** `="0912345678"` and a leading apostrophe are how people force Excel to keep a zero. */
function unquote(text: string): string {
  return text
    .replace(/^=\s*\(?"(.*?)"\)?$/s, '$1')
    .replace(/^['’‘`´"“”\s]+|['’‘`´"“”\s.,;:]+$/g, '')
    .trim();
}

function holdsSeveralNumbers(text: string): boolean {
  const digitCounts = text.split(BETWEEN_NUMBERS).map((part) => part.replace(/\D/g, '').length);
  if (digitCounts.filter((count) => count >= 7).length > 1) return true;
  // "0912345678/79" is the usual shorthand for two numbers.
  if (digitCounts.some((count) => count >= 9) && digitCounts.filter((count) => count > 0).length > 1) return true;
  // "0912345678 0987654321", "0912345678-0987654321", "0912345678 hoặc 0987654321"
  const runs = text.match(/\d[\d.\s-]*\d/g) ?? [];
  if (runs.filter((run) => run.replace(/\D/g, '').length >= 7).length > 1) return true;
  return /^(?:(?:0|84)\d{8,10}){2,}$/.test(text.replace(/\D/g, ''));
}

function withoutLabels(text: string): string {
  const parts = /^([^\d+]*?)([Oo]?[\d+].*?)(\D*)$/s.exec(text);
  if (!parts) return text;
  const [, before, number, after] = parts as unknown as [string, string, string, string];
  return keepUnlessLabel(before) + number + keepUnlessLabel(after);
}

function keepUnlessLabel(text: string): string {
  return HARMLESS_LABELS.has(searchKey(text)) ? '' : text;
}

function refused(code: PhoneRefusal): PhoneReading {
  return { kind: 'refused', code };
}
