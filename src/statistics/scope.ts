import { notADay, periodReversed } from './statistics-faults';

/** What rows can be told apart by, in the order in which they are shown and sorted. */
export const DIMENSIONS = ['year', 'month', 'topic', 'campaign', 'area'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Local days (Asia/Ho_Chi_Minh) such as `2021-05-23`, both ends included; null: no such end. */
export interface Period {
  readonly from: string | null;
  readonly to: string | null;
}

/** Which messages are counted, and how they are grouped. */
export interface Scope {
  readonly period: Period;
  readonly by: readonly Dimension[];
  readonly campaignId: number | null;
  readonly topic: string | null;
  /** 0: messages to subscribers without an area. */
  readonly areaId: number | null;
}

/** @throws notADay, periodReversed; both name the field */
export function readScope(query: Partial<Omit<Scope, 'period'>> & { from?: string; to?: string }): Scope {
  const { from = null, to = null, by = [], campaignId = null, topic = null, areaId = null } = query;
  if (from !== null && !isDay(from)) throw notADay({}, { field: 'from' });
  if (to !== null && !isDay(to)) throw notADay({}, { field: 'to' });
  if (from !== null && to !== null && from > to) throw periodReversed({ from, to }, { field: 'to' });
  return {
    period: { from, to },
    by: DIMENSIONS.filter((dimension) => by.includes(dimension)),
    campaignId,
    topic,
    areaId,
  };
}

/** Whether a text names a day of the calendar. Year 0 is none: neither people nor PostgreSQL know it. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000')) return false;
  const day = new Date(`${text}T00:00:00Z`);
  // Date takes 30 February for 2 March, or for no date at all.
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}
