import type { Queries, Transaction } from '../platform/database/database';
import { CountedFigures } from './figures';
import { BatchDay, Group, planPeople } from './groups';
import type { Scope } from './scope';

export interface CountedGroup {
  readonly group: Group;
  readonly figures: CountedFigures;
}

export interface CountedPeople {
  readonly groups: readonly { readonly group: Group; readonly people: number }[];
  /** Distinct over all groups. */
  readonly total: number;
}

/**
 * The counters of released work with what it is about. `held` work may still be edited or thrown away; from its release on
 * it counts, cancelled or not. A batch of no campaign has neither topic nor campaign, and counts; test sends to staff's own
 * numbers do not.
 *
 * Where areas do not matter the counters of what has ended are read by day alone: two or so rows a batch.
 */
const counted = ({ areaId, by }: Scope): string => `
  select k.*, t.topic as about, c.id as campaign_id, b.people_kept, b.days_kept,
    ($4::date is null or k.day >= $4) and ($5::date is null or k.day <= $5) as in_period
  from batches b
  join ${areaId !== null || by.includes('area') ? 'counted_by_area' : 'counted_by_day'} k on k.batch_id = b.id
  left join campaigns c on c.batch_id = b.id
  left join template_versions v on v.id = c.template_version_id
  left join templates t on t.id = v.template_id
  where b.state <> 'held' and b.kind <> 'test' and ($1::int is null or c.id = $1) and ($2::text is null or t.topic = $2)
    and ${areaId === null ? '$3::int is null' : 'k.area_id = $3'}`;

const GROUP = `
  to_char(day::timestamp, $6::text) as time,
  case when $7::boolean then about end as topic,
  case when $8::boolean then campaign_id end as "campaignId"`;

function countedValues({ campaignId, topic, areaId, period, by }: Scope): unknown[] {
  const timeFormat = by.includes('month') ? 'YYYY-MM' : by.includes('year') ? 'YYYY' : null;
  const isBy = [by.includes('topic'), by.includes('campaign')];
  return [campaignId, topic, areaId, period.from, period.to, timeFormat, ...isBy];
}

/**
 * Never reads a message. Of what has ended, one row per batch and day, by area one per batch, day and area; of what is under
 * way, one per batch, day, area and writer. Groups without messages are left out.
 */
export async function countFigures(queries: Queries, scope: Scope): Promise<CountedGroup[]> {
  const rows = await queries.rows<CountedFigures & Group>(
    `select ${GROUP}, ${scope.by.includes('area') ? 'area_id' : 'null::int'} as "areaId",
       sum(messages) as messages, sum(segments) as segments, sum(accepted) as accepted, sum(delivered) as delivered,
       sum(undelivered) as undelivered, sum(failed) as failed, sum(unknown) as unknown, sum(suppressed) as suppressed,
       sum(cancelled) as cancelled, sum(expired) as expired
     from (${counted(scope)}) counted where in_period
     group by 1, 2, 3, 4 having sum(messages) <> 0`,
    countedValues(scope),
  );
  return rows.map(({ time, topic, campaignId, areaId, ...figures }) => ({
    group: { time, topic, campaignId, areaId },
    figures,
  }));
}

/**
 * Distinct people of every group and over all groups, in the snapshot of the caller's transaction.
 *
 * @param tx must be REPEATABLE READ: the plan made from the counters has to fit what is read after it
 */
export async function countPeople(tx: Transaction, scope: Scope): Promise<CountedPeople> {
  const days = await tx.rows<KeptDay & Omit<BatchDay, 'group'> & Omit<Group, 'areaId'>>(
    `select batch_id as "batchId", day, in_period as "inPeriod", people_kept as "isKept", days_kept as "areDaysKept",
       ${GROUP}
     from (${counted(scope)}) counted group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(messages) <> 0`,
    countedValues(scope),
  );
  const asked = days.map(({ batchId, day, inPeriod, time, topic, campaignId }) => {
    return { batchId, day, inPeriod, group: { time, topic, campaignId } };
  });
  return findPeople(tx, scope, asked, new Map(days.map((day) => [day.batchId, day])));
}

/** Whether the people of a batch, and those of its single days, are in addressee_sets. */
interface KeptDay {
  readonly batchId: number;
  readonly isKept: boolean;
  readonly areDaysKept: boolean;
}

/** In addressee_sets: a batch on all its days. */
const EVERY_DAY = '-infinity';

/**
 * The people of batches, and days, as addressee_sets has them: bits, of which one is one person. Of all areas together it reads
 * one row per batch and 16,384 people, of each area one per 2,048; always by the primary key, or the planner reads those of
 * all areas to find the few it needs.
 */
