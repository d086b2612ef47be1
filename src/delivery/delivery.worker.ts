import { randomInt, randomUUID } from 'node:crypto';
import { BeforeApplicationShutdown, Inject, Injectable, OnApplicationBootstrap } from '@nestjs/common';
import { Config } from '../platform/config';
import { Database } from '../platform/database/database';
import { LOG, type Log } from '../platform/observability/log';
import { OptOuts } from '../subscribers';
import { DeliveryHint } from './delivery-hint';
import { GatewayHealth } from './health/gateway-health.service';
import { Recorder } from './recorder';
import { Sender } from './sender';

/** Counter rows are spread over so many slots; two instances in one slot only wait for each other. */
const SLOTS = 16;

/** One sender per gateway, for as long as the service runs with a role that sends. */
@Injectable()
export class DeliveryWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** The instance's name in leases. Anew at each start: a restarted service does not inherit what it once leased. */
  private readonly owner = randomUUID();
  /** Slot 0 belongs to the receipts. */
  readonly slot = 1 + randomInt(SLOTS);
  private senders: Sender[] = [];

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly optOuts: OptOuts,
    private readonly health: GatewayHealth,
    private readonly hint: DeliveryHint,
    @Inject(LOG) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.ROLE === 'web') return;
    const { LEASE_SECONDS: leaseSeconds } = this.config;
    const { owner, slot, database, log, hint } = this;
    const recorder = new Recorder(database, log, { owner, slot, giveUpAfterMs: 2_000 * leaseSeconds });
    this.senders = this.health.gateways.map((gateway) => {
      const onOptOut = (phone: string): Promise<void> => this.optOuts.recordFromOperator(phone, gateway.name);
      const breaker = this.health.breakerOf(gateway.name);
      const parts = { database, gateway, recorder, log, onOptOut, breaker, hint };
      return new Sender(parts, { owner, slot, leaseSeconds });
    });
    this.senders.forEach((sender) => sender.start());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.senders.map((sender) => sender.stop()));
  }
}
