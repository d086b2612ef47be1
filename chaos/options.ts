import { parseArgs } from 'node:util';
import { FAULTS, type FaultName } from './faults';
import { type ContractName, CONTRACTS } from './instance';

export const MUTATIONS = ['fence', 'intent', 'suppression'] as const;
export type MutationName = (typeof MUTATIONS)[number];

/** What `npm run chaos` was asked for. */
export interface Options {
  readonly seed: number;
  /** No fault begins after so long. */
  readonly minutes: number;
  /** Ends before its time when so many instances were killed and every fault was seen. */
  readonly kills: number | null;
  /** A quick look: smaller campaigns, every fault at least once. */
  readonly isShort: boolean;
  /** How the gateway may be used; drawn where it is not named. */
  readonly contract: ContractName;
  /** Short, so that what a dead instance held is taken over while the suite still looks. */
  readonly leaseSeconds: number;
  readonly skipped: ReadonlySet<FaultName>;
  readonly mutation: MutationName | null;
  /** Leaves the folder with logs, ledger and files behind. */
  readonly keeps: boolean;
}

export const USAGE = `npm run chaos -- [options]
  --minutes <m>    faults for so long (default 10)
  --kills <n>      faults until so many instances were killed, at most 30 minutes
  --short          the short set of CI: a minute and a half
  --lease <s>      seconds (default 5); longer where the machine is so busy that leases of the living run out
  --contract <c>   how the gateway may be used: ${Object.keys(CONTRACTS).join(', ')}; drawn when left out
  --seed <n>       the seed of everything drawn; printed at the start
  --skip <fault>   may be repeated; a fault that is not skipped must happen at least once:
                   ${FAULTS.join(', ')}
  --mutate <name>  breaks one guard in a copy (${MUTATIONS.join(', ')}) and succeeds only if the suite then fails
  --keep           keeps the folder with the logs and the ledger`;

export class UsageError extends Error {}

const SHORT_MINUTES = 0.8;
const LONGEST_MINUTES = 30;

/** @throws UsageError */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  const skipped = new Set((values.skip ?? []).map((name) => oneOf(FAULTS, name, '--skip')));
  const isShort = values.short ?? false;
  const kills = values.kills === undefined ? null : number(values.kills, '--kills', 1, 100_000);
  const usual = kills === null ? 10 : LONGEST_MINUTES;
  const seed =
    values.seed === undefined ? Math.floor(Math.random() * 2 ** 32) : number(values.seed, '--seed', 0, 2 ** 32 - 1);
  const contracts = Object.keys(CONTRACTS) as ContractName[];
  const { contract = contracts[Math.floor(seed) % contracts.length]! } = values;
  return {
    seed,
    contract: oneOf(contracts, contract, '--contract'),
    minutes:
      values.minutes === undefined ? (isShort ? SHORT_MINUTES : usual) : number(values.minutes, '--minutes', 0.1, 600),
    kills,
    isShort,
    leaseSeconds: values.lease === undefined ? 5 : Math.floor(number(values.lease, '--lease', 3, 60)),
    skipped,
    mutation: values.mutate === undefined ? null : oneOf(MUTATIONS, values.mutate, '--mutate'),
    keeps: values.keep ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string' },
        kills: { type: 'string' },
        contract: { type: 'string' },
        lease: { type: 'string' },
        short: { type: 'boolean' },
        seed: { type: 'string' },
        skip: { type: 'string', multiple: true },
        mutate: { type: 'string' },
        keep: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function number(text: string, name: string, low: number, high: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= low && value <= high) return value;
  throw new UsageError(`${name} must be a number from ${low} to ${high}`);
}

function oneOf<T extends string>(known: readonly T[], name: string, option: string): T {
  const found = known.find((one) => one === name);
  if (found) return found;
  throw new UsageError(`${option} must be one of ${known.join(', ')}`);
}
