import { createHash } from 'node:crypto';
import type { Queries } from '../../platform/database/database';
import type { Campaign } from '../campaigns.store';

/** The digest of all that decides a campaign's texts and their sender: another one asks for another test send. */
export function contentKeyOf(
  campaign: Pick<Campaign, 'templateVersionId' | 'values' | 'areaValues' | 'accented' | 'gateway' | 'sender'>,
): Buffer {
  const { templateVersionId, values, areaValues, accented, gateway, sender } = campaign;
  const inOrder = (entries: Readonly<Record<string, string>>): unknown => Object.entries(entries).sort();
  const ofAreas = areaValues.map((entry) => [entry.areaIds, inOrder(entry.values)]);
  const decides = [templateVersionId, inOrder(values), ofAreas, accented, gateway, sender];
  return createHash('sha256').update(JSON.stringify(decides)).digest();
}

/** `accepted`: the gateway took at least one text with this content; `waiting`: none yet; `failed`: all are over. */
export async function testSendState(
  queries: Queries,
  campaignId: number,
  contentKey: Buffer,
): Promise<'none' | 'waiting' | 'failed' | 'accepted'> {
  const row = await queries.row<{ tests: number; waiting: number; accepted: number }>(
    `select count(*) as tests, count(*) filter (where b.finished_at is null) as waiting,
       count(*) filter (where exists (
         select from outcomes o where o.batch_id = t.batch_id and o.kind = 'accepted')) as accepted
     from test_sends t join batches b on b.id = t.batch_id
     where t.campaign_id = $1 and t.content_key = $2`,
    [campaignId, contentKey],
  );
  const { tests, waiting, accepted } = row!;
  if (tests === 0) return 'none';
  if (accepted > 0) return 'accepted';
  return waiting > 0 ? 'waiting' : 'failed';
}
