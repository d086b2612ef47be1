import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../platform/database/database';
import type { Log } from '../platform/observability/log';
import { appendOutcomes, Outcome } from './outcomes.store';
import { settleLate } from './sweep.store';

/** A flush takes at most so many outcomes: beyond it a statement gets no cheaper per row. */
const LARGEST_FLUSH = 500;
/** The first outcome waits so long for company. */
const FLUSH_AFTER_MS = 20;

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
    });
  }

  private async flushSoon(): Promise<void> {
    if (this.waiting.length < LARGEST_FLUSH) await sleep(FLUSH_AFTER_MS);
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
        const refused = await appendOutcomes(this.database, outcomes, { owner, slot, late: false });
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
