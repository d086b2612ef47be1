import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { winBell } from '../platform/bells';
import { Config } from '../platform/config';
import { Database } from '../platform/database/database';
import { LOG, type Log } from '../platform/observability/log';
import { advanceSpreads } from './spread.store';

/** A little less than the interval, or a bell that rings a moment early would be lost. */
const BELL_MS = 900;

/** Rings every second, in one instance, and releases what is due of batches that are spread over hours. */
@Injectable()
export class SpreadBell implements BeforeApplicationShutdown {
  private working: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Cron('* * * * * *', { waitForCompletion: true })
  async ring(): Promise<void> {
    if (this.isStopping || this.config.ROLE === 'web') return;
    this.working = this.advance().catch((error: unknown) =>
      this.log.warn({ err: error }, 'spread batches could not be advanced, the next second tries again'),
    );
    await this.working;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.working;
  }

  private async advance(): Promise<void> {
    if (await winBell(this.database, 'spread', BELL_MS)) await advanceSpreads(this.database);
  }
}
