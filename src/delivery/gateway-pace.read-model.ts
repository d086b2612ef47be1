import type { Queries } from '../platform/database/database';
import { LOCAL_DAY } from './gate';
import { measuredRate } from './measured-rate.read-model';

/** How fast texts of one sender ID leave through a gateway, as far as anybody can say beforehand. */
export interface GatewayPace {
  readonly segmentsPerSecond: number;
  /**
   * The lower one holds: `measured` is what the gateway took of late, `contract` what its terms or the sender ID's own permit;
   * `assumed` while neither is known.
   */
  readonly basis: 'measured' | 'contract' | 'assumed';
  /** It is the sender ID's own limit: texts of others do not wait in line with it. */
  readonly isSendersOwn: boolean;
  /** Every instance that sends finds that it takes no texts now. */
  readonly isAway: boolean;
  /** Null: as many as it takes. */
  readonly quota: { readonly segmentsPerDay: number; readonly leftToday: number } | null;
}

/**
 * While nothing is known: a rate that hardly any contract stays below, so that a forecast errs on the side of taking longer.
 * 37,400 texts of four segments then take four hours.
 */
const ASSUMED_SEGMENTS_PER_SECOND = 10;

interface Permitted {
  readonly isAway: boolean;
  readonly rate: number | null;
  readonly ownRate: number | null;
  readonly segmentsPerDay: number | null;
  readonly leftToday: number | null;
}

/** @param sender whose own limits hold too; left out: those of the gateway as a whole */
export async function gatewayPace(queries: Queries, gateway: string, sender = ''): Promise<GatewayPace> {
  const permitted = await queries.row<Permitted>(
    `select min(t.segments_per_second) as rate,
       min(t.segments_per_second) filter (where t.sender <> '') as "ownRate",
       min(t.segments_per_day) as "segmentsPerDay",
       min(greatest(t.segments_per_day - case when k.day = ${LOCAL_DAY} then k.used else 0 end, 0)) as "leftToday",
       coalesce((select bool_and(breaker <> 'closed') from gateway_reports where gateway = $1 and until > now()), false) as "isAway"
     from gateway_terms t join rate_buckets k on k.gateway = t.gateway and k.sender = t.sender
     where t.gateway = $1 and t.sender in ('', $2)`,
    [gateway, sender],
  );
  const { rate, ownRate, segmentsPerDay, leftToday, isAway } = permitted!;
  const slowest = slower(await measuredRate(queries, gateway, sender), rate);
  return {
    ...slowest,
    isSendersOwn: slowest.basis === 'contract' && ownRate === rate,
    isAway,
    quota: segmentsPerDay === null ? null : { segmentsPerDay, leftToday: leftToday! },
  };
}

function slower(measured: number | null, permitted: number | null): Pick<GatewayPace, 'segmentsPerSecond' | 'basis'> {
  if (measured !== null && (permitted === null || measured <= permitted)) {
    return { segmentsPerSecond: measured, basis: 'measured' };
  }
  if (permitted !== null) return { segmentsPerSecond: permitted, basis: 'contract' };
  return { segmentsPerSecond: ASSUMED_SEGMENTS_PER_SECOND, basis: 'assumed' };
}

/** Work of others at the same gateway. */
export interface OtherWork {
  readonly segments: number;
  /** It is of a faster lane: all of it leaves before ours. Otherwise both take turns. */
  readonly goesFirst: boolean;
}

/**
 * What other batches have released and not handed over yet, as far as it leaves before or in turn with a batch of this lane.
 * Of a spread or a first wave that is only what may leave by now. Segments are those of each batch's average message.
 *
 * Reads the chunks of the batches that are being sent, one row per 500 texts.
 *
 * @param of.sender only of this sender ID; null: of all
 */
export async function workOfOthers(
  queries: Queries,
  { gateway, sender, lane, batchId }: { gateway: string; sender: string | null; lane: 0 | 1; batchId: number | null },
): Promise<OtherWork[]> {
  return queries.rows<OtherWork>(
    `select b.lane > $2 as "goesFirst",
       ceil(sum(case when c.attempt = 1 then greatest(least(c.hi, b.released_to) - c.marked, 0) else c.hi - c.marked end)
         * b.segments::float8 / b.size) as segments
     from batches b join chunks c on c.batch_id = b.id
     where b.state = 'released' and b.gateway = $1 and b.lane >= $2 and ($4::text is null or b.sender = $4) and b.id is distinct from $3 and c.state <> 'done'
     group by b.id having sum(c.hi - c.marked) > 0`,
    [gateway, lane, batchId, sender],
  );
}
