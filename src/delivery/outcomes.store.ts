import type { Queries } from '../platform/database/database';

/** The outcome of one attempt at one message, ready to be appended. */
export interface Outcome {
  readonly chunkId: number;
  readonly fence: number;
  readonly batchId: number;
  readonly seq: number;
  readonly attempt: number;
  readonly kind: 'accepted' | 'failed' | 'deferred' | 'unknown' | 'cancelled' | 'expired';
  readonly code: string;
  readonly gatewayMessageId: string | null;
  /** The local day of the message's first hand-over; its planned day when it never was handed over. */
  readonly day: string;
  readonly areaId: number;
  readonly segments: number;
  readonly retryAfterMs: number;
  /** Of `deferred`: how often its text was put off for a reason that counts, this time included where it does. */
  readonly tries: number;
}

/**
 * Appends outcomes and moves the counters from the rows really inserted, in one statement; a repeated call changes nothing.
 *
 * - `held` guards against the reaper: an outcome enters only while its chunk still carries the writer's fence. The share
 *   lock makes the reaper, which locks the chunk first, wait; afterwards the fence differs and the rows are returned to
 *   the caller, who settles them in a transaction that holds the chunk ($14 = true: the fence no longer matters).
 * - What is unknown is on the list `unknowns` until a certain outcome settles it, then the counter moves from `unknown` to its
 *   kind. A text is on that list exactly while it has an uncertain outcome and no certain one. Its row is locked before anything
 *   is written, in the order of its key, so that of all who settle it at the same moment one does and nobody deadlocks.
 * - The first outcome of attempt 1 moves the message from its planned day to the day of its first hand-over.
 * - What is deferred becomes a small chunk of its own, due later.
 *
 * Measured by `npm run bench -- send`. Index: the primary key of outcomes.
 */
