import { setTimeout as sleep } from 'node:timers/promises';
import { campaignStopped, noProgress } from './demo-faults';
import type { Progress } from './progress-bar';
import type { RestClient } from './rest-client';
import type { CampaignFigures, CampaignView } from './service-views';

const POLL_MS = 500;
/** A lease of a killed service runs out after 30 s, and a retry waits at most minutes. */
const NO_PROGRESS_SECONDS = 300;
const MOST_CAMPAIGNS = 500;

/**
 * Waits until every campaign is completed: every text accounted for.
 *
 * @throws campaignStopped when one was paused or cancelled, noProgress
 */
export async function waitUntilCompleted(
  client: RestClient,
  ids: readonly number[],
  show: (progress: Progress) => void,
): Promise<void> {
  let last = { done: -1, atMs: performance.now() };
  for (;;) {
    const campaigns = await readCampaigns(client, ids);
    const sums = addUp(campaigns);
    const done = sums.messages - sums.queued - sums.sending;
    show({ done, total: sums.messages, receipts: sums.delivered });
    if (campaigns.every(({ state }) => state === 'completed')) return;
    const stopped = campaigns.find(({ state }) => state === 'paused' || state === 'cancelled' || state === 'draft');
    if (stopped) throw campaignStopped({ name: stopped.name, state: stopped.state });
    if (done !== last.done) last = { done, atMs: performance.now() };
    const silentMs = performance.now() - last.atMs;
    if (silentMs > NO_PROGRESS_SECONDS * 1_000) {
      throw noProgress({ seconds: NO_PROGRESS_SECONDS, done, total: sums.messages });
    }
    await sleep(POLL_MS);
  }
}

export interface ReceiptsToCome {
  /** So long without a change, and no more are waited for. */
  readonly patienceSeconds: number;
  /** How many texts the carrier has taken by its own ledger: no others can ever get a receipt. */
  readonly takenByCarrier: () => Promise<number>;
}

/**
 * Waits until every accepted text has its receipt and none in doubt can get one any more (a receipt settles a doubt), or
 * until nothing has changed for so long.
 */
export async function waitForReceipts(
  client: RestClient,
  ids: readonly number[],
  { patienceSeconds, takenByCarrier }: ReceiptsToCome,
  show: (progress: Progress) => void,
): Promise<void> {
  let last = { state: '', atMs: performance.now() };
  for (;;) {
    const { messages, accepted, unknown, delivered, undelivered } = addUp(await readCampaigns(client, ids));
    const received = delivered + undelivered;
    show({ done: messages, total: messages, receipts: delivered });
    const state = `${received} ${accepted} ${unknown}`;
    const isNews = state !== last.state;
    if (isNews) last = { state, atMs: performance.now() };
    if (received >= accepted && (unknown === 0 || (isNews && (await takenByCarrier()) === accepted))) return;
    if (performance.now() - last.atMs > patienceSeconds * 1_000) return;
    await sleep(POLL_MS);
  }
}

/** One request for all: the newest campaigns come first. */
async function readCampaigns(client: RestClient, ids: readonly number[]): Promise<CampaignView[]> {
  const { items } = await client.get<{ items: CampaignView[] }>(`/api/v1/campaigns?limit=${MOST_CAMPAIGNS}`);
  return items.filter(({ id }) => ids.includes(id));
}

function addUp(campaigns: readonly CampaignView[]): CampaignFigures {
  const figures = campaigns.flatMap((campaign) => (campaign.figures ? [campaign.figures] : []));
  const sum = (name: keyof CampaignFigures): number => figures.reduce((total, one) => total + one[name], 0);
  const names = Object.keys(figures[0] ?? {}) as (keyof CampaignFigures)[];
  return Object.fromEntries(names.map((name) => [name, sum(name)])) as unknown as CampaignFigures;
}
