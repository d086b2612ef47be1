import { addDays, atLocalTime, isoWeekday } from '../../calendar';
import { localDay } from '../../platform/clock';

/** On which local days a campaign comes again. */
export type RecurrenceRule =
  /** So many days before an event; 0 is its day itself. */
  | { readonly kind: 'before-event'; readonly day: string; readonly daysBefore: readonly number[] }
  /** ISO day of the week: 1 Monday … 7 Sunday. */
  | { readonly kind: 'weekly'; readonly weekday: number }
  /** 1 to 31; in a month without that day, on its last. */
  | { readonly kind: 'monthly'; readonly day: number };

export const RECURRENCE_KINDS = [
  'before-event',
  'weekly',
  'monthly',
] as const satisfies readonly RecurrenceRule['kind'][];

/** What a recurrence asks for. Days are local ones, both ends included. */
export interface RecurrencePlan {
  readonly rule: RecurrenceRule;
  /** `08:00`, Vietnam's time. */
  readonly startTime: string;
  /** The draft is made so many days before its start. */
  readonly leadDays: number;
  readonly firstDay: string;
  /** Null: until somebody ends it. */
  readonly lastDay: string | null;
}

/** Days on which a rule without an end is looked for: each has one within so many. */
const HORIZON_DAYS = 400;

const earlier = (one: string, other: string): string => (one < other ? one : other);
const later = (one: string, other: string): string => (one > other ? one : other);

/** The days of a rule from `from` to `to`, both included, in order. */
export function occurrences(rule: RecurrenceRule, from: string, to: string): string[] {
  switch (rule.kind) {
    case 'before-event': {
      const days = new Set(rule.daysBefore.map((count) => addDays(rule.day, -count)));
      return [...days].filter((day) => from <= day && day <= to).sort();
    }
    case 'weekly':
      return daysBetween(from, to).filter((day) => isoWeekday(day) === rule.weekday);
    case 'monthly':
      return daysBetween(from, to).filter((day) => Number(day.slice(8)) === Math.min(rule.day, lastOfMonth(day)));
  }
}

/** Those days whose start is still to come, in order: what lies in the past is not made up for. */
export function upcoming(plan: RecurrencePlan, now: Date): string[] {
  const { rule, lastDay } = plan;
  const from = later(plan.firstDay, localDay(now));
  const horizon = rule.kind === 'before-event' ? rule.day : addDays(from, HORIZON_DAYS);
  const days = occurrences(rule, from, lastDay === null ? horizon : earlier(lastDay, horizon));
  return days.filter((day) => startOf(plan, day) > now);
}

/** The days whose draft should exist by now. */
export function dueDays(plan: RecurrencePlan, now: Date): string[] {
  const lastDue = addDays(localDay(now), plan.leadDays);
  return upcoming(plan, now).filter((day) => day <= lastDue);
}

export function startOf({ startTime }: RecurrencePlan, day: string): Date {
  return atLocalTime(day, startTime);
}

function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

function lastOfMonth(day: string): number {
  const [year, month] = day.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
