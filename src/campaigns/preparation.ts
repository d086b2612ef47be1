import { Injectable } from '@nestjs/common';
import { readCalendar, toCalendar } from '../calendar';
import { gatewayPace, GatewayRegistry, workOfOthers } from '../delivery';
import { Clock } from '../platform/clock';
import { Config } from '../platform/config';
import type { Queries } from '../platform/database/database';
import { areasWithPredecessors } from '../subscribers';
import { TemplatesService } from '../templates';
import type { AudienceQuestion } from './audience.store';
import { originStillRunning } from './campaign-faults';
import { type Campaign, readCampaign } from './campaigns.store';
import { findTopicBatches } from './fatigue.read-model';
import type { TextPlan } from './recipient-texts';
import { resentBatches } from './running/linked.read-model';
import { laneOf, routesOf } from './plan';
import { firstWaveSize } from './running/watch';
import { forecast, type Forecast, type Work } from './schedule/forecast';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Puts together what a campaign's texts, its audience and its forecast follow from. */
@Injectable()
export class CampaignPreparation {
  constructor(
    private readonly templates: TemplatesService,
    private readonly gateways: GatewayRegistry,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async textPlan(queries: Queries, campaign: Campaign): Promise<TextPlan> {
    const areas = await queries.rows<{ id: number; name: string }>('select id, name from areas');
    const areaValues = new Map<number, Readonly<Record<string, string>>>();
    for (const { areaIds, values } of campaign.areaValues) {
      for (const id of await areasWithPredecessors(queries, areaIds)) areaValues.set(id, values);
    }
    return {
      version: await this.templates.version(campaign.templateVersionId, queries),
      values: campaign.values,
      areaValues,
      areaNames: new Map(areas.map(({ id, name }) => [id, name])),
      limits: routesOf(campaign).map(({ gateway }) => ({
        gateway,
        limits: this.gateways.get(gateway).capabilities.limits,
      })),
    };
  }

  /** @throws originStillRunning */
  async question(queries: Queries, campaign: Campaign, topic: string): Promise<AudienceQuestion> {
    const { id: campaignId, kind, originId, overrides } = campaign;
    const originBatchId = originId === null ? null : await endedBatchOf(queries, originId);
    const isCapped = kind === 'notice' && overrides.fatigueCap === undefined;
    return {
      ...{ campaignId, kind, originBatchId },
      resentBatchIds: kind === 'resend' ? await resentBatches(queries, { id: campaignId, originId: originId! }) : [],
      leftOutAfter: this.config.NUMBER_LEFT_OUT_AFTER,
      fatigue: isCapped ? await this.fatigue(queries, topic, campaign) : null,
    };
  }

  /** The days count back from the start, which may be weeks away. */
  private async fatigue(queries: Queries, topic: string, campaign: Campaign): Promise<AudienceQuestion['fatigue']> {
    const row = await queries.row<{ days: number }>('select fatigue_days as days from topics where code = $1', [topic]);
    if (!row || row.days === 0) return null;
    const startsAt = new Date(Math.max(campaign.startsAt.getTime(), this.clock.now().getTime()));
    const since = new Date(startsAt.getTime() - row.days * DAY_MS);
    const question = { topic, campaignId: campaign.id, startsAt, since, days: row.days };
    return { ...(await findTopicBatches(queries, question)), since };
  }

  /** When it would be sent, through its first gateway, if it were approved now. */
  async forecast(queries: Queries, campaign: Campaign, left: Work): Promise<Forecast> {
    const { startsAt, deadline, schedule, overrides, gateway, sender, kind } = campaign;
    const { firstWave, spreadMinutes } = schedule;
    const inWave = firstWave === null ? 0 : firstWaveSize(firstWave, left.messages);
    const ofWave = { messages: inWave, segments: Math.ceil((left.segments * inWave) / left.messages) };
    const pace = await gatewayPace(queries, gateway, sender);
    const line = { gateway, sender: pace.isSendersOwn ? sender : null, lane: laneOf(kind), batchId: null };
    return forecast({
      ...{ now: this.clock.now(), startsAt, deadline, left, spreadMinutes },
      window: overrides.urgent === undefined ? schedule.window : null,
      calendar: toCalendar(await readCalendar(queries)),
      firstWave: inWave === 0 ? null : ofWave,
      ...pace,
      others: await workOfOthers(queries, line),
    });
  }
}

/** An origin that may still reach people would leave some without their correction. */
async function endedBatchOf(queries: Queries, originId: number): Promise<number> {
  const origin = await readCampaign(queries, originId);
  const isEnded = origin?.state === 'completed' || (origin?.state === 'cancelled' && origin.startedAt !== null);
  if (!isEnded) throw originStillRunning({ id: originId });
  return origin.batchId!;
}
