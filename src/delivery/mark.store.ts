import type { Queries } from '../platform/database/database';
import type { Chunk } from './chunks.store';
import { BATCH_IS_OPEN, LOCAL_DAY, LOCAL_NOW } from './gate';
import { wasWithdrawn } from './withdrawn';

/** What the gate lets through: these may be sent now, by this lease, and their hand-over is on record. */
export interface HandedOver {
  readonly seq: number;
  readonly areaId: number;
  readonly segments: number;
  readonly phone: string;
  readonly text: string;
  /** The local day of the message's first hand-over. */
  readonly day: string;
  /** Its place in the permitted rate: so many milliseconds after the mark, by the database's clock. 0 where there is no rate. */
  readonly leavesInMs: number;
}

/**
 * - `lost`: somebody else has the chunk.
 * - `busy`: somebody holds a lock of it or of the rate for a moment; ask again.
 * - `closed`: the batch is paused, over or not open at this hour; give the chunk back.
 * - `full`: the rate or the day's quota is used up, the gateway's own or the sender ID's; not before `waitMs`.
 * - `open`: the next `items` of the chunk are marked; `messages` of them may leave.
 */
export type Mark =
  | { readonly gate: 'lost' | 'busy' | 'closed' }
  | { readonly gate: 'full'; readonly whose: 'gateway' | 'sender'; readonly waitMs: number }
  | {
      readonly gate: 'open';
      readonly items: number;
      readonly messages: HandedOver[];
      /** Whether a rate paces them: then each has to leave at its place in it. */
      readonly isPaced: boolean;
      readonly hasTerms: boolean;
    };

/** So far ahead places in the rate are given away: an urgent text comes behind no more than these. */
const HORIZON_SECONDS = 0.6;
/**
 * Where a sender ID's rate is below that of its gateway, the texts of a step leave more slowly than the gateway's bucket
 * reckons: by no more than this, so that the bucket's promise holds.
 */
const MOST_DISPLACED_SECONDS = 0.1;

/**
 * The hand-over mark, the one gate every text passes. In one statement: locks the chunk, checks owner, fence, lease,
 * batch state, start, deadline, sending window and what is released, leaves out who was erased, opted out or withdrawn (with
 * an outcome `suppressed` and the reason as its code) and what a late proof says was accepted before, takes places in the
 * permitted rates and the day's quotas, moves the mark over as many texts as there are places, records the step and renews
 * the lease. Committed before anything is sent, so that pause, cancel, opt-out and the undo of an import take effect at the
 * next step on every instance, and a crash leaves at most what was marked in doubt.
 *
 * It never waits for a lock (SKIP LOCKED): after a wait it would decide by what was true before it, and let a text out to
 * somebody whose opt-out was committed meanwhile. Who finds a lock taken asks again, and sees everything anew.
 *
 * The rate: each text gets a place in time, `starts` + the segments before it / rate, the first one when the bucket is free
 * again. Places are given under the bucket's lock and by the database's clock, so all instances together keep the rate; the
 * places of an instance that dies are lost. A text that misses its place by more than MOST_LATE_MS (step-sender.ts) is given back.
 *
 * Reads by primary key only ($7 lists the seqs of the step), so its plan does not depend on statistics. `(select $6)` sees to
 * that: a planner that reads the id itself in the statement finds none of a batch younger than the last ANALYZE, and would then
 * rather read the whole batch by another index than the step by fifty look-ups (four times the cost of a text). Of imports undone
 * it costs one look into the primary key of withdrawals a text: less than 1 µs while that table is empty.
 */
const HELD_AND_OPEN = `
with held as materialized (
  select c.id, c.attempt, coalesce(c.day, ${LOCAL_DAY}) as day, c.day as first_day
  from chunks c
  where c.id = $1 and c.owner = $2 and c.fence = $3 and c.marked = $4 and c.state = 'leased' and c.leased_until > now()
  for no key update skip locked
), gate as materialized (
  select held.*, b.planned_day, b.list_ids, b.created_at from held join batches b on b.id = $6
  where ${BATCH_IS_OPEN} and (held.attempt > 1 or $5 <= b.released_to)
), limits as materialized (
  select t.sender, t.segments_per_second::float8 as rate, t.segments_per_day as quota
  from gate cross join gateway_terms t
  where t.gateway = $10 and t.sender in ('', $11) and (t.segments_per_second is not null or t.segments_per_day is not null)
)`;

/** What is in question, with who is left out and why. */
const STEP = `
  select m.seq, m.area_id, m.segments, m.phone, m.text, gate.attempt, gate.day,
    coalesce(gate.first_day, gate.planned_day) as unsent_day,
    case
      when m.phone is null then 'erased'
      when s.phone_key is not null then 'opted-out'
      when ${wasWithdrawn('m', 'gate')} then 'import-undone'
    end as suppressed,
    case when gate.attempt > 1 then (
      select p.gateway_message_id from late_proofs p where p.batch_id = $6 and p.seq = m.seq limit 1) end as proof
  from gate cross join messages m left join suppressions s on s.phone_key = m.phone_key
  where m.batch_id = (select $6::bigint) and m.seq = any($7::int[])`;

