import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour } from '../src/gateways';
import { signReceipts } from '../src/gateways/simulator/receipt-signature';
import type { FaultName } from './faults';
import type { Stage } from './stage';

/** Between troubles. Numbers it refuses, it refuses for good. */
const CALM: Partial<Behaviour> = {
  ...{ latencyMs: 150, refuseShare: 0.01, optedOutShare: 0.002, retryAfterSeconds: 1 },
  ...{ receiptsDelayMs: 150, receiptsPerPost: 50, undeliveredShare: 0.05 },
};

const TROUBLES: readonly (readonly [FaultName, Partial<Behaviour>])[] = [
  ['gateway-slow', { latencyMs: 900 }],
  ['gateway-hang', { hangShare: 0.02 }],
  ['gateway-429', { throttleShare: 0.1 }],
  ['gateway-5xx', { failShare: 0.1 }],
  ['gateway-reset', { dropShare: 0.03 }],
  ['receipts-duplicated', { repeatReceiptsShare: 0.4 }],
  ['receipts-late', { receiptsDelayMs: 4_000 }],
  ['receipts-reordered', { reorderReceiptsShare: 0.4 }],
];
const LONGEST_MS = 4_000;
const NO_RECEIPTS_SHARE = 0.3;
const OUTAGE_SHARE = 0.06;
const SHORTEST_MS = 1_500;

/** The gateway's weather: two troubles at a time, for some seconds, and then others. */
export async function stormGateway(stage: Stage, signal: AbortSignal): Promise<void> {
  const random = stage.random(2);
  const possible = TROUBLES.filter(([name]) => !stage.options.skipped.has(name));
  while (!signal.aborted) {
    const deck = possible.filter(([name]) => stage.tally.of(name) === 0);
    if (deck.length < 2) deck.push(...possible);
    const drawn = [0, 1].flatMap(() => deck.splice(random.below(deck.length), 1));
    const behaviour = Object.assign({}, CALM, ...drawn.map(([, trouble]) => trouble)) as {
      -readonly [K in keyof Behaviour]?: Behaviour[K];
    };
    // For a while it takes nothing at all.
    if (random.happens(OUTAGE_SHARE)) behaviour.failShare = 1;
    const before = (await stage.witness.health()).accepted;
    stage.say(`the gateway: ${drawn.map(([name]) => name).join(', ')}`);
    // Not every text gets a receipt: then nothing comes by itself that tells of one in doubt.
    const receipts = !random.happens(NO_RECEIPTS_SHARE);
    await stage.witness.behave({ ...behaviour, receipts, seed: random.below(2 ** 32) });
    await sleep(SHORTEST_MS + random.below(LONGEST_MS - SHORTEST_MS), undefined, { signal }).catch(() => undefined);
    const isUsed = (await stage.witness.health()).accepted > before;
    for (const [name] of drawn) if (isUsed && isPeriod(name)) stage.tally.note(name);
    await countDeeds(stage);
  }
  await calmGateway(stage);
}

const isPeriod = (name: FaultName): boolean => name === 'gateway-slow' || name === 'receipts-late';

export async function calmGateway(stage: Stage): Promise<void> {
  await stage.witness.behave(CALM);
}

/** What the witness did is what it says it did. */
export async function countDeeds({ witness, tally }: Stage): Promise<void> {
  const deeds = await witness.deeds();
  tally.set('gateway-hang', deeds.hung);
  tally.set('gateway-reset', deeds.dropped);
  tally.set('gateway-429', deeds.throttled);
  tally.set('gateway-5xx', deeds.failed);
  tally.set('receipts-duplicated', deeds.receiptsRepeated);
  tally.set('receipts-reordered', deeds.receiptsReordered);
}

/** Segments a second: none agreed, one that is felt, and one at which every instance waits most of the time. */
const RATES = [null, null, 300, 15] as const;
const SHORTEST_TERMS_MS = 4_000;
const LONGEST_TERMS_MS = 9_000;

/**
 * The contract changes under way: with a rate each text has its place in time.
 *
 * @param only null: all sorts
 */
export async function changeTerms(stage: Stage, signal: AbortSignal, only: number | null): Promise<void> {
  const random = stage.random(6);
  while (!signal.aborted) {
    await agree(stage, only ?? random.pick(RATES));
    const forMs = SHORTEST_TERMS_MS + random.below(LONGEST_TERMS_MS - SHORTEST_TERMS_MS);
    await sleep(forMs, undefined, { signal }).catch(() => undefined);
  }
  await agree(stage, null);
}

async function agree(stage: Stage, segmentsPerSecond: number | null): Promise<void> {
  await stage.office.must('admin', 'PUT', '/api/v1/gateways/simulator/terms', { segmentsPerSecond });
  stage.say(`the rate agreed is ${segmentsPerSecond ?? 'none'}`);
}

const FORGE_EVERY_MS = 1_500;

/** Tells the service, with a signature that is not the gateway's, that texts did not arrive. */
export async function forgeReceipts(stage: Stage, signal: AbortSignal): Promise<void> {
  const random = stage.random(3);
  while (!signal.aborted) {
    await sleep(FORGE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    const [text] = await stage.rows<{ reference: string }>(
      `select batch_id || '.' || seq || '.' || attempt as reference from outcomes where kind = 'accepted' order by at desc limit 1`,
    );
    const there = stage.instances.filter(({ isUp, takesRequests }) => isUp && takesRequests);
    if (!text || there.length === 0) continue;
    const receipt = {
      id: `forged-${random.digits(8)}`,
      reference: text.reference,
      status: 'undelivered',
      code: 'forged',
    };
    const body = JSON.stringify({ receipts: [receipt] });
    const headers = { 'content-type': 'application/json', 'x-tinluat-signature': signReceipts('another secret', body) };
    const url = `${random.pick(there).url}/gateways/simulator/receipts`;
    const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) }).catch(
      () => undefined,
    );
    await answer?.body?.cancel();
    if (answer && (answer.status === 401 || answer.status === 403)) stage.tally.note('receipts-forged');
    if (answer?.ok) stage.see('forged', `a forged receipt of ${receipt.reference} was taken (${answer.status})`);
  }
}
