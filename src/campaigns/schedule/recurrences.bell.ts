import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { winBell } from '../../platform/bells';
import { Config } from '../../platform/config';
import { Database } from '../../platform/database/database';
import { LOG, type Log } from '../../platform/observability/log';
import { RecurrencesService } from './recurrences.service';

/** A little less than the minute between two rings, so that none is lost to a clock that runs unevenly. */
const AT_MOST_EVERY_MS = 50_000;

/**
 * Rings every minute, in one instance: makes the drafts of recurrences that are due and do not exist. It looks at state
 * only, so that after an outage the drafts are made late rather than never.
 */
@Injectable()
export class RecurrencesBell implements BeforeApplicationShutdown {
  private working: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly recurrences: RecurrencesService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Cron('20 * * * * *', { waitForCompletion: true })
  async ring(): Promise<void> {
    if (this.isStopping || this.config.ROLE === 'web') return;
    this.working = this.makeDrafts().catch((error: unknown) =>
      this.log.warn({ err: error }, 'recurrences could not be looked after, the next minute tries again'),
    );
    await this.working;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.working;
  }

  private async makeDrafts(): Promise<void> {
    if (!(await winBell(this.database, 'recurrences', AT_MOST_EVERY_MS))) return;
    for (const id of await this.recurrences.open()) {
      if (this.isStopping) return;
      // One that fails must not keep the others from their drafts.
      const campaigns = await this.recurrences.makeDrafts(id).catch((error: unknown) => {
        this.log.error(
          { recurrence: id, err: error },
          'a recurrence could not make its drafts, the next minute tries again',
        );
        return [];
      });
      if (campaigns.length > 0) this.log.info({ recurrence: id, campaigns }, 'a recurrence made drafts');
    }
  }
}
