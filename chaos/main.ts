import 'reflect-metadata';
import { resolve } from 'node:path';
import { machine } from '../bench/report';
import { doubtOfOne } from './instance';
import { buildMutant, type Mutation, MUTATIONS } from './mutations';
import { type Options, readOptions, USAGE, UsageError } from './options';
import { NoDiskOfItsOwn } from './own-postgres';
import { type Outcome, run } from './run';
import { Stage } from './stage';

const DIST = resolve(__dirname, '../dist');
const SHOWN_EVENTS = 25;
const EXIT = { ok: 0, fault: 1, usage: 2, stopped: 130 } as const;

async function perform(options: Options, stopped: AbortSignal): Promise<number> {
  console.log(`chaos: seed ${options.seed}, on ${machine()}`);
  console.log(
    `  the gateway's contract: ${options.contract}; lease ${options.leaseSeconds} s; the death of one instance may leave ${doubtOfOne(options.contract)} texts unknown`,
  );
  if (options.mutation === null) return report(...(await runOn(DIST, options, stopped)));
  const mutation = MUTATIONS[options.mutation];
  const mutant = buildMutant(options.mutation);
  try {
    const [stage, outcome] = await runOn(mutant.dist, options, stopped, mutation);
    report(stage, outcome);
    const isSeen = outcome.faults.some(({ kind }) => mutation.shows.includes(kind));
    console.log(
      `mutation ${options.mutation}: ${isSeen ? 'seen' : `NOT SEEN, expected ${mutation.shows.join(' or ')}`}`,
    );
    return isSeen ? EXIT.ok : EXIT.fault;
  } finally {
    mutant.remove();
  }
}

async function runOn(
  dist: string,
  options: Options,
  stopped: AbortSignal,
  mutation: Mutation | null = null,
): Promise<[Stage, Outcome]> {
  const stage = await Stage.open(options, dist);
  try {
    return [stage, await run(stage, stopped, mutation)];
  } finally {
    await stage.close();
    if (options.keeps) console.log(`kept: ${stage.folder}`);
  }
}

/** @returns the exit code */
function report({ tally, options, samples, events }: Stage, outcome: Outcome): number {
  const { lost, doubled, unknown, bounds, faults, seconds } = outcome;
  console.log(`faults (${tally.kills} kills in ${Math.round(seconds)} s):`);
  for (const line of tally.lines(options.skipped)) console.log(line);
  console.log(`samples of the figures: ${samples}`);
  console.log(`lost ${lost}, doubled ${doubled}, unknown ${unknown} of bound ${bounds.lostSight}`);
  for (const { kind, detail } of faults) console.log(`FAULT: ${kind}: ${detail}`);
  if (faults.length > 0) console.log(`the last that was done before:\n  ${events.slice(-SHOWN_EVENTS).join('\n  ')}`);
  const missing = faults.length > 0 ? [] : tally.missing(options.skipped);
  for (const name of missing) console.log(`FAULT: ${name} never happened; a longer run, or --skip ${name}`);
  return faults.length + missing.length === 0 ? EXIT.ok : EXIT.fault;
}

async function main(): Promise<number> {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopping.abort());
  try {
    const options = readOptions(process.argv.slice(2));
    return await perform(options, stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) return EXIT.stopped;
    if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
    else if (error instanceof NoDiskOfItsOwn)
      console.error(`disk-full needs root and mount(8): --skip disk-full (${error.message})`);
    else console.error(error);
    return error instanceof UsageError ? EXIT.usage : EXIT.fault;
  }
}

void main().then((code) => process.exit(code));
