import type { Transaction } from '../platform/database/database';

export interface OptOutEntry {
  readonly phoneKey: Buffer;
  /** E.164 */
  readonly phone: string;
  readonly source: string;
  readonly reason: string;
  readonly recordedBy: string;
}

/** What is on record of a number that opted out. */
export interface KeptOptOut {
  readonly source: string;
  readonly reason: string;
  readonly recordedBy: string;
  readonly recordedAt: Date;
}

const KEPT = `source, reason, recorded_by as "recordedBy", recorded_at as "recordedAt"`;

/**
 * One statement, so that a number lifted at the same moment is either found or recorded anew. The update changes nothing,
 * it only makes the kept row come back; xmax is 0 in a row that was inserted.
 */
export async function insertOptOut(tx: Transaction, entry: OptOutEntry): Promise<KeptOptOut & { isNew: boolean }> {
  const row = await tx.row<KeptOptOut & { isNew: boolean }>(
    `insert into suppressions (phone_key, phone, source, reason, recorded_by) values ($1, $2, $3, $4, $5)
     on conflict (phone_key) do update set phone_key = excluded.phone_key
     returning ${KEPT}, xmax = 0 as "isNew"`,
    [entry.phoneKey, entry.phone, entry.source, entry.reason, entry.recordedBy],
  );
  return row!;
}

/** Reads and locks: of two people who lift the same opt-out one finds it gone. */
export function lockOptOut(tx: Transaction, phoneKey: Buffer): Promise<KeptOptOut | undefined> {
  return tx.row<KeptOptOut>(`select ${KEPT} from suppressions where phone_key = $1 for update`, [phoneKey]);
}

export interface Consent {
  readonly how: string;
  readonly document: string;
  /** Local day, `2026-11-23`. */
  readonly givenOn: string;
}

/** Deletes the opt-out and keeps it with the consent that lifted it. Under the lock of `lockOptOut`. */
export async function replaceByConsent(
  tx: Transaction,
  who: { phoneKey: Buffer; phone: string },
  { how, document, givenOn }: Consent,
  recordedBy: string,
): Promise<{ consentId: number; recordedAt: Date }> {
  const row = await tx.row<{ consentId: number; recordedAt: Date }>(
    `with lifted as (delete from suppressions where phone_key = $1 returning *)
     insert into consents (phone_key, phone, how, document, given_on, recorded_by,
       lifted_source, lifted_reason, lifted_recorded_by, lifted_recorded_at)
     select phone_key, $2, $3, $4, $5, $6, source, reason, recorded_by, recorded_at from lifted
     returning id as "consentId", recorded_at as "recordedAt"`,
    [who.phoneKey, who.phone, how, document, givenOn, recordedBy],
  );
  return row!;
}

/** The numbers of a file wait here until all of it is read. */
export async function openOptOutStage(tx: Transaction): Promise<void> {
  await tx.run('create temporary table opt_outs_staged (phone text not null, phone_key bytea not null) on commit drop');
}

export async function stageOptOuts(tx: Transaction, rows: readonly (readonly [string, Buffer])[]): Promise<void> {
  await tx.copy('opt_outs_staged', ['phone', 'phone_key'], rows);
}

/**
 * Records every staged number that has not opted out yet. In the order of the digests, so that two files at once wait for
 * each other rather than lock each other out.
 *
 * @returns how many different numbers were staged, and how many of them are new
 */
export async function recordStaged(
  tx: Transaction,
  { reason, recordedBy }: { reason: string; recordedBy: string },
): Promise<{ numbers: number; recorded: number }> {
  const row = await tx.row<{ numbers: number; recorded: number }>(
    `with numbers as materialized (
       select phone_key, min(phone) as phone from opt_outs_staged group by phone_key
     ), recorded as (
       insert into suppressions (phone_key, phone, source, reason, recorded_by)
       select n.phone_key, n.phone, 'file', $1, $2 from numbers n
       where not exists (select from suppressions s where s.phone_key = n.phone_key)
       order by n.phone_key
       on conflict (phone_key) do nothing
       returning 1
     )
     select (select count(*) from numbers) as numbers, (select count(*) from recorded) as recorded`,
    [reason, recordedBy],
  );
  return row!;
}
