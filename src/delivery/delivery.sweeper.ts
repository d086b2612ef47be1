import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { GatewayRegistry } from '../gateways';
import { Config } from '../platform/config';
import { Database } from '../platform/database/database';
import { LOG, type Log } from '../platform/observability/log';
import { finishBatches } from './batches.store';
import { DeliveryWorker } from './delivery.worker';
import { applyReceipts } from './receipts.store';
import { closeUnsentChunk, reapChunk } from './sweep.store';
import { mayProveUnsent } from './unknown/judge-unknown';

/**
 * Looks, every second, at state and never at a window of time: leases that ran out, cancelled and expired texts, finished
 * batches, receipts to apply. Every instance may do so at once: locks share the work.
 */
@Injectable()
export class DeliverySweeper implements BeforeApplicationShutdown {
  private working: Promise<unknown> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly worker: DeliveryWorker,
    private readonly gateways: GatewayRegistry,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Cron('* * * * * *', { waitForCompletion: true })
  async sweep(): Promise<void> {
    if (this.isStopping || this.config.ROLE === 'web') return;
    this.working = Promise.all([this.guard(this.sweepChunks()), this.guard(this.sweepReceipts())]);
    await this.working;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.working;
  }

  private async sweepChunks(): Promise<void> {
    const { slot } = this.worker;
    for (let unknown; (unknown = await reapChunk(this.database, slot)) !== undefined && !this.isStopping;) {
      this.log.warn({ unknown }, 'a lease ran out: its owner was killed or cut off');
    }
    while (!this.isStopping && (await closeUnsentChunk(this.database, slot)));
    const provers = this.gateways.all
      .filter(({ capabilities }) => mayProveUnsent(capabilities))
      .map(({ name }) => name);
    const { finished, broken } = await finishBatches(this.database, provers);
    for (const batch of finished) this.log.info({ batch }, 'batch finished');
    for (const batch of broken)
      this.log.error({ batch }, 'a batch ended with messages unaccounted for: report this bug');
  }

  private async sweepReceipts(): Promise<void> {
    let lot;
    do {
      lot = await applyReceipts(this.database);
      if (lot && lot.strays.length > 0)
        this.log.warn({ receipts: lot.strays.length }, 'receipts fit no text of ours: see the stray receipts');
      // What came meanwhile waits for the next second: a thousand at once cost a fifth of a thousand one by one.
    } while (lot?.isFull && !this.isStopping);
  }

  /** The database may be away for a while: the next second looks again. */
  private async guard(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => this.log.warn({ err: error }, 'a sweep failed, the next one repeats it'));
  }
}
