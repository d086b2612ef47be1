import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Campaigns } from './campaigns';
import { readFacts } from './facts';
import { calmGateway, changeTerms, countDeeds, forgeReceipts, stormGateway } from './gateway-faults';
import { InstanceFaults } from './instance-faults';
import { type Bounds, type Fault, judge, repetitionsIn, type Verdict } from './judge';
import type { Mutation } from './mutations';
import { PeoplesActs } from './peoples-acts';
import { keepSampling } from './sampler';
import type { Stage } from './stage';

const RECIPIENTS = 2_000;
const RECIPIENTS_SHORT = 800;
const ENDS_WITHIN_MS = 180_000;
const GRACE_MS = 180_000;
const LOOK_MS = 250;

export interface Outcome extends Verdict {
  readonly bounds: Bounds;
  readonly seconds: number;
}

/** One run: harm from all sides until the time is over, then peace, and the verdict. */
export async function run(stage: Stage, stopped: AbortSignal, mutation: Mutation | null = null): Promise<Outcome> {
  const startedAt = performance.now();
  if (mutation) stage.endsOn = mutation.shows;
  const { isShort } = stage.options;
  const campaigns = new Campaigns(stage, isShort ? RECIPIENTS_SHORT : RECIPIENTS);
  const people = new PeoplesActs(stage, campaigns);
  const harm = new InstanceFaults(stage, campaigns, mutation?.harm ?? null);
  await calmGateway(stage);
  for (const instance of stage.instances) instance.start();
  await Promise.all(stage.instances.map((instance) => instance.whenUp()));
  await campaigns.furnish();
  await rage(stage, { campaigns, people, harm, calmRate: mutation?.calmRate ?? null }, stopped);
  if (stopped.aborted) throw new Error('stopped as told');
  // A mutant may never come to rest.
  const faults = stage.hasFailed || mutation ? [] : await calmDown(stage, people, harm);
  return conclude(stage, faults, startedAt);
}

interface Actors {
  readonly campaigns: Campaigns;
  readonly people: PeoplesActs;
  readonly harm: InstanceFaults;
  readonly calmRate: number | null;
}

/** Everybody at once. Ends when the time is over, enough were killed, or something is seen that must never be. */
async function rage(stage: Stage, { campaigns, people, harm, calmRate }: Actors, stopped: AbortSignal): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const working = [
    campaigns.keepGoing(signal),
    people.keepGoing(signal),
    harm.keepGoing(signal).then(() => over.abort()),
    calmRate === null ? stormGateway(stage, signal) : Promise.resolve(),
    changeTerms(stage, signal, calmRate),
    stage.options.skipped.has('receipts-forged') ? Promise.resolve() : forgeReceipts(stage, signal),
    keepSampling(stage, signal),
  ];
  const deadline = performance.now() + stage.options.minutes * 60_000;
  const failed = Promise.all(working).then(
    () => undefined,
    (error: Error) => stage.see('the suite could not go on', error.stack ?? error.message),
  );
  let saidAt = performance.now();
  // A slow machine gets the time it needs for each fault once; the idle ones are killed at the end.
  const lacks = (): boolean =>
    stage.options.mutation === null && stage.tally.missing(new Set([...stage.options.skipped, 'kill-idle'])).length > 0;
  const isTime = (): boolean => performance.now() < deadline + (lacks() ? GRACE_MS : 0);
  while (!signal.aborted && isTime() && !stage.hasFailed && !stopped.aborted) {
    await sleep(LOOK_MS);
    if (performance.now() < saidAt + 30_000) continue;
    saidAt = performance.now();
    console.log(`  ${stage.tally.kills} kills, ${campaigns.ids.length} campaigns, ${stage.samples} samples`);
  }
  over.abort();
  // Who is told to stop waits for nobody: the end of this process is the end of all others.
  if (stopped.aborted) return;
  await failed;
  await Promise.allSettled(working);
}

/** No more harm: everything is to come to its end by itself. */
async function calmDown(stage: Stage, people: PeoplesActs, harm: InstanceFaults): Promise<Fault[]> {
  await calmGateway(stage);
  const over = new AbortController();
  const sampling = keepSampling(stage, over.signal).catch((error: Error) =>
    stage.see('the suite could not go on', error.stack ?? error.message),
  );
  try {
    for (const instance of stage.instances) instance.start();
    await Promise.all(stage.instances.map((instance) => instance.whenUp()));
    const deadline = performance.now() + ENDS_WITHIN_MS;
    while (!(await stage.isQuiet()) && performance.now() < deadline && !stage.hasFailed) {
      await people.resumeAll();
      await sleep(LOOK_MS);
    }
    await receiptsIn(stage);
    if (!stage.options.skipped.has('kill-idle')) await harm.killIdle();
    await Promise.all(stage.instances.map((instance) => instance.whenUp()));
    await countDeeds(stage);
  } finally {
    over.abort();
    await sampling;
  }
  return verifyFigures(stage);
}

/** What the carrier still owes, and what came and is not applied yet. */
async function receiptsIn(stage: Stage): Promise<void> {
  const deadline = performance.now() + ENDS_WITHIN_MS;
  while (performance.now() < deadline) {
    const { pendingReceipts } = await stage.witness.health();
    const { due } = await stage.row<{ due: number }>(
      'select count(*) as due from receipts_to_apply where due_at <= now()',
    );
    if (pendingReceipts === 0 && due === 0) return;
    await sleep(LOOK_MS);
  }
  stage.see('not ended', 'receipts were not applied');
}

/** `npm run statistics:verify`: every counter, from the rows. */
function verifyFigures({ dist, folder, postgres, secret }: Stage): Promise<Fault[]> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, DATABASE_URL: postgres.url, SECRET: secret, DATA_DIR: join(folder, 'verify') };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(dist, 'statistics/verify.main.js')], { env }, (error, stdout, stderr) => {
      if (error) stdout += stderr;
      resolve(
        error ? [{ kind: 'contradicted', detail: `the statistics differ from the messages: ${stdout.trim()}` }] : [],
      );
    });
  });
}

async function conclude(stage: Stage, further: readonly Fault[], startedAt: number): Promise<Outcome> {
  const { tally } = stage;
  const deeds = await stage.witness.deeds();
  const unheard = deeds.hung + deeds.dropped + deeds.unheard + tally.mostUnheard;
  const bounds = { lostSight: tally.mostLost, unheard };
  const seconds = (performance.now() - startedAt) / 1_000;
  const all = [...stage.seen, ...further];
  if (stage.hasFailed) {
    const doubled = repetitionsIn(stage.witness.read()).length;
    return { lost: 0, doubled, unknown: await stage.lost(), faults: all, bounds, seconds };
  }
  const verdict = judge(await readFacts(stage), bounds);
  return { ...verdict, faults: [...all, ...verdict.faults], bounds, seconds };
}
