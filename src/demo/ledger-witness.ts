import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What the simulated carrier's own ledger says, whatever the service believes. */
export interface LedgerFacts {
  /** Of campaigns. */
  readonly accepted: number;
  /** Acceptances of a number that the same batch had reached before. */
  readonly repeated: number;
  /** Acceptances of the number that test sends go to, which is on no list. */
  readonly tests: number;
}

/**
 * Reads the append-only ledger: one acceptance a line, tab-separated, the second column `<batch>.<seq>.<attempt>` and the
 * third the number in E.164. A torn last line was never answered and is left out.
 *
 * @param testPhone in E.164
 */
export async function readLedger(path: string, testPhone: string): Promise<LedgerFacts> {
  const numbersOf = new Map<string, Set<number>>();
  let accepted = 0;
  let repeated = 0;
  let tests = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'latin1'), crlfDelay: Infinity })) {
    const [, reference, number, , , owed] = line.split('\t');
    if (owed === undefined || owed === '') continue;
    const batch = reference!.split('.', 1)[0]!;
    const numbers = numbersOf.get(batch) ?? new Set<number>();
    numbersOf.set(batch, numbers);
    if (number === testPhone) tests += 1;
    else accepted += 1;
    if (numbers.has(Number(number))) repeated += 1;
    numbers.add(Number(number));
  }
  return { accepted, repeated, tests };
}
