import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../platform/database/database';
import type { Log } from '../platform/observability/log';
import { metrics } from '../platform/observability/metrics';
import { appendOutcomes, Outcome } from './outcomes.store';
import { LARGEST_FLUSH } from './step-size';
import { settleLate } from './sweep.store';

/** The first outcome waits so long for company, unless so many came. */
const FLUSH_AFTER_MS = 10;
const FLUSH_AT_ONCE = 50;

interface Waiting {
  readonly outcome: Outcome;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Appends outcomes in batches: one flush at a time, the next one gathers meanwhile. A flush that fails is repeated until
 * the database is back (appending twice changes nothing) or `giveUpAfterMs` is over; by then the leases have run out and
 * the reaper has recorded the texts as `unknown`.
 */
export class Recorder {
  private waiting: Waiting[] = [];
  private flushing: Promise<void> | undefined;
  private enoughCame: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly log: Log,
    private readonly options: { owner: string; slot: number; giveUpAfterMs: number },
  ) {}

  /** Resolves when the outcome is committed. */
  record(outcome: Outcome): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ outcome, resolve, reject });
      this.flushing ??= this.flushSoon();
      if (this.waiting.length >= FLUSH_AT_ONCE) this.enoughCame?.();
    });
  }

  private async flushSoon(): Promise<void> {
    if (this.waiting.length < FLUSH_AT_ONCE) {
      await new Promise<void>((resolve) => {
        this.enoughCame = resolve;
        setTimeout(resolve, FLUSH_AFTER_MS);
      });
    }
    this.enoughCame = undefined;
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, LARGEST_FLUSH);
      try {
        await this.append(batch.map(({ outcome }) => outcome));
        batch.forEach(({ resolve }) => resolve());
      } catch (error) {
        batch.forEach(({ reject }) => reject(error));
      }
    }
    this.flushing = undefined;
  }

  private async append(outcomes: readonly Outcome[]): Promise<void> {
    const { owner, slot, giveUpAfterMs } = this.options;
    const giveUpAt = performance.now() + giveUpAfterMs;
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
      try {
        const startedAt = performance.now();
        const refused = await appendOutcomes(this.database, outcomes, { owner, slot, late: false });
        metrics.flushTexts.observe(outcomes.length);
        metrics.flushSeconds.observe((performance.now() - startedAt) / 1_000);
        if (refused.length > 0) {
          this.log.warn({ outcomes: refused.length }, 'outcomes came after their lease and are settled as late');
          await settleLate(this.database, refused, slot);
        }
        return;
      } catch (error) {
        if (performance.now() > giveUpAt) throw error;
        this.log.warn({ err: error, outcomes: outcomes.length }, 'outcomes could not be recorded, trying again');
        await sleep(pauseMs);
      }
    }
  }
}
