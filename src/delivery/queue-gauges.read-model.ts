import { LOCAL_TIME_ZONE } from '../platform/clock';
import type { Queries } from '../platform/database/database';
import { BATCH_IS_OPEN, LOCAL_DAY } from './gate';

/** One value of the state of delivery, as a monitoring system takes it. */
export interface GaugeValue {
  readonly name: GaugeName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What each says, and the labels it has. */
export const GAUGES = {
  tinluat_queue_texts: [
    'Texts of released batches not handed over: `due` may leave now, `later` may not yet',
    'gateway',
    'lane',
    'state',
  ],
  tinluat_queue_oldest_seconds: ['For how long the oldest text that may leave now has been free to', 'gateway', 'lane'],
  tinluat_leases_held: ['Chunks that instances have leased'],
  tinluat_instances_sending: ['Instances that hold a lease'],
  tinluat_rate_limit_segments_per_second: ['What the terms permit', 'gateway', 'sender'],
  tinluat_rate_booked_seconds: [
    'For how long from now on the permitted rate is given out already',
    'gateway',
    'sender',
  ],
  tinluat_quota_segments: ['What the terms permit on a local day', 'gateway', 'sender'],
  tinluat_quota_used_segments: ['Segments handed over on this local day', 'gateway', 'sender'],
  tinluat_seats_held: ['Places for messages in flight that instances hold', 'gateway', 'sender'],
  tinluat_gateway_share_percent: ['How much of what may also go elsewhere still goes this way', 'gateway'],
  tinluat_gateway_breakers: ['Instances by what they find the gateway to be like', 'gateway', 'breaker'],
  tinluat_unknown_open: ['Texts of which nobody knows whether they left: what is to settle them', 'awaits'],
  tinluat_unknown_oldest_seconds: ['Since when the oldest of them is open'],
  tinluat_receipts_waiting: [
    'Delivery receipts not applied yet: `due`, or `parked` until their outcome is there; up to 10,000 each',
    'state',
  ],
  tinluat_receipts_lag_seconds: ['For how long the oldest receipt that is due has been'],
  tinluat_receipts_stray: ['Delivery receipts kept that fit no text; up to 10,000'],
} as const satisfies Readonly<Record<string, readonly [help: string, ...labels: string[]]>>;

export type GaugeName = keyof typeof GAUGES;

const MOST_RECEIPTS = 10_000;
const MOST_STRAYS = 10_000;

/**
 * All of it in one statement, so in one snapshot. It reads what is open, never history: batches_released, the waiting chunks of
 * these batches by chunks_waiting and chunks_retries, chunks_leased, and tables that hold only what is not done. With 10 million
 * old messages, 4 million waiting ones and 50,000 receipts to apply: 23 ms, most of it for the 8,000 waiting chunks.
 */
const READ = `
with released as materialized (
  select b.id, b.gateway, b.lane, b.size, b.released_to, b.spread_seconds, ${BATCH_IS_OPEN} as is_open,
    greatest(b.not_before, b.released_at, (${LOCAL_DAY} + b.window_from) at time zone '${LOCAL_TIME_ZONE}') as free_since
  from batches b where b.state = 'released'
), unsent as (
  select batch_id, attempt, marked, hi, due_at from chunks c
  where c.state = 'waiting' and c.attempt = 1 and c.batch_id in (select id from released)
  union all
  select batch_id, attempt, marked, hi, due_at from chunks c
  where c.state = 'waiting' and c.attempt > 1 and c.batch_id in (select id from released)
  union all
  select batch_id, attempt, marked, hi, due_at from chunks c
  where c.state = 'leased' and c.batch_id in (select id from released)
), of_batch as (
  select b.id, sum(u.hi - u.marked) as texts,
    sum(greatest(0, least(u.hi, b.released_to) - u.marked)) filter (where b.is_open and u.attempt = 1) as first_due,
    sum(u.hi - u.marked) filter (where b.is_open and u.attempt > 1 and u.due_at <= now()) as retries_due,
    min(u.due_at) filter (where b.is_open and u.attempt > 1 and u.due_at <= now() and u.hi > u.marked) as retry_since
  from unsent u join released b on b.id = u.batch_id group by b.id
), aged as (
  select b.gateway, b.lane, texts, coalesce(first_due, 0) + coalesce(retries_due, 0) as due, greatest(
    case when first_due > 0 then least(
      extract(epoch from now() - b.free_since),
      -- Spread: the oldest of them was let go when so many were still to come.
      first_due * b.spread_seconds::numeric / b.size) end,
    case when retry_since is not null then extract(epoch from now() - greatest(retry_since, b.free_since)) end) as seconds
  from of_batch join released b using (id)
), queues as (
  select g.gateway, l.lane, l.named, coalesce(sum(a.due), 0) as due, coalesce(sum(a.texts - a.due), 0) as later,
    greatest(max(a.seconds), 0) as seconds
  from (select unnest($1::text[]) union select gateway from released) g (gateway)
  cross join (values (0, 'usual'), (1, 'urgent')) l (lane, named)
  left join aged a on a.gateway = g.gateway and a.lane = l.lane
  group by g.gateway, l.lane, l.named
), terms as (
  select t.*, json_build_object('gateway', t.gateway, 'sender', t.sender) as labels,
    extract(epoch from greatest(k.free_at, now()) - now()) as booked, case when k.day = ${LOCAL_DAY} then k.used else 0 end as used
  from gateway_terms t join rate_buckets k on k.gateway = t.gateway and k.sender = t.sender
)
select name, labels, value::float8 from (
  select 'tinluat_queue_texts', json_build_object('gateway', gateway, 'lane', named, 'state', 'due'), due from queues
  union all
  select 'tinluat_queue_texts', json_build_object('gateway', gateway, 'lane', named, 'state', 'later'), later from queues
  union all
  select 'tinluat_queue_oldest_seconds', json_build_object('gateway', gateway, 'lane', named), seconds from queues
  union all
  select 'tinluat_leases_held', '{}', count(*) from chunks where state = 'leased'
  union all
  select 'tinluat_instances_sending', '{}', count(distinct owner) from chunks where state = 'leased' and leased_until > now()
  union all
  select 'tinluat_rate_limit_segments_per_second', labels, segments_per_second from terms where segments_per_second is not null
  union all
  select 'tinluat_rate_booked_seconds', labels, booked from terms where segments_per_second is not null
  union all
  select 'tinluat_quota_segments', labels, segments_per_day from terms where segments_per_day is not null
  union all
  select 'tinluat_quota_used_segments', labels, used from terms
  union all
  select 'tinluat_seats_held', json_build_object('gateway', gateway, 'sender', sender), sum(seats)
  from gateway_seats where until > now() group by gateway, sender
  union all
  select 'tinluat_gateway_share_percent', json_build_object('gateway', g.gateway), coalesce(s.share, 100)
  from unnest($1::text[]) g (gateway) left join gateway_shares s on s.gateway = g.gateway
  union all
  select 'tinluat_gateway_breakers', json_build_object('gateway', gateway, 'breaker', breaker), count(*)
  from gateway_reports where until > now() group by gateway, breaker
  union all
  select 'tinluat_unknown_open', json_build_object('awaits', w.awaits), count(u.seq)
  from (values ('look-up', true), ('person', false)) w (awaits, is_looked_up)
  left join unknowns u on (u.look_up_at is not null) = w.is_looked_up group by w.awaits
  union all
  select 'tinluat_unknown_oldest_seconds', '{}', coalesce(extract(epoch from now() - min(since)), 0) from unknowns
  union all
  select 'tinluat_receipts_waiting', '{"state": "due"}', count(*)
  from (select from receipts_to_apply where due_at <= now() limit ${MOST_RECEIPTS}) due
  union all
  select 'tinluat_receipts_waiting', '{"state": "parked"}', count(*)
  from (select from receipts_to_apply where due_at > now() limit ${MOST_RECEIPTS}) parked
  union all
  select 'tinluat_receipts_lag_seconds', '{}', coalesce(greatest(0, extract(epoch from now() - min(due_at))), 0)
  from receipts_to_apply
  union all
  select 'tinluat_receipts_stray', '{}', count(*) from (select from stray_receipts limit ${MOST_STRAYS}) s
) gauges (name, labels, value)`;

/** @param gateways those of this installation: they have values also while nothing waits for them */
export function readQueueGauges(queries: Queries, gateways: readonly string[]): Promise<GaugeValue[]> {
  return queries.rows<GaugeValue>(READ, [gateways]);
}
