import { engine } from './engine';
import type { Size } from './measure';
import type { Contender } from './running-contender';
import { scriptContender } from './script-contender';
import { LISTS_AT_A_TIME } from './settings';

export interface Scenario {
  readonly name: string;
  /** What the simulator waits before it answers. */
  readonly latencyMs: number;
  readonly sockets: number;
  readonly sizes: Size;
  readonly contenders: readonly Entry[];
}

export interface Entry {
  readonly contender: Contender;
  /** Where it takes another number of texts than the others: what is slow takes fewer. */
  readonly sizes?: Size;
  /** Where it takes another number of them than the others. */
  readonly sockets?: number;
  /** Its texts lie beside those of years. */
  readonly besideHistory?: boolean;
}

const ENGINE: Entry = { contender: engine('engine') };
const TWO_WORKERS: Entry = { contender: engine('two workers', { workers: 2 }) };
const IN_LISTS: Entry = {
  contender: engine('engine in lists', { inLists: true }),
  sockets: LISTS_AT_A_TIME,
  sizes: { messages: 74_800, warmUp: 18_700 },
};
const BARE: Entry = { contender: scriptContender('bare client', 'bare-client') };
const NAIVE: Entry = {
  contender: scriptContender('naive loop', 'naive-loop'),
  sizes: { messages: 9_350, warmUp: 500 },
};
const QUEUE: Entry = {
  contender: scriptContender('queue library', 'queue-library'),
  sizes: { messages: 37_400, warmUp: 4_000 },
};
const BESIDE_HISTORY: Entry = { contender: engine('engine beside history'), besideHistory: true };

/** A provincial campaign twice over, so that a measurement takes some seconds. */
const SIZE: Size = { messages: 74_800, warmUp: 7_480 };

export const SCENARIOS: readonly Scenario[] = [
  {
    name: '0ms',
    latencyMs: 0,
    sockets: 50,
    sizes: SIZE,
    contenders: [BARE, ENGINE, IN_LISTS, TWO_WORKERS, QUEUE, NAIVE],
  },
  { name: '20ms', latencyMs: 20, sockets: 300, sizes: SIZE, contenders: [BARE, ENGINE, TWO_WORKERS] },
  { name: '20ms_1000', latencyMs: 20, sockets: 1_000, sizes: SIZE, contenders: [BARE, ENGINE] },
  { name: '100ms', latencyMs: 100, sockets: 1_000, sizes: SIZE, contenders: [BARE, ENGINE] },
];

export const WITH_HISTORY: Scenario = {
  name: 'history',
  latencyMs: 0,
  sockets: 50,
  sizes: SIZE,
  contenders: [ENGINE, BESIDE_HISTORY],
};

/** `of` by `to`, both measured in the same round of the scenario. */
export interface RatioOf {
  readonly scenario: string;
  readonly of: string;
  readonly to: string;
  readonly atLeast: number;
}

export const RATIOS: Readonly<Record<string, RatioOf>> = {
  send_vs_bare_0ms: { scenario: '0ms', of: 'engine', to: 'bare client', atLeast: 0.4 },
  send_vs_bare_20ms: { scenario: '20ms', of: 'engine', to: 'bare client', atLeast: 0.8 },
  send_vs_bare_20ms_1000: { scenario: '20ms_1000', of: 'engine', to: 'bare client', atLeast: 0.65 },
  send_vs_bare_100ms: { scenario: '100ms', of: 'engine', to: 'bare client', atLeast: 0.85 },
  send_vs_naive: { scenario: '0ms', of: 'engine', to: 'naive loop', atLeast: 12 },
  send_vs_queue_library: { scenario: '0ms', of: 'engine', to: 'queue library', atLeast: 3 },
  send_batch_vs_naive: { scenario: '0ms', of: 'engine in lists', to: 'naive loop', atLeast: 30 },
  two_workers_0ms: { scenario: '0ms', of: 'two workers', to: 'engine', atLeast: 0.65 },
  two_workers_20ms: { scenario: '20ms', of: 'two workers', to: 'engine', atLeast: 0.95 },
};

/** @param messages of history, as its name has it: `10m` */
export function historyRatio(messages: number): Readonly<Record<string, RatioOf>> {
  const size = messages % 1_000_000 === 0 ? `${messages / 1_000_000}m` : String(messages);
  const ratio = { scenario: 'history', of: 'engine beside history', to: 'engine', atLeast: 0.9 };
  return { [`send_history_${size}_vs_empty`]: ratio };
}
