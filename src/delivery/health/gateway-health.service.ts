import { randomUUID } from 'node:crypto';
import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import { type Gateway, GatewayRegistry } from '../../gateways';
import { winBell } from '../../platform/bells';
import { Config } from '../../platform/config';
import { Database } from '../../platform/database/database';
import { LOG, type Log } from '../../platform/observability/log';
import { metrics } from '../../platform/observability/metrics';
import { Breaker } from './breaker';
import type { BreakerState } from './next-breaker';
import { readTrials, removeReports, Report, writeReports } from './reports.store';
import { shiftShares } from './shares.store';

/** A report counts for three times as long. */
const REPORT_EVERY_MS = 10_000;
/** An instance that had no answer for so long cannot tell whether a gateway works. */
const IDLE_AFTER_MS = 60_000;
/** A little less than a second, or a bell that rings a moment early would be lost. */
const BELL_MS = 900;

/**
 * What this instance finds the gateways to be like. It keeps their breakers, tells the other instances every ten seconds and
 * whenever one opens or closes, hears "try now", and, in one instance a second, moves shares by what all of them report.
 */
@Injectable()
export class GatewayHealth implements BeforeApplicationShutdown {
  private readonly owner = randomUUID();
  private readonly breakers: ReadonlyMap<string, Breaker>;
  private working: Promise<void> = Promise.resolve();
  private isStopping = false;
  /** What was told last, and when, by performance.now(). */
  private told = '';
  private toldAtMs = -Infinity;
  private trials: ReadonlyMap<string, string> | undefined;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly registry: GatewayRegistry,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.breakers = new Map(
      registry.all.map(({ name, capabilities: { timeoutMs } }) => [
        name,
        new Breaker(timeoutMs, (to) => this.noteTurn(name, to)),
      ]),
    );
  }

  get gateways(): readonly Gateway[] {
    return this.registry.all;
  }

  /** The one breaker of a gateway in this instance: senders ask it before they lease and tell it every answer. */
  breakerOf(gateway: string): Breaker {
    const breaker = this.breakers.get(gateway);
    if (!breaker) throw new Error(`no gateway ${gateway} is open here`);
    return breaker;
  }

  @Cron('* * * * * *', { waitForCompletion: true })
  async ring(): Promise<void> {
    if (this.isStopping || this.config.ROLE === 'web') return;
    this.working = this.look().catch((error: unknown) =>
      this.log.warn({ err: error }, 'the health of the gateways could not be told, the next second tries again'),
    );
    await this.working;
  }

  /** Its reports end with it: the others need not wait until they run out. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.working;
    if (this.toldAtMs === -Infinity) return;
    await removeReports(this.database, this.owner).catch((error: unknown) =>
      this.log.warn({ err: error }, 'reports on gateways could not be removed, they will run out'),
    );
  }

  private noteTurn(gateway: string, to: BreakerState['phase']): void {
    metrics.breakerTurns.inc({ gateway, to });
    const breaker = this.breakers.get(gateway)!;
    if (to === 'open') this.log.warn({ gateway, reason: breaker.reason }, 'a gateway takes no texts and is left alone');
    if (to === 'closed') this.log.info({ gateway }, 'a gateway takes texts again');
  }

  private async look(): Promise<void> {
    await this.hearTrials();
    await this.report();
    if (!(await winBell(this.database, 'gateway-shares', BELL_MS))) return;
    for (const shift of await shiftShares(this.database, [...this.breakers.keys()])) {
      this.log.warn(shift, 'the share of a gateway was moved');
    }
  }

  private async hearTrials(): Promise<void> {
    const before = this.trials;
    this.trials = await readTrials(this.database);
    if (!before) return;
    for (const [gateway, at] of this.trials) {
      if (before.get(gateway) !== at) this.breakers.get(gateway)?.tryNow(performance.now());
    }
  }

  private async report(): Promise<void> {
    const nowMs = performance.now();
    const reports = [...this.breakers].map(([gateway, breaker]): Report => {
      const { state, reason, latencyMs, answeredAtMs } = breaker;
      return { gateway, breaker: state, reason, latencyMs, isIdle: nowMs - answeredAtMs > IDLE_AFTER_MS };
    });
    const now = reports.map(({ breaker, reason, isIdle }) => `${breaker} ${reason} ${isIdle}`).join('\n');
    if (now === this.told && nowMs - this.toldAtMs < REPORT_EVERY_MS) return;
    this.toldAtMs = nowMs;
    await writeReports(this.database, this.owner, reports);
    this.told = now;
  }
}
