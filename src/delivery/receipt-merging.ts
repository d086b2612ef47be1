/** A receipt together with what the rows say of its message now. */
export interface ReceiptInContext {
  readonly receiptId: number;
  readonly batchId: number;
  readonly seq: number;
  readonly attempt: number;
  readonly status: 'delivered' | 'undelivered' | 'pending';
  readonly code: string;
  readonly gatewayMessageId: string;
  readonly receivedAt: Date;
  readonly tries: number;
  /** The certain outcome of that attempt, if any. */
  readonly outcome: string | null;
  readonly wasUnknown: boolean;
  /** What earlier receipts said. */
  readonly delivery: 'delivered' | 'undelivered' | null;
  readonly areaId: number | null;
  readonly segments: number | null;
  readonly day: string | null;
}

export interface Merged {
  /** Unknown attempts that a receipt proves were accepted. */
  readonly settled: ReceiptInContext[];
  /** Messages whose delivery moves up; one receipt each. */
  readonly moved: ReceiptInContext[];
  /** Their outcome is not on record yet: look again after so many seconds. */
  readonly parked: { readonly receiptId: number; readonly seconds: number }[];
  readonly applied: number[];
  /** Receipts for texts we have no trace of, or that the gateway had refused. */
  readonly strays: ReceiptInContext[];
}

const RANK = { pending: 0, undelivered: 1, delivered: 2 } as const;
/** 1, 2, 4 … 64 s, then every 64 s: an outcome is on record within seconds, or by the reaper within a lease. */
const MOST_TRIES = 20;

/**
 * What a lot of receipts does, whatever their order: a state only moves up its rank, a repeated receipt changes nothing,
 * one that came before its outcome waits, and any receipt is proof that the gateway had accepted the text.
 */
export function mergeReceipts(receipts: readonly ReceiptInContext[]): Merged {
  const settled = new Map<string, ReceiptInContext>();
  const moved = new Map<string, ReceiptInContext>();
  const merged: Merged = { settled: [], moved: [], parked: [], applied: [], strays: [] };
  for (const receipt of receipts) {
    const isAccepted = receipt.outcome === 'accepted' || (receipt.outcome === null && receipt.wasUnknown);
    if (!isAccepted) {
      const isEarly = receipt.outcome === null && receipt.areaId !== null && receipt.tries < MOST_TRIES;
      if (isEarly) merged.parked.push({ receiptId: receipt.receiptId, seconds: 2 ** Math.min(receipt.tries, 6) });
      else merged.strays.push(receipt);
      continue;
    }
    merged.applied.push(receipt.receiptId);
    const message = `${receipt.batchId}.${receipt.seq}`;
    if (receipt.outcome === null) settled.set(`${message}.${receipt.attempt}`, receipt);
    const best = Math.max(RANK[receipt.delivery ?? 'pending'], RANK[moved.get(message)?.status ?? 'pending']);
    if (RANK[receipt.status] > best) moved.set(message, receipt);
  }
  return { ...merged, settled: [...settled.values()], moved: [...moved.values()] };
}
