import type { Queries } from '../platform/database/database';
import { BATCH_IS_OPEN, LOCAL_DAY } from './gate';
import { wasWithdrawn } from './withdrawn';

/** A leased chunk. Its items are `lo..hi`: seqs themselves, or places in `seqs` when it is a retry. `hi` is the last released. */
export interface Chunk {
  readonly id: number;
  readonly batchId: number;
  readonly attempt: number;
  readonly hi: number;
  readonly marked: number;
  readonly seqs: readonly number[] | null;
  readonly fence: number;
  readonly sender: string;
  /** How often its texts were put off for a reason that counts. */
  readonly tries: number;
}

/** What the gate lets through: these may be sent now, by this lease, and their hand-over is on record. */
export interface HandedOver {
  readonly seq: number;
  readonly areaId: number;
  readonly segments: number;
  readonly phone: string;
  readonly text: string;
  /** The local day of the message's first hand-over. */
  readonly day: string;
}

/** `lost`: somebody else has the chunk. `closed`: the batch is paused, over or not open at this hour; give the chunk back. */
export type Mark = { readonly gate: 'lost' | 'closed' } | { readonly gate: 'open'; readonly messages: HandedOver[] };

/**
 * Leases the next chunk: of the batches that are open the one in the fast lane, then the one that is due longest; of it the
 * lowest chunk of which something is released, then retries, the longest due first. SKIP LOCKED lets instances pass each
 * other.
 *
 * Batches come in the order of batches_released and the nested loop stops at the first that has something to send. Of each
 * batch before it at most one chunk is looked at in chunks_waiting (that in which the released part ends) and none in
 * chunks_retries, so what waits for the morning, a first wave or its turn in a spread costs nothing, however much it is: 1.3 ms
 * behind 40 such batches of 2,000 chunks each, and the same behind a thousand that are open and have nothing to send.
 */
const LEASE = `
with next as (
  select c.id, c.released_hi, b.sender
  from batches b cross join lateral (
    select * from (
      select w.id, least(w.hi, b.released_to) as released_hi from chunks w
      where w.batch_id = b.id and w.state = 'waiting' and w.attempt = 1 and w.lo <= b.released_to and w.marked < b.released_to
      order by w.lo limit 1 for update of w skip locked) first_attempts
    union all
    select * from (
      select r.id, r.hi from chunks r
      where r.batch_id = b.id and r.state = 'waiting' and r.attempt > 1 and r.due_at <= now()
      order by r.due_at limit 1 for update of r skip locked) retries
    limit 1
  ) c
  where b.gateway = $2 and ${BATCH_IS_OPEN}
  order by b.lane desc, b.not_before, b.id limit 1
)
update chunks c
set state = 'leased', owner = $1, fence = c.fence + 1, leased_until = now() + make_interval(secs => $3)
from next where c.id = next.id
returning c.id, c.batch_id as "batchId", c.attempt, next.released_hi as hi, c.marked, c.seqs, c.fence, c.tries, next.sender`;

export async function leaseChunk(
  queries: Queries,
  lease: { owner: string; gateway: string; seconds: number },
): Promise<Chunk | undefined> {
  const [chunk] = await queries.prepared<Chunk>('delivery-lease', LEASE, [lease.owner, lease.gateway, lease.seconds]);
  return chunk;
}

/**
 * The hand-over mark, the one gate every text passes. In one statement: locks the chunk, checks owner, fence, lease,
 * batch state, start, deadline, sending window and what is released, leaves out who was erased, opted out or withdrawn (with an outcome `suppressed` and the
 * reason as its code), moves the mark, records the step and renews the lease. Committed before anything is sent, so that
 * pause, cancel, opt-out and the undo of an import take effect at the next step on every instance, and a crash leaves at
 * most what was marked in doubt.
 *
 * Reads by primary key only ($7 lists the seqs of the step), so its plan does not depend on statistics. Of imports undone
 * it costs one look into the primary key of withdrawals a text: less than 1 µs while that table is empty.
 */
const MARK = `
with held as materialized (
  select c.id, c.attempt, coalesce(c.day, ${LOCAL_DAY}) as day, c.day as first_day
  from chunks c
  where c.id = $1 and c.owner = $2 and c.fence = $3 and c.marked = $4 and c.state = 'leased' and c.leased_until > now()
  for no key update
), gate as materialized (
  select held.*, b.planned_day, b.list_ids, b.created_at from held join batches b on b.id = $6
  where ${BATCH_IS_OPEN} and (held.attempt > 1 or $5 <= b.released_to)
), step as materialized (
  select m.seq, m.area_id, m.segments, m.phone, m.text, gate.attempt, gate.day,
    coalesce(gate.first_day, gate.planned_day) as unsent_day,
    case
      when m.phone is null then 'erased'
      when s.phone_key is not null then 'opted-out'
      when ${wasWithdrawn('m', 'gate')} then 'import-undone'
    end as suppressed
  from gate cross join messages m left join suppressions s on s.phone_key = m.phone_key
  where m.batch_id = $6 and m.seq = any($7::int[])
), moved as (
  update chunks c set marked = $5, leased_until = now() + make_interval(secs => $8) from gate where c.id = gate.id
), intent as (
  insert into handovers (chunk_id, from_item, to_item, day) select id, $4 + 1, $5, day from gate
), left_out as (
  insert into outcomes (batch_id, seq, attempt, certain, kind, code, day)
  select $6, seq, attempt, true, 'suppressed', suppressed, unsent_day
  from step where suppressed is not null
), counted as (
  insert into counters as k (batch_id, day, area_id, slot, closed, suppressed)
  select $6, unsent_day, area_id, $9, count(*), count(*) from step where suppressed is not null
  group by unsent_day, area_id order by unsent_day, area_id
  on conflict (batch_id, day, area_id, slot)
  do update set closed = k.closed + excluded.closed, suppressed = k.suppressed + excluded.suppressed
)
select (select count(*) from held) as held, (select count(*) from gate) as open,
  step.seq, step.area_id as "areaId", step.segments, step.phone, step.text, step.day
from (select) one left join step on step.suppressed is null
order by step.seq`;

interface MarkRow extends HandedOver {
  readonly held: number;
  readonly open: number;
}

export async function markStep(
  queries: Queries,
  chunk: Chunk,
  step: { from: number; to: number },
  lease: { owner: string; seconds: number; slot: number },
): Promise<Mark> {
  const rows = await queries.prepared<MarkRow>('delivery-mark', MARK, [
    chunk.id,
    lease.owner,
    chunk.fence,
    step.from - 1,
    step.to,
    chunk.batchId,
    seqsOf(chunk, step),
    lease.seconds,
    lease.slot,
  ]);
  const [first] = rows;
  if (!first || first.held === 0) return { gate: 'lost' };
  if (first.open === 0) return { gate: 'closed' };
  return { gate: 'open', messages: first.seq === null ? [] : rows };
}

/** The seqs of items `from..to`. */
export function seqsOf(chunk: Pick<Chunk, 'seqs'>, { from, to }: { from: number; to: number }): number[] {
  return chunk.seqs ? chunk.seqs.slice(from - 1, to) : Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** Ends a lease whose outcomes are all on record: the chunk is done, or waits again when items are left. */
export async function releaseChunk(queries: Queries, chunk: Chunk, owner: string): Promise<void> {
  await queries.run(
    `update chunks set state = case when marked = hi then 'done' else 'waiting' end, owner = null, leased_until = null
     where id = $1 and owner = $2 and fence = $3 and state = 'leased'`,
    [chunk.id, owner, chunk.fence],
  );
}
