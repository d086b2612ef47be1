import type { GatewayRegistry } from '../gateways';
import type { Database, Transaction } from '../platform/database/database';
import { countTextResults } from '../subscribers';
import { findNumberResults } from './number-results.read-model';

/** Operators try for one to three days to reach a handset. A receipt that comes later is kept, and counted no more. */
const RECEIPTS_TAKE_DAYS = 3;
/** Messages looked at in one step. */
const STEP = 10_000;

interface EndedBatch {
  readonly id: number;
  /** All that its texts may have gone through. */
  readonly gateways: readonly string[];
  readonly size: number;
  readonly finishedAt: Date;
}

/**
 * Takes the batch that ended first of those whose receipts should be in, and counts for its numbers what became of their
 * texts: once, in one transaction, whoever else is at it.
 *
 * @returns the batch; undefined when there is none
 */
export async function countResults(database: Database, gateways: GatewayRegistry): Promise<number | undefined> {
  return database.transaction(async (tx) => {
    const batch = await takeEndedBatch(tx);
    if (!batch) return undefined;
    const { id: batchId, size, finishedAt } = batch;
    // A gateway that is no longer configured left its receipts, but nobody to read its codes.
    const known = batch.gateways.filter((name) => gateways.names.includes(name));
    const refusals = known.flatMap((name) => gateways.get(name).capabilities.numberRefusals);
    for (let after = 0; after < size; after += STEP) {
      const results = await findNumberResults(tx, { batchId, after, upTo: after + STEP }, refusals);
      await countTextResults(tx, finishedAt, results);
    }
    return batchId;
  });
}

/** Test sends say nothing: staff's own numbers. Not SKIP LOCKED: batches must be counted in the order in which they ended. By the index batches_results_to_count. */
function takeEndedBatch(tx: Transaction): Promise<EndedBatch | undefined> {
  return tx.row<EndedBatch>(
    `update batches set results_counted_at = now()
     where id = (
       select id from batches
       where kind = 'campaign' and results_counted_at is null and finished_at <= now() - make_interval(days => $1)
       order by finished_at, id limit 1 for update)
     returning id, array_prepend(gateway, alternative_gateways) as gateways, size, finished_at as "finishedAt"`,
    [RECEIPTS_TAKE_DAYS],
  );
}
