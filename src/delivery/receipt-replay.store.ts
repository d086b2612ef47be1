import { setTimeout as sleep } from 'node:timers/promises';
import { appendAudit } from '../audit';
import type { Database, Transaction } from '../platform/database/database';
import { SYSTEM } from '../platform/http/actor';
import { APPLIER_SLOT, applyReceipts, waitForApplier } from './receipts.store';

const POLL_MS = 200;

/**
 * Applies all receipts of a batch once more, from the first to the last, as they were kept. Where all of them had been
 * applied nothing changes; what was lost since comes back, and what was a stray may find its text.
 *
 * @returns how many there are, when they are through; undefined when there is no such batch
 */
export async function replayReceipts(database: Database, batchId: number): Promise<number | undefined> {
  const receipts = await database.transaction(async (tx) => {
    await waitForApplier(tx);
    if (!(await tx.row('select id from batches where id = $1', [batchId]))) return undefined;
    await countDeliveriesAnew(tx, batchId);
    const queued = await queueAll(tx, batchId);
    await appendAudit(tx, {
      actor: SYSTEM,
      act: 'receipts.replay',
      subject: `batch:${batchId}`,
      details: { receipts: queued },
    });
    return queued;
  });
  if (receipts === undefined) return undefined;
  while (await isAnyDue(database, batchId)) {
    // Undefined: an instance of the service is at it.
    if (!(await applyReceipts(database))) await sleep(POLL_MS);
  }
  return receipts;
}

/** What is applied moves counters by what it changes, so they have to agree with the deliveries on record before. */
async function countDeliveriesAnew(tx: Transaction, batchId: number): Promise<void> {
  await tx.run(
    `with found as (
       select a.day, m.area_id, count(*) filter (where d.status = 'delivered') as delivered,
         count(*) filter (where d.status = 'undelivered') as undelivered
       from deliveries d join messages m on m.batch_id = d.batch_id and m.seq = d.seq
       cross join lateral (
         select o.day from outcomes o
         where o.batch_id = d.batch_id and o.seq = d.seq and o.kind = 'accepted' order by o.attempt desc limit 1
       ) a
       where d.batch_id = $1 group by a.day, m.area_id
     ), counted as (
       select day, area_id, sum(delivered) as delivered, sum(undelivered) as undelivered
       from counted_by_area where batch_id = $1 group by day, area_id
     ), differing as (
       select day, area_id, coalesce(found.delivered, 0) - coalesce(counted.delivered, 0) as delivered,
         coalesce(found.undelivered, 0) - coalesce(counted.undelivered, 0) as undelivered
       from found full join counted using (day, area_id)
     )
     insert into counters as k (batch_id, day, area_id, slot, delivered, undelivered)
     select $1, day, area_id, ${APPLIER_SLOT}, delivered, undelivered from differing
     where delivered <> 0 or undelivered <> 0 order by day, area_id
     on conflict (batch_id, day, area_id, slot)
     do update set delivered = k.delivered + excluded.delivered, undelivered = k.undelivered + excluded.undelivered`,
    [batchId],
  );
}

/** Reads all receipts there are, some seconds for ten million: an index for this alone would cost every receipt kept. */
function queueAll(tx: Transaction, batchId: number): Promise<number> {
  return tx.run(
    `insert into receipts_to_apply as q (receipt_id) select id from receipts where batch_id = $1
     on conflict (receipt_id) do update set due_at = now(), tries = 0`,
    [batchId],
  );
}

async function isAnyDue(database: Database, batchId: number): Promise<boolean> {
  const row = await database.row<{ due: boolean }>(
    `select exists (
       select from receipts_to_apply q join receipts r on r.id = q.receipt_id where r.batch_id = $1 and q.due_at <= now()
     ) as due`,
    [batchId],
  );
  return row!.due;
}
