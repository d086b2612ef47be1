import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { GatewayRegistry } from '../../gateways';
import { winBell } from '../../platform/bells';
import { Config } from '../../platform/config';
import { Database } from '../../platform/database/database';
import { LOG, type Log } from '../../platform/observability/log';
import { Reconciler } from './reconciler';

/** A little less than the interval, or a bell that rings a moment early would be lost. */
const BELL_MS = 900;

/** Rings every second, in one instance, and settles the unknown texts whose turn has come. */
@Injectable()
export class ReconcilerBell implements BeforeApplicationShutdown {
  private readonly reconciler: Reconciler;
  private working: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    gateways: GatewayRegistry,
    @Inject(LOG) private readonly log: Log,
  ) {
    const leaseMs = config.LEASE_SECONDS * 1_000;
    this.reconciler = new Reconciler({ database, gateways, log, leaseMs });
  }

  @Cron('* * * * * *', { waitForCompletion: true })
  async ring(): Promise<void> {
    if (this.isStopping || this.config.ROLE === 'web') return;
    this.working = this.reconcile().catch((error: unknown) =>
      this.log.warn({ err: error }, 'unknown texts could not be looked after, the next second tries again'),
    );
    await this.working;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    this.reconciler.stop();
    await this.working;
  }

  private async reconcile(): Promise<void> {
    if (await winBell(this.database, 'unknown', BELL_MS)) await this.reconciler.reconcile();
  }
}
