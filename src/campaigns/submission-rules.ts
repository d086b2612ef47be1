import { Injectable } from '@nestjs/common';
import { DEFAULT_WINDOW, nextOpening, readCalendar, type SendingWindow, toCalendar } from '../calendar';
import { GatewayRegistry, senderFaults } from '../delivery';
import { Clock, formatLocalDay, localDay } from '../platform/clock';
import type { Queries } from '../platform/database/database';
import type { Fault } from '../platform/errors';
import { type CompiledVersion, TemplatesService } from '../templates';
import { type OfficialDocument, readDocument } from './approval/official-documents.read-model';
import { contentKeyOf, testSendState } from './approval/test-sends.read-model';
import {
  deadlinePassed,
  documentMissing,
  neverOpens,
  senderRefused,
  templateArchived,
  templateExpired,
  testSendMissing,
  testSendNotAccepted,
  windowNeedsReason,
} from './campaign-faults';
import type { Campaign } from './campaigns.store';
import { routesOf } from './plan';

/** What a campaign must keep before people are asked to approve it, beside what its audience and texts turn out to be. */
@Injectable()
export class SubmissionRules {
  constructor(
    private readonly templates: TemplatesService,
    private readonly gateways: GatewayRegistry,
    private readonly clock: Clock,
  ) {}

  /** @returns the SHA-256 of the official document's scan @throws the first of `faults` */
  async check(queries: Queries, campaign: Campaign, version: CompiledVersion): Promise<string> {
    const [first] = await this.faults(queries, campaign, version);
    if (first) throw first;
    return (await documentOf(queries, campaign))!.sha256;
  }

  /** Every rule that is broken, in the order in which staff had best see to them. */
  async faults(queries: Queries, campaign: Campaign, version: CompiledVersion): Promise<Fault[]> {
    const { deadline, schedule, overrides } = campaign;
    const isLate = deadline !== null && deadline <= this.clock.now();
    const mayRingAnyTime = overrides.urgent !== undefined || overrides.window !== undefined;
    const found = [
      version.archivedAt !== null && templateArchived(),
      this.validityFault(campaign, version),
      isLate && deadlinePassed(),
      !mayRingAnyTime &&
        isWiderThanUsual(schedule.window) &&
        windowNeedsReason({ from: DEFAULT_WINDOW.from, to: DEFAULT_WINDOW.to }),
      !isLate && !(await this.canEverLeave(queries, campaign)) && neverOpens(),
      ...this.senderFaults(campaign),
      !(await documentOf(queries, campaign)) && documentMissing(),
      await testSendFault(queries, campaign),
    ];
    return found.filter((fault) => fault !== false && fault !== undefined);
  }

  /** Days may lie between a submission and its approval, or a pause and its end. @throws templateExpired */
  async checkStillValid(queries: Queries, campaign: Campaign): Promise<void> {
    const fault = this.validityFault(campaign, await this.templates.version(campaign.templateVersionId, queries));
    if (fault) throw fault;
  }

  private senderFaults(campaign: Campaign): Fault[] {
    return routesOf(campaign).flatMap(({ gateway, sender }, index) => {
      const field = index === 0 ? 'sender' : `alternatives[${index - 1}].sender`;
      const faults = senderFaults(this.gateways.get(gateway).capabilities.limits, sender);
      return faults.length > 0 ? [senderRefused({ gateway }, { field })] : [];
    });
  }

  private validityFault({ startsAt, overrides }: Campaign, version: CompiledVersion): Fault | undefined {
    const day = localDay(new Date(Math.max(startsAt.getTime(), this.clock.now().getTime())));
    if (overrides.expiredTemplate !== undefined || isValidOn(version, day)) return undefined;
    return templateExpired({ validity: validityInWords(version), day: formatLocalDay(day) });
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

function isWiderThanUsual({ from, to, onHolidays }: SendingWindow): boolean {
  return from < DEFAULT_WINDOW.from || to > DEFAULT_WINDOW.to || onHolidays;
}

function documentOf(queries: Queries, { documentId }: Campaign): Promise<OfficialDocument | undefined> {
  return documentId === null ? Promise.resolve(undefined) : readDocument(queries, documentId);
}

async function testSendFault(queries: Queries, campaign: Campaign): Promise<Fault | undefined> {
  const state = await testSendState(queries, campaign.id, contentKeyOf(campaign));
  if (state === 'accepted') return undefined;
  return state === 'none' ? testSendMissing() : testSendNotAccepted({ state });
}

function isValidOn({ validFrom, validTo }: CompiledVersion, day: string): boolean {
  return (validFrom === null || validFrom <= day) && (validTo === null || day <= validTo);
}

function validityInWords({ validFrom, validTo }: CompiledVersion): string {
  return `${validFrom ? formatLocalDay(validFrom) : '…'} – ${validTo ? formatLocalDay(validTo) : '…'}`;
}