const kept = ({ areaId, by }: Scope): string => `
  select w.place, ${areaOf(by, 's.area_id')} as area_id, s.block, bit_or(s.people) as people
  from unnest($1::bigint[], $2::date[], $3::int[]) as w (batch_id, day, place)
  cross join lateral (
    select * from addressee_sets a where a.batch_id = w.batch_id and a.day = w.day
      and ${areaId !== null ? 'a.area_id = $4' : `$4::int is null and a.area_id ${by.includes('area') ? '>= 0' : '= -1'}`}
    offset 0
  ) s
  group by 1, 2, 3`;

const areaOf = (by: Scope['by'], column: string): string => (by.includes('area') ? column : 'null::int');

/**
 * The same of what is not there yet: released some seconds ago, or under way on days of several groups. A message's day is
 * that of its first attempt, its planned day while it has none, as the counters have it. Reads each message once, and outcomes
 * only of the batches that are split.
 */
const addressed = ({ areaId, by }: Scope): string => `
  select f.place, ${areaOf(by, 'f.area_id')} as area_id, f.phone_key, a.id
  from (
    select w.place, m.area_id, m.phone_key
    from unnest($5::bigint[], $6::int[]) as w (batch_id, place) join messages m on m.batch_id = w.batch_id
    union all
    select s.place, d.area_id, d.phone_key
    from (
      select m.batch_id, m.area_id, m.phone_key, coalesce(o.day, b.planned_day) as day
      from messages m
      join batches b on b.id = m.batch_id
      left join outcomes o on o.batch_id = m.batch_id and o.seq = m.seq and o.attempt = 1
      where m.batch_id = any($7::bigint[])
    ) d join unnest($7::bigint[], $8::date[], $9::int[]) as s (batch_id, day, place) using (batch_id, day)
  ) f left join addressees a on a.phone_key = f.phone_key
  ${areaId === null ? '' : 'where f.area_id = $4'}`;

/** Distinct people are the ones of the union. */
const allKept = (scope: Scope): string => `
with merged as materialized (${kept(scope)})
select place, area_id as "areaId", sum(bit_count(people))::bigint as people from merged group by 1, 2
union all
select null, null, coalesce(sum(bit_count(people)), 0)::bigint
from (select bit_or(people) as people from merged group by block) whole`;

/** Long rows are cut, to be united with the others; whoever was never numbered is told by the digest of his number. */
const partlyKept = (scope: Scope): string => `
with addressed as materialized (${addressed(scope)}
), merged as materialized (
  select place, area_id, block, bit_or(people) as people
  from (
    select k.place, k.area_id, k.block * (length(k.people) / 2048) + part as block,
      substring(k.people from part * 2048 + 1 for 2048) as people
    from (${kept(scope)}) k cross join lateral generate_series(0, length(k.people) / 2048 - 1) part
    union all
    select place, area_id, addressee_block(id), addressee_bit(id) from addressed where id is not null
  ) found group by 1, 2, 3
), strangers as materialized (
  select distinct place, area_id, phone_key from addressed where id is null
)
select place, area_id as "areaId", sum(people)::bigint as people
from (
  select place, area_id, bit_count(people) as people from merged
  union all select place, area_id, 1 from strangers
) counted group by 1, 2
union all
select null, null, (
    select coalesce(sum(bit_count(people)), 0)::bigint from (select bit_or(people) as people from merged group by block) whole
  ) + (select count(distinct phone_key) from strangers)`;

async function findPeople(
  tx: Transaction,
  scope: Scope,
  days: readonly BatchDay[],
  batches: ReadonlyMap<number, KeptDay>,
): Promise<CountedPeople> {
  const plan = planPeople(days);
  const [whole, wholeUnkept] = partition(plan.whole, ({ batchId }) => batches.get(batchId)!.isKept);
  const [split, splitUnkept] = partition(plan.split, ({ batchId }) => batches.get(batchId)!.areDaysKept);
  const sets = [...whole.map((one) => ({ ...one, day: EVERY_DAY })), ...split];
  const isAllKept = wholeUnkept.length + splitUnkept.length === 0;
  const values = [...columnsOf(sets, 'batchId', 'day', 'group'), scope.areaId];
  const unkept = [...columnsOf(wholeUnkept, 'batchId', 'group'), ...columnsOf(splitUnkept, 'batchId', 'day', 'group')];
  const rows = await tx.rows<{ place: number | null; areaId: number | null; people: number }>(
    isAllKept ? allKept(scope) : partlyKept(scope),
    isAllKept ? values : [...values, ...unkept],
  );
  return {
    groups: rows.flatMap(({ place, areaId, people: count }) =>
      place === null ? [] : [{ group: { ...plan.groups[place]!, areaId }, people: count }],
    ),
    total: rows.find(({ place }) => place === null)!.people,
  };
}

function columnsOf<T>(rows: readonly T[], ...names: (keyof T)[]): unknown[][] {
  return names.map((name) => rows.map((row) => row[name]));
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}