/** From `granted`, the texts of the step that pass, and `total`, their number and segments. */
const HAND_OVER = `
moved as (
  update chunks c set marked = $4 + total.items, leased_until = now() + make_interval(secs => $8)
  from gate cross join total where c.id = gate.id and total.items > 0
), intent as (
  insert into handovers (chunk_id, from_item, to_item, day, gateway)
  select id, $4 + 1, $4 + total.items, day, $10 from gate cross join total where total.items > 0
), left_out as (
  insert into outcomes (batch_id, seq, attempt, certain, kind, code, gateway_message_id, day)
  select $6, seq, attempt, true, case when proof is null then 'suppressed' else 'accepted' end,
    case when proof is null then suppressed else 'by-late-proof' end, proof, unsent_day
  from granted where cost = 0
), counted as (
  insert into counters as k (batch_id, day, area_id, slot, closed, suppressed, accepted)
  select $6, unsent_day, area_id, $9, count(*), count(*) filter (where proof is null), count(*) filter (where proof is not null)
  from granted where cost = 0
  group by unsent_day, area_id order by unsent_day, area_id
  on conflict (batch_id, day, area_id, slot) do update set closed = k.closed + excluded.closed,
    suppressed = k.suppressed + excluded.suppressed, accepted = k.accepted + excluded.accepted
)`;

const COST = `case when suppressed is null and proof is null then segments else 0 end as cost`;

/** Whether a chunk that is not `held` is still this sender's: somebody has its lock for a moment. */
const IS_HELD_ELSEWHERE = `case when (select count(*) from held) = 0 then exists (
    select from chunks c where c.id = $1 and c.owner = $2 and c.fence = $3 and c.marked = $4 and c.state = 'leased'
      and c.leased_until > now()) end`;

/** As one value: a row each, with what is said of all of them in each, takes the reader twice as long. */
const MESSAGES = (leavesInMs: string): string => `(
  select coalesce(json_agg(json_build_array(g.seq, g.area_id, g.segments, g.phone, g.text, g.day, ${leavesInMs}) order by g.seq), '[]')
  from granted g where g.cost > 0) as messages`;

/** Where there are no terms: half the work of the other. It lets nothing through where there are any after all. */
const MARK_FREELY = `${HELD_AND_OPEN}, granted as materialized (
  select step.*, ${COST} from (${STEP}) step where not exists (select from limits)
), total as materialized (
  select count(*)::int as items from granted
), ${HAND_OVER}
select (select count(*) from held) as held, (select count(*) from gate) as open, total.items, false as "isPaced",
  exists (select from limits) as "hasTerms", ${IS_HELD_ELSEWHERE} as "isHeldElsewhere",
  ${MESSAGES('0')}
from total`;

const MARK_IN_PLACE = `${HELD_AND_OPEN}, bucket as materialized (
  select k.sender, k.free_at, case when k.day = ${LOCAL_DAY} then k.used else 0 end as used
  from rate_buckets k where k.gateway = $10 and k.sender in (select sender from limits)
  order by k.sender for no key update skip locked
), moment as materialized (
  -- Read when the buckets are locked. $13: what the answer takes to come back.
  select clock_timestamp() as now, clock_timestamp() + make_interval(secs => $13) as soonest, count(*) as locked from bucket
), pace as materialized (
  select m.now, greatest(m.soonest, max(b.free_at) filter (where l.rate is not null)) as starts, min(l.rate) as rate,
    case when min(l.rate) < max(l.rate) then least($12, ${MOST_DISPLACED_SECONDS}) else $12 end as spread,
    min(l.quota - b.used) as quota_left, m.locked = (select count(*) from limits) as is_mine
  from moment m left join (bucket b join limits l on l.sender = b.sender) on true
  group by m.now, m.soonest, m.locked
), step as materialized (
  select step.*, ${COST} from (${STEP}) step
), granted as materialized (
  select placed.*, placed.segments_before / pace.rate as after_seconds
  from (select step.*, sum(cost) over (order by seq) as segments_up_to, sum(cost) over (order by seq) - cost as segments_before
        from step) placed
  cross join pace
  where pace.is_mine and (pace.quota_left is null or segments_up_to <= pace.quota_left)
    and (pace.rate is null or segments_before / pace.rate <= pace.spread
      and pace.starts + make_interval(secs => segments_before / pace.rate) <= pace.now + make_interval(secs => $13 + ${HORIZON_SECONDS}))
), total as materialized (
  select count(*)::int as items, coalesce(sum(cost), 0) as segments from granted
), taken as (
  update rate_buckets k set day = ${LOCAL_DAY}, used = bucket.used + total.segments,
    free_at = case when l.rate is null then k.free_at else pace.starts + make_interval(secs => total.segments / l.rate) end
  from bucket join limits l on l.sender = bucket.sender cross join pace cross join total
  where k.gateway = $10 and k.sender = bucket.sender and total.segments > 0
), cheapest as materialized (
  select min(cost) filter (where cost > 0) as cost from step
), ${HAND_OVER}
select (select count(*) from held) as held, (select count(*) from gate) as open, total.items,
  pace.rate is not null as "isPaced", exists (select from limits) as "hasTerms", pace.is_mine as "isMine",
  ${IS_HELD_ELSEWHERE} as "isHeldElsewhere", extract(epoch from pace.starts - pace.now)::float8 * 1000 as "startsInMs",
  case when total.items = 0 then (
    select coalesce(bool_or(b.sender = ''), false) from bucket b join limits l on l.sender = b.sender
    where (l.rate is not null and b.free_at > pace.now + make_interval(secs => $13 + ${HORIZON_SECONDS}))
      or l.quota - b.used < cheapest.cost) end as "isWhole",
  case when total.items = 0 and pace.quota_left < cheapest.cost
    then extract(epoch from (${LOCAL_DAY} + 1)::timestamp - ${LOCAL_NOW})::float8 * 1000 end as "quotaInMs",
  ${MESSAGES('coalesce((extract(epoch from pace.starts - pace.now)::float8 + g.after_seconds) * 1000, 0)')}
from pace cross join total cross join cheapest`;

