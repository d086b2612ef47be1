import type { SendingWindow } from '../calendar';
import type { Database, Queries, Transaction } from '../platform/database/database';
import { batchChanged, batchNotIntact } from './delivery-faults';
import { notifyDelivery } from './delivery-hint';
import { MESSAGE_COLUMNS, MessageRows, type PreparedMessage } from './message-rows';

export type { PreparedMessage } from './message-rows';

export interface BatchPlan {
  readonly gateway: string;
  readonly sender: string;
  /** Local day, `2021-05-20`. */
  readonly plannedDay: string;
  readonly notBefore: Date;
  /** The subscriber lists its audience comes from: who is withdrawn from all of them is not texted. */
  readonly listIds: readonly number[];
  /** `test`: a test send to staff's own numbers, outside of statistics and of what is known of numbers. */
  readonly kind?: 'campaign' | 'test';
  /** What is unsent then expires. */
  readonly deadline?: Date | null;
  /** 1 goes before 0: corrections, and test sends unless told otherwise. */
  readonly lane?: 0 | 1;
  /** Null: at any hour. */
  readonly window?: SendingWindow | null;
  /** Released evenly over so many seconds of open window; null: as fast as the gateway allows. */
  readonly spreadSeconds?: number | null;
  /** So many messages, those with the lowest seqs, leave before `releaseRest`; null: no first wave. */
  readonly firstWave?: number | null;
  /** Where else the approval lets its texts go, in order of preference, each with the sender ID they have there. */
  readonly alternatives?: readonly { readonly gateway: string; readonly sender: string }[];
}

export interface PreparedBatch {
  readonly id: number;
  readonly size: number;
  readonly segments: number;
  /** SHA-256 over the messages' digests in order. */
  readonly digest: Buffer;
}

export type BatchState = 'held' | 'released' | 'paused' | 'cancelled' | 'finished';

/** Messages of one lease: at 10,000 a second a lease lasts 50 ms, at 5 a second 100 s (each step renews it). */
const CHUNK_SIZE = 500;

/**
 * Writes a held batch in the caller's transaction: all of it or, after a crash, nothing. Memory is bounded by one page.
 *
 * @param pages the recipients in the order they are to be sent; the database refuses a number that comes twice. A page may
 *   make its messages while they are read: PostgreSQL stores the first ones while the last are rendered.
 * @returns undefined when there is no recipient: then nothing was written.
 */
export async function prepareBatch(
  tx: Transaction,
  plan: BatchPlan,
  pages: AsyncIterable<Iterable<PreparedMessage>>,
): Promise<PreparedBatch | undefined> {
  const { id } = (await tx.row<{ id: number }>(`select nextval(pg_get_serial_sequence('batches', 'id')) as id`))!;
  const rows = new MessageRows(id);
  for await (const page of pages) await tx.copyText('messages', MESSAGE_COLUMNS, rows.encode(page));
  if (rows.size === 0) return undefined;
  const batch = { id, size: rows.size, segments: rows.segments, digest: rows.digest() };
  await insertBatch(tx, plan, batch);
  return batch;
}

function columnsOf(plan: BatchPlan, batch: PreparedBatch): Record<string, unknown> {
  const {
    kind = 'campaign',
    deadline = null,
    window = null,
    spreadSeconds = null,
    firstWave = null,
    alternatives = [],
  } = plan;
  const releasedTo = Math.min(batch.size, firstWave ?? (spreadSeconds === null ? batch.size : 0));
  return {
    id: batch.id,
    state: 'held',
    gateway: plan.gateway,
    sender: plan.sender,
    size: batch.size,
    segments: batch.segments,
    digest: batch.digest,
    planned_day: plan.plannedDay,
    not_before: plan.notBefore,
    list_ids: plan.listIds,
    kind,
    deadline,
    // Somebody waits in front of the screen for a test send; it is a handful of texts.
    lane: plan.lane ?? (kind === 'test' ? 1 : 0),
    window_from: window?.from ?? null,
    window_to: window?.to ?? null,
    window_days: window?.days ?? null,
    on_holidays: window?.onHolidays ?? true,
    spread_seconds: spreadSeconds,
    released_to: releasedTo,
    in_first_wave: firstWave !== null && releasedTo < batch.size,
    alternative_gateways: alternatives.map(({ gateway }) => gateway),
    alternative_senders: alternatives.map(({ sender }) => sender),
  };
}

async function insertBatch(tx: Transaction, plan: BatchPlan, batch: PreparedBatch): Promise<void> {
  const columns = columnsOf(plan, batch);
  const places = Object.keys(columns).map((_, index) => `$${index + 1}`);
  await tx.run(
    `insert into batches (${Object.keys(columns).join(', ')}) overriding system value values (${places.join(', ')})`,
    Object.values(columns),
  );
  await tx.run(
    `insert into chunks (batch_id, attempt, lo, hi, marked, due_at)
     select $1, 1, lo, least(lo + $3 - 1, $2), lo - 1, now() from generate_series(1, $2::int, $3::int) lo`,
    [batch.id, batch.size, CHUNK_SIZE],
  );
  await tx.run(
    `insert into counters (batch_id, day, area_id, slot, messages, segments)
     select batch_id, $2, area_id, 0, count(*), sum(segments) from messages where batch_id = $1 group by batch_id, area_id`,
    [batch.id, plan.plannedDay],
  );
}

