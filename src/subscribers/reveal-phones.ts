import { appendAudit } from '../audit';
import type { Database } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import { maskPhone } from './phone-number';

/** Masks the numbers of rows about to be shown, or puts on record that this person saw them: `act` and how many. */
export async function revealPhones<T extends { phone: string | null }>(
  database: Database,
  actor: Actor,
  act: string,
  rows: readonly T[],
): Promise<T[]> {
  if (!actor.permissions.has('phones.read')) {
    return rows.map((row) => ({ ...row, phone: row.phone === null ? null : maskPhone(row.phone) }));
  }
  await database.transaction((tx) =>
    appendAudit(tx, { actor, act, subject: 'subscribers', details: { count: rows.length } }),
  );
  return [...rows];
}
