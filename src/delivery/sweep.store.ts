import type { Database, Queries, Transaction } from '../platform/database/database';
import { metrics } from '../platform/observability/metrics';
import { letGoSoon } from './let-go-soon';
import { appendOutcomes, Outcome } from './outcomes.store';
import { noteLateProofs } from './unknown/late-proofs.store';
import { lockUnknowns } from './unknown/settle.store';

type LostItem = Pick<Outcome, 'seq' | 'areaId' | 'segments' | 'day'>;

interface LockedChunk {
  readonly id: number;
  readonly batchId: number;
  readonly attempt: number;
  readonly fence: number;
}

/** Outcomes of a chunk that nobody owns any more, written under the chunk's own lock. */
function outcomesOf(chunk: LockedChunk, items: readonly LostItem[], kind: Outcome['kind'], code: string): Outcome[] {
  const { id: chunkId, fence, batchId, attempt } = chunk;
  return items.map((item) => ({
    ...item,
    chunkId,
    fence,
    batchId,
    attempt,
    kind,
    code,
    gatewayMessageId: null,
    retryAfterMs: 0,
    tries: 0,
  }));
}

/**
 * Takes one chunk back whose lease ran out. What was marked and has no outcome may have left this house: `unknown`. What
 * was not marked surely has not: it waits again. The new fence keeps the old owner, should it wake, from recording as if
 * nothing had happened.
 *
 * @returns how many messages became unknown; undefined when there is no such chunk.
 */
export async function reapChunk(database: Database, slot: number): Promise<number | undefined> {
  const reaped = await database.transaction(async (tx) => {
    await letGoSoon(tx);
    const chunk = await tx.row<LockedChunk>(
      `select id, batch_id as "batchId", attempt, fence from chunks
       where state = 'leased' and leased_until < now() order by leased_until limit 1 for update skip locked`,
    );
    if (!chunk) return undefined;
    const inDoubt = await itemsInDoubt(tx, chunk.id);
    await appendOutcomes(tx, outcomesOf(chunk, inDoubt, 'unknown', 'lease-expired'), { owner: null, slot, late: true });
    await hurryParkedReceipts(tx, chunk.batchId);
    await tx.run(
      `update chunks set fence = fence + 1, owner = null, leased_until = null,
         state = case when marked = hi then 'done' else 'waiting' end where id = $1`,
      [chunk.id],
    );
    return inDoubt.length;
  });
  if (reaped === undefined) return undefined;
  metrics.leasesReaped.inc();
  metrics.unknownTexts.inc({ cause: 'lease' }, reaped);
  return reaped;
}

/** Marked items of a chunk without an outcome of its attempt, with the day of their step. */
function itemsInDoubt(tx: Transaction, chunkId: number): Promise<LostItem[]> {
  return tx.rows<LostItem>(
    `select m.seq, m.area_id as "areaId", m.segments, h.day
     from chunks c
     join handovers h on h.chunk_id = c.id
     cross join generate_series(h.from_item, h.to_item) item
     join messages m on m.batch_id = c.batch_id and m.seq = coalesce(c.seqs[item], item)
     where c.id = $1 and not exists (
       select from outcomes o where o.batch_id = m.batch_id and o.seq = m.seq and o.attempt = c.attempt)`,
    [chunkId],
  );
}

/** Receipts that came before the outcome they speak of can be applied now. Few are ever parked. */
async function hurryParkedReceipts(tx: Transaction, batchId: number): Promise<void> {
  await tx.run(
    `update receipts_to_apply q set due_at = now() from receipts r
     where r.id = q.receipt_id and r.batch_id = $1 and q.due_at > now()`,
    [batchId],
  );
}

interface UnsentItem extends LostItem {
  /** The gateway's id where an earlier attempt turned out to have been accepted after all. */
  readonly acceptedAs: string | null;
}

