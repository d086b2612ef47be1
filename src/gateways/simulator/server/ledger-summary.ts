import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseReference } from '../../gateway';
import { parseEntry } from './ledger-entry';

/** What the ledger proves, without a number in it. */
export interface LedgerSummary {
  readonly accepted: number;
  readonly batches: readonly BatchSummary[];
}

export interface BatchSummary {
  readonly batchId: number;
  readonly accepted: number;
  /** Distinct numbers. */
  readonly numbers: number;
  /** Acceptances of a number that the batch had reached before: 0, or somebody was texted twice. */
  readonly repeated: number;
  /** References of the first of those, at most {@link MAX_REFERENCES}. */
  readonly repeatedReferences: readonly string[];
}

const MAX_REFERENCES = 20;

/** Reads a ledger file, also one that is being written: a torn last line was not answered yet and is left out. */
export async function summariseLedger(path: string): Promise<LedgerSummary> {
  const batches = new Map<number, { accepted: number; numbers: Set<string>; repeated: string[] }>();
  let accepted = 0;
  for await (const line of createInterface({ input: createReadStream(path, 'latin1'), crlfDelay: Infinity })) {
    const entry = parseEntry(line);
    const batchId = entry && parseReference(entry.reference)?.batchId;
    if (!batchId) continue;
    const batch = batches.get(batchId) ?? { accepted: 0, numbers: new Set<string>(), repeated: [] };
    batches.set(batchId, batch);
    accepted++;
    batch.accepted++;
    if (batch.numbers.has(entry.number)) batch.repeated.push(entry.reference);
    batch.numbers.add(entry.number);
  }
  return {
    accepted,
    batches: [...batches].map(([batchId, batch]) => ({
      batchId,
      accepted: batch.accepted,
      numbers: batch.numbers.size,
      repeated: batch.repeated.length,
      repeatedReferences: batch.repeated.slice(0, MAX_REFERENCES),
    })),
  };
}
