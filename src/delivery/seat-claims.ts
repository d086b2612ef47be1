import type { Gateway } from '../gateways';
import type { Database } from '../platform/database/database';
import type { Log } from '../platform/observability/log';
import { claimSeats, giveSeatsBack } from './seats.store';

const CLAIM_EVERY_MS = 1_000;

/** Keeps this instance's part of the messages a gateway may have in flight: claimed every second, run out when it cannot be. */
export class SeatClaims {
  private claimedAt = -Infinity;
  /** Nothing is sent before the first claim. */
  private validUntil = -Infinity;

  constructor(
    private readonly parts: { readonly database: Database; readonly gateway: Gateway; readonly log: Log },
    private readonly options: { readonly owner: string; readonly leaseSeconds: number },
    private readonly steps: { busy(sender: string): number; limit(mayFill: ReadonlyMap<string, number>): void },
  ) {}

  /** How long nothing may be sent for want of seats. */
  waitMs(now: number): number {
    return now > this.validUntil ? CLAIM_EVERY_MS : 0;
  }

  async claim(): Promise<void> {
    const now = performance.now();
    if (now < this.claimedAt + CLAIM_EVERY_MS) return;
    this.claimedAt = now;
    const { database, gateway, log } = this.parts;
    const { owner, leaseSeconds: seconds } = this.options;
    const busy = (sender: string): number => this.steps.busy(sender);
    try {
      const mayFill = await claimSeats(database, { gateway: gateway.name, owner, seconds, busy });
      // The answers to what is sent have to be there before the seats are somebody else's.
      this.validUntil = mayFill.size > 0 ? now + seconds * 1_000 - gateway.capabilities.timeoutMs : Infinity;
      this.steps.limit(mayFill);
    } catch (error) {
      log.warn({ err: error, gateway: gateway.name }, 'seats could not be claimed, those there are will run out');
    }
  }

  async giveBack(): Promise<void> {
    const { database, gateway, log } = this.parts;
    await giveSeatsBack(database, gateway.name, this.options.owner).catch((error: unknown) =>
      log.warn({ err: error, gateway: gateway.name }, 'seats could not be given back, they will run out'),
    );
  }
}
