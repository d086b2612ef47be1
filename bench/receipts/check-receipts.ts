import type { Database } from '../../src/platform/database/database';
import { callbacksOf } from './callbacks';

/**
 * Compares the database with what was posted: every callback that was answered is there, no text has another state than its
 * callbacks say, and the counters agree with the rows.
 *
 * @param posted.taken so many callbacks were answered, from the first on, and from the first again after the last
 */
export async function checkReceipts(
  database: Database,
  posted: { batchId: number; texts: number; taken: number },
): Promise<void> {
  const { batchId, texts, taken } = posted;
  const callbacks = callbacksOf(texts).slice(0, taken);
  const expected = new Map<number, string>();
  for (const { seq, status } of callbacks) if (status !== 'sent') expected.set(seq, status);
  const rows = await database.rows<{ seq: number; status: string }>(
    'select seq, status from deliveries where batch_id = $1',
    [batchId],
  );
  const wrong = rows.filter(({ seq, status }) => expected.get(seq) !== status).length;
  const of = (status: string): number => [...expected.values()].filter((state) => state === status).length;
  const kept = await database.row<object>(
    `select (select count(*) from receipts) as receipts, (select count(*) from stray_receipts) as strays,
       sum(delivered) as delivered, sum(undelivered) as undelivered
     from counted_by_area where batch_id = $1`,
    [batchId],
  );
  const found = JSON.stringify({ ...kept, texts: rows.length, wrong });
  const right = { receipts: taken, strays: 0, delivered: of('delivered'), undelivered: of('undelivered') };
  const wanted = JSON.stringify({ ...right, texts: expected.size, wrong: 0 });
  if (found !== wanted) throw new Error(`found ${found} instead of ${wanted}`);
}
