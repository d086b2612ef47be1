import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { GatewayRegistry } from '../gateways';
import { winBell } from '../platform/bells';
import { Config } from '../platform/config';
import { Database } from '../platform/database/database';
import { LOG, type Log } from '../platform/observability/log';
import { countResults } from './number-results.store';

/** A little less than the interval, or a bell that rings a moment early would be lost. */
const BELL_MS = 9 * 60_000;

/** Rings every ten minutes, in one instance, and looks at state: batches whose results are not counted yet. */
@Injectable()
export class NumberUpkeepBell implements BeforeApplicationShutdown {
  private working: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly gateways: GatewayRegistry,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Cron('20 */10 * * * *', { waitForCompletion: true })
  async ring(): Promise<void> {
    if (this.isStopping || this.config.ROLE === 'web') return;
    this.working = this.countAll().catch((error: unknown) =>
      this.log.warn({ err: error }, 'the results of a batch could not be counted, the next bell tries again'),
    );
    await this.working;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.working;
  }

  private async countAll(): Promise<void> {
    if (!(await winBell(this.database, 'number-upkeep', BELL_MS))) return;
    for (let batch; !this.isStopping && (batch = await countResults(this.database, this.gateways)) !== undefined;) {
      this.log.info({ batch }, 'the results of a batch were counted for the upkeep of numbers');
    }
  }
}
