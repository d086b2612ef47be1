import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { winBell } from '../platform/bells';
import { Config } from '../platform/config';
import { Database } from '../platform/database/database';
import { Fault } from '../platform/errors';
import { SYSTEM } from '../platform/http/actor';
import { LOG, type Log } from '../platform/observability/log';
import { CampaignsService } from './campaigns.service';
import { dueCampaigns, finishedCampaigns } from './campaigns.store';

/**
 * Rings every second, in one instance: starts what is due and completes what delivery has finished. It looks at state
 * only, so a second that was missed is made up for by the next.
 */
@Injectable()
export class CampaignsBell implements BeforeApplicationShutdown {
  private working: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly campaigns: CampaignsService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Cron('* * * * * *', { waitForCompletion: true })
  async ring(): Promise<void> {
    if (this.isStopping || this.config.ROLE === 'web') return;
    this.working = this.advance().catch((error: unknown) =>
      this.log.warn({ err: error }, 'campaigns could not be looked after, the next second tries again'),
    );
    await this.working;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.working;
  }

  private async advance(): Promise<void> {
    if (!(await winBell(this.database, 'campaigns', 900))) return;
    for (const id of await dueCampaigns(this.database)) await this.start(id);
    for (const id of await finishedCampaigns(this.database)) {
      await this.campaigns.complete(SYSTEM, id);
      this.log.info({ campaign: id }, 'campaign completed');
    }
  }

  /** A campaign that no longer is what was approved is paused, not sent, and somebody must look at it. */
  private async start(id: number): Promise<void> {
    try {
      await this.campaigns.start(SYSTEM, id);
      this.log.info({ campaign: id }, 'campaign started');
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.log.error({ campaign: id, code: error.code }, 'a campaign differs from what was approved and is paused');
      await this.campaigns.pause(SYSTEM, id);
    }
  }
}
