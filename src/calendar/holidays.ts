/** A day the office has told the calendar: Tết and other lunar days, days in lieu, and weekend days worked in exchange. */
export interface CalendarDay {
  /** Local day, `2027-02-08`. */
  readonly day: string;
  readonly isWorkingDay: boolean;
}

/** What the office has entered, by day: whether it is worked. */
export type Calendar = ReadonlyMap<string, boolean>;

export function toCalendar(days: readonly CalendarDay[]): Calendar {
  return new Map(days.map(({ day, isWorkingDay }) => [day, isWorkingDay]));
}

/**
 * Public holidays that fall on the same day every year, `MM-DD`: New Year, 30 April, 1 May, 2 September (Labour Code
 * 45/2019/QH14, Art. 112(1)). The lunar ones, and whether 1 or 3 September is the second day of National Day, are
 * announced each year: those are days of the calendar.
 */
export const FIXED_HOLIDAYS: readonly string[] = ['01-01', '04-30', '05-01', '09-02'];

export const isFixedHoliday = (day: string): boolean => FIXED_HOLIDAYS.includes(day.slice(5));

/**
 * Whether a local day is a public holiday on which texts may have to wait: a day off the office entered, or a fixed one it
 * did not declare a working day. Days in lieu of a holiday at a weekend are none: a text on such a Monday disturbs nobody,
 * and an office that sees it otherwise enters the day.
 */
export function isHoliday(day: string, calendar: Calendar): boolean {
  const isWorked = calendar.get(day);
  return isWorked === undefined ? isFixedHoliday(day) : !isWorked;
}

/**
 * `isHoliday` as an SQL condition, never null for a date: one look-up in calendar_days by its key.
 * @param localDateExpression SQL of type date in our own words, never input: `(now() at time zone 'Asia/Ho_Chi_Minh')::date`
 */
export function sqlIsHoliday(localDateExpression: string): string {
  const fixed = FIXED_HOLIDAYS.map((day) => `'${day}'`).join(', ');
  return `coalesce(
    (select not entered.is_working_day from calendar_days entered where entered.day = ${localDateExpression}),
    to_char(${localDateExpression}, 'MM-DD') in (${fixed}))`;
}
