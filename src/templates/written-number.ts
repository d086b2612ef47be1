/** Digits as they are typed, or in groups of three; then a comma and decimals. No leading zero: that is a phone number or a code. */
const NUMBER = /^(-?)(0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:\.\d{3}){1,4})(,\d{1,6})?$/;
/** 1,500 is one and a half to a Vietnamese reader and fifteen hundred to a spreadsheet in English. */
const AMBIGUOUS = /^-?[1-9]\d{0,2},\d{3}$/;

/**
 * A number as Vietnamese is written: points between thousands, a comma before decimals (`1.500.000`, `2,5`). Worked on
 * as text, so that no digit is lost.
 *
 * @param value `1500000`, `1.500.000`, `2,5`
 * @returns undefined for anything else, `1,500` included, which can be read in two ways
 */
export function writtenNumber(value: string): string | undefined {
  const parts = AMBIGUOUS.test(value) ? null : NUMBER.exec(value);
  if (!parts) return undefined;
  const [, minus = '', whole = '', decimals = ''] = parts;
  return minus + whole.replaceAll('.', '').replace(/\B(?=(?:\d{3})+$)/g, '.') + decimals;
}
