const YEAR_FIRST = /^([12]\d{3})-(\d{2})-(\d{2})$/;
const DAY_FIRST = /^(\d{1,2})([/-])(\d{1,2})\2([12]\d{3})$/;

export type DateStyle = 'short' | 'long';

/**
 * A day as Vietnamese notices write it: `08/3/2026`, or long `08 tháng 3 năm 2026`. Days below 10 and the months 1 and 2
 * get a zero (Decree 30/2020/NĐ-CP, appendix I, part II, section 4). The word "ngày" is not part of it: it stands in
 * the body before both.
 *
 * @param value `2026-03-08`, `8/3/2026` or `08-03-2026`
 * @returns undefined when it is none of these, or no such day exists
 */
export function writtenDate(value: string, style: DateStyle = 'short'): string | undefined {
  const yearFirst = YEAR_FIRST.exec(value);
  const dayFirst = yearFirst ? null : DAY_FIRST.exec(value);
  if (!yearFirst && !dayFirst) return undefined;
  const [year, month, day] = (yearFirst ? yearFirst.slice(1) : [dayFirst![4], dayFirst![3], dayFirst![1]]).map(Number);
  if (!isRealDay(year!, month!, day!)) return undefined;
  const writtenDay = day! < 10 ? `0${day}` : `${day}`;
  const writtenMonth = month! < 3 ? `0${month}` : `${month}`;
  return style === 'long' ? `${writtenDay} tháng ${writtenMonth} năm ${year}` : `${writtenDay}/${writtenMonth}/${year}`;
}

function isRealDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}
