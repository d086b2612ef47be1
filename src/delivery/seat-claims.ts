import type { Gateway } from '../gateways';
import type { Database } from '../platform/database/database';
import type { Log } from '../platform/observability/log';
import { claimSeats, giveSeatsBack } from './seats.store';

const CLAIM_EVERY_MS = 1_000;
const RETRY_MS = 100;

/** Keeps this instance's part of the messages a gateway may have in flight: claimed every second, run out when it cannot be. */
export class SeatClaims {
  private timer: NodeJS.Timeout | undefined;
  private claiming: Promise<void> = Promise.resolve();
  private isClaiming = false;
  /** Nothing is sent before the first claim, and while there is no seat. */
  private validUntil = -Infinity;

  constructor(
    private readonly parts: { readonly database: Database; readonly gateway: Gateway; readonly log: Log },
    private readonly options: { readonly owner: string; readonly leaseSeconds: number },
    private readonly steps: { busy(sender: string): number; limit(mayFill: ReadonlyMap<string, number>): void },
  ) {}

  /** How long nothing may be sent for want of seats. */
  waitMs(now: number): number {
    return now > this.validUntil ? RETRY_MS : 0;
  }

  /** The first claim; the next ones follow by themselves, for seats must not run out while the sender waits for room. */
  async start(): Promise<void> {
    await this.claim();
    this.timer = setInterval(() => {
      // While the database hangs they must not queue up: to stop would take as long as all of them.
      if (!this.isClaiming) this.claiming = this.claim();
    }, CLAIM_EVERY_MS);
  }

  private async claim(): Promise<void> {
    this.isClaiming = true;
    const now = performance.now();
    const { database, gateway, log } = this.parts;
    const { owner, leaseSeconds: seconds } = this.options;
    const busy = (sender: string): number => this.steps.busy(sender);
    try {
      const mayFill = await claimSeats(database, { gateway: gateway.name, owner, seconds, busy });
      // The answers to what is sent have to be there before the seats are somebody else's.
      const runsOutAt = now + seconds * 1_000 - gateway.capabilities.timeoutMs;
      this.validUntil = mayFill.size === 0 ? Infinity : mayFill.get('') === 0 ? -Infinity : runsOutAt;
      this.steps.limit(mayFill);
    } catch (error) {
      log.warn({ err: error, gateway: gateway.name }, 'seats could not be claimed, those there are will run out');
    } finally {
      this.isClaiming = false;
    }
  }

  /** Once nothing is in flight any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.claiming;
    const { database, gateway, log } = this.parts;
    await giveSeatsBack(database, gateway.name, this.options.owner).catch((error: unknown) =>
      log.warn({ err: error, gateway: gateway.name }, 'seats could not be given back, they will run out'),
    );
  }
}
