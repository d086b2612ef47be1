import { addUp, Figures, figuresOf } from './figures';
import { Group, groupKey } from './groups';
import type { Names } from './names.read-model';
import type { Dimension, Period, Scope } from './scope';
import type { CountedGroup, CountedPeople } from './statistics.read-model';

/** One row: what it is about, by the dimensions asked for, and its figures. */
export interface StatisticsRow extends Figures {
  readonly year?: number;
  /** `2021-05` */
  readonly month?: string;
  /** Null: work that belongs to no campaign. */
  readonly topic?: { readonly code: string; readonly name: string } | null;
  readonly campaign?: { readonly id: number; readonly name: string } | null;
  /** Null: subscribers without an area. */
  readonly area?: { readonly id: number; readonly name: string } | null;
}

export interface StatisticsTable {
  readonly period: Period;
  readonly by: readonly Dimension[];
  readonly total: Figures;
  readonly rows: readonly StatisticsRow[];
}

/** Puts counters, people and names together; without a dimension the total is the one row. */
export function makeTable(
  scope: Scope,
  counted: readonly CountedGroup[],
  people: CountedPeople,
  names: Names,
): StatisticsTable {
  const { period, by } = scope;
  const total = figuresOf(addUp(counted.map(({ figures }) => figures)), people.total);
  if (by.length === 0) return { period, by, total, rows: [total] };
  const peopleOf = new Map(people.groups.map(({ group, people: count }) => [groupKey(group), count]));
  const rows = counted.map(({ group, figures }) => ({
    ...labelsOf(group, by, names),
    ...figuresOf(figures, peopleOf.get(groupKey(group)) ?? 0),
  }));
  return { period, by, total, rows: rows.sort(compareRows) };
}

type Labels = Omit<StatisticsRow, keyof Figures>;

function labelsOf({ time, topic, campaignId, areaId }: Group, by: readonly Dimension[], names: Names): Labels {
  const every: Required<Labels> = {
    year: Number(time?.slice(0, 4)),
    month: time ?? '',
    topic: topic === null ? null : { code: topic, name: names.topics.get(topic) ?? topic },
    campaign: named(campaignId, names.campaigns),
    // 0 stands for none in messages and counters.
    area: named(areaId === 0 ? null : areaId, names.areas),
  };
  return Object.fromEntries(by.map((dimension) => [dimension, every[dimension]]));
}

function named(id: number | null, names: ReadonlyMap<number, string>): { id: number; name: string } | null {
  return id === null ? null : { id, name: names.get(id) ?? `#${id}` };
}

/** Not PostgreSQL's collation, which a server of the user's own may lack. Xã 2 comes before Xã 10. */
const VIETNAMESE = new Intl.Collator('vi', { numeric: true });

type Sortable = { readonly id?: number; readonly name: string } | null | undefined;

/** By time, then by name; equal names by id; what has no name comes last. */
export function compareRows(a: StatisticsRow, b: StatisticsRow): number {
  return (
    (a.year ?? 0) - (b.year ?? 0) ||
    (a.month ?? '').localeCompare(b.month ?? '') ||
    compareNamed(a.topic, b.topic) ||
    compareNamed(a.campaign, b.campaign) ||
    compareNamed(a.area, b.area)
  );
}

function compareNamed(a: Sortable, b: Sortable): number {
  if (!a || !b) return Number(!a) - Number(!b);
  return VIETNAMESE.compare(a.name, b.name) || (a.id ?? 0) - (b.id ?? 0);
}
