import { localDay } from '../platform/clock';

/** A day the office has told the calendar: Tết and other lunar days, days in lieu, and weekend days worked in exchange. */
export interface CalendarDay {
  /** Local day, `2027-02-08`. */
  readonly day: string;
  readonly isWorkingDay: boolean;
}

/**
 * Public holidays that fall on the same day every year: New Year, 30 April, 1 May, 2 September (Labour Code 45/2019/QH14,
 * Art. 112(1)). The lunar ones, and whether 1 or 3 September is the second day of National Day, are announced each year:
 * those are days of the calendar.
 */
const FIXED_HOLIDAYS: readonly string[] = ['01-01', '04-30', '05-01', '09-02'];
/** Decree 356/2025/NĐ-CP: a request about personal data is answered within two working days. */
const WORKING_DAYS_TO_ANSWER = 2;
const DAY_MS = 24 * 60 * 60 * 1000;

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
}

function isWeekend(day: string): boolean {
  return [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay());
}

const isFixed = (day: string): boolean => FIXED_HOLIDAYS.includes(day.slice(5));

/** A holiday on a weekend is made up for on the next working day (Labour Code, Art. 111(3)). */
function daysInLieu(year: string): ReadonlySet<string> {
  const given = new Set<string>();
  for (const holiday of FIXED_HOLIDAYS.map((date) => `${year}-${date}`).filter(isWeekend)) {
    let day = nextDay(holiday);
    while (isWeekend(day) || isFixed(day) || given.has(day)) day = nextDay(day);
    given.add(day);
  }
  return given;
}

/** Monday to Friday without public holidays; what the calendar says of a day goes before all rules. */
export function isWorkingDay(day: string, calendar: ReadonlyMap<string, boolean>): boolean {
  const told = calendar.get(day);
  if (told !== undefined) return told;
  return !isWeekend(day) && !isFixed(day) && !daysInLieu(day.slice(0, 4)).has(day);
}

/**
 * Until when a request must be answered: the end of the second working day after the day it was received, in Vietnam. A
 * calendar without the year's lunar holidays gives too early a time, never too late a one.
 */
export function dueAt(receivedAt: Date, holidays: readonly CalendarDay[]): Date {
  const calendar = new Map(holidays.map(({ day, isWorkingDay: isWorked }) => [day, isWorked]));
  let day = localDay(receivedAt);
  for (let left = WORKING_DAYS_TO_ANSWER; left > 0;) {
    day = nextDay(day);
    if (isWorkingDay(day, calendar)) left -= 1;
  }
  return new Date(`${day}T23:59:59+07:00`);
}
