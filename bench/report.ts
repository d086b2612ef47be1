import { cpus, totalmem } from 'node:os';

export interface BenchResult {
  readonly settings: Readonly<Record<string, string | number>>;
  readonly medians: Readonly<Record<string, number>>;
  /** What counts: these machines are noisy, and both sides of a ratio were measured in the same run. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Milliseconds below which 99 of 100 answers came. */
  readonly p99Ms?: Readonly<Record<string, number>>;
  /** By the name of the ratio, or `p99_ms.` and that of the answers. Nothing fails that misses one. */
  readonly targets?: Readonly<Record<string, Target>>;
}

export type Target = { readonly atLeast: number } | { readonly below: number };

/** What can be asked of every bench; each takes what it knows. */
export interface BenchOptions {
  /** More rounds. */
  readonly full: boolean;
  /** Old messages in the database. */
  readonly history: number | undefined;
  readonly rounds: number | undefined;
  /** Only the parts with these names. */
  readonly only: readonly string[] | undefined;
  /** A folder for V8's profiles. */
  readonly profile: string | undefined;
}

export function machine(): string {
  const [cpu] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} x ${cpu?.model.trim()}, ${gigabytes} GiB, ${process.platform}, Node ${process.version}`;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How many seconds the work takes. */
export async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

export function rounded(value: number, digits = 3): number {
  return Number(value.toPrecision(digits));
}

export function printResult(name: string, result: BenchResult, asJson: boolean): void {
  const { settings, medians, ratios, p99Ms, targets = {} } = result;
  console.log('settings:', settings);
  console.log('medians:', medians);
  if (Object.keys(ratios).length > 0) console.log('ratios:', ratios);
  if (p99Ms) console.log('p99_ms:', p99Ms);
  const judged = judge({ ...ratios, ...prefixed(p99Ms ?? {}) }, targets);
  for (const { isMet, sentence } of judged) console.log(`${isMet ? 'met    ' : 'NOT MET'} ${sentence}`);
  if (!asJson) return;
  const missed = judged.filter(({ isMet }) => !isMet).map(({ target }) => target);
  const shown = {
    name,
    machine: machine(),
    settings,
    medians,
    ratios,
    ...(p99Ms && { p99_ms: p99Ms }),
    targets,
    missed,
  };
  console.log(JSON.stringify(shown));
}

function prefixed(p99Ms: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(p99Ms).map(([name, value]) => [`p99_ms.${name}`, value]));
}

interface Judged {
  readonly target: string;
  readonly isMet: boolean;
  readonly sentence: string;
}

/** Of what was measured; a target of a part that was left out is neither met nor missed. */
function judge(found: Readonly<Record<string, number>>, targets: NonNullable<BenchResult['targets']>): Judged[] {
  return Object.entries(targets).flatMap(([target, wanted]) => {
    const value = found[target];
    if (value === undefined) return [];
    const isMet = 'atLeast' in wanted ? value >= wanted.atLeast : value < wanted.below;
    const rule = 'atLeast' in wanted ? `at least ${wanted.atLeast}` : `below ${wanted.below}`;
    return [{ target, isMet, sentence: `${target}: ${value} (${rule})` }];
  });
}
