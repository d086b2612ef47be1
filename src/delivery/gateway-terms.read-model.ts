import type { Queries } from '../platform/database/database';
import { LOCAL_DAY } from './gate';

/** What is kept, by all instances together. Null: no limit is known, none is kept. */
export interface SendingLimits {
  /** Segments a second. */
  readonly segmentsPerSecond: number | null;
  /** Messages handed over and not answered yet. */
  readonly messagesInFlight: number | null;
  /** Segments a local day. */
  readonly segmentsPerDay: number | null;
}

/** What the contract with a gateway says as a whole. */
export interface GatewayTerms extends SendingLimits {
  /** Vietnamese đồng for one segment; null while nobody has entered it: then there is no cost to show. */
  readonly vndPerSegment: number | null;
}

/** What of the limits is taken up. Counted from when they were first entered. */
export interface LimitsUsed {
  /** Segments handed over on this local day. */
  readonly segmentsToday: number;
  /** Places for messages in flight that instances hold, busy or not. */
  readonly seats: number;
}

/** A sender ID's own limits, which hold beside those of its gateway. */
export interface SenderTerms extends SendingLimits {
  readonly sender: string;
  readonly used: LimitsUsed;
}

const NO_LIMITS: SendingLimits = { segmentsPerSecond: null, messagesInFlight: null, segmentsPerDay: null };
const NOTHING_USED: LimitsUsed = { segmentsToday: 0, seats: 0 };

/** The contract as a whole; all null until somebody enters it. */
export async function readTerms(queries: Queries, gateway: string): Promise<GatewayTerms> {
  const row = await queries.row<GatewayTerms>(
    `select vnd_per_segment as "vndPerSegment", segments_per_second as "segmentsPerSecond",
       messages_in_flight as "messagesInFlight", segments_per_day as "segmentsPerDay"
     from gateway_terms where gateway = $1 and sender = ''`,
    [gateway],
  );
  return row ?? { vndPerSegment: null, ...NO_LIMITS };
}

/** Vietnamese đồng for a segment at the dearest of these gateways; null while the price of one of them is not known. */
export async function dearestPrice(queries: Queries, gateways: readonly string[]): Promise<number | null> {
  const row = await queries.row<{ price: number | null }>(
    `select case when count(vnd_per_segment) = cardinality($1::text[]) then max(vnd_per_segment) end as price
     from gateway_terms where gateway = any($1::text[]) and sender = ''`,
    [gateways],
  );
  return row!.price;
}

/** A sender ID's own limits; undefined when it has none. */
export async function readSenderLimits(
  queries: Queries,
  gateway: string,
  sender: string,
): Promise<SendingLimits | undefined> {
  return queries.row<SendingLimits>(
    `select segments_per_second as "segmentsPerSecond", messages_in_flight as "messagesInFlight",
       segments_per_day as "segmentsPerDay"
     from gateway_terms where gateway = $1 and sender = $2`,
    [gateway, sender],
  );
}

/** How much of a gateway's limits is used, and each sender ID's own limits, in the order of their names. */
export async function readLimitsInUse(
  queries: Queries,
  gateway: string,
): Promise<{ readonly used: LimitsUsed; readonly senders: readonly SenderTerms[] }> {
  const rows = await queries.rows<SendingLimits & LimitsUsed & { sender: string }>(
    `select t.sender, t.segments_per_second as "segmentsPerSecond", t.messages_in_flight as "messagesInFlight",
       t.segments_per_day as "segmentsPerDay", case when k.day = ${LOCAL_DAY} then k.used else 0 end as "segmentsToday",
       (select coalesce(sum(s.seats), 0) from gateway_seats s
        where s.gateway = t.gateway and s.sender = t.sender and s.until > now()) as seats
     from gateway_terms t join rate_buckets k on k.gateway = t.gateway and k.sender = t.sender
     where t.gateway = $1 order by t.sender`,
    [gateway],
  );
  const shown = rows.map(({ segmentsToday, seats, ...limits }) => ({ ...limits, used: { segmentsToday, seats } }));
  return {
    used: shown.find(({ sender }) => sender === '')?.used ?? NOTHING_USED,
    senders: shown.filter(({ sender }) => sender !== ''),
  };
}
