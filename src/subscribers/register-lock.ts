import { fault } from '../platform/errors';
import type { Transaction } from '../platform/database/database';

const LONGEST_WAIT = '5s';
const LOCK_NOT_AVAILABLE = '55P03';

const registerBusy = fault('unavailable', 'register.busy', {
  vi: 'Đang nhập hoặc hoàn tác một danh sách lớn nên chưa sửa được sổ thuê bao. Hãy thử lại sau ít giây.',
  en: 'A large list is being imported or undone, and the register cannot be edited. Try again in some seconds.',
});

/** Any number; one lock of the whole database, held until the transaction ends. */
const REGISTER_LOCK = 7_402_211;

/**
 * Alone at the register until the transaction ends: imports and their undoing compare thousands of records with it and
 * then write, and nothing may change in between. They wait for each other and for people's edits.
 */
export async function lockRegister(tx: Transaction): Promise<void> {
  await tx.run('select pg_advisory_xact_lock($1)', [REGISTER_LOCK]);
}

/**
 * Before a person's edit of subscribers or list members: edits go side by side, and wait only for an import.
 *
 * @throws registerBusy rather than wait for a long one: whoever waits holds one of the few connections
 */
export async function shareRegister(tx: Transaction): Promise<void> {
  await tx.run(`select set_config('lock_timeout', $1, true)`, [LONGEST_WAIT]);
  await tx.run('select pg_advisory_xact_lock_shared($1)', [REGISTER_LOCK]).catch((error: { code?: string }) => {
    throw error.code === LOCK_NOT_AVAILABLE ? registerBusy({}, { retryAfterSeconds: 10 }) : error;
  });
  await tx.run(`select set_config('lock_timeout', '0', true)`);
}
