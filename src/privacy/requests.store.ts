import type { CalendarDay } from '../calendar';
import type { Queries, Transaction } from '../platform/database/database';
import { digitTraces, tracePattern } from '../subscribers';
import type { RequestChannel, RequestKind } from './request-kinds';
import { dueAt } from './due-time';

export interface NewRequest {
  readonly kind: RequestKind;
  readonly channel: RequestChannel;
  readonly receivedAt: Date;
  readonly dueAt: Date;
  /** E.164. */
  readonly phone: string | null;
  readonly name: string | null;
  readonly text: string;
  readonly recordedBy: string;
}

export async function insertRequest(tx: Transaction, request: NewRequest): Promise<number> {
  const row = await tx.row<{ id: number }>(
    `insert into citizen_requests (kind, channel, received_at, due_at, phone, name, text, recorded_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [
      request.kind,
      request.channel,
      request.receivedAt,
      request.dueAt,
      request.phone,
      request.name,
      request.text,
      request.recordedBy,
    ],
  );
  return row!.id;
}

/** By a guarded write: of two people who answer at once, one is told so. @returns whether this was the answer */
export async function answerRequest(
  tx: Transaction,
  id: number,
  answer: { text: string; by: string; at: Date },
): Promise<boolean> {
  const answered = await tx.run(
    `update citizen_requests set answer = $2, answered_by = $3, answered_at = $4 where id = $1 and answered_at is null`,
    [id, answer.text, answer.by, answer.at],
  );
  return answered === 1;
}

export async function requestExists(queries: Queries, id: number): Promise<boolean> {
  return (await queries.row('select 1 from citizen_requests where id = $1', [id])) !== undefined;
}

/**
 * Leaves of a person's requests their kind, channel and times. A request of somebody else that names the number keeps who
 * asked, and loses the words.
 *
 * @returns how many requests were emptied
 */
export async function eraseRequests(tx: Transaction, phone: string, requestId?: number): Promise<number> {
  const pattern = tracePattern(digitTraces(phone));
  const names = `concat_ws(' ', name, text, answer) ~ $2`;
  const own = await tx.run(
    `update citizen_requests set phone = null, name = null, text = null, answer = null, erased_at = now()
     where erased_at is null and (phone = $1 or id = $3 or (phone is null and ${names}))`,
    [phone, pattern, requestId ?? null],
  );
  const others = await tx.run(
    `update citizen_requests set text = '', answer = case when answer is not null then '' end
     where erased_at is null and phone <> $1 and ${names}`,
    [phone, pattern],
  );
  return own + others;
}

/** A day was put into the calendar, or taken out: the time to answer open requests moves with it. */
export async function moveDueTimes(tx: Transaction, calendar: readonly CalendarDay[]): Promise<void> {
  const open = await tx.rows<{ id: number; receivedAt: Date }>(
    'select id, received_at as "receivedAt" from citizen_requests where answered_at is null order by id for update',
  );
  await tx.run(
    `update citizen_requests r set due_at = d.due_at from unnest($1::int[], $2::timestamptz[]) as d (id, due_at)
     where r.id = d.id and r.due_at <> d.due_at`,
    [open.map(({ id }) => id), open.map(({ receivedAt }) => dueAt(receivedAt, calendar))],
  );
}
