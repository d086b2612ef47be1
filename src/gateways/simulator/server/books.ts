import { parseReference } from '../../gateway';
import type { SimulatorFiles } from '../simulator-files';
import { Acknowledgements } from './acknowledgements';
import type { Behaviour } from './behaviour';
import { verdictOf } from './fate';
import { Ledger } from './ledger';
import type { LedgerEntry } from './ledger-entry';
import type { OwedReceipt } from './receipt-queue';

/** The two files a restarted simulator begins with. */
export interface Books {
  readonly ledger: Ledger;
  readonly acknowledgements: Acknowledgements;
  /** Promised and never acknowledged. */
  readonly owed: readonly OwedReceipt[];
}

/** @throws when the ledger is damaged */
export function openBooks(files: SimulatorFiles, behaviour: Behaviour): Books {
  // The acknowledgements name their ledger, so the ledger is read first; what it owes is sifted afterwards.
  const promised: LedgerEntry[] = [];
  const ledger = Ledger.open(files.ledger, (entry) => {
    if (entry.owesReceipt) promised.push(entry);
  });
  const { acknowledgements, known } = Acknowledgements.open(files.acknowledged, ledger.id);
  const owed = promised.filter(({ serial }) => !known.has(serial)).map((entry) => owedReceipt(entry, behaviour));
  return { ledger, acknowledgements, owed };
}

function owedReceipt({ id, serial, reference, number, acceptedAtMs }: LedgerEntry, behaviour: Behaviour): OwedReceipt {
  const batchId = parseReference(reference)?.batchId ?? 0;
  return { id, serial, reference, acceptedAtMs, ...verdictOf({ batchId, number }, behaviour) };
}
