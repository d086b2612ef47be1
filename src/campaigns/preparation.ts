import { Injectable } from '@nestjs/common';
import { nextOpening, readCalendar, toCalendar } from '../calendar';
import { gatewayRate, GatewayRegistry, senderFaults } from '../delivery';
import { Clock, formatLocalDay, localDay } from '../platform/clock';
import { Config } from '../platform/config';
import type { Queries } from '../platform/database/database';
import { areasWithPredecessors } from '../subscribers';
import { type CompiledVersion, TemplatesService } from '../templates';
import { readDocument } from './approval/official-documents.read-model';
import { contentKeyOf, testSendState } from './approval/test-sends.read-model';
import type { AudienceQuestion } from './audience.store';
import {
  deadlinePassed,
  documentMissing,
  neverOpens,
  originStillRunning,
  senderRefused,
  templateArchived,
  templateExpired,
  testSendMissing,
  testSendNotAccepted,
} from './campaign-faults';
import { type Campaign, readCampaign } from './campaigns.store';
import { findTopicBatches } from './fatigue.read-model';
import type { TextPlan } from './recipient-texts';
import { resentBatches } from './running/linked.read-model';
import { firstWaveSize } from './running/watch';
import { forecast, type Forecast, type Work } from './schedule/forecast';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Puts together what a campaign's texts and audience follow from, and the rules it must keep before people see it. */
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
      limits: this.gateways.get(campaign.gateway).capabilities.limits,
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
      fatigue: isCapped ? await this.fatigue(queries, topic, campaign.startsAt) : null,
    };
  }

  /** The days count back from the start, which may be weeks away. */
  private async fatigue(queries: Queries, topic: string, startsAt: Date): Promise<AudienceQuestion['fatigue']> {
    const row = await queries.row<{ days: number }>('select fatigue_days as days from topics where code = $1', [topic]);
    if (!row || row.days === 0) return null;
    const since = new Date(Math.max(startsAt.getTime(), this.clock.now().getTime()) - row.days * DAY_MS);
    return { batchIds: await findTopicBatches(queries, topic, since), since };
  }

  /** When it would be sent if it were approved now. */
  async forecast(queries: Queries, campaign: Campaign, left: Work): Promise<Forecast> {
    const { startsAt, deadline, schedule, overrides, gateway } = campaign;
    const { firstWave, spreadMinutes } = schedule;
    const inWave = firstWave === null ? 0 : firstWaveSize(firstWave, left.messages);
    const ofWave = { messages: inWave, segments: Math.ceil((left.segments * inWave) / left.messages) };
    return forecast({
      ...{ now: this.clock.now(), startsAt, deadline, left, spreadMinutes },
      window: overrides.urgent === undefined ? schedule.window : null,
      calendar: toCalendar(await readCalendar(queries)),
      firstWave: inWave === 0 ? null : ofWave,
      ...(await gatewayRate(queries, gateway)),
    });
  }

  /**
   * The rules that need no look at the audience.
   *
   * @returns the SHA-256 of the official document's scan
   * @throws templateArchived, templateExpired, deadlinePassed, neverOpens, senderRefused, documentMissing, testSendMissing,
   *   testSendNotAccepted
   */
  async checkRules(queries: Queries, campaign: Campaign, version: CompiledVersion): Promise<string> {
    const { gateway, sender, deadline } = campaign;
    if (version.archivedAt !== null) throw templateArchived();
    this.checkValidity(campaign, version);
    if (deadline && deadline <= this.clock.now()) throw deadlinePassed();
    if (!(await this.canEverLeave(queries, campaign))) throw neverOpens();
    if (senderFaults(this.gateways.get(gateway).capabilities.limits, sender).length > 0) throw senderRefused();
    const document = campaign.documentId === null ? undefined : await readDocument(queries, campaign.documentId);
    if (!document) throw documentMissing();
    const state = await testSendState(queries, campaign.id, contentKeyOf(campaign));
    if (state === 'none') throw testSendMissing();
    if (state !== 'accepted') throw testSendNotAccepted({ state });
    return document.sha256;
  }

  /** Days may lie between a submission and its approval, or a pause and its end. @throws templateExpired */
  async checkStillValid(queries: Queries, campaign: Campaign): Promise<void> {
    this.checkValidity(campaign, await this.templates.version(campaign.templateVersionId, queries));
  }

  private checkValidity({ startsAt, overrides }: Campaign, version: CompiledVersion): void {
    const day = localDay(new Date(Math.max(startsAt.getTime(), this.clock.now().getTime())));
    if (overrides.expiredTemplate !== undefined || isValidOn(version, day)) return;
    throw templateExpired({ validity: validityInWords(version), day: formatLocalDay(day) });
  }

  private async canEverLeave(
    queries: Queries,
    { startsAt, deadline, schedule, overrides }: Campaign,
  ): Promise<boolean> {
    if (overrides.urgent !== undefined) return true;
    const from = new Date(Math.max(startsAt.getTime(), this.clock.now().getTime()));
    const opensAt = nextOpening(schedule.window, from, toCalendar(await readCalendar(queries)));
    return opensAt !== undefined && (deadline === null || opensAt < deadline);
  }
}

function isValidOn({ validFrom, validTo }: CompiledVersion, day: string): boolean {
  return (validFrom === null || validFrom <= day) && (validTo === null || day <= validTo);
}

function validityInWords({ validFrom, validTo }: CompiledVersion): string {
  return `${validFrom ? formatLocalDay(validFrom) : '…'} – ${validTo ? formatLocalDay(validTo) : '…'}`;
}

/** An origin that may still reach people would leave some without their correction. */
async function endedBatchOf(queries: Queries, originId: number): Promise<number> {
  const origin = await readCampaign(queries, originId);
  const isEnded = origin?.state === 'completed' || (origin?.state === 'cancelled' && origin.startedAt !== null);
  if (!isEnded) throw originStillRunning({ id: originId });
  return origin.batchId!;
}