/** Deletes a batch that was never released, with everything in it. */
export async function deleteHeldBatch(tx: Transaction, batchId: number): Promise<void> {
  const held = await tx.row(`select id from batches where id = $1 and state = 'held' for update`, [batchId]);
  if (!held) throw batchChanged();
  await tx.run('delete from counters where batch_id = $1', [batchId]);
  await tx.run('delete from chunks where batch_id = $1', [batchId]);
  await tx.run('delete from messages where batch_id = $1', [batchId]);
  await tx.run('delete from batches where id = $1', [batchId]);
}

/**
 * Compares what lies in the database with the digest that was approved.
 *
 * @throws batchNotIntact when a row is missing, was added, or has another number or text than at submission.
 */
export async function verifyBatch(queries: Queries, batchId: number, approvedDigest: Buffer): Promise<void> {
  const found = await queries.row<{ intact: boolean }>(
    `select count(*) = (select size from batches where id = $1)
        and sha256(string_agg(digest, ''::bytea order by seq)) = $2
        and bool_and(text is null or digest = sha256(phone_key || convert_to(text, 'UTF8'))) as intact
     from messages where batch_id = $1`,
    [batchId, approvedDigest],
  );
  if (!found?.intact) throw batchNotIntact();
}

const TRANSITIONS: Readonly<Record<'released' | 'paused' | 'cancelled', readonly BatchState[]>> = {
  released: ['held', 'paused'],
  paused: ['released'],
  cancelled: ['held', 'released', 'paused'],
};

/**
 * Moves a batch by a guarded write. A pause takes effect on every instance with the next step: within two seconds.
 *
 * @throws batchChanged when it is in none of the states this move starts from.
 */
export async function moveBatch(tx: Transaction, batchId: number, to: keyof typeof TRANSITIONS): Promise<void> {
  // Time in which it is paused does not count for its spread.
  const moved = await tx.run(
    `update batches set state = $2, spread_at = null, released_at = case when $2 = 'released' then now() else released_at end
     where id = $1 and state = any($3)`,
    [batchId, to, TRANSITIONS[to]],
  );
  if (moved === 0) throw batchChanged();
  if (to === 'released') await notifyDelivery(tx);
}

/**
 * Ends the first wave: all the rest may leave now, or goes on evenly where the batch is spread. Nothing happens to a batch
 * that is in no first wave. The figures say when a wave is over: `released` texts are accounted for.
 */
export async function releaseRest(tx: Transaction, batchId: number): Promise<void> {
  await tx.run(
    `update batches set in_first_wave = false, spread_at = null, released_at = now(),
       released_to = case when spread_seconds is null then size else released_to end
     where id = $1 and in_first_wave`,
    [batchId],
  );
  await notifyDelivery(tx);
}

/**
 * Finishes batches of which every chunk is done, by comparing sets: each message must have an outcome that ends it. A
 * paused one only past its deadline: until then a person decides how it goes on. One with unknown texts waits while a gateway
 * may still prove that they have not left, for then they are sent again; those left to a person do not hold it up.
 *
 * In two steps, the second with a sight of its own: who lets an unknown text be sent again holds its batch, and his chunk must
 * be seen.
 *
 * @param provers the gateways whose answer to a look-up, or to a repeated call, may have an unknown text sent again
 * @returns the ids finished, and those where the sets differ, which must never happen.
 */
export async function finishBatches(
  database: Database,
  provers: readonly string[] = [],
): Promise<{ finished: number[]; broken: number[] }> {
  const rows = await database.transaction(async (tx) => {
    const still = await tx.rows<{ id: number }>(
      `select b.id from batches b
       where b.finished_at is null
         and (b.state in ('released', 'cancelled') or (b.state = 'paused' and b.deadline <= now()))
         and not exists (select from chunks c where c.batch_id = b.id and c.state <> 'done')
         and not (array_prepend(b.gateway, b.alternative_gateways) && $1::text[] and exists (
           select from unknowns u where u.batch_id = b.id and u.look_up_at is not null))
       for update of b skip locked`,
      [provers],
    );
    return still.length === 0 ? [] : tx.rows<{ id: number; whole: boolean }>(FINISH, [still.map(({ id }) => id)]);
  });
  return {
    finished: rows.filter(({ whole }) => whole).map(({ id }) => id),
    broken: rows.filter(({ whole }) => !whole).map(({ id }) => id),
  };
}

const FINISH = `
with judged as materialized (
  select b.id, not exists (
    select from messages m where m.batch_id = b.id and not exists (
      select from outcomes o where o.batch_id = m.batch_id and o.seq = m.seq and o.kind <> 'deferred'
        and (o.certain or not exists (
          select from outcomes s where s.batch_id = o.batch_id and s.seq = o.seq and s.attempt = o.attempt and s.certain)))) as whole
  from batches b
  where b.id = any($1::bigint[]) and not exists (select from chunks c where c.batch_id = b.id and c.state <> 'done')
), ended as (
  update batches b set finished_at = now(), state = case b.state when 'cancelled' then b.state else 'finished' end
  from judged where b.id = judged.id and judged.whole
)
select id, whole from judged`;