const APPEND = `
with given as materialized (
  select * from unnest($1::bigint[], $2::int[], $3::bigint[], $4::int[], $5::smallint[], $6::text[], $7::text[],
      $8::text[], $9::date[], $10::int[], $11::smallint[], $12::float8[], $16::smallint[]) with ordinality
    as g (chunk_id, fence, batch_id, seq, attempt, kind, code, gateway_message_id, day, area_id, segments, retry_ms, tries, place)
), held as materialized (
  select c.id, c.fence from chunks c
  where c.owner = $13 and (c.id, c.fence) in (select chunk_id, fence from given)
  for key share
), in_doubt as materialized (
  select u.* from (select * from given order by batch_id, seq, attempt) g
  cross join lateral (
    select x.batch_id, x.seq, x.attempt from unknowns x
    where x.batch_id = g.batch_id and x.seq = g.seq and x.attempt = g.attempt
      and ($14 or (g.chunk_id, g.fence) in (select id, fence from held))
    for update) u
), admitted as materialized (
  select g.*, u.seq is not null as was_unknown
  from given g left join in_doubt u on u.batch_id = g.batch_id and u.seq = g.seq and u.attempt = g.attempt
  where ($14 or (g.chunk_id, g.fence) in (select id, fence from held))
    and (g.kind <> 'unknown' or not exists (
      select from outcomes o where o.batch_id = g.batch_id and o.seq = g.seq and o.attempt = g.attempt and o.certain))
), inserted as (
  insert into outcomes (batch_id, seq, attempt, certain, kind, code, gateway_message_id, day)
  select batch_id, seq, attempt, kind <> 'unknown', kind, code, gateway_message_id, day from admitted
  on conflict do nothing
  returning batch_id, seq, attempt, certain
), moved as materialized (
  select a.*, b.planned_day, a.attempt = 1 and not a.was_unknown and a.day <> b.planned_day as changes_day
  from inserted i
  join admitted a on (a.batch_id, a.seq, a.attempt, a.kind <> 'unknown') = (i.batch_id, i.seq, i.attempt, i.certain)
  join batches b on b.id = a.batch_id
), opened as (
  insert into unknowns (batch_id, seq, attempt, chunk_id, code)
  select batch_id, seq, attempt, chunk_id, code from moved where kind = 'unknown'
), closed as (
  delete from unknowns u using (select batch_id, seq, attempt from moved where was_unknown offset 0) s
  where u.batch_id = s.batch_id and u.seq = s.seq and u.attempt = s.attempt
), deltas as (
  select batch_id, day, area_id,
    count(*) filter (where changes_day) as messages,
    coalesce(sum(segments) filter (where changes_day), 0) as segments,
    -- What ends unsent was not marked, so it closes nothing.
    count(*) filter (where not was_unknown and kind not in ('cancelled', 'expired') and code <> 'by-late-proof') as closed,
    count(*) filter (where kind = 'accepted') as accepted,
    count(*) filter (where kind = 'failed') as failed,
    count(*) filter (where kind = 'unknown') - count(*) filter (where was_unknown) as unknown,
    count(*) filter (where kind = 'cancelled') as cancelled,
    count(*) filter (where kind = 'expired') as expired
  from moved group by batch_id, day, area_id
  union all
  select batch_id, planned_day, area_id, -count(*), -sum(segments), 0, 0, 0, 0, 0, 0
  from moved where changes_day group by batch_id, planned_day, area_id
), counted as (
  insert into counters as k (batch_id, day, area_id, slot, messages, segments, closed, accepted, failed, unknown, cancelled, expired)
  select batch_id, day, area_id, $15, sum(messages), sum(segments), sum(closed), sum(accepted), sum(failed), sum(unknown),
    sum(cancelled), sum(expired)
  from deltas group by batch_id, day, area_id order by batch_id, day, area_id
  on conflict (batch_id, day, area_id, slot) do update set
    messages = k.messages + excluded.messages, segments = k.segments + excluded.segments,
    closed = k.closed + excluded.closed, accepted = k.accepted + excluded.accepted, failed = k.failed + excluded.failed,
    unknown = k.unknown + excluded.unknown, cancelled = k.cancelled + excluded.cancelled,
    expired = k.expired + excluded.expired
), retried as (
  insert into chunks (batch_id, attempt, lo, hi, seqs, marked, day, due_at, tries)
  select batch_id, attempt + 1, 1, count(*), array_agg(seq order by seq), 0, day,
    now() + make_interval(secs => max(retry_ms) / 1000), max(tries)
  from moved where kind = 'deferred' group by batch_id, attempt, day
)
select g.place::int - 1 as place from given g
where not $14 and (g.chunk_id, g.fence) not in (select id, fence from held)`;

/**
 * The same for what nearly always happens: an answer that came in time and settles its text for good. While its chunk still
 * carries the writer's fence nobody can have put the text on the list of unknown ones, nothing was settled before, and there
 * is no retry to make; so this does a third of the work.
 */
const APPEND_SETTLED = `
with held as materialized (
  select c.id, c.fence from unnest($9::bigint[], $10::int[]) as h (id, fence) join chunks c on c.id = h.id and c.fence = h.fence
  where c.owner = $11
  for key share of c
), given as materialized (
  select * from unnest($1::bigint[], $2::bigint[], $3::int[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::date[],
    $12::int[], $13::smallint[], $16::int[])
    as g (chunk_id, batch_id, seq, attempt, kind, code, gateway_message_id, day, area_id, segments, fence)
  where (chunk_id, fence) in (select id, fence from held)
), planned as materialized (
  select id, planned_day from batches where id = any($14::bigint[])
), inserted as (
  insert into outcomes (batch_id, seq, attempt, certain, kind, code, gateway_message_id, day)
  select batch_id, seq, attempt, true, kind, code, gateway_message_id, day from given
  on conflict do nothing
  returning batch_id, seq, attempt
), moved as materialized (
  select g.batch_id, g.day, g.area_id, g.segments, g.kind, p.planned_day, g.attempt = 1 and g.day <> p.planned_day as changes_day
  from given g join planned p on p.id = g.batch_id
  -- A hashed set: as a join the planner, who expects ten rows, would compare each with each.
  where ((g.batch_id, g.seq, g.attempt) in (select batch_id, seq, attempt from inserted)) is true
), deltas as (
  select batch_id, day, area_id, count(*) filter (where changes_day) as messages,
    coalesce(sum(segments) filter (where changes_day), 0) as segments, count(*) as closed,
    count(*) filter (where kind = 'accepted') as accepted, count(*) filter (where kind = 'failed') as failed
  from moved group by batch_id, day, area_id
  union all
  select batch_id, planned_day, area_id, -count(*), -sum(segments), 0, 0, 0
  from moved where changes_day group by batch_id, planned_day, area_id
), counted as (
  insert into counters as k (batch_id, day, area_id, slot, messages, segments, closed, accepted, failed)
  select batch_id, day, area_id, $15, sum(messages), sum(segments), sum(closed), sum(accepted), sum(failed)
  from deltas group by batch_id, day, area_id order by batch_id, day, area_id
  on conflict (batch_id, day, area_id, slot) do update set
    messages = k.messages + excluded.messages, segments = k.segments + excluded.segments,
    closed = k.closed + excluded.closed, accepted = k.accepted + excluded.accepted, failed = k.failed + excluded.failed
)
select id, fence from held`;

