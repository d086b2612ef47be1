import { createHash } from 'node:crypto';
import { prepareBatch, PreparedBatch, PreparedMessage } from '../delivery';
import { localDay } from '../platform/clock';
import type { Transaction } from '../platform/database/database';
import { Fault, FieldFault, fillIn } from '../platform/errors';
import { CompiledVersion, countSegments, valuesFor } from '../templates';
import { AudienceSize, fixAudience, readAudiencePages, Recipient } from './audience.store';
import { noRecipients } from './campaign-faults';
import { type Campaign, readAudience } from './campaigns.store';

export interface Submission extends AudienceSize {
  readonly batch: PreparedBatch;
  readonly contentHash: string;
}

/** So many recipients who lack a value are named, by the ids of their records. */
const MOST_NAMED = 20;

/** Who lacks which of the template's values. */
class Lacking {
  private readonly byName = new Map<string, { count: number; ids: number[] }>();

  note(name: string, subscriberId: number): void {
    const entry = this.byName.get(name) ?? { count: 0, ids: [] };
    entry.count += 1;
    if (entry.ids.length < MOST_NAMED) entry.ids.push(subscriberId);
    this.byName.set(name, entry);
  }

  get isEmpty(): boolean {
    return this.byName.size === 0;
  }

  /** @throws Fault `campaign.values-missing`: how many recipients lack which value, and the first of them by id */
  refuse(version: CompiledVersion): never {
    const fields = [...this.byName].map(([name, { count, ids }]): FieldFault => {
      const variable = version.variables[name]!;
      const params = { name, label: variable.label, count, ids: ids.join(', ') };
      return variable.source === 'campaign'
        ? { field: `values.${name}`, code: 'campaign.value-missing', message: fillIn(CAMPAIGN_VALUE_MISSING, params) }
        : { field: name, code: 'campaign.recipients-lack-value', message: fillIn(RECIPIENTS_LACK_VALUE, params) };
    });
    throw new Fault('invalid', 'campaign.values-missing', VALUES_MISSING, { field: fields[0]!.field, fields });
  }
}

const VALUES_MISSING = {
  vi: 'Chưa trình được: mẫu tin cần những giá trị còn thiếu, xem "errors". Chưa có gì được ghi hay gửi.',
  en: 'Not submitted: the template needs values that are missing, see "errors". Nothing was written or sent.',
};
const CAMPAIGN_VALUE_MISSING = {
  vi: 'Chiến dịch chưa có giá trị "{label}" ({name}). Hãy nhập giá trị này.',
  en: 'The campaign has no value for "{label}" ({name}). Enter it.',
};
const RECIPIENTS_LACK_VALUE = {
  vi: '{count} thuê bao không có "{label}" ({name}): mã {ids}… Hãy bổ sung dữ liệu hoặc chọn mẫu khác.',
  en: '{count} subscribers have no "{label}" ({name}): ids {ids}… Complete their data or choose another template.',
};

/**
 * Renders every recipient of a campaign and writes the batch, all in the caller's transaction.
 *
 * @param leftOutAfter see `fixAudience`
 * @throws noRecipients; a fault `campaign.values-missing` naming how many lack what; the faults of rendering
 */
export async function submitCampaign(
  tx: Transaction,
  campaign: Campaign,
  version: CompiledVersion,
  leftOutAfter: number,
): Promise<Submission> {
  const size = await fixAudience(tx, campaign.id, leftOutAfter);
  const { gateway, sender, startsAt } = campaign;
  const { listIds } = await readAudience(tx, campaign.id);
  const plan = { gateway, sender, plannedDay: localDay(startsAt), notBefore: startsAt, listIds };
  const lacking = new Lacking();
  const batch = await prepareBatch(tx, plan, renderPages(tx, campaign, version, lacking));
  if (!lacking.isEmpty) lacking.refuse(version);
  if (!batch) throw noRecipients();
  return { ...size, batch, contentHash: contentHashOf(campaign, batch) };
}

async function* renderPages(
  tx: Transaction,
  campaign: Campaign,
  version: CompiledVersion,
  lacking: Lacking,
): AsyncGenerator<PreparedMessage[]> {
  for await (const page of readAudiencePages(tx)) {
    const messages = page.flatMap((recipient) => renderOne(recipient, campaign, version, lacking));
    // Once somebody lacks a value the rest is only counted: the transaction will be rolled back.
    if (lacking.isEmpty) yield messages;
  }
}

function renderOne(
  recipient: Recipient,
  campaign: Campaign,
  version: CompiledVersion,
  lacking: Lacking,
): PreparedMessage[] {
  const values = valuesFor(version.variables, recipient, campaign.values);
  const missing = version.compiled.missing(values);
  if (missing.length > 0) {
    for (const name of missing) lacking.note(name, recipient.subscriberId);
    return [];
  }
  const text = version.compiled.render(values, campaign.accented ? 'accented' : 'unaccented');
  const { subscriberId, areaId, phone, phoneKey } = recipient;
  return [{ subscriberId, areaId, phone, phoneKey, text, segments: countSegments(text).segments }];
}

/** What an approval binds: every text and number (by the batch's digest), the sender and the schedule. */
export function contentHashOf(campaign: Campaign, batch: Pick<PreparedBatch, 'digest' | 'size'>): string {
  const { templateVersionId, gateway, sender, accented, startsAt } = campaign;
  const bound = [
    batch.digest.toString('hex'),
    batch.size,
    templateVersionId,
    gateway,
    sender,
    accented,
    startsAt.toISOString(),
  ];
  return createHash('sha256').update(JSON.stringify(bound)).digest('hex');
}
