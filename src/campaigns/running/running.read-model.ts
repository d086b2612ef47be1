import { readCalendar, toCalendar } from '../../calendar';
import { type BatchFigures, batchFigures, type GatewayPace, workOfOthers } from '../../delivery';
import type { Queries } from '../../platform/database/database';
import type { CampaignState } from '../lifecycle';
import { type CampaignKind, laneOf, type Overrides, type PauseReason, type Schedule } from '../plan';
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
  readonly sender: string;
  readonly kind: CampaignKind;
  readonly startsAt: Date;
  readonly deadline: Date | null;
  readonly schedule: Schedule;
  readonly overrides: Overrides;
  readonly inFirstWave: boolean;
  readonly vndPerSegment: number | null;
}

/** How fast texts of a sender ID leave through a gateway. */
type PaceOf = (gateway: string, sender: string) => Promise<GatewayPace>;

/**
 * @param queries a transaction with one snapshot, so that state, figures and forecast fit together
 * @returns undefined when there is no such campaign
 */
export async function readStanding(
  queries: Queries,
  id: number,
  now: Date,
  paceOf: PaceOf,
): Promise<Standing | undefined> {
  const row = await queries.row<Row>(
    `select c.state, c.pause_reason as "pauseReason", c.batch_id as "batchId", c.gateway, c.sender, c.kind, c.starts_at as "startsAt",
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
    forecast: figures ? await forecastOf(queries, row, figures, now, paceOf) : null,
  };
}

async function forecastOf(
  queries: Queries,
  row: Row,
  figures: BatchFigures,
  now: Date,
  paceOf: PaceOf,
): Promise<Forecast> {
  const { startsAt, deadline, schedule, overrides, inFirstWave, gateway, sender, kind, batchId } = row;
  const pace = await paceOf(gateway, sender);
  const line = { gateway, sender: pace.isSendersOwn ? sender : null, lane: laneOf(kind), batchId };
  return forecast({
    ...{ now, startsAt, deadline },
    window: overrides.urgent === undefined ? schedule.window : null,
    calendar: toCalendar(await readCalendar(queries)),
    ...workAhead(figures, { inFirstWave, spreadMinutes: schedule.spreadMinutes }),
    ...pace,
    others: await workOfOthers(queries, line),
  });
}
