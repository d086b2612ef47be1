import type { Receipt } from '../gateways';
import type { Database, Queries, Transaction } from '../platform/database/database';
import { metrics } from '../platform/observability/metrics';
import { letGoSoon } from './let-go-soon';
import { appendOutcomes } from './outcomes.store';
import { noteLateProofs } from './unknown/late-proofs.store';
import { mergeReceipts, type ReceiptInContext, type StrayReceipt } from './receipt-merging';

/** Receipts applied in one transaction: some 50 ms of work. */
const LOT = 1_000;
/** Any number no other lock of ours has: receipts are applied by one instance at a time. */
const APPLIER_LOCK = 7_121_945_302;
/** The applier alone writes counters in this slot. */
export const APPLIER_SLOT = 0;

/** Keeps receipts as they came. Nothing else happens before the gateway gets its answer. */
export async function keepReceipts(queries: Queries, gateway: string, receipts: readonly Receipt[]): Promise<void> {
  await queries.prepared(
    'delivery-keep-receipts',
    `with kept as (
       insert into receipts (gateway, batch_id, seq, attempt, status, gateway_message_id, code, gateway_status)
       select $1, * from unnest($2::bigint[], $3::int[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[])
       returning id
     )
     insert into receipts_to_apply (receipt_id) select id from kept`,
    [
      gateway,
      receipts.map(({ reference }) => reference.batchId),
      receipts.map(({ reference }) => reference.seq),
      receipts.map(({ reference }) => reference.attempt),
      receipts.map(({ status }) => status),
      receipts.map(({ gatewayMessageId }) => gatewayMessageId),
      receipts.map(({ code }) => code),
      receipts.map(({ gatewayStatus }) => gatewayStatus ?? ''),
    ],
  );
}

/** Nobody applies receipts before the transaction is over. */
export async function waitForApplier(tx: Transaction): Promise<void> {
  await tx.run('select pg_advisory_xact_lock($1)', [APPLIER_LOCK]);
}

export interface AppliedLot {
  /** There may be more that are due. */
  readonly isFull: boolean;
  /** Those that fit no text of ours. */
  readonly strays: readonly StrayReceipt[];
}

/** Applies one lot. @returns undefined while another instance is at it. */
export async function applyReceipts(database: Database): Promise<AppliedLot | undefined> {
  const lot = await database.transaction(async (tx) => {
    await letGoSoon(tx);
    const lock = await tx.row<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [APPLIER_LOCK]);
    if (!lock?.mine) return undefined;
    const receipts = await readDue(tx);
    const merged = mergeReceipts(receipts);
    const contested = await settleUnknown(tx, merged.settled);
    await noteLateProofs(tx, [...merged.settled, ...merged.lateProofs]);
    await moveDeliveries(tx, merged.moved);
    await keepStrays(tx, merged.strays);
    const applied = merged.applied.filter((receipt) => !contested.has(attemptOf(receipt)));
    await leaveQueue(tx, applied, merged.strays);
    await park(tx, merged.parked);
    return { isFull: receipts.length === LOT, settled: merged.settled.length - contested.size, strays: merged.strays };
  });
  if (!lot) return undefined;
  metrics.settlements.inc({ by: 'receipt', decision: 'accepted' }, lot.settled);
  for (const { receipt } of lot.strays) metrics.receiptsStray.inc({ gateway: receipt.gateway });
  return lot;
}

/**
 * Joins by primary keys only; the queue is as long as what is not applied yet, never as history. Planned each time, which is
 * nothing beside a lot: a plan made while the tables were small would be kept when they are not.
 *
 * Through which gateway a text went is looked up only where its batch may go through several and the ids differ.
 */
function readDue(tx: Transaction): Promise<ReceiptInContext[]> {
  return tx.rows<ReceiptInContext>(
    `with due as materialized (
       select receipt_id, tries from receipts_to_apply where due_at <= now() order by due_at, receipt_id limit ${LOT}
     )
     select r.id as "receiptId", r.gateway, r.batch_id as "batchId", r.seq, r.attempt, r.status,
       r.gateway_message_id as "gatewayMessageId", due.tries,
       c.kind as outcome, u.kind is not null as "wasUnknown", e.kind as ending, d.status as delivery,
       m.area_id as "areaId", m.segments, coalesce(c.day, u.day) as day,
       case
         when b.id is null then false
         when r.gateway <> all (b.gateway || b.alternative_gateways) then true
         when b.alternative_gateways = '{}' or c.gateway_message_id = r.gateway_message_id then false
         else coalesce((
           select coalesce(h.gateway, b.gateway) <> r.gateway
           from chunks k join handovers h on h.chunk_id = k.id
           where k.batch_id = r.batch_id and k.attempt = r.attempt
             and case when k.seqs is null then r.seq between k.lo and k.hi else r.seq = any (k.seqs) end
             and coalesce(array_position(k.seqs, r.seq), r.seq) between h.from_item and h.to_item
           limit 1), false)
       end as "isElsewhere"
     from due join receipts r on r.id = due.receipt_id
     left join batches b on b.id = r.batch_id
     left join messages m on m.batch_id = r.batch_id and m.seq = r.seq
     left join outcomes c on c.batch_id = r.batch_id and c.seq = r.seq and c.attempt = r.attempt and c.certain
     left join outcomes u on u.batch_id = r.batch_id and u.seq = r.seq and u.attempt = r.attempt and not u.certain
     left join lateral (
       select l.kind from outcomes l
       where c.kind = 'deferred' and l.batch_id = r.batch_id and l.seq = r.seq and l.attempt > r.attempt
         and l.kind not in ('deferred', 'unknown')
       order by l.attempt desc limit 1
     ) e on true
     left join deliveries d on d.batch_id = r.batch_id and d.seq = r.seq
     order by r.id`,
  );
}

