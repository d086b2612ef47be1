import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { OneDatabase } from './bench-database';
import { BenchOptions, BenchResult, median, rounded } from './report';
import { engine } from './send/engine';
import { fillHistory } from './send/history';
import { measure, type Measurement } from './send/measure';
import { printProfile } from './send/profile';
import {
  type Entry,
  historyRatio,
  type RatioOf,
  RATIOS,
  type Scenario,
  SCENARIOS,
  WITH_HISTORY,
} from './send/scenarios';
import { LARGEST_BATCH, LISTS_AT_A_TIME, NAIVE, QUEUE_LIBRARY } from './send/settings';
import { type Stage, withStage } from './send/stage';

const ROUNDS = 3;
const FULL_ROUNDS = 7;

/** By `<scenario> <contender>`, a measurement a round. */
type Measured = Map<string, Measurement[]>;

/**
 * The product's worker against others that send the same texts to the same simulator: each in a process of its own, one after
 * the other, in rounds, so that a drift of the machine hits all of them. Preparation is outside of the clock; the engine's runs
 * from the release to the last outcome on record.
 */
export function benchSend(options: BenchOptions): Promise<BenchResult> {
  return withStage(async (stage) => {
    const rounds = options.rounds ?? (options.full ? FULL_ROUNDS : ROUNDS);
    const scenarios = scenariosOf(options);
    const isHistoryWanted = scenarios.includes(WITH_HISTORY);
    const history = isHistoryWanted ? await withHistory(stage, options.history!) : undefined;
    const measured: Measured = new Map();
    for (const scenario of scenarios) {
      await stage.simulator.control.setBehaviour({ receipts: false, latencyMs: scenario.latencyMs });
      for (let round = 1; round <= rounds; round += 1)
        await runRound(stage, scenario, { round, rounds }, measured, history);
      if (options.profile) await profileEngine(stage, scenario, resolve(options.profile));
    }
    return report(measured, scenarios, rounds, options.history);
  });
}

function scenariosOf({ only, history }: BenchOptions): Scenario[] {
  const all = history ? [...SCENARIOS, WITH_HISTORY] : SCENARIOS;
  const unknown = only?.find((name) => !all.some((scenario) => scenario.name === name));
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}: ${all.map(({ name }) => name).join(', ')}`);
  return all.filter(({ name }) => only?.includes(name) ?? true);
}

async function withHistory({ postgres }: Stage, messages: number): Promise<OneDatabase> {
  const history = await postgres.another('history');
  await fillHistory(history, { messages });
  return history;
}

/** There and back again: nobody is always the first, when the machine is cool. */
async function runRound(
  stage: Stage,
  scenario: Scenario,
  { round, rounds }: { round: number; rounds: number },
  measured: Measured,
  history: OneDatabase | undefined,
): Promise<void> {
  const order = round % 2 === 1 ? scenario.contenders : scenario.contenders.toReversed();
  for (const { contender, sizes, sockets, besideHistory } of order) {
    const options = { sockets: sockets ?? scenario.sockets, where: besideHistory ? history! : stage.postgres };
    const found = await measure(contender, stage, options, sizes ?? scenario.sizes);
    const key = `${scenario.name} ${contender.name}`;
    measured.set(key, [...(measured.get(key) ?? []), found]);
    const { sender, postgres, gateway } = found.cpu;
    console.log(
      `${scenario.name} ${round}/${rounds} ${contender.name.padEnd(22)} ${Math.round(found.perSecond)}/s; ` +
        `CPU µs a message: ${rounded(sender)} sender, ${rounded(postgres)} PostgreSQL, ${rounded(gateway)} gateway`,
    );
  }
}

/** Once more, with V8 looking on: what it costs is not measured. */
async function profileEngine(stage: Stage, scenario: Scenario, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const options = { sockets: scenario.sockets, where: stage.postgres };
  const profiled = engine('engine', { profileFolder: folder });
  const { perSecond } = await measure(profiled, stage, options, scenario.sizes);
  console.log(`${scenario.name} under the profiler: ${Math.round(perSecond)}/s`);
  printProfile(folder);
}

function report(
  measured: Measured,
  scenarios: readonly Scenario[],
  rounds: number,
  history: number | undefined,
): BenchResult {
  const known: Record<string, RatioOf> = { ...RATIOS, ...(history ? historyRatio(history) : {}) };
  const wanted = Object.entries(known).filter(([, { scenario }]) => scenarios.some(({ name }) => name === scenario));
  return {
    settings: settingsOf(scenarios, rounds, history),
    medians: mediansOf(measured, scenarios),
    ratios: Object.fromEntries(wanted.map(([name, ratio]) => [name, rounded(ratioOf(measured, ratio))])),
    targets: Object.fromEntries(wanted.map(([name, { atLeast }]) => [name, { atLeast }])),
  };
}

function ratioOf(measured: Measured, { scenario, of, to }: RatioOf): number {
  const [above, below] = [of, to].map((contender) => measured.get(`${scenario} ${contender}`)!);
  return median(above!.map(({ perSecond }, round) => perSecond / below![round]!.perSecond));
}

function mediansOf(measured: Measured, scenarios: readonly Scenario[]): Record<string, number> {
  const entries = scenarios.flatMap((scenario) =>
    scenario.contenders.flatMap(({ contender }: Entry) => {
      const found = measured.get(`${scenario.name} ${contender.name}`)!;
      const name = `${scenario.name}_${contender.name.replaceAll(' ', '_')}`;
      const of = (value: (one: Measurement) => number): number => rounded(median(found.map(value)));
      return [
        [`${name}_per_second`, Math.round(median(found.map(({ perSecond }) => perSecond)))],
        [`${name}_sender_us`, of(({ cpu }) => cpu.sender)],
        [`${name}_postgres_us`, of(({ cpu }) => cpu.postgres)],
        [`${name}_gateway_us`, of(({ cpu }) => cpu.gateway)],
      ] as const;
    }),
  );
  return Object.fromEntries(entries);
}

function settingsOf(
  scenarios: readonly Scenario[],
  rounds: number,
  history: number | undefined,
): BenchResult['settings'] {
  const { batchSize, workers, pollingIntervalSeconds } = QUEUE_LIBRARY;
  return {
    rounds,
    scenarios: scenarios
      .map(({ name, sockets, sizes }) => `${name}: ${sizes.messages} texts, ${sockets} sockets`)
      .join('; '),
    engine: 'the built service, ROLE=worker; from the release to the last outcome on record',
    engineInLists: `the same, up to ${LARGEST_BATCH} texts in a request, ${LISTS_AT_A_TIME} requests at a time`,
    bareClient: 'the same gateway client, no database',
    naiveLoop: `stock twilio SDK, ${NAIVE.atATime} at a time, TypeORM save a message, 9350 texts`,
    queueLibrary:
      `pg-boss 10.4.2, batchSize ${batchSize} x ${workers} workers, polling ${pollingIntervalSeconds} s, ` +
      'the same gateway client, one statement of statuses a batch, 37400 texts',
    receipts: 'off',
    fsync: 'on',
    ...(history ? { history } : {}),
  };
}
