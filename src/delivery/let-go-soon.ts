import type { Transaction } from '../platform/database/database';

/** Longer than any pause between two statements of a process that is well. */
const MOST_IDLE_SECONDS = 3;

/**
 * For a transaction that locks what every instance needs (a bucket, counters, the one who applies receipts): when this process
 * stands still or is cut off in the middle of it, the server ends it soon, and the others go on.
 */
export async function letGoSoon(tx: Transaction): Promise<void> {
  await tx.run(`set local idle_in_transaction_session_timeout = '${MOST_IDLE_SECONDS}s'`);
}
