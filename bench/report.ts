import { cpus, totalmem } from 'node:os';

export interface BenchResult {
  readonly settings: Readonly<Record<string, string | number>>;
  readonly medians: Readonly<Record<string, number>>;
  /** What counts: these machines are noisy, and both sides of a ratio were measured in the same run. */
  readonly ratios: Readonly<Record<string, number>>;
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

export function printResult(name: string, { settings, medians, ratios }: BenchResult, asJson: boolean): void {
  console.log('settings:', settings);
  console.log('medians:', medians);
  console.log('ratios:', ratios);
  if (asJson) console.log(JSON.stringify({ name, machine: machine(), settings, medians, ratios }));
}
