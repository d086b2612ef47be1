import { setTimeout as sleep } from 'node:timers/promises';
import type { People } from './accounts';
import { testSendNotAccepted } from './demo-faults';
import type { RestClient } from './rest-client';
import type { TestSendView } from './service-views';

const POLL_MS = 100;
/** A lease of a killed service runs out after 30 s. */
const PATIENCE_SECONDS = 120;
/** The simulator refuses half a percent for good, this number's texts among them. */
const MOST_TRIES = 3;

/**
 * Sends a draft to the member of staff who wrote it and waits until the gateway has taken it. What an earlier run tried
 * counts, unless it was refused or is in doubt.
 *
 * @throws testSendNotAccepted
 */
export async function tryOnStaff({ staff, auditor }: People, campaignId: number): Promise<void> {
  const startedMs = performance.now();
  let tries = 0;
  while (performance.now() - startedMs < PATIENCE_SECONDS * 1_000) {
    // Read by the auditor, who sees no numbers: what staff see of numbers is put on record each time.
    const figures = (await readTestSends(auditor, campaignId))
      .filter(({ isCurrent }) => isCurrent)
      .flatMap(({ figures: one }) => one ?? []);
    if (figures.some(({ accepted }) => accepted > 0)) return;
    const isUnderWay = figures.some(({ queued, sending }) => queued + sending > 0);
    if (isUnderWay) {
      await sleep(POLL_MS);
      continue;
    }
    if (tries === MOST_TRIES) break;
    await staff.post(pathOf(campaignId));
    tries += 1;
  }
  throw testSendNotAccepted({ id: campaignId });
}

/** What the service says became of all test texts of these campaigns. */
export interface TestTexts {
  readonly accepted: number;
  readonly unknown: number;
}

export async function readTestTexts(auditor: RestClient, campaignIds: readonly number[]): Promise<TestTexts> {
  const tests = await Promise.all(campaignIds.map((id) => readTestSends(auditor, id)));
  const figures = tests.flat().flatMap(({ figures: one }) => one ?? []);
  return {
    accepted: figures.reduce((sum, { accepted }) => sum + accepted, 0),
    unknown: figures.reduce((sum, { unknown }) => sum + unknown, 0),
  };
}

async function readTestSends(auditor: RestClient, campaignId: number): Promise<readonly TestSendView[]> {
  return (await auditor.get<{ items: TestSendView[] }>(pathOf(campaignId))).items;
}

const pathOf = (campaignId: number): string => `/api/v1/campaigns/${campaignId}/test-sends`;
