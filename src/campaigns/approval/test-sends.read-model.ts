import { hash } from 'node:crypto';
import { batchFigures, type BatchFigures, type MessageState, readMessages } from '../../delivery';
import { formatLocalTime } from '../../platform/clock';
import type { Queries } from '../../platform/database/database';
import { maskPhone } from '../../subscribers';
import type { Campaign } from '../campaigns.store';

/** What decides a campaign's texts and under which name they arrive. */
export type TestedContent = Pick<
  Campaign,
  'templateVersionId' | 'values' | 'areaValues' | 'accented' | 'gateway' | 'sender'
>;

/** What a test send tried: SHA-256, 32 bytes. An edit of anything in it asks for a new test. */
export function contentKeyOf(campaign: TestedContent): Buffer {
  const { templateVersionId, values, areaValues, accented, gateway, sender } = campaign;
  const areas = areaValues.map(({ areaIds, values: own }) => [[...areaIds].sort((a, b) => a - b), inOrder(own)]);
  const decides = [templateVersionId, inOrder(values), areas, accented, gateway, sender];
  return hash('sha256', JSON.stringify(decides), 'buffer');
}

/** The database gives back the keys of an object in an order of its own. */
function inOrder(values: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(values).sort(([one], [other]) => (one < other ? -1 : 1));
}

/**
 * How far the trying of a content is. `accepted`: a gateway took at least one text of it; `waiting`: one may still be
 * taken; `unknown`: nobody knows whether one was; `failed`: none was.
 */
export type TestSendState = 'none' | 'waiting' | 'unknown' | 'failed' | 'accepted';

export async function testSendState(queries: Queries, campaignId: number, contentKey: Buffer): Promise<TestSendState> {
  const tests = await queries.rows<{ batchId: number }>(
    'select batch_id as "batchId" from test_sends where campaign_id = $1 and content_key = $2',
    [campaignId, contentKey],
  );
  if (tests.length === 0) return 'none';
  const figures = await batchFigures(
    queries,
    tests.map(({ batchId }) => batchId),
  );
  const all = [...figures.values()];
  if (all.some(({ accepted }) => accepted > 0)) return 'accepted';
  if (all.some(({ queued, sending }) => queued + sending > 0)) return 'waiting';
  return all.some(({ unknown }) => unknown > 0) ? 'unknown' : 'failed';
}

export interface TestMessage {
  readonly seq: number;
  readonly state: MessageState;
  readonly code: string | null;
  readonly segments: number;
  /** Masked for those who may not see numbers; null when it was deleted. */
  readonly phone: string | null;
  /** Null for those who may not see numbers: a text names a person. */
  readonly text: string | null;
}

export interface TestSendView {
  readonly id: number;
  readonly sentBy: string;
  readonly sentAt: string;
  /** Whether it tried what the campaign says now. */
  readonly isCurrent: boolean;
  readonly figures: BatchFigures | null;
  readonly messages: readonly TestMessage[];
}

interface Row {
  readonly id: number;
  readonly batchId: number;
  readonly size: number;
  readonly contentKey: Buffer;
  readonly sentBy: string;
  readonly sentAt: Date;
}

export interface TestSendFilter {
  readonly id?: number;
  readonly before?: number;
  readonly limit: number;
  /** Whether the reader may see numbers and texts. */
  readonly reveal: boolean;
}

/** Newest first; `before` is the id the page before ended with. Three statements, however many tests. */
export async function findTestSends(
  queries: Queries,
  campaign: TestedContent & Pick<Campaign, 'id'>,
  { id, before, limit, reveal }: TestSendFilter,
): Promise<TestSendView[]> {
  const rows = await queries.rows<Row>(
    `select t.id, t.batch_id as "batchId", b.size, t.content_key as "contentKey", t.sent_by as "sentBy",
       t.sent_at as "sentAt"
     from test_sends t join batches b on b.id = t.batch_id
     where t.campaign_id = $1 and ($2::int is null or t.id = $2) and ($3::int is null or t.id < $3)
     order by t.id desc limit $4`,
    [campaign.id, id ?? null, before ?? null, limit],
  );
  const figures = await batchFigures(
    queries,
    rows.map(({ batchId }) => batchId),
  );
  const messages = await readMessages(
    queries,
    rows.flatMap(({ batchId, size }) => Array.from({ length: size }, (_, index) => ({ batchId, seq: index + 1 }))),
  );
  const contentKey = contentKeyOf(campaign);
  return rows.map((row) => ({
    id: row.id,
    sentBy: row.sentBy,
    sentAt: formatLocalTime(row.sentAt),
    isCurrent: row.contentKey.equals(contentKey),
    figures: figures.get(row.batchId) ?? null,
    messages: messages
      .filter(({ batchId }) => batchId === row.batchId)
      .map(({ seq, state, code, segments, phone, text }) => ({
        ...{ seq, state, code, segments },
        phone: phone === null || reveal ? phone : maskPhone(phone),
        text: reveal ? text : null,
      })),
  }));
}
