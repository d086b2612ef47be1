import { readCalendar, toCalendar } from '../../calendar';
import { type BatchFigures, batchFigures, type GatewayRate } from '../../delivery';
import type { Queries } from '../../platform/database/database';
import type { CampaignState } from '../lifecycle';
import type { Overrides, PauseReason, Schedule } from '../plan';
import { forecast, type Forecast } from '../schedule/forecast';
import { workAhead } from './work-ahead';

/** How a campaign stands. */
export interface Standing {
  readonly state: CampaignState;
  readonly pauseReason: PauseReason | null;
  /** Nothing of it will be handed over any more, and nothing is in flight. */
  readonly isOver: boolean;
  readonly batchId: number | null;
  /** Null until it is submitted. */
  readonly figures: BatchFigures | null;
  /** As if it went on now, when it stands still; null until it is submitted. */
  readonly forecast: Forecast | null;
  /** Vietnamese đồng for a segment; null while the office has entered no price. */
  readonly vndPerSegment: number | null;
}

interface Row {
  readonly state: CampaignState;
  readonly pauseReason: PauseReason | null;
  readonly batchId: number | null;
  readonly hasEnded: boolean;
  readonly gateway: string;
  readonly startsAt: Date;
  readonly deadline: Date | null;
  readonly schedule: Schedule;
  readonly overrides: Overrides;
  readonly inFirstWave: boolean;
  readonly vndPerSegment: number | null;
}

/** What a gateway takes. */
type RateOf = (gateway: string) => Promise<GatewayRate>;

/**
 * @param queries a transaction with one snapshot, so that state, figures and forecast fit together
 * @returns undefined when there is no such campaign
 */
export async function readStanding(
  queries: Queries,
  id: number,
  now: Date,
  rateOf: RateOf,
): Promise<Standing | undefined> {
  const row = await queries.row<Row>(
    `select c.state, c.pause_reason as "pauseReason", c.batch_id as "batchId", c.gateway, c.starts_at as "startsAt",
       c.deadline, c.schedule, c.overrides, b.in_first_wave as "inFirstWave", c.vnd_per_segment as "vndPerSegment",
       c.state in ('completed', 'cancelled') and (b.id is null or b.finished_at is not null) as "hasEnded"
     from campaigns c left join batches b on b.id = c.batch_id where c.id = $1`,
    [id],
  );
  if (!row) return undefined;
  const { state, pauseReason, batchId, hasEnded, vndPerSegment } = row;
  const figures = batchId === null ? undefined : (await batchFigures(queries, [batchId])).get(batchId);
  return {
    ...{ state, pauseReason, batchId, vndPerSegment },
    isOver: hasEnded,
    figures: figures ?? null,
    forecast: figures ? await forecastOf(queries, row, figures, now, rateOf) : null,
  };
}

async function forecastOf(
  queries: Queries,
  row: Row,
  figures: BatchFigures,
  now: Date,
  rateOf: RateOf,
): Promise<Forecast> {
  const { startsAt, deadline, schedule, overrides, inFirstWave } = row;
  return forecast({
    ...{ now, startsAt, deadline },
    window: overrides.urgent === undefined ? schedule.window : null,
    calendar: toCalendar(await readCalendar(queries)),
    ...workAhead(figures, { inFirstWave, spreadMinutes: schedule.spreadMinutes }),
    ...(await rateOf(row.gateway)),
  });
}
