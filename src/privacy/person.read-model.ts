import { formatLocalTime } from '../platform/clock';
import type { Transaction } from '../platform/database/database';
import { findMessagesTo, readMessages } from '../delivery';
import { digitTraces, tracePattern } from '../subscribers';

/** One person, by his number. */
export interface Person {
  /** E.164. */
  readonly phone: string;
  readonly phoneKey: Buffer;
  /** Null when he is not in the register. */
  readonly subscriberId: number | null;
  /** Keys of numbers he had before they were corrected. */
  readonly formerKeys: readonly Buffer[];
}

type Entry = Readonly<Record<string, unknown>>;

/** Everything the service knows of one person. Times are Vietnam time. */
export interface PersonRecord {
  readonly phone: string;
  /** False: nothing at all is known of this number. */
  readonly isKnown: boolean;
  readonly subscriber: Entry | null;
  readonly lists: readonly Entry[];
  readonly history: readonly Entry[];
  readonly importRows: readonly Entry[];
  readonly optOut: Entry | null;
  readonly consents: readonly Entry[];
  readonly withdrawals: readonly Entry[];
  readonly undelivered: Entry | null;
  readonly messages: readonly Entry[];
  readonly requests: readonly Entry[];
}

/**
 * All that is known of a person, at one instant. Reads the rows of all imports once, for the number may stand in any cell;
 * everything else by index.
 *
 * @param tx must be REPEATABLE READ
 */
export async function readPerson(tx: Transaction, person: Person): Promise<PersonRecord> {
  const record = {
    ...(await readRegister(tx, person)),
    importRows: await readImportRows(tx, person),
    ...(await readWishes(tx, person)),
    messages: await readTexts(tx, person),
    requests: await readRequests(tx, person),
  };
  const isKnown = Object.values(record).some((part) => part !== null && (!Array.isArray(part) || part.length > 0));
  return inLocalTime({ phone: person.phone, isKnown, ...record }) as PersonRecord;
}

async function readRegister(tx: Transaction, { phoneKey, subscriberId }: Person) {
  const subscriber = await tx.row<Entry>(
    `select s.id, s.phone, s.full_name as "fullName", a.name as area, s.area_text as "areaText", s.hamlet, s.language,
       s.import_id as "importId", s.created_at as "createdAt", s.updated_at as "updatedAt"
     from subscribers s left join areas a on a.id = s.area_id where s.phone_key = $1`,
    [phoneKey],
  );
  const lists = await tx.rows<Entry>(
    `select l.id, l.name, l.purpose, l.legal_basis as "legalBasis", l.source, l.retain_until as "retainUntil",
       m.import_id as "importId", i.file_name as "fileName"
     from list_members m join subscriber_lists l on l.id = m.list_id left join imports i on i.id = m.import_id
     where m.subscriber_id = $1 order by l.id`,
    [subscriberId],
  );
  const history = await tx.rows<Entry>(
    `select at, actor, act, import_id as "importId", reason, before, after from subscriber_history
     where subscriber_id = $1 order by id`,
    [subscriberId],
  );
  return { subscriber: subscriber ?? null, lists, history };
}

/** Rows that brought his number, and those that were refused or noted with it somewhere in the office's own cells. */
function readImportRows(tx: Transaction, { phone, phoneKey }: Person): Promise<Entry[]> {
  return tx.rows<Entry>(
    `select r.import_id as "importId", i.file_name as "fileName", i.created_at as "importedAt", i.state,
       r.row_number as "rowNumber", r.verdict, r.codes, r.phone, r.full_name as "fullName",
       coalesce(a.name, r.area_text) as area, r.hamlet, r.language, r.cells
     from import_rows r join imports i on i.id = r.import_id left join areas a on a.id = r.area_id
     where r.phone_key = $1 or (r.cells is not null
       and array_to_string(r.cells, ' ') ~ $2 and exists (select from unnest(r.cells) cell where cell ~ $2))
     order by 1, 5`,
    [phoneKey, tracePattern(digitTraces(phone))],
  );
}

async function readWishes(tx: Transaction, { phoneKey }: Person) {
  const optOut = await tx.row<Entry>(
    `select source, reason, recorded_at as "recordedAt", recorded_by as "recordedBy" from suppressions where phone_key = $1`,
    [phoneKey],
  );
  const consents = await tx.rows<Entry>(
    `select how, document, given_on as "givenOn", recorded_at as "recordedAt", lifted_source as "liftedSource",
       lifted_reason as "liftedReason", lifted_recorded_at as "liftedRecordedAt"
     from consents where phone_key = $1 order by id`,
    [phoneKey],
  );
  const withdrawals = await tx.rows<Entry>(
    `select w.list_id as "listId", l.name as list, w.import_id as "importId", w.at
     from withdrawals w left join subscriber_lists l on l.id = w.list_id where w.phone_key = $1 order by w.at`,
    [phoneKey],
  );
  const undelivered = await tx.row<Entry>(
    `select undelivered_in_row as "inRow", last_undelivered_at as "lastAt", cleared_at as "clearedAt",
       cleared_reason as "clearedReason" from number_health where phone_key = $1`,
    [phoneKey],
  );
  return { optOut: optOut ?? null, consents, withdrawals, undelivered: undelivered ?? null };
}

async function readTexts(tx: Transaction, person: Person): Promise<Entry[]> {
  const messages = await readMessages(tx, await findMessagesTo(tx, person));
  const campaigns = await tx.rows<{ batchId: number; id: number; name: string }>(
    'select batch_id as "batchId", id, name from campaigns where batch_id = any($1::bigint[])',
    [messages.map(({ batchId }) => batchId)],
  );
  const byBatch = new Map(campaigns.map(({ batchId, id, name }) => [batchId, { id, name }]));
  return messages.map((message) => ({ campaign: byBatch.get(message.batchId) ?? null, ...message }));
}

function readRequests(tx: Transaction, { phone }: Person): Promise<Entry[]> {
  return tx.rows<Entry>(
    `select id, kind, channel, received_at as "receivedAt", due_at as "dueAt", phone, name, text, answer,
       answered_at as "answeredAt"
     from citizen_requests where phone = $1 order by id`,
    [phone],
  );
}

function inLocalTime(value: unknown): unknown {
  if (value instanceof Date) return formatLocalTime(value);
  if (Array.isArray(value)) return value.map(inLocalTime);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inLocalTime(inner)]));
}
