/** Why a receipt says nothing of a text of ours. */
export type StrayReason =
  /** There is no such text. */
  | 'no-such-text'
  /** The text was handed to another gateway. */
  | 'other-gateway'
  /** The text is on record as failed. */
  | 'failed'
  /** That attempt was never handed over. */
  | 'never-sent'
  /** That attempt had been put off, and the text ended otherwise since. */
  | 'ended-otherwise';

/** A receipt together with what the rows say of its message now. */
export interface ReceiptInContext {
  readonly receiptId: number;
  readonly gateway: string;
  readonly batchId: number;
  readonly seq: number;
  readonly attempt: number;
  readonly status: 'delivered' | 'undelivered' | 'pending';
  readonly gatewayMessageId: string;
  /** How often it was looked at and could not be applied yet. */
  readonly tries: number;
  /** The certain outcome of that attempt, if any. */
  readonly outcome: string | null;
  readonly wasUnknown: boolean;
  /** Of an attempt that was put off: how a later one ended, if it has. */
  readonly ending: string | null;
  /** The text was handed to another gateway. */
  readonly isElsewhere: boolean;
  /** What earlier receipts said. */
  readonly delivery: 'delivered' | 'undelivered' | null;
  readonly areaId: number | null;
  readonly segments: number | null;
  readonly day: string | null;
}

export interface StrayReceipt {
  readonly receipt: ReceiptInContext;
  readonly reason: StrayReason;
}

export interface Merged {
  /** Unknown attempts that a receipt proves were accepted; one receipt each. */
  readonly settled: ReceiptInContext[];
  /** Attempts that stand as put off or failed and that a receipt proves were accepted after all; one receipt each. */
  readonly lateProofs: ReceiptInContext[];
  /** Messages whose delivery moves up; one receipt each. */
  readonly moved: ReceiptInContext[];
  /** Their outcome is not on record yet: look again after so many seconds. */
  readonly parked: { readonly receiptId: number; readonly seconds: number }[];
  readonly applied: ReceiptInContext[];
  readonly strays: StrayReceipt[];
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
  const lateProofs = new Map<string, ReceiptInContext>();
  const moved = new Map<string, ReceiptInContext>();
  const merged = { parked: [], applied: [], strays: [] } as Pick<Merged, 'parked' | 'applied' | 'strays'>;
  for (const receipt of receipts) {
    const fate = fateOf(receipt);
    const message = `${receipt.batchId}.${receipt.seq}`;
    const attempt = `${message}.${receipt.attempt}`;
    if (isLateProof(receipt, fate)) lateProofs.set(attempt, receipt);
    if (fate === 'applies') {
      merged.applied.push(receipt);
      if (receipt.outcome === null) settled.set(attempt, receipt);
      const best = Math.max(RANK[receipt.delivery ?? 'pending'], RANK[moved.get(message)?.status ?? 'pending']);
      if (RANK[receipt.status] > best) moved.set(message, receipt);
    } else if (fate === 'waits') {
      merged.parked.push({ receiptId: receipt.receiptId, seconds: 2 ** Math.min(receipt.tries, 6) });
    } else {
      merged.strays.push({ receipt, reason: fate });
    }
  }
  return {
    ...merged,
    settled: [...settled.values()],
    lateProofs: [...lateProofs.values()],
    moved: [...moved.values()],
  };
}

type Fate = 'applies' | 'waits' | StrayReason;

/** Of one put off, the gate lets no further attempt through; where one has left already, people see that. */
function isLateProof({ outcome }: ReceiptInContext, fate: Fate): boolean {
  return fate === 'failed' || (outcome === 'deferred' && fate !== 'other-gateway' && fate !== 'no-such-text');
}

function fateOf(receipt: ReceiptInContext): Fate {
  if (receipt.areaId === null) return 'no-such-text';
  if (receipt.isElsewhere) return 'other-gateway';
  switch (receipt.outcome) {
    case 'accepted':
      return 'applies';
    case null:
      if (receipt.wasUnknown) return 'applies';
      return receipt.tries < MOST_TRIES ? 'waits' : 'never-sent';
    case 'deferred':
      if (receipt.ending === null) return 'waits';
      return receipt.ending === 'accepted' ? 'applies' : 'ended-otherwise';
    case 'failed':
      return 'failed';
    default:
      return 'never-sent';
  }
}
