import { formatReference, MessageReference } from '../../gateway';

/** Seqs of a batch are dense, so they lie in pages. */
const PAGE_BITS = 10;
const PAGE_SIZE = 1 << PAGE_BITS;

interface Page {
  /** Of the first acceptance of each seq; 0: none. */
  readonly serials: Uint32Array;
  readonly attempts: Uint16Array;
}

/**
 * Which acceptance on the ledger a reference has: its serial. Six bytes a text, 60 MB for ten million; a seq that was
 * accepted under several attempts, which is rare, takes about 100 bytes for each further one.
 */
export class AcceptanceIndex {
  private readonly batches = new Map<number, Map<number, Page>>();
  private readonly further = new Map<string, number>();

  add({ batchId, seq, attempt }: MessageReference, serial: number): void {
    const page = this.pageFor(batchId, seq);
    const place = seq & (PAGE_SIZE - 1);
    if (page.serials[place] === 0) {
      page.serials[place] = serial;
      page.attempts[place] = attempt;
    } else if (page.attempts[place] !== attempt) {
      const key = formatReference({ batchId, seq, attempt });
      if (!this.further.has(key)) this.further.set(key, serial);
    }
  }

  /** The serial of this very attempt, the first one where it was accepted twice. */
  serialOf(reference: MessageReference): number | undefined {
    const page = this.pageOf(reference);
    const place = reference.seq & (PAGE_SIZE - 1);
    if (!page || page.serials[place] === 0) return undefined;
    if (page.attempts[place] === reference.attempt) return page.serials[place];
    return this.further.get(formatReference(reference));
  }

  /** The serial of the first acceptance of the batch and seq, whatever its attempt. */
  firstSerialOf(reference: MessageReference): number | undefined {
    return this.pageOf(reference)?.serials[reference.seq & (PAGE_SIZE - 1)] || undefined;
  }

  private pageOf({ batchId, seq }: MessageReference): Page | undefined {
    return this.batches.get(batchId)?.get(seq >>> PAGE_BITS);
  }

  private pageFor(batchId: number, seq: number): Page {
    let pages = this.batches.get(batchId);
    if (!pages) this.batches.set(batchId, (pages = new Map()));
    let page = pages.get(seq >>> PAGE_BITS);
    if (!page) {
      page = { serials: new Uint32Array(PAGE_SIZE), attempts: new Uint16Array(PAGE_SIZE) };
      pages.set(seq >>> PAGE_BITS, page);
    }
    return page;
  }
}
