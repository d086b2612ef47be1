import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { winBell } from '../platform/bells';
import { Config } from '../platform/config';
import { Database } from '../platform/database/database';
import { LOG, type Log } from '../platform/observability/log';
import { keepPeople, settleFigures } from './settled-figures.store';

/** A little less than the intervals, or a bell that rings a moment early would be lost. */
const PEOPLE_BELL_MS = 4_900;
const SETTLING_BELL_MS = 9 * 60_000;

/**
 * Keeps what statistics read small. Rings in one instance and looks at state, so what one bell misses the next makes up for;
 * the figures are right in between too, and only take longer to read.
 */
@Injectable()
export class SettledFiguresBell implements BeforeApplicationShutdown {
  private working: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Whoever asks for statistics while a campaign is sent should not wait until it has ended. */
  @Cron('*/5 * * * * *', { waitForCompletion: true })
  ringForPeople(): Promise<void> {
    return this.work('people', PEOPLE_BELL_MS, async () => {
      while (!this.isStopping && (await keepPeople(this.database)) !== undefined);
    });
  }

  @Cron('40 */10 * * * *', { waitForCompletion: true })
  ringForSettling(): Promise<void> {
    return this.work('settled-figures', SETTLING_BELL_MS, () => settleFigures(this.database, () => this.isStopping));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.working;
  }

  private async work(bell: string, everyMs: number, work: () => Promise<void>): Promise<void> {
    if (this.isStopping || this.config.ROLE === 'web') return;
    const working = this.working.then(async () => {
      if (!this.isStopping && (await winBell(this.database, bell, everyMs))) await work();
    });
    this.working = working.catch((error: unknown) =>
      this.log.warn({ err: error }, 'figures could not be settled, the next bell tries again'),
    );
    await this.working;
  }
}
