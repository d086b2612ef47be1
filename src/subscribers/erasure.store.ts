import type { Queries, Transaction } from '../platform/database/database';
import type { Secrets } from '../platform/secrets';
import { eraseFromImports } from './import/erasure.store';
import { digitTraces, tracePattern } from './number-traces';
import { lockRegister } from './register-lock';

/** Whose data are erased. The number is enough: most who ask are not in the register any more. */
export interface PersonToErase {
  /** E.164. */
  readonly phone: string;
  readonly phoneKey: Buffer;
}

export interface ErasedFromRegister {
  /** Null when he was not in the register. */
  readonly subscriberId: number | null;
  /** Keys of numbers he had before they were corrected. */
  readonly formerKeys: readonly Buffer[];
  /** His number was erased before, and is still suppressed because of that. */
  readonly wasErased: boolean;
  readonly counts: {
    readonly subscribers: number;
    readonly listMemberships: number;
    readonly historyEntries: number;
    readonly withdrawals: number;
    readonly consents: number;
    readonly importRows: number;
    readonly uploadedFiles: number;
  };
}

/**
 * The numbers a subscriber had before they were corrected, E.164; they may be other people's today. Every value of the
 * history is looked at, whatever its name. Index: subscriber_history_subscriber.
 */
export async function formerPhones(queries: Queries, subscriberId: number): Promise<string[]> {
  const rows = await queries.rows<{ phone: string }>(
    `select distinct v.phone from subscriber_history h
     cross join lateral (select jsonb_path_query(jsonb_build_array(h.before, h.after), '$.**') #>> '{}' as phone) v
     where h.subscriber_id = $1 and v.phone ~ '^\\+84[0-9]{9}$'
       and v.phone not in (select phone from subscribers where id = $1)`,
    [subscriberId],
  );
  return rows.map(({ phone }) => phone);
}

/**
 * Takes a person out of the register, his lists, the history and all imports, and keeps the digest of his number among the
 * opt-outs: nobody texts or imports it again without a recorded consent. Alone at the register until the transaction ends.
 *
 * @param record.reason goes on record with the opt-out: no name and no number
 */
export async function eraseFromRegister(
  tx: Transaction,
  secrets: Secrets,
  { phone, phoneKey }: PersonToErase,
  record: { reason: string; recordedBy: string },
): Promise<ErasedFromRegister> {
  await lockRegister(tx);
  const subscriber = await tx.row<{ id: number; name: string | null }>(
    'select id, full_name as name from subscribers where phone_key = $1',
    [phoneKey],
  );
  const subscriberId = subscriber?.id ?? null;
  const former = subscriberId === null ? [] : await formerPhones(tx, subscriberId);
  const formerKeys = former.map((number) => secrets.phoneDigest(number));
  const names = subscriber ? await namesOf(tx, subscriber) : [];
  const digits = digitTraces(phone);
  const formerDigits = former.flatMap(digitTraces);
  const imports = await eraseFromImports(tx, { phoneKey, digits, formerKeys, formerDigits, names });
  const counts = {
    ...(await deleteRecord(tx, subscriberId)),
    ...(await deleteByNumber(tx, phone, phoneKey, digits)),
    ...imports,
  };
  return { subscriberId, formerKeys, wasErased: await suppress(tx, phoneKey, record), counts };
}

/** Every name his record bore. */
async function namesOf(tx: Transaction, { id, name }: { id: number; name: string | null }): Promise<string[]> {
  const rows = await tx.rows<{ before: string | null; after: string | null }>(
    `select before ->> 'fullName' as before, after ->> 'fullName' as after from subscriber_history where subscriber_id = $1`,
    [id],
  );
  const names = [name, ...rows.flatMap(({ before, after }) => [before, after])];
  return [...new Set(names.filter((each): each is string => each !== null && each !== ''))];
}

async function deleteRecord(tx: Transaction, id: number | null) {
  const listMemberships = await tx.run('delete from list_members where subscriber_id = $1', [id]);
  const historyEntries = await tx.run('delete from subscriber_history where subscriber_id = $1', [id]);
  const subscribers = await tx.run('delete from subscribers where id = $1', [id]);
  return { listMemberships, historyEntries, subscribers };
}

/** What is kept by the number rather than by the record; and other people's records that once had this number. */
async function deleteByNumber(tx: Transaction, phone: string, phoneKey: Buffer, digits: readonly string[]) {
  const withdrawals = await tx.run('delete from withdrawals where phone_key = $1', [phoneKey]);
  await tx.run('delete from number_health where phone_key = $1', [phoneKey]);
  const consents = await tx.run(
    `update consents set phone = null, document = '', lifted_reason = '' where phone_key = $1 and phone is not null`,
    [phoneKey],
  );
  await tx.run(
    `update subscriber_history set
       before = (select jsonb_object_agg(key, value) filter (where value <> to_jsonb($1::text)) from jsonb_each(before)),
       after = (select jsonb_object_agg(key, value) filter (where value <> to_jsonb($1::text)) from jsonb_each(after))
     where concat(before, after) like '%' || $1 || '%'`,
    [phone],
  );
  await tx.run('update subscriber_history set reason = null where reason ~ $1', [tracePattern(digits)]);
  return { withdrawals, consents };
}

/**
 * Takes the place of an opt-out, and of whatever was said then. The day of the erasure counts: a consent from before it was
 * withdrawn by it.
 */
async function suppress(
  tx: Transaction,
  phoneKey: Buffer,
  record: { reason: string; recordedBy: string },
): Promise<boolean> {
  const before = await tx.row<{ source: string }>('select source from suppressions where phone_key = $1', [phoneKey]);
  await tx.run(
    `insert into suppressions as s (phone_key, phone, source, reason, recorded_by) values ($1, null, 'erasure', $2, $3)
     on conflict (phone_key) do update set phone = null, source = 'erasure', reason = $2, recorded_by = $3,
       recorded_at = case s.source when 'erasure' then s.recorded_at else now() end`,
    [phoneKey, record.reason, record.recordedBy],
  );
  return before?.source === 'erasure';
}