type MessageFields = readonly [
  seq: number,
  areaId: number,
  segments: number,
  phone: string,
  text: string,
  day: string,
  leavesInMs: number,
];

interface MarkRow {
  readonly messages: readonly MessageFields[];
  readonly held: number;
  readonly open: number;
  readonly items: number;
  readonly isPaced: boolean;
  readonly hasTerms: boolean;
  readonly isHeldElsewhere: boolean | null;
  /** The rest only where there are terms. */
  readonly isMine?: boolean;
  readonly startsInMs?: number;
  readonly isWhole?: boolean | null;
  readonly quotaInMs?: number | null;
}

export interface MarkLease {
  readonly owner: string;
  readonly seconds: number;
  /** Of the counters. */
  readonly slot: number;
  readonly gateway: string;
  /** Whether the last mark said that there are terms: the wrong guess costs a second statement. */
  readonly hasTerms?: boolean;
  /** From the first text of the step to the last; a list of texts that leaves as one has 0.1. */
  readonly spreadSeconds?: number;
  /** What the answer of this statement takes to come back, of late. */
  readonly answerSeconds?: number;
}

/**
 * @param step.from the chunk's mark + 1
 * @param step.to the last item asked for; fewer are marked where the rate has no place for more
 */
export async function markStep(
  queries: Queries,
  chunk: Chunk,
  step: { from: number; to: number },
  lease: MarkLease,
): Promise<Mark> {
  const values = [
    chunk.id,
    lease.owner,
    chunk.fence,
    step.from - 1,
    step.to,
    chunk.batchId,
    seqsOf(chunk, step),
    lease.seconds,
    lease.slot,
    lease.gateway,
    chunk.sender,
  ];
  if (!lease.hasTerms) {
    const mark = readMark(await queries.prepared<MarkRow>('delivery-mark-freely', MARK_FREELY, values));
    if (mark) return mark;
  }
  const pace = [lease.spreadSeconds ?? HORIZON_SECONDS, lease.answerSeconds ?? 0];
  return readMark(await queries.prepared<MarkRow>('delivery-mark', MARK_IN_PLACE, [...values, ...pace]))!;
}

/** @returns undefined where nothing was let through because there are terms to keep. */
function readMark(rows: readonly MarkRow[]): Mark | undefined {
  const [first] = rows;
  if (!first) throw new Error('the hand-over mark answered nothing');
  const { held, open, items, isPaced, hasTerms, isMine, isWhole, quotaInMs, startsInMs } = first;
  if (held === 0) return { gate: first.isHeldElsewhere ? 'busy' : 'lost' };
  if (open === 0) return { gate: 'closed' };
  if (isMine === false) return { gate: 'busy' };
  if (items > 0) return { gate: 'open', items, isPaced, hasTerms, messages: first.messages.map(readMessage) };
  if (isMine === undefined) return undefined;
  // Half the horizon is free again then, so that the next step is not of a single text.
  const waitMs = quotaInMs ?? Math.max(1, startsInMs! - (HORIZON_SECONDS / 2) * 1_000);
  return { gate: 'full', whose: isWhole ? 'gateway' : 'sender', waitMs };
}

function readMessage([seq, areaId, segments, phone, text, day, leavesInMs]: MessageFields): HandedOver {
  return { seq, areaId, segments, phone, text, day, leavesInMs };
}

/** The seqs of items `from..to`. */
export function seqsOf(chunk: Pick<Chunk, 'seqs'>, { from, to }: { from: number; to: number }): number[] {
  return chunk.seqs ? chunk.seqs.slice(from - 1, to) : Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
