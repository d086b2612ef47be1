import { createHash } from 'node:crypto';
import { prepareBatch, type PreparedBatch, type PreparedMessage } from '../delivery';
import { localDay } from '../platform/clock';
import type { Transaction } from '../platform/database/database';
import type { AudienceCounts } from './audience';
import { type AudienceQuestion, fixAudience, readAudiencePages, type Recipient } from './audience.store';
import { noRecipients } from './campaign-faults';
import { type Campaign, readAudience } from './campaigns.store';
import { laneOf, type Overrides, type Route, type Schedule } from './plan';
import { RecipientTexts, type TextPlan } from './recipient-texts';
import { firstWaveSize } from './running/watch';

export interface Submission {
  readonly audience: AudienceCounts;
  readonly batch: PreparedBatch;
}

/**
 * Renders every recipient of a campaign and writes the batch, all in the caller's transaction.
 *
 * @throws noRecipients; a fault `campaign.values-missing` naming how many lack what, or whose texts cannot be sent
 */
export async function submitCampaign(
  tx: Transaction,
  campaign: Campaign,
  question: AudienceQuestion,
  textPlan: TextPlan,
): Promise<Submission> {
  const audience = await fixAudience(tx, question, { record: true });
  const texts = new RecipientTexts(textPlan);
  const plan = await planBatch(tx, campaign, audience.recipients);
  const batch = await prepareBatch(tx, plan, renderPages(tx, texts, campaign.accented));
  if (!texts.troubles.isEmpty) texts.troubles.refuse(textPlan.version);
  if (!batch) throw noRecipients();
  return { audience, batch };
}

async function planBatch(tx: Transaction, campaign: Campaign, recipients: number) {
  const { gateway, sender, alternatives, startsAt, deadline, schedule, overrides, kind } = campaign;
  const { listIds } = await readAudience(tx, campaign.id);
  return {
    ...{ gateway, sender, alternatives, deadline, plannedDay: localDay(startsAt), notBefore: startsAt },
    // A correction reaches whoever got the wrong text, on a list or not.
    listIds: kind === 'correction' ? [] : listIds,
    lane: laneOf(kind),
    window: overrides.urgent === undefined ? schedule.window : null,
    spreadSeconds: schedule.spreadMinutes === null ? null : schedule.spreadMinutes * 60,
    firstWave: schedule.firstWave === null ? null : firstWaveSize(schedule.firstWave, recipients),
  };
}

async function* renderPages(
  tx: Transaction,
  texts: RecipientTexts,
  accented: boolean,
): AsyncGenerator<Iterable<PreparedMessage>> {
  for await (const page of readAudiencePages(tx)) yield renderPage(page, texts, accented);
}

function* renderPage(page: readonly Recipient[], texts: RecipientTexts, accented: boolean): Generator<PreparedMessage> {
  const mode = accented ? 'accented' : 'unaccented';
  for (const recipient of page) {
    const values = texts.valuesOf(recipient);
    const text = values && texts.textOf(recipient, values, mode);
    // Once somebody cannot be texted the rest is only counted: the transaction will be rolled back.
    if (!text || !texts.troubles.isEmpty) continue;
    const { subscriberId, areaId, phone, phoneKey } = recipient;
    yield { subscriberId, areaId, phone, phoneKey, text: text.text, segments: text.segments };
  }
}

/** What an approval binds beside the batch. */
export interface BoundPlan {
  readonly templateVersionId: number;
  readonly kind: string;
  readonly originId: number | null;
  readonly gateway: string;
  readonly sender: string;
  readonly alternatives: readonly Route[];
  readonly accented: boolean;
  readonly startsAt: Date;
  readonly deadline: Date | null;
  readonly schedule: Schedule;
  readonly overrides: Overrides;
  readonly vndPerSegment: number | null;
}

/**
 * What an approval binds: every text and number (by the batch's digest), the segments and their price, the sender, the
 * schedule with all rules set aside, the paper behind it, and where else its texts may go. A campaign without alternatives
 * has the hash it had before there were any, so that what was approved then still is.
 *
 * @param documentSha256 hexadecimal, of the scan
 */
export function contentHashOf(
  campaign: BoundPlan,
  batch: Pick<PreparedBatch, 'digest' | 'size' | 'segments'>,
  documentSha256: string,
): string {
  const { templateVersionId, kind, originId, gateway, sender, accented, startsAt, deadline } = campaign;
  const { schedule, overrides, vndPerSegment, alternatives } = campaign;
  const bound = [
    ...[batch.digest.toString('hex'), batch.size, batch.segments, vndPerSegment],
    ...[templateVersionId, kind, originId, gateway, sender, accented, startsAt.toISOString()],
    ...[deadline?.toISOString() ?? null, scheduleInOrder(schedule), overridesInOrder(overrides), documentSha256],
    ...(alternatives.length > 0 ? [alternatives.map((one) => [one.gateway, one.sender])] : []),
  ];
  return createHash('sha256').update(JSON.stringify(bound)).digest('hex');
}

/** The database gives back the keys of an object in an order of its own. */
function scheduleInOrder({ window, spreadMinutes, misfire, firstWave, halt }: Schedule): unknown[] {
  const wave =
    firstWave && ('percent' in firstWave ? ['percent', firstWave.percent] : ['recipients', firstWave.recipients]);
  const hours = [window.from, window.to, [...window.days].sort(), window.onHolidays];
  return [hours, spreadMinutes, misfire, wave, halt && [halt.failures, halt.percent]];
}

function overridesInOrder({ urgent, window, expiredTemplate, fatigueCap }: Overrides): unknown[] {
  return [urgent, window, expiredTemplate, fatigueCap].map((reason) => reason ?? null);
}
