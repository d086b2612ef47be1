import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { winBell } from '../platform/bells';
import { Clock } from '../platform/clock';
import { Config } from '../platform/config';
import { Database } from '../platform/database/database';
import { LOG, type Log } from '../platform/observability/log';
import { runRetention } from './retention';

/** A little less than a day, so that the hour does not wander. */
const ONCE_A_DAY_MS = 23.5 * 60 * 60 * 1000;

/**
 * Once a day, in one instance. Pulled every ten minutes rather than at a fixed hour: an office's machine may be off at
 * night, and retention must not depend on that.
 */
@Injectable()
export class RetentionBell implements BeforeApplicationShutdown {
  private working: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Cron('0 */10 * * * *', { waitForCompletion: true })
  async ring(): Promise<void> {
    if (this.isStopping || this.config.ROLE === 'web') return;
    this.working = this.run().catch((error: unknown) =>
      this.log.warn({ err: error }, 'retention was not finished, the next day goes on with it'),
    );
    await this.working;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.working;
  }

  private async run(): Promise<void> {
    if (!(await winBell(this.database, 'retention', ONCE_A_DAY_MS))) return;
    const report = await runRetention(this.database, this.config, this.clock.now());
    if (Object.values(report).some((count) => count > 0)) this.log.info(report, 'what is past its time was deleted');
  }
}
