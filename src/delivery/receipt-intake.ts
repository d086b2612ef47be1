import { setTimeout as sleep } from 'node:timers/promises';
import type { Receipt } from '../gateways';
import type { Database } from '../platform/database/database';
import type { Log } from '../platform/observability/log';
import { metrics } from '../platform/observability/metrics';
import { receiptsNotKept } from './delivery-faults';
import { keepReceipts } from './receipts.store';

/** The first receipt waits so long for company, unless so many came. */
const GATHER_MS = 10;
const ENOUGH = 50;
/** More wait only where the database is far too slow. */
const MOST_WAITING = 5_000;
/** Gateways give up after 10 to 15 s. What is kept later than its answer comes twice, which changes nothing. */
const ANSWER_WITHIN_MS = 5_000;
const COME_AGAIN = { retryAfterSeconds: 5 };

/** Gathering -> written by one statement -> closed; closed without it when the time is over. */
class Lot {
  readonly receipts: Receipt[] = [];
  isClosed = false;
  readonly answer: Promise<void>;
  readonly enough: Promise<void>;
  enoughCame: () => void;
  private readonly patience: NodeJS.Timeout;
  private settle: (error?: unknown) => void;

  constructor(private readonly onClose: () => void) {
    this.answer = new Promise((resolve, reject) => {
      this.settle = (error) => (error === undefined ? resolve() : reject(error as Error));
    });
    this.enough = new Promise((resolve) => (this.enoughCame = resolve));
    this.patience = setTimeout(() => this.close(receiptsNotKept({}, COME_AGAIN)), ANSWER_WITHIN_MS);
  }

  close(error?: unknown): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearTimeout(this.patience);
    this.onClose();
    this.settle(error);
  }
}

/**
 * Keeps the receipts of one gateway: what comes within a few milliseconds, or while the last lot is being written, is one
 * statement, so that a thousand receipts a second are no thousand commits.
 */
export class ReceiptIntake {
  private gathering: Lot | undefined;
  private waiting = 0;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly gateway: string,
    private readonly log: Log,
  ) {}

  /**
   * Resolves when they are committed.
   *
   * @throws receiptsNotKept when too many wait already, or the database does not keep them in time
   */
  async keep(receipts: readonly Receipt[]): Promise<void> {
    if (receipts.length === 0) return;
    if (this.waiting > 0 && this.waiting + receipts.length > MOST_WAITING) throw receiptsNotKept({}, COME_AGAIN);
    const lot = (this.gathering ??= this.openLot());
    for (const receipt of receipts) lot.receipts.push(receipt);
    this.waiting += receipts.length;
    if (lot.receipts.length >= ENOUGH) lot.enoughCame();
    return lot.answer;
  }

  private openLot(): Lot {
    const lot = new Lot(() => {
      this.waiting -= lot.receipts.length;
      if (this.gathering === lot) this.gathering = undefined;
    });
    void this.writeInTurn(lot);
    return lot;
  }

  private async writeInTurn(lot: Lot): Promise<void> {
    await Promise.race([lot.enough, sleep(GATHER_MS)]);
    await this.writing;
    if (lot.isClosed) return;
    this.gathering = undefined;
    this.writing = this.write(lot);
  }

  /** Never rejects: whoever brought the receipts is told. */
  private async write(lot: Lot): Promise<void> {
    const { gateway } = this;
    try {
      await keepReceipts(this.database, gateway, lot.receipts);
      for (const { status } of lot.receipts) metrics.receipts.inc({ gateway, status });
      lot.close();
    } catch (error) {
      this.log.warn(
        { err: error, receipts: lot.receipts.length },
        'receipts were not kept: the gateway must come again',
      );
      lot.close(receiptsNotKept({}, COME_AGAIN));
    }
  }
}
