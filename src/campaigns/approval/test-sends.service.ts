import { Injectable } from '@nestjs/common';
import { appendAudit } from '../../audit';
import { moveBatch, prepareBatch, type PreparedMessage } from '../../delivery';
import { Clock, localDay } from '../../platform/clock';
import { Database, type Queries, type Transaction } from '../../platform/database/database';
import type { Actor } from '../../platform/http/actor';
import { Secrets } from '../../platform/secrets';
import { shareRegister } from '../../subscribers';
import { valueOrDefault } from '../../templates';
import type { Recipient } from '../audience.store';
import { campaignNotFound } from '../campaign-faults';
import { type Campaign, lockCampaign } from '../campaigns.store';
import { CampaignPreparation } from '../preparation';
import { RecipientTexts, type RecipientText, type TextPlan } from '../recipient-texts';
import { type Colleague, findColleagues, findTestRecipient } from './test-people.read-model';
import { noPhone, notSendable, onlyDrafts, tooManyTests, unknownColleague, unknownRecipient } from './test-send-faults';
import type { TestSendDto } from './test-sends.dto';
import { contentKeyOf } from './test-sends.read-model';
import { insertTestSend, testsOfLastHour } from './test-sends.store';

/** Colleagues' phones must not ring all day because somebody holds a key down. */
const MOST_TESTS_AN_HOUR = 20;
/** A test that could not leave by then is of no use any more, and might ring at night. */
const USEFUL_MS = 60 * 60 * 1000;

/** Whose record filled the example: nobody's. */
const NOBODY = { subscriberId: 0, phone: '', phoneKey: Buffer.alloc(0), areaId: 0 } as const;
const EXAMPLE: Recipient = { ...NOBODY, fullName: null, hamlet: null, language: null };

/** Sends a draft's text to staff's own numbers, to the letter as recipients will get it, outside of all statistics. */
@Injectable()
export class TestSends {
  constructor(
    private readonly database: Database,
    private readonly preparation: CampaignPreparation,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** @throws campaignNotFound, onlyDrafts, tooManyTests, unknownColleague, noPhone, unknownRecipient, notSendable */
  async send(actor: Actor, campaignId: number, { userIds, subscriberId }: TestSendDto): Promise<number> {
    return this.database.transaction(async (tx) => {
      const campaign = await lockCampaign(tx, campaignId);
      if (!campaign) throw campaignNotFound({ id: campaignId });
      if (campaign.state !== 'draft') throw onlyDrafts({ state: campaign.state });
      await refuseTooMany(tx, campaignId);
      const phones = await phonesOf(tx, userIds ?? [actor.personId!]);
      // Nobody is erased between the reading of his record and the writing of its text, where his erasure finds it.
      await shareRegister(tx);
      const text = await this.textOf(tx, campaign, subscriberId);
      const batchId = await this.release(tx, campaign, this.messagesTo(phones, text, subscriberId));
      const test = { campaignId, batchId, contentKey: contentKeyOf(campaign), sentBy: actor.id };
      const id = await insertTestSend(tx, test);
      const details = { testSend: id, userIds: userIds ?? [actor.personId!], subscriberId: subscriberId ?? null };
      await appendAudit(tx, { actor, act: 'campaign.test-send', subject: `campaign:${campaignId}`, details });
      return id;
    });
  }

  private async textOf(queries: Queries, campaign: Campaign, subscriberId?: number): Promise<RecipientText> {
    const plan = await this.preparation.textPlan(queries, campaign);
    const texts = new RecipientTexts(plan);
    const recipient = subscriberId === undefined ? EXAMPLE : await findTestRecipient(queries, subscriberId);
    if (!recipient) throw unknownRecipient({ id: subscriberId! });
    const values = subscriberId === undefined ? exampleValues(plan, texts) : texts.valuesOf(recipient);
    const text = values && texts.textOf(recipient, values, campaign.accented ? 'accented' : 'unaccented');
    if (!text) throw notSendable(texts.troubles.all(), plan.version);
    return text;
  }

  /**
   * One text for each number, whoever shares it. A text made from a subscriber's record carries his id, so that his erasure
   * finds it.
   */
  private messagesTo(phones: readonly string[], text: RecipientText, subscriberId = 0): PreparedMessage[] {
    return phones.map((phone) => ({
      ...{ subscriberId, areaId: 0, phone, phoneKey: this.secrets.phoneDigest(phone) },
      ...{ text: text.text, segments: text.segments },
    }));
  }

  private async release(tx: Transaction, campaign: Campaign, messages: PreparedMessage[]): Promise<number> {
    const now = this.clock.now();
    const { gateway, sender } = campaign;
    const plan = {
      ...{ gateway, sender, plannedDay: localDay(now), notBefore: now, listIds: [] },
      deadline: new Date(now.getTime() + USEFUL_MS),
      kind: 'test' as const,
      // Colleagues wait for it, and it is a handful: it need not queue behind a province.
      lane: 1 as const,
      window: null,
    };
    const batch = await prepareBatch(tx, plan, inOnePage(messages));
    await moveBatch(tx, batch!.id, 'released');
    return batch!.id;
  }
}

async function* inOnePage(messages: readonly PreparedMessage[]): AsyncGenerator<readonly PreparedMessage[]> {
  yield messages;
}

/** The caller holds the campaign's lock, so that two at once count each other. */
async function refuseTooMany(tx: Transaction, campaignId: number): Promise<void> {
  const { count, secondsUntilNext } = await testsOfLastHour(tx, campaignId);
  if (count < MOST_TESTS_AN_HOUR) return;
  throw tooManyTests({ most: MOST_TESTS_AN_HOUR }, { retryAfterSeconds: Math.max(1, secondsUntilNext) });
}

/** Each number once. @throws unknownColleague, noPhone */
async function phonesOf(queries: Queries, userIds: readonly number[]): Promise<string[]> {
  const found = new Map((await findColleagues(queries, userIds)).map((one): [number, Colleague] => [one.id, one]));
  const unknown = userIds.filter((id) => !found.has(id));
  if (unknown.length > 0) throw unknownColleague({ ids: unknown.join(', ') });
  const silent = userIds.filter((id) => found.get(id)!.phone === null);
  if (silent.length > 0) throw noPhone({ ids: silent.join(', ') });
  return [...new Set(userIds.map((id) => found.get(id)!.phone!))];
}

/** What the template's example says of a person, with the campaign's own values. Undefined when one of those is missing. */
function exampleValues({ version, values }: TextPlan, { troubles }: RecipientTexts) {
  const filled: Record<string, string | undefined> = {};
  for (const [name, variable] of Object.entries(version.variables)) {
    const value = variable.source === 'subscriber' ? version.example[name] : values[name];
    filled[name] = valueOrDefault(variable, value);
  }
  const compiled = version.inLanguage(EXAMPLE.language);
  const lacking = compiled.missing(filled);
  for (const name of lacking) troubles.note('missing', name, EXAMPLE.subscriberId);
  const unfit = lacking.length > 0 ? [] : compiled.unfit(filled);
  for (const name of unfit) troubles.note('unfit', name, EXAMPLE.subscriberId);
  return lacking.length + unfit.length > 0 ? undefined : filled;
}
