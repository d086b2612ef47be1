import type { Queries } from '../platform/database/database';
import { readTerms } from './gateway-terms.read-model';

export interface GatewayRate {
  readonly segmentsPerSecond: number;
  /** `contract`: too little was sent of late to tell. */
  readonly basis: 'measured' | 'contract';
}

/** Less than this says more about the start of a batch than about the gateway. */
const LEAST_SEGMENTS = 500;
const LEAST_SECONDS = 10;
/** What was ended longer ago says little about today. */
const RECENT_DAYS = 7;
const RECENT_BATCHES = 10;
/** The gateway may put everything off for a while, and that is its pace; a longer gap is a night, a pause or no work. */
const LONGEST_GAP_SECONDS = 60;

/**
 * What the gateway really takes: the segments it accepted of the last batches, by the seconds from hand-over to hand-over.
 * Batches that were spread went at a pace of our choice and say nothing. Segments are those of the batch's average message.
 *
 * Reads the chunks and hand-overs (one row per 50 texts) of ten batches by their keys: of a million texts each 190 ms, of 37,400
 * each below 10.
 */
export async function gatewayRate(queries: Queries, gateway: string): Promise<GatewayRate> {
  const measured = await queries.row<{ segments: number; seconds: number }>(
    `with recent as materialized (
       select id, segments::float8 / size as per_message from batches
       where gateway = $1 and kind = 'campaign' and spread_seconds is null and state <> 'held'
         and (finished_at is null or finished_at > now() - make_interval(days => ${RECENT_DAYS}))
       order by id desc limit ${RECENT_BATCHES}
     ), taken as (
       select coalesce(sum(k.accepted * r.per_message), 0) as segments from recent r join counters k on k.batch_id = r.id
     ), gaps as (
       select extract(epoch from h.at - lag(h.at) over (order by h.at))::float8 as seconds
       from recent r join chunks c on c.batch_id = r.id join handovers h on h.chunk_id = c.id
     )
     select (select segments from taken) as segments,
       coalesce(sum(seconds) filter (where seconds <= ${LONGEST_GAP_SECONDS}), 0) as seconds
     from gaps`,
    [gateway],
  );
  const { segments, seconds } = measured!;
  if (segments >= LEAST_SEGMENTS && seconds >= LEAST_SECONDS) {
    return { segmentsPerSecond: Math.round((segments / seconds) * 10) / 10, basis: 'measured' };
  }
  return { segmentsPerSecond: (await readTerms(queries, gateway)).segmentsPerSecond, basis: 'contract' };
}
