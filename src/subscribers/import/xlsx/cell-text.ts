const PLAIN_INTEGER = /^-?(?:0|[1-9]\d{0,14})$/;
/** Excel computes with 15 significant digits; what stands behind them is noise of binary fractions. */
const EXCEL_DIGITS = 15;
const LARGEST_EXACT = 1e15;
const MS_PER_DAY = 86_400_000;
/** 31 December 9999, the last day Excel knows. */
const LAST_SERIAL_DAY = 2_958_465;
const DAYS_FROM_1900_TO_1904 = 1462;
/** Day 60 is 29 February 1900, which never was; Excel keeps it for the sake of Lotus 1-2-3. */
const LEAP_DAY_THAT_NEVER_WAS = 60;

/**
 * A number as text: whole numbers in plain digits whatever the file writes (`9.12345678E8` is 912345678), fractions as
 * Excel shows them at full width. Anything that is no number comes back as it is.
 */
export function numberText(value: string): string {
  if (PLAIN_INTEGER.test(value)) return value;
  const number = value.trim() === '' ? NaN : Number(value);
  if (!Number.isFinite(number)) return value;
  if (Number.isInteger(number) && Math.abs(number) < LARGEST_EXACT) return number.toFixed(0);
  return String(Number(number.toPrecision(EXCEL_DIGITS)));
}

/**
 * A date cell in ISO 8601, without a zone: a day, a day and time, or for less than a day a time. A number that is no day
 * of Excel's calendar (a phone number in a column formatted as date) stays a number.
 *
 * @example dateText('44339', false) === '2021-05-23'
 */
export function dateText(value: string, date1904: boolean): string {
  const serial = value.trim() === '' ? NaN : Number(value) + (date1904 ? DAYS_FROM_1900_TO_1904 : 0);
  if (!(serial >= 0 && serial < LAST_SERIAL_DAY + 1)) return numberText(value);
  const seconds = Math.round((serial % 1) * 86_400);
  const day = Math.floor(serial) + Math.floor(seconds / 86_400);
  const time = new Date((seconds % 86_400) * 1000).toISOString().slice(11, 19);
  if (day === 0) return time;
  const date = dayText(day);
  return seconds % 86_400 === 0 ? date : `${date}T${time}`;
}

function dayText(day: number): string {
  if (day === LEAP_DAY_THAT_NEVER_WAS) return '1900-02-29';
  const daysSinceEpoch = day - 25_569 + (day < LEAP_DAY_THAT_NEVER_WAS ? 1 : 0);
  return new Date(daysSinceEpoch * MS_PER_DAY).toISOString().slice(0, 10);
}

/** Characters that XML cannot hold are written `_x000D_`, and an underscore before such letters `_x005F_`. */
export function unescapeControls(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}
