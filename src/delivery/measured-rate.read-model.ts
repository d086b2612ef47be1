import type { Queries } from '../platform/database/database';

/** Less than this says more about the start of a batch than about the gateway. */
const LEAST_SEGMENTS = 500;
const LEAST_SECONDS = 10;
/** What was ended longer ago says little about today. */
const RECENT_DAYS = 7;
const RECENT_BATCHES = 10;
/** Of each batch the last ones, 20,000 texts: enough to tell, and no more to read of a million texts. */
const LAST_CHUNKS = 40;
/** The gateway may put everything off for a while, and that is its pace; a longer gap is a night, a pause or no work. */
const LONGEST_GAP_SECONDS = 60;

/**
 * What the gateway really takes: the segments it accepted of the last batches, by the seconds from hand-over to hand-over.
 * Left out is what went at a pace of our choice: batches that were spread, those written before its terms were changed, and
 * those of other sender IDs with limits of their own. Segments are those of a batch's average message; as many of what was
 * handed over were accepted as of what has an outcome.
 *
 * Reads at most 40 chunks and 400 hand-overs (one row per 50 texts) of each of ten batches, by their keys.
 *
 * @returns segments a second, to one decimal; null while too little was sent to tell
 */
export async function measuredRate(queries: Queries, gateway: string, sender: string): Promise<number | null> {
  const measured = await queries.row<{ segments: number; seconds: number }>(
    `with recent as materialized (
       select b.id, b.gateway, b.segments::float8 / b.size as per_message from batches b
       where (b.gateway = $1 or $1 = any(b.alternative_gateways)) and b.kind = 'campaign' and b.spread_seconds is null
         and b.state <> 'held' and (b.finished_at is null or b.finished_at > now() - make_interval(days => ${RECENT_DAYS}))
         and not exists (
           select from gateway_terms t where t.gateway = $1
             and (t.updated_at > b.created_at and t.sender in ('', $2) or t.sender = b.sender and t.sender <> $2))
       order by b.id desc limit ${RECENT_BATCHES}
     ), shares as materialized (
       select r.id, r.per_message * sum(k.accepted) / nullif(sum(k.closed), 0) as per_message
       from recent r join counted_by_day k on k.batch_id = r.id group by r.id, r.per_message
     ), steps as (
       select h.at, (h.to_item - h.from_item + 1) * s.per_message as segments
       from recent r join shares s on s.id = r.id
       cross join lateral (
         select c.id from chunks c where c.batch_id = r.id and c.marked >= c.lo order by c.id desc limit ${LAST_CHUNKS}
       ) c
       join handovers h on h.chunk_id = c.id
       where coalesce(h.gateway, r.gateway) = $1
     ), gaps as (
       select segments, extract(epoch from at - lag(at) over (order by at))::float8 as seconds from steps
     )
     select coalesce(sum(segments), 0) as segments,
       coalesce(sum(seconds) filter (where seconds <= ${LONGEST_GAP_SECONDS}), 0) as seconds
     from gaps`,
    [gateway, sender],
  );
  const { segments, seconds } = measured!;
  if (segments < LEAST_SEGMENTS || seconds < LEAST_SECONDS) return null;
  return Math.round((segments / seconds) * 10) / 10;
}
