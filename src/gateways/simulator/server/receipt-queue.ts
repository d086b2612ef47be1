import type { PostedReceipt } from '../simulator-receipts';
import type { Behaviour } from './behaviour';
import { Fifo } from './fifo';

export interface OwedReceipt extends PostedReceipt {
  readonly serial: number;
  readonly acceptedAtMs: number;
}

export interface ReceiptLot {
  readonly receipts: readonly PostedReceipt[];
  /** What is acknowledged when the lot was taken; repeated and belated receipts are owed to nobody. */
  readonly serials: readonly number[];
}

interface Extra {
  readonly receipt: PostedReceipt;
  readonly serial?: number;
  readonly dueMs: number;
}

/** Long enough that several lots overtake what is held back. */
const HOLD_BACK_MS = 300;

/** Decides which receipts go together, and in which order. Takes the time and the draws, sends nothing. */
export class ReceiptQueue {
  repeated = 0;
  reordered = 0;
  private readonly owed = new Fifo<OwedReceipt>();
  /** Held back and repeated receipts, due one hold later. */
  private readonly held = new Fifo<Extra>();
  /** `pending` after the final receipt, due two holds later. */
  private readonly belated = new Fifo<Extra>();

  get size(): number {
    return this.owed.size + this.held.size + this.belated.size;
  }

  push(receipt: OwedReceipt): void {
    this.owed.push(receipt);
  }

  /** When {@link take} will have something; undefined when nothing is queued. */
  nextDueMs({ receiptsDelayMs }: Behaviour): number | undefined {
    const { owed, held, belated } = this;
    const dues = [owed.first && owed.first.acceptedAtMs + receiptsDelayMs, held.first?.dueMs, belated.first?.dueMs];
    const known = dues.filter((due) => due !== undefined);
    return known.length > 0 ? Math.min(...known) : undefined;
  }

  /** The next lot that is due, undefined when none is. */
  take(nowMs: number, behaviour: Behaviour, draw: () => number): ReceiptLot | undefined {
    const receipts: PostedReceipt[] = [];
    const serials: number[] = [];
    const isFull = (): boolean => receipts.length >= behaviour.receiptsPerPost;
    for (const extras of [this.held, this.belated]) {
      for (let extra = extras.first; extra && extra.dueMs <= nowMs && !isFull(); extra = extras.first) {
        extras.shift();
        receipts.push(extra.receipt);
        if (extra.serial !== undefined) serials.push(extra.serial);
      }
    }
    for (let next = this.owed.first; next && !isFull(); next = this.owed.first) {
      if (next.acceptedAtMs + behaviour.receiptsDelayMs > nowMs) break;
      this.owed.shift();
      if (this.holdsBack(next, nowMs, behaviour, draw)) continue;
      receipts.push(posted(next));
      serials.push(next.serial);
    }
    if (behaviour.reorderReceiptsShare > 0) shuffle(receipts, draw);
    return receipts.length > 0 ? { receipts, serials } : undefined;
  }

  private holdsBack(owed: OwedReceipt, nowMs: number, behaviour: Behaviour, draw: () => number): boolean {
    const { reorderReceiptsShare, repeatReceiptsShare } = behaviour;
    const receipt = posted(owed);
    const dueMs = nowMs + HOLD_BACK_MS;
    if (repeatReceiptsShare > 0 && draw() < repeatReceiptsShare) {
      this.repeated += 1;
      this.held.push({ receipt, dueMs });
    }
    if (!(reorderReceiptsShare > 0 && draw() < reorderReceiptsShare)) return false;
    this.reordered += 1;
    this.held.push({ receipt, serial: owed.serial, dueMs });
    const pending: PostedReceipt = { ...receipt, status: 'pending', code: '' };
    this.belated.push({ receipt: pending, dueMs: dueMs + HOLD_BACK_MS });
    return true;
  }
}

function posted({ id, reference, status, code }: OwedReceipt): PostedReceipt {
  return { id, reference, status, code };
}

function shuffle(items: unknown[], draw: () => number): void {
  for (let index = items.length - 1; index > 0; index--) {
    const other = Math.floor(draw() * (index + 1));
    [items[index], items[other]] = [items[other], items[index]];
  }
}
