import { type Calendar, FIXED_HOLIDAYS, isFixedHoliday } from './holidays';
import { addDays, isoWeekday } from './local-days';

const isWeekend = (day: string): boolean => isoWeekday(day) >= 6;

/** A holiday on a weekend is made up for on the next working day (Labour Code 45/2019/QH14, Art. 111(3)). */
function daysInLieu(year: string): ReadonlySet<string> {
  const given = new Set<string>();
  for (const holiday of FIXED_HOLIDAYS.map((date) => `${year}-${date}`).filter(isWeekend)) {
    let day = addDays(holiday, 1);
    while (isWeekend(day) || isFixedHoliday(day) || given.has(day)) day = addDays(day, 1);
    given.add(day);
  }
  return given;
}

/** Monday to Friday without public holidays; what the calendar says of a day goes before all rules. */
export function isWorkingDay(day: string, calendar: Calendar): boolean {
  const told = calendar.get(day);
  if (told !== undefined) return told;
  return !isWeekend(day) && !isFixedHoliday(day) && !daysInLieu(day.slice(0, 4)).has(day);
}