export interface OutcomesWriter {
  /** Whose chunks they are; null for who owns none. */
  readonly owner: string | null;
  readonly slot: number;
  /**
   * True where the outcome is proof, whoever owns the chunk now: the caller holds the chunks' row locks, or settles an `unknown`
   * that is already on record.
   */
  readonly late: boolean;
}

/**
 * @param outcomes each attempt at most once
 * @returns the outcomes that were not written because another owner has their chunk.
 */
export async function appendOutcomes(
  queries: Queries,
  outcomes: readonly Outcome[],
  writer: OutcomesWriter,
): Promise<Outcome[]> {
  const isSettled = ({ kind }: Outcome): boolean => !writer.late && (kind === 'accepted' || kind === 'failed');
  const refused = await appendSettled(queries, outcomes.filter(isSettled), writer);
  const others = outcomes.filter((outcome) => !isSettled(outcome));
  return [...refused, ...(await appendAny(queries, others, writer))];
}

async function appendSettled(
  queries: Queries,
  outcomes: readonly Outcome[],
  { owner, slot }: OutcomesWriter,
): Promise<Outcome[]> {
  if (outcomes.length === 0) return [];
  const column = <K extends keyof Outcome>(key: K): Outcome[K][] => outcomes.map((outcome) => outcome[key]);
  // Of a chunk that was lost and leased again, what came too late of the first lease stands beside what came in time.
  const leases = new Map(outcomes.map(({ chunkId, fence }) => [`${chunkId}.${fence}`, { chunkId, fence }]));
  const held = await queries.prepared<{ id: number; fence: number }>('delivery-append-settled', APPEND_SETTLED, [
    column('chunkId'),
    column('batchId'),
    column('seq'),
    column('attempt'),
    column('kind'),
    column('code'),
    column('gatewayMessageId'),
    column('day'),
    [...leases.values()].map(({ chunkId }) => chunkId),
    [...leases.values()].map(({ fence }) => fence),
    owner,
    column('areaId'),
    column('segments'),
    [...new Set(column('batchId'))],
    slot,
    column('fence'),
  ]);
  if (held.length === leases.size) return [];
  const inTime = new Set(held.map(({ id, fence }) => `${id}.${fence}`));
  return outcomes.filter(({ chunkId, fence }) => !inTime.has(`${chunkId}.${fence}`));
}

async function appendAny(queries: Queries, outcomes: readonly Outcome[], writer: OutcomesWriter): Promise<Outcome[]> {
  if (outcomes.length === 0) return [];
  const column = <K extends keyof Outcome>(key: K): Outcome[K][] => outcomes.map((outcome) => outcome[key]);
  const refused = await queries.prepared<{ place: number }>('delivery-append', APPEND, [
    column('chunkId'),
    column('fence'),
    column('batchId'),
    column('seq'),
    column('attempt'),
    column('kind'),
    column('code'),
    column('gatewayMessageId'),
    column('day'),
    column('areaId'),
    column('segments'),
    column('retryAfterMs'),
    writer.owner,
    writer.late,
    writer.slot,
    column('tries'),
  ]);
  return refused.map(({ place }) => outcomes[place]!);
}
