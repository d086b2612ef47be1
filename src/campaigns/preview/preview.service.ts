import { Injectable } from '@nestjs/common';
import { setImmediate } from 'node:timers/promises';
import { dearestPrice } from '../../delivery';
import { Database, type Transaction } from '../../platform/database/database';
import type { Language } from '../../platform/errors';
import { findRegistered, type RegisteredSearch } from '../../subscribers';
import { fixAudience, readAudiencePages, type Recipient } from '../audience.store';
import { campaignNotFound, previewBusy, recipientNotInRegister } from '../campaign-faults';
import { type Campaign, readCampaign } from '../campaigns.store';
import { gatewaysOf } from '../plan';
import { CampaignPreparation } from '../preparation';
import { RecipientTexts } from '../recipient-texts';
import { forecastTimes } from '../running/forecast-view';
import { SubmissionRules } from '../submission-rules';
import { CampaignPreview, PreviewCount, Sample, sampleOf } from './preview';

/** Each renders every recipient, which keeps a core busy: 37,400 in about a second, 1,000,000 in half a minute. */
const MOST_AT_ONCE = 2;
/** Recipients rendered before the rest of the program gets its turn: some milliseconds. */
const AT_ONCE = 500;

/** What a campaign would be if it were submitted now; writes nothing. */
@Injectable()
export class PreviewService {
  private running = 0;

  constructor(
    private readonly database: Database,
    private readonly preparation: CampaignPreparation,
    private readonly rules: SubmissionRules,
  ) {}

  /** @throws campaignNotFound, previewBusy, originStillRunning */
  async preview(id: number, language: Language): Promise<CampaignPreview> {
    if (this.running >= MOST_AT_ONCE) throw previewBusy({}, { retryAfterSeconds: 5 });
    this.running += 1;
    try {
      return await this.database.transaction(async (tx) => this.renderAll(tx, await this.campaign(tx, id), language));
    } finally {
      this.running -= 1;
    }
  }

  /** The text of anybody in the register, whether he is in the audience or not. @throws recipientNotInRegister */
  async sample(id: number, subscriberId: number): Promise<Sample> {
    const [sample] = await this.samples(id, { subscriberId });
    if (!sample) throw recipientNotInRegister({ id: subscriberId });
    return sample;
  }

  /** The texts of the first people who are found by a name or a whole number. */
  async samples(id: number, search: RegisteredSearch): Promise<Sample[]> {
    return this.database.transaction(async (tx) => {
      const campaign = await this.campaign(tx, id);
      const texts = new RecipientTexts(await this.preparation.textPlan(tx, campaign));
      const found: Recipient[] = await findRegistered(tx, search);
      return found.map((recipient) => sampleOf(texts, recipient, modeOf(campaign)));
    });
  }

  private async renderAll(tx: Transaction, campaign: Campaign, language: Language): Promise<CampaignPreview> {
    const textPlan = await this.preparation.textPlan(tx, campaign);
    const question = await this.preparation.question(tx, campaign, textPlan.version.topic);
    const audience = await fixAudience(tx, question, { record: false });
    const count = new PreviewCount(new RecipientTexts(textPlan), modeOf(campaign));
    for await (const page of readAudiencePages(tx)) {
      for (const [index, recipient] of page.entries()) {
        count.add(recipient);
        if (index % AT_ONCE === 0) await setImmediate();
      }
    }
    const vndPerSegment = await dearestPrice(tx, gatewaysOf(campaign));
    const result = count.result(audience, textPlan.version, vndPerSegment);
    const { messages, segments } = result.modes[modeOf(campaign)];
    const times = messages === 0 ? null : await this.preparation.forecast(tx, campaign, { messages, segments });
    const broken = await this.rules.faults(tx, campaign, textPlan.version);
    const unmet = broken.map(({ code, text, details }) => ({ field: details.field ?? '', code, message: text }));
    return { ...result, forecast: times && forecastTimes(times, language), unmet };
  }

  private async campaign(tx: Transaction, id: number): Promise<Campaign> {
    const campaign = await readCampaign(tx, id);
    if (!campaign) throw campaignNotFound({ id });
    return campaign;
  }
}

function modeOf({ accented }: Campaign): 'accented' | 'unaccented' {
  return accented ? 'accented' : 'unaccented';
}