/**
 * Ends one waiting chunk of a cancelled batch, or of one past its deadline, released or not yet: what was never handed over
 * is recorded as `cancelled` or `expired`. Held work is left alone: it was never let go and may still be edited; once it is
 * released past its deadline, all of it expires. What a late proof says was accepted before is recorded as that, as the gate
 * would have done. @returns false when there is none.
 */
export async function closeUnsentChunk(database: Database, slot: number): Promise<boolean> {
  return database.transaction(async (tx) => {
    await letGoSoon(tx);
    const chunk = await tx.row<LockedChunk & { kind: 'cancelled' | 'expired' }>(
      `select c.id, b.id as "batchId", c.attempt, c.fence,
         case b.state when 'cancelled' then 'cancelled' else 'expired' end as kind
       from batches b join chunks c on c.batch_id = b.id
       where b.finished_at is null and c.state = 'waiting'
         and (b.state = 'cancelled' or (b.state in ('released', 'paused') and b.deadline <= now()))
       order by b.id, c.id limit 1 for update of c skip locked`,
    );
    if (!chunk) return false;
    const unsent = await tx.rows<UnsentItem>(
      `select m.seq, m.area_id as "areaId", m.segments, coalesce(c.day, b.planned_day) as day,
         case when c.attempt > 1 then (
           select p.gateway_message_id from late_proofs p where p.batch_id = m.batch_id and p.seq = m.seq limit 1) end as "acceptedAs"
       from chunks c join batches b on b.id = c.batch_id
       cross join generate_series(c.marked + 1, c.hi) item
       join messages m on m.batch_id = c.batch_id and m.seq = coalesce(c.seqs[item], item)
       where c.id = $1`,
      [chunk.id],
    );
    await appendOutcomes(tx, endedUnsent(chunk, unsent), { owner: null, slot, late: true });
    await tx.run(`update chunks set state = 'done' where id = $1`, [chunk.id]);
    return true;
  });
}

function endedUnsent(chunk: LockedChunk & { kind: 'cancelled' | 'expired' }, unsent: readonly UnsentItem[]): Outcome[] {
  return outcomesOf(chunk, unsent, chunk.kind, '').map((outcome, index) => {
    const { acceptedAs } = unsent[index]!;
    if (acceptedAs === null) return outcome;
    return { ...outcome, kind: 'accepted', code: 'by-late-proof', gatewayMessageId: acceptedAs };
  });
}

/**
 * Writes outcomes that came after their lease: under the chunks' locks, so that they settle what the reaper recorded. A late
 * `deferred` proves that the text has not left, so it is tried again, but only while its batch has not ended: a text must not
 * leave a campaign that everybody takes for completed. Then it stays `unknown`, for a person to decide. A late `accepted` of a
 * text that was settled as one to send again meanwhile is kept as a proof, and the gate holds the further attempt back.
 */
export async function settleLate(database: Database, outcomes: readonly Outcome[], slot: number): Promise<void> {
  const settled = await database.transaction(async (tx) => {
    await letGoSoon(tx);
    await lockChunks(tx, [...new Set(outcomes.map(({ chunkId }) => chunkId))]);
    const unknowns = await lockUnknowns(tx, outcomes);
    const proofs = outcomes.filter((outcome) => outcome.kind !== 'deferred' || unknowns.mayGoOn(outcome));
    await appendOutcomes(tx, proofs, { owner: null, slot, late: true });
    const accepted = proofs.filter(({ kind }) => kind === 'accepted');
    await noteLateProofs(
      tx,
      accepted.map((proof) => ({ ...proof, gatewayMessageId: proof.gatewayMessageId ?? '' })),
    );
    return proofs.filter((proof) => unknowns.isOpen(proof) && proof.kind !== 'unknown');
  });
  for (const { kind } of settled) {
    const decision = kind === 'deferred' ? 'send-again' : kind;
    metrics.settlements.inc({ by: 'late-outcome', decision });
  }
}

async function lockChunks(queries: Queries, ids: readonly number[]): Promise<void> {
  await queries.rows('select id from chunks where id = any($1::bigint[]) order by id for update', [ids]);
}
