/**
 * Public holidays that fall on the same day every year, `MM-DD`: New Year, 30 April, 1 May, 2 September (Labour Code
 * 45/2019/QH14, Art. 112(1)). The lunar ones, and whether 1 or 3 September is the second day of National Day, are
 * announced each year: the office enters those.
 */
export const FIXED_HOLIDAYS: readonly string[] = ['01-01', '04-30', '05-01', '09-02'];

/**
 * SQL condition, never null for a date: whether that local day is a public holiday. One look-up in calendar_days by its
 * key; what the office entered goes before the fixed days. Days in lieu of a holiday at a weekend are no holiday here: a
 * text on such a Monday disturbs nobody, and whoever sees it otherwise enters the day.
 * @param localDateExpression SQL of type date in our own words, never input: `(now() at time zone 'Asia/Ho_Chi_Minh')::date`
 */
export function sqlIsHoliday(localDateExpression: string): string {
  const fixed = FIXED_HOLIDAYS.map((day) => `'${day}'`).join(', ');
  return `coalesce(
    (select not entered.is_working_day from calendar_days entered where entered.day = ${localDateExpression}),
    to_char(${localDateExpression}, 'MM-DD') in (${fixed}))`;
}
