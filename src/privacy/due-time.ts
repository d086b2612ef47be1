import { addDays, atLocalTime, type CalendarDay, isWorkingDay, toCalendar } from '../calendar';
import { localDay } from '../platform/clock';

/** Decree 356/2025/NĐ-CP: a request about personal data is answered within two working days. */
const WORKING_DAYS_TO_ANSWER = 2;

/**
 * Until when a request must be answered: the end of the second working day after the day it was received, in Vietnam. A
 * calendar without the year's lunar holidays gives too early a time, never too late a one.
 */
export function dueAt(receivedAt: Date, holidays: readonly CalendarDay[]): Date {
  const calendar = toCalendar(holidays);
  let day = localDay(receivedAt);
  for (let left = WORKING_DAYS_TO_ANSWER; left > 0;) {
    day = addDays(day, 1);
    if (isWorkingDay(day, calendar)) left -= 1;
  }
  return atLocalTime(day, '23:59:59');
}
