import { localDay } from '../platform/clock';
import { type Calendar, isHoliday } from './holidays';
import { addDays, atLocalTime, isoWeekday } from './local-days';

/** When texts may leave, in Vietnam's time. */
export interface SendingWindow {
  /** `07:00`. */
  readonly from: string;
  /** `21:00`: the first minute at which nothing leaves any more; later than `from`. */
  readonly to: string;
  /** ISO days: 1 Monday … 7 Sunday; at least one. */
  readonly days: readonly number[];
  /** Whether public holidays count as any other day. */
  readonly onHolidays: boolean;
}

/**
 * The hours at which an office rings at people's doors. Stricter than the law asks of advertising, 7 to 22 hours (Decree
 * 91/2020/NĐ-CP, Art. 13), which these texts are not.
 */
export const DEFAULT_WINDOW: SendingWindow = {
  from: '07:00',
  to: '21:00',
  days: [1, 2, 3, 4, 5, 6, 7],
  onHolidays: false,
};

/** Half-open: at `closesAt` nothing leaves any more. */
export interface OpenInterval {
  readonly opensAt: Date;
  readonly closesAt: Date;
}

/** How far the calendar is looked at: a window that opens on no day of more than a year never opens. */
const HORIZON_DAYS = 400;
/** The end of an interval that has none: the last day people can write. */
const NEVER_CLOSES = new Date('9999-12-31T00:00:00Z');

/** Why nothing leaves on that local day; undefined on a day with open hours. */
export function closedDay(window: SendingWindow, day: string, calendar: Calendar): 'holiday' | 'day-off' | undefined {
  if (!window.days.includes(isoWeekday(day))) return 'day-off';
  return !window.onHolidays && isHoliday(day, calendar) ? 'holiday' : undefined;
}

/** The rule by which delivery lets a text go, there in SQL. No window: at any time. */
export function isOpen(window: SendingWindow | null, at: Date, calendar: Calendar): boolean {
  if (window === null) return true;
  const day = localDay(at);
  if (closedDay(window, day, calendar) !== undefined) return false;
  return atLocalTime(day, window.from) <= at && at < atLocalTime(day, window.to);
}

/**
 * The times at which texts may leave, in order, from `from` on: the first one begins with it when that is an open time.
 * Ends after 400 days. Without a window there is one interval, up to NEVER_CLOSES.
 */
export function* openIntervals(window: SendingWindow | null, from: Date, calendar: Calendar): Generator<OpenInterval> {
  if (window === null) {
    yield { opensAt: from, closesAt: NEVER_CLOSES };
    return;
  }
  const firstDay = localDay(from);
  for (let ahead = 0; ahead < HORIZON_DAYS; ahead++) {
    const day = addDays(firstDay, ahead);
    const opensAt = atLocalTime(day, window.from);
    const closesAt = atLocalTime(day, window.to);
    if (closesAt <= from || closedDay(window, day, calendar) !== undefined) continue;
    yield { opensAt: opensAt < from ? from : opensAt, closesAt };
  }
}

/** `at` itself when that is an open time; undefined when the window does not open within 400 days. */
export function nextOpening(window: SendingWindow | null, at: Date, calendar: Calendar): Date | undefined {
  const { value } = openIntervals(window, at, calendar).next();
  return (value as OpenInterval | undefined)?.opensAt;
}
