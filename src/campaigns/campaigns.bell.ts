import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { winBell } from '../platform/bells';
import { Clock } from '../platform/clock';
import { Config } from '../platform/config';
import { Database } from '../platform/database/database';
import { Fault } from '../platform/errors';
import { SYSTEM } from '../platform/http/actor';
import { LOG, type Log } from '../platform/observability/log';
import { CampaignsService } from './campaigns.service';
import { type DueCampaign, dueCampaigns, finishedCampaigns } from './campaigns.store';
import { pauseWhatMustStop } from './running/pause-what-must-stop';
import { judgeStart } from './schedule/misfire';

/**
 * Rings every second, in one instance: starts what is due, pauses what must stop and completes what delivery has finished.
 * It looks at state only, so a second that was missed is made up for by the next.
 */
@Injectable()
export class CampaignsBell implements BeforeApplicationShutdown {
  private working: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly campaigns: CampaignsService,
    private readonly clock: Clock,
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
    for (const due of await dueCampaigns(this.database)) await this.judge(due);
    for (const { id, reason } of await pauseWhatMustStop(this.database)) {
      this.log.warn({ campaign: id, reason }, 'a campaign is paused for somebody to look at');
    }
    for (const id of await finishedCampaigns(this.database)) {
      await this.unlessChanged(id, () => this.campaigns.complete(SYSTEM, id));
      this.log.info({ campaign: id }, 'campaign completed');
    }
  }

  private async judge({ id, dueAt, rule }: DueCampaign): Promise<void> {
    const verdict = judgeStart({ dueAt, now: this.clock.now(), rule });
    if (verdict === 'start') return this.start(id);
    this.log.warn({ campaign: id, verdict }, 'the service was down when a campaign was due');
    await this.unlessChanged(id, () =>
      verdict === 'skip' ? this.campaigns.skip(SYSTEM, id) : this.campaigns.hold(SYSTEM, id, 'misfire'),
    );
  }

  /** A campaign that no longer is what was approved is not sent, and somebody must look at it. */
  private async start(id: number): Promise<void> {
    try {
      await this.campaigns.start(SYSTEM, id);
      this.log.info({ campaign: id }, 'campaign started');
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      if (error.code === 'campaign.act-not-allowed') return;
      this.log.error({ campaign: id, code: error.code }, 'a campaign differs from what was approved and is paused');
      await this.unlessChanged(id, () => this.campaigns.hold(SYSTEM, id, 'differs'));
    }
  }

  /** Somebody may have been faster: then his act counts. */
  private async unlessChanged(id: number, act: () => Promise<void>): Promise<void> {
    await act().catch((error: unknown) => {
      if (!(error instanceof Fault) || error.code !== 'campaign.act-not-allowed') throw error;
      this.log.info({ campaign: id }, 'somebody was faster with this campaign');
    });
  }
}
