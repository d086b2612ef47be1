import { setTimeout as sleep } from 'node:timers/promises';
import { campaignStopped, noProgress } from './demo-faults';
import type { Progress } from './progress-bar';
import type { RestClient } from './rest-client';
import type { CampaignFigures, CampaignView } from './service-views';

const POLL_MS = 500;
/** A lease of a killed service runs out after 30 s, and a retry waits at most minutes. */
const NO_PROGRESS_SECONDS = 300;
const MOST_CAMPAIGNS = 500;

/** The figures of the four campaigns together. */
export type Sums = Record<keyof CampaignFigures, number>;

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

/**
 * Waits until every accepted text has its receipt and none is in doubt (a receipt settles that too), or until nothing
 * has changed for so long.
 */
export async function waitForReceipts(
  client: RestClient,
  ids: readonly number[],
  patienceSeconds: number,
  show: (progress: Progress) => void,
): Promise<Sums> {
  let last = { state: '', atMs: performance.now() };
  for (;;) {
    const sums = addUp(await readCampaigns(client, ids));
    const received = sums.delivered + sums.undelivered;
    show({ done: sums.messages, total: sums.messages, receipts: sums.delivered });
    if (received >= sums.accepted && sums.unknown === 0) return sums;
    const state = `${received} ${sums.accepted} ${sums.unknown}`;
    if (state !== last.state) last = { state, atMs: performance.now() };
    if (performance.now() - last.atMs > patienceSeconds * 1_000) return sums;
    await sleep(POLL_MS);
  }
}

/** One request for all: the newest campaigns come first. */
async function readCampaigns(client: RestClient, ids: readonly number[]): Promise<CampaignView[]> {
  const { items } = await client.get<{ items: CampaignView[] }>(`/api/v1/campaigns?limit=${MOST_CAMPAIGNS}`);
  return items.filter(({ id }) => ids.includes(id));
}

function addUp(campaigns: readonly CampaignView[]): Sums {
  const figures = campaigns.flatMap((campaign) => (campaign.figures ? [campaign.figures] : []));
  const sum = (name: keyof CampaignFigures): number => figures.reduce((total, one) => total + one[name], 0);
  const names = Object.keys(figures[0] ?? {}) as (keyof CampaignFigures)[];
  return Object.fromEntries(names.map((name) => [name, sum(name)])) as Sums;
}
