import type { BenchOptions, BenchResult } from './report';

export async function benchWeb(_: BenchOptions): Promise<BenchResult> {
  throw new Error('not yet');
}
