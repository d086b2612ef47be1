import type { Transaction } from '../platform/database/database';

/** Any number; one lock of the whole database, held until the transaction ends. */
const REGISTER_LOCK = 7_402_211;

/**
 * Alone at the register until the transaction ends: imports and their undoing compare thousands of records with it and
 * then write, and nothing may change in between. They wait for each other and for people's edits.
 */
export async function lockRegister(tx: Transaction): Promise<void> {
  await tx.run('select pg_advisory_xact_lock($1)', [REGISTER_LOCK]);
}

/** Before a person's edit of subscribers or list members: edits go side by side, and wait only for an import. */
export async function shareRegister(tx: Transaction): Promise<void> {
  await tx.run('select pg_advisory_xact_lock_shared($1)', [REGISTER_LOCK]);
}
