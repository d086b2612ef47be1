import * as fc from 'fast-check';
import { writers } from './campaign-model/command';
import { COMMANDS } from './campaign-model/commands';
import { checkEnd, checkStatistics, endAll } from './campaign-model/ending';
import { inspect } from './campaign-model/inspection';
import { Model } from './campaign-model/model';
import { begin } from './campaign-model/moves';
import { type Plan, plans } from './campaign-model/plans';
import { newRegister } from './campaign-model/register';
import { openScene, type PersonName, type Scene } from './campaign-model/scene';

/**
 * Random sequences of what people do, at two instances of the built service that share a database and a carrier, with an
 * instance killed now and then. After every command all that must hold is looked at, see inspection.ts; at the end of each
 * run everything is brought to its end and compared with the carrier's book, see ending.ts.
 *
 * MODEL_RUNS, MODEL_SEED and MODEL_COMMANDS change the run; CONTRIBUTING.md says how to repeat one that failed.
 */
const {
  MODEL_RUNS,
  MODEL_COMMANDS = '25',
  MODEL_SEED,
  MODEL_PATH,
  MODEL_REPLAY,
  MODEL_SHRINK,
  MODEL_TRACE,
} = process.env;
const RUNS = Number(MODEL_RUNS ?? 12);
const SEED = MODEL_SEED === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(MODEL_SEED);
/** A run takes five seconds. Where the machine is busy fewer are begun, unless somebody said how many he wants. */
const BEGINS_WITHIN_MS = MODEL_RUNS === undefined ? 80_000 : Infinity;
/** A run that hangs ends itself, see ending.ts. */
const ENDS_WITHIN_MS = 120_000 + RUNS * 60_000;

let scene: Scene;
let runs = 0;
let begunAt = 0;
/** What the runs came across, so that a test that goes nowhere is noticed. */
const tally = new Map<string, number>();
const count = (what: string, times = 1): void => void tally.set(what, (tally.get(what) ?? 0) + times);

beforeAll(async () => {
  scene = await openScene();
}, 90_000);
afterAll(async () => {
  await scene?.close();
}, 60_000);

async function runOnce(by: PersonName, plan: Plan, commands: Iterable<fc.AsyncCommand<Model, Scene>>): Promise<void> {
  if (performance.now() - begunAt > BEGINS_WITHIN_MS) return;
  runs += 1;
  const last = await scene.database.row<{ id: number }>('select coalesce(max(id), 0) as id from campaigns');
  const { subscribers, listIds } = await newRegister(scene, runs);
  const model = new Model(last!.id, subscribers, listIds);
  try {
    await inspect(scene, model);
    await begin(scene, model, by, plan);
    await fc.asyncModelRun(() => ({ model, real: scene }), commands);
    await endAll(scene, model);
    await checkEnd(scene, model);
  } catch (error) {
    const { message, stack } = error as Error;
    throw new Error(`${message}\n\nWhat happened:\n${model.trace.join('\n')}\n\n${stack}`);
  }
  note(model);
  if (MODEL_TRACE) console.log(model.trace.join('\n'));
}

function note({ campaigns, trace }: Model): void {
  for (const { row, state } of campaigns.values()) {
    count(`${row.kind}s that ended as ${state}`);
    for (const { act } of row.record) count(act);
  }
  count('kills', trace.filter((line) => line.endsWith('is killed')).length);
  count('commands', trace.filter((line) => line.includes('—')).length);
}

it(
  'no order of acts, at two instances and with crashes between, leads a campaign where it must not be, or texts anybody twice',
  async () => {
    begunAt = performance.now();
    const constraints = { maxCommands: Number(MODEL_COMMANDS), size: 'max' as const, replayPath: MODEL_REPLAY };
    await fc.assert(fc.asyncProperty(writers, plans, fc.noBias(fc.commands(COMMANDS, constraints)), runOnce), {
      ...{ numRuns: RUNS, seed: SEED, path: MODEL_PATH, endOnFailure: MODEL_SHRINK === undefined },
    });
    await checkStatistics(scene);
    const inDoubt = Object.values(scene.instances).flatMap(({ lines }) =>
      lines.map((line) => /"unknown":(\d+).*lease ran out/.exec(line)),
    );
    for (const lease of inDoubt) if (lease) count('texts in doubt after a kill', Number(lease[1]));
    const found = [...tally]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([what, times]) => `${what} ${times}`);
    console.log(`campaign model: MODEL_SEED=${SEED}, ${runs} runs: ${found.join(', ')}`);
    expect(tally.get('campaign.create')).toBeGreaterThan(0);
  },
  ENDS_WITHIN_MS,
);
