import type { Queries } from '../platform/database/database';

export const MESSAGE_STATES = [
  'queued',
  'sending',
  'accepted',
  'delivered',
  'undelivered',
  'failed',
  'unknown',
  'suppressed',
  'cancelled',
  'expired',
] as const;
export type MessageState = (typeof MESSAGE_STATES)[number];

export interface MessageView {
  readonly seq: number;
  readonly state: MessageState;
  /** How often it was handed over. */
  readonly attempts: number;
  /** The gateway's, or of `suppressed` the reason: `opted-out`, `erased`, `import-undone` (withdrawn.ts). */
  readonly code: string | null;
  readonly segments: number;
  readonly area: string | null;
  /** Local day of the first hand-over; null before. */
  readonly day: string | null;
  readonly gatewayMessageId: string | null;
  readonly phone: string | null;
  /** Null for those who may not see texts: a text names a person. */
  readonly text: string | null;
}

/**
 * The state of a message as its rows tell it: the last attempt's outcome (a certain one before `unknown`), what receipts
 * say, and whether the next attempt is marked. The counters must always agree with it; a test compares them.
 */
const STATE = `
  select m.*, o.code, o.day, o.gateway_message_id, case when o.kind in ('suppressed', 'cancelled', 'expired') then o.attempt - 1 else coalesce(o.attempt, 0) end as attempts,
    case
      when o.kind = 'accepted' then coalesce(d.status, 'accepted')
      when o.kind is not null and o.kind <> 'deferred' then o.kind
      when exists (
        select from chunks c
        where c.batch_id = m.batch_id and c.attempt = coalesce(o.attempt, 0) + 1
          and case when c.seqs is null then m.seq between c.lo and c.marked
              else array_position(c.seqs, m.seq) <= c.marked end) then 'sending'
      else 'queued'
    end as state
  from messages m
  left join lateral (
    select * from outcomes o where o.batch_id = m.batch_id and o.seq = m.seq order by o.attempt desc, o.certain desc limit 1
  ) o on true
  left join deliveries d on d.batch_id = m.batch_id and d.seq = m.seq`;

export interface MessageFilter {
  readonly batchId: number;
  readonly after: number;
  readonly limit: number;
  readonly state?: MessageState;
  /** Whether the reader may see numbers, and texts. */
  readonly reveal: { readonly phones: boolean; readonly texts: boolean };
  /** Only what this person gets. */
  readonly subscriberId?: number;
}

/** Pages by the primary key (batch_id, seq). */
export function findMessages(queries: Queries, filter: MessageFilter): Promise<MessageView[]> {
  return queries.rows<MessageView>(
    `select s.seq, s.state, s.attempts, s.code, s.segments, a.name as area, s.day,
       s.gateway_message_id as "gatewayMessageId",
       case when $4 then s.phone else '0' || substr(s.phone, 4, 2) || '***' || right(s.phone, 3) end as phone,
       case when $6 then s.text end as text
     from (${STATE} where m.batch_id = $1 and m.seq > $2 and ($7::bigint is null or m.subscriber_id = $7)) s left join areas a on a.id = s.area_id
     where $5::text is null or s.state = $5
     order by s.seq limit $3`,
    [
      filter.batchId,
      filter.after,
      filter.limit,
      filter.reveal.phones,
      filter.state ?? null,
      filter.reveal.texts,
      filter.subscriberId ?? null,
    ],
  );
}

/** One message as it was sent to a person, for his own eyes. */
export interface PersonalMessage extends Omit<MessageView, 'area' | 'attempts'> {
  readonly batchId: number;
}

/** Messages wherever they are, in their own order, with number and text. By the primary key, one by one. */
export function readMessages(
  queries: Queries,
  messages: readonly { batchId: number; seq: number }[],
): Promise<PersonalMessage[]> {
  return queries.rows<PersonalMessage>(
    `select s.batch_id as "batchId", s.seq, s.state, s.code, s.segments, s.day, s.gateway_message_id as "gatewayMessageId",
       s.phone, s.text
     from unnest($1::bigint[], $2::int[]) as f (batch_id, seq)
     cross join lateral (${STATE} where m.batch_id = f.batch_id and m.seq = f.seq) s
     order by 1, 2`,
    [messages.map(({ batchId }) => batchId), messages.map(({ seq }) => seq)],
  );
}

/** How many messages of a batch are in each state, counted row by row: what the counters are checked against. */
export async function countStates(queries: Queries, batchId: number): Promise<Record<string, number>> {
  const rows = await queries.rows<{ state: string; count: number }>(
    `select state, count(*) as count from (${STATE} where m.batch_id = $1) s group by state`,
    [batchId],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
