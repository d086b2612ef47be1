import { parseReference } from '../../gateway';
import type { SimulatorFiles } from '../simulator-files';
import { Acknowledgements } from './acknowledgements';
import type { Behaviour } from './behaviour';
import { AcceptanceIndex } from './acceptance-index';
import { ClosedReferences } from './closed-references';
import { verdictOf } from './fate';
import { Ledger } from './ledger';
import type { LedgerEntry } from './ledger-entry';
import type { OwedReceipt } from './receipt-queue';

/** The files a restarted simulator begins with. */
export interface Books {
  readonly ledger: Ledger;
  readonly index: AcceptanceIndex;
  readonly closed: ClosedReferences;
  readonly acknowledgements: Acknowledgements;
  /** Promised and never acknowledged. */
  readonly owed: readonly OwedReceipt[];
}

/** @throws when the ledger is damaged */
export function openBooks(files: SimulatorFiles, behaviour: Behaviour): Books {
  // The acknowledgements name their ledger, so the ledger is read first; what it owes is sifted afterwards.
  const promised: LedgerEntry[] = [];
  const index = new AcceptanceIndex();
  const ledger = Ledger.open(files.ledger, (entry) => {
    const reference = parseReference(entry.reference);
    if (reference) index.add(reference, entry.serial);
    if (entry.owesReceipt) promised.push(entry);
  });
  const closed = ClosedReferences.open(files.closedReferences, ledger.id);
  const { acknowledgements, known } = Acknowledgements.open(files.acknowledged, ledger.id);
  const owed = promised.filter(({ serial }) => !known.has(serial)).map((entry) => owedReceipt(entry, behaviour));
  return { ledger, index, closed, acknowledgements, owed };
}

function owedReceipt({ id, serial, reference, number, acceptedAtMs }: LedgerEntry, behaviour: Behaviour): OwedReceipt {
  const batchId = parseReference(reference)?.batchId ?? 0;
  return { id, serial, reference, acceptedAtMs, ...verdictOf({ batchId, number }, behaviour) };
}
