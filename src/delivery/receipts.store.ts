import type { Receipt } from '../gateways';
import type { Database, Queries, Transaction } from '../platform/database/database';
import { appendOutcomes } from './outcomes.store';
import { mergeReceipts, ReceiptInContext } from './receipt-merging';

/** Receipts applied in one transaction: about 20 ms of work. */
const LOT = 1_000;
/** Any number no other lock of ours has: receipts are applied by one instance at a time. */
const APPLIER_LOCK = 7_121_945_302;
/** The applier alone writes counters in this slot. */
const APPLIER_SLOT = 0;

/** Keeps receipts as they came. Nothing else happens before the gateway gets its answer. */
export async function keepReceipts(queries: Queries, gateway: string, receipts: readonly Receipt[]): Promise<void> {
  await queries.run(
    `with kept as (
       insert into receipts (gateway, batch_id, seq, attempt, status, gateway_message_id, code)
       select $1, * from unnest($2::bigint[], $3::int[], $4::smallint[], $5::text[], $6::text[], $7::text[])
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
    ],
  );
}

/**
 * Applies one lot. @returns how many receipts were looked at, and those that fit no text of ours; undefined while another
 * instance is at it.
 */
export async function applyReceipts(
  database: Database,
): Promise<{ seen: number; strays: ReceiptInContext[] } | undefined> {
  return database.transaction(async (tx) => {
    const lock = await tx.row<{ mine: boolean }>('select pg_try_advisory_xact_lock($1) as mine', [APPLIER_LOCK]);
    if (!lock?.mine) return undefined;
    const receipts = await readDue(tx);
    const merged = mergeReceipts(receipts);
    await settleUnknown(tx, merged.settled);
    await moveDeliveries(tx, merged.moved);
    await tx.run('delete from receipts_to_apply where receipt_id = any($1::bigint[])', [
      [...merged.applied, ...merged.strays.map(({ receiptId }) => receiptId)],
    ]);
    await tx.run(
      `update receipts_to_apply q set tries = q.tries + 1, due_at = now() + make_interval(secs => p.seconds)
       from unnest($1::bigint[], $2::int[]) as p (receipt_id, seconds) where q.receipt_id = p.receipt_id`,
      [merged.parked.map(({ receiptId }) => receiptId), merged.parked.map(({ seconds }) => seconds)],
    );
    return { seen: receipts.length, strays: merged.strays };
  });
}

/** Joins by primary keys only; the queue is as long as what is not applied yet, never as history. */
function readDue(tx: Transaction): Promise<ReceiptInContext[]> {
  return tx.rows<ReceiptInContext>(
    `with due as materialized (
       select receipt_id, tries from receipts_to_apply where due_at <= now() order by due_at, receipt_id limit ${LOT}
     )
     select r.id as "receiptId", r.batch_id as "batchId", r.seq, r.attempt, r.status, r.code,
       r.gateway_message_id as "gatewayMessageId", r.received_at as "receivedAt", due.tries,
       c.kind as outcome, u.kind is not null as "wasUnknown", d.status as delivery,
       m.area_id as "areaId", m.segments, coalesce(c.day, u.day) as day
     from due join receipts r on r.id = due.receipt_id
     left join messages m on m.batch_id = r.batch_id and m.seq = r.seq
     left join outcomes c on c.batch_id = r.batch_id and c.seq = r.seq and c.attempt = r.attempt and c.certain
     left join outcomes u on u.batch_id = r.batch_id and u.seq = r.seq and u.attempt = r.attempt and not u.certain
     left join deliveries d on d.batch_id = r.batch_id and d.seq = r.seq
     order by r.id`,
  );
}

/** A receipt proves that what was unknown had been accepted. */
async function settleUnknown(tx: Transaction, settled: readonly ReceiptInContext[]): Promise<void> {
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
}

async function moveDeliveries(tx: Transaction, moved: readonly ReceiptInContext[]): Promise<void> {
  if (moved.length === 0) return;
  await tx.run(
    `with given as materialized (
       select * from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::date[], $8::int[])
         as g (batch_id, seq, status, code, at, earlier, day, area_id)
       -- Somebody may have settled it otherwise since it was read.
       where exists (select from outcomes o where o.batch_id = g.batch_id and o.seq = g.seq and o.kind = 'accepted')
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
      moved.map(({ batchId }) => batchId),
      moved.map(({ seq }) => seq),
      moved.map(({ status }) => status),
      moved.map(({ code }) => code),
      moved.map(({ receivedAt }) => receivedAt),
      moved.map(({ delivery }) => delivery),
      moved.map(({ day }) => day),
      moved.map(({ areaId }) => areaId),
    ],
  );
}