const attemptOf = ({ batchId, seq, attempt }: Pick<ReceiptInContext, 'batchId' | 'seq' | 'attempt'>): string =>
  `${batchId}.${seq}.${attempt}`;

/**
 * A receipt proves that what was unknown had been accepted.
 *
 * @returns attempts that somebody settled otherwise since they were read: their receipts are looked at once more
 */
async function settleUnknown(tx: Transaction, settled: readonly ReceiptInContext[]): Promise<Set<string>> {
  if (settled.length === 0) return new Set();
  const outcomes = settled.map(({ batchId, seq, attempt, gatewayMessageId, day, areaId, segments }) => ({
    chunkId: 0,
    fence: 0,
    batchId,
    seq,
    attempt,
    kind: 'accepted' as const,
    code: 'by-receipt',
    gatewayMessageId,
    day: day!,
    areaId: areaId!,
    segments: segments!,
    retryAfterMs: 0,
    tries: 0,
  }));
  await appendOutcomes(tx, outcomes, { owner: null, slot: APPLIER_SLOT, late: true });
  const otherwise = await tx.rows<Pick<ReceiptInContext, 'batchId' | 'seq' | 'attempt'>>(
    `select batch_id as "batchId", seq, attempt from outcomes
     where (batch_id, seq, attempt) in (select * from unnest($1::bigint[], $2::int[], $3::smallint[]))
       and certain and kind <> 'accepted'`,
    [settled.map(({ batchId }) => batchId), settled.map(({ seq }) => seq), settled.map(({ attempt }) => attempt)],
  );
  return new Set(otherwise.map(attemptOf));
}

async function moveDeliveries(tx: Transaction, moved: readonly ReceiptInContext[]): Promise<void> {
  if (moved.length === 0) return;
  await tx.run(
    `with given as materialized (
       select r.batch_id, r.seq, r.status, r.code, r.received_at as at, g.earlier, g.day, g.area_id
       from unnest($1::bigint[], $2::text[], $3::date[], $4::int[]) as g (receipt_id, earlier, day, area_id)
       join receipts r on r.id = g.receipt_id
       -- Somebody may have settled it otherwise since it was read.
       where exists (select from outcomes o where o.batch_id = r.batch_id and o.seq = r.seq and o.kind = 'accepted')
     ), kept as (
       insert into deliveries (batch_id, seq, status, code, at) select batch_id, seq, status, code, at from given
       on conflict (batch_id, seq) do update set status = excluded.status, code = excluded.code, at = excluded.at
     )
     insert into counters as k (batch_id, day, area_id, slot, delivered, undelivered)
     select batch_id, day, area_id, ${APPLIER_SLOT}, count(*) filter (where status = 'delivered'),
       count(*) filter (where status = 'undelivered') - count(*) filter (where earlier = 'undelivered')
     from given group by batch_id, day, area_id order by batch_id, day, area_id
     on conflict (batch_id, day, area_id, slot)
     do update set delivered = k.delivered + excluded.delivered, undelivered = k.undelivered + excluded.undelivered`,
    [
      moved.map(({ receiptId }) => receiptId),
      moved.map(({ delivery }) => delivery),
      moved.map(({ day }) => day),
      moved.map(({ areaId }) => areaId),
    ],
  );
}

async function keepStrays(tx: Transaction, strays: readonly StrayReceipt[]): Promise<void> {
  if (strays.length === 0) return;
  await tx.run(
    `insert into stray_receipts (receipt_id, reason) select * from unnest($1::bigint[], $2::text[])
     on conflict (receipt_id) do update set reason = excluded.reason`,
    [strays.map(({ receipt }) => receipt.receiptId), strays.map(({ reason }) => reason)],
  );
}

/** What applies is no stray any more, should it have been one before it was replayed. */
async function leaveQueue(
  tx: Transaction,
  applied: readonly ReceiptInContext[],
  strays: readonly StrayReceipt[],
): Promise<void> {
  const [ids, strayIds] = [applied, strays.map(({ receipt }) => receipt)].map((list) =>
    list.map(({ receiptId }) => receiptId),
  ) as [number[], number[]];
  await tx.run(
    `with no_longer_stray as (delete from stray_receipts where receipt_id = any ($1::bigint[]))
     delete from receipts_to_apply where receipt_id = any ($1::bigint[] || $2::bigint[])`,
    [ids, strayIds],
  );
}

async function park(tx: Transaction, parked: readonly { receiptId: number; seconds: number }[]): Promise<void> {
  if (parked.length === 0) return;
  await tx.run(
    `update receipts_to_apply q set tries = least(q.tries + 1, 1000), due_at = now() + make_interval(secs => p.seconds)
     from unnest($1::bigint[], $2::int[]) as p (receipt_id, seconds) where q.receipt_id = p.receipt_id`,
    [parked.map(({ receiptId }) => receiptId), parked.map(({ seconds }) => seconds)],
  );
}
