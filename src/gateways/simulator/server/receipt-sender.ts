import { Agent, request } from 'undici';
import type { Log } from '../../../platform/observability/log';
import { SIGNATURE_HEADER, signReceipts } from '../receipt-signature';
import type { PostedReceipt } from '../simulator-receipts';
import type { Acknowledgements } from './acknowledgements';
import type { Conduct } from './conduct';
import type { Deeds } from './deeds';
import type { OwedReceipt, ReceiptLot, ReceiptQueue } from './receipt-queue';

/** POSTs under way at once. */
const LANES = 4;
/** Receipts that fall due within this time travel together. */
const GATHER_MS = 20;
/** The delay may be told to be shorter while receipts wait for a longer one. */
const LOOK_AGAIN_MS = 1_000;
const ANSWER_TIMEOUT_MS = 10_000;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;
const STOP_WAIT_MS = 2_000;

export interface ReceiptSenderParts {
  readonly queue: ReceiptQueue;
  readonly acknowledgements: Acknowledgements;
  readonly secret: string;
  readonly conduct: Conduct;
  readonly log: Log;
}

/**
 * Posts receipts to the service until it acknowledges them with a 2xx, however long that takes. What is not
 * acknowledged when the simulator ends is sent by the next one, from the ledger: at least once, never lost.
 */
export class ReceiptSender {
  private readonly agent = new Agent({ connections: LANES, pipelining: 1 });
  private readonly underWay = new Set<Promise<void>>();
  private readonly pauses = new Set<() => void>();
  private address?: string;
  private timer?: NodeJS.Timeout;
  private stopped = false;
  private failing = false;
  private travelling = 0;

  constructor(private readonly parts: ReceiptSenderParts) {}

  /** Not yet acknowledged ones. */
  get pending(): number {
    return this.parts.queue.size + this.travelling;
  }

  get deeds(): Pick<Deeds, 'receiptsRepeated' | 'receiptsReordered'> {
    const { repeated, reordered } = this.parts.queue;
    return { receiptsRepeated: repeated, receiptsReordered: reordered };
  }

  push(receipt: OwedReceipt): void {
    this.parts.queue.push(receipt);
    this.wakeIn(GATHER_MS);
  }

  /** The last address wins; what waits for a retry is tried there at once, for a service that just came back. */
  setAddress(url: string): void {
    this.address = url;
    this.endPauses();
    this.wakeIn(0);
  }

  /**
   * Posts these receipts once, as they are: for trials of what a service does with forged ones and such of texts it does
   * not know.
   *
   * @returns the service's HTTP status, or why there was none
   */
  postNow(receipts: readonly PostedReceipt[], isForged: boolean): Promise<number | string> {
    const body = JSON.stringify({ receipts });
    return this.post(body, isForged ? signReceipts(`not ${this.parts.secret}`, body) : undefined);
  }

  /** Lets go of what cannot be delivered now. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.endPauses();
    const timeout = new Promise<void>((resolve) => setTimeout(resolve, STOP_WAIT_MS).unref());
    await Promise.race([Promise.all(this.underWay), timeout]);
    await this.agent.destroy();
  }

  private wakeIn(delayMs: number): void {
    if (this.stopped || !this.address) return;
    if (delayMs === 0) clearTimeout(this.timer);
    else if (this.timer) return;
    this.timer = setTimeout(() => this.pump(), delayMs);
  }

  private pump(): void {
    this.timer = undefined;
    const { queue, conduct } = this.parts;
    const { behaviour, draw } = conduct;
    while (this.underWay.size < LANES && !this.stopped) {
      const lot = queue.take(Date.now(), behaviour, draw);
      if (!lot) break;
      this.travelling += lot.receipts.length;
      const delivery = this.deliver(lot).finally(() => this.afterDelivery(delivery, lot));
      this.underWay.add(delivery);
    }
    const dueMs = queue.nextDueMs(behaviour);
    if (dueMs === undefined || this.underWay.size >= LANES) return;
    this.wakeIn(Math.min(LOOK_AGAIN_MS, Math.max(GATHER_MS, dueMs - Date.now())));
  }

  private afterDelivery(delivery: Promise<void>, lot: ReceiptLot): void {
    this.underWay.delete(delivery);
    this.travelling -= lot.receipts.length;
    const isFullLotWaiting = this.parts.queue.size >= this.parts.conduct.behaviour.receiptsPerPost;
    if (this.parts.queue.size > 0) this.wakeIn(isFullLotWaiting ? 0 : GATHER_MS);
  }

  private async deliver(lot: ReceiptLot): Promise<void> {
    const body = JSON.stringify({ receipts: lot.receipts });
    for (let retryMs = FIRST_RETRY_MS; !this.stopped; retryMs = Math.min(LAST_RETRY_MS, retryMs * 2)) {
      const answer = await this.post(body);
      const isTaken = typeof answer === 'number' && answer >= 200 && answer < 300;
      const failure = isTaken ? undefined : String(answer);
      this.reportTurn(failure);
      if (failure === undefined) return this.acknowledge(lot);
      await this.pause(retryMs);
    }
  }

  private acknowledge(lot: ReceiptLot): void {
    try {
      this.parts.acknowledgements.append(lot.serials);
    } catch (error) {
      this.parts.log.warn({ err: error }, 'acknowledged receipts could not be noted; a restart will send them again');
    }
  }

  /** @returns the HTTP status, or why there was none */
  private async post(body: string, signature = signReceipts(this.parts.secret, body)): Promise<number | string> {
    const headers = { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature };
    const timeouts = { headersTimeout: ANSWER_TIMEOUT_MS, bodyTimeout: ANSWER_TIMEOUT_MS };
    try {
      const options = { method: 'POST', headers, body, dispatcher: this.agent, ...timeouts } as const;
      const answer = await request(this.address ?? '', options);
      await answer.body.dump();
      return answer.statusCode;
    } catch (error) {
      return String((error as { code?: unknown }).code ?? 'failed');
    }
  }

  /** One line when trouble begins and one when it is over, not one for each try. */
  private reportTurn(failure: string | undefined): void {
    if (failure !== undefined && !this.failing) {
      this.parts.log.warn({ reason: failure }, 'the service does not take receipts; they are kept and tried again');
    }
    if (failure === undefined && this.failing) this.parts.log.info('the service takes receipts again');
    this.failing = failure !== undefined;
  }

  private pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, delayMs);
      this.pauses.add(end);
    });
  }

  private endPauses(): void {
    for (const end of [...this.pauses]) end();
  }
}
