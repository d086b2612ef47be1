import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../platform/database/database';
import type { Log } from '../platform/observability/log';
import { metrics } from '../platform/observability/metrics';
import { appendOutcomes, Outcome } from './outcomes.store';
import { LARGEST_FLUSH } from './step-size';
import { settleLate } from './sweep.store';

/** A flush waits so long for more, unless it is full or somebody waits for it: its commit costs as much as fifty outcomes. */
const FLUSH_AFTER_MS = 10;

/** Outcomes that are appended together. */
interface Flush {
  readonly outcomes: Outcome[];
  /** Settled when they are committed, or given up. */
  readonly done: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Appends outcomes in batches: one flush at a time, the next one gathers meanwhile. A flush that fails is repeated until
 * the database is back (appending twice changes nothing) or `giveUpAfterMs` is over; by then the leases have run out and
 * the reaper has recorded the texts as `unknown`.
 */
export class Recorder {
  private readonly waiting: Flush[] = [];
  private flushing: Promise<void> | undefined;
  private enoughCame: (() => void) | undefined;

  constructor(
    private readonly database: Database,
    private readonly log: Log,
    private readonly options: { owner: string; slot: number; giveUpAfterMs: number },
  ) {}

  /** Resolves when they are committed. Those of a list that left as one are appended as one. */
  record(outcomes: readonly Outcome[]): Promise<void> {
    let flush = this.waiting.at(-1);
    if (!flush || flush.outcomes.length + outcomes.length > LARGEST_FLUSH) this.waiting.push((flush = newFlush()));
    for (const outcome of outcomes) flush.outcomes.push(outcome);
    this.flushing ??= this.flushSoon();
    if (this.waiting.length > 1 || flush.outcomes.length >= LARGEST_FLUSH) this.enoughCame?.();
    return flush.done;
  }

  /** Whoever may have no more in doubt until these are on record does not wait for company. */
  hurry(): void {
    this.enoughCame?.();
  }

  private async flushSoon(): Promise<void> {
    await this.untilEnoughCame();
    for (let flush; (flush = this.waiting.shift());) {
      const { outcomes, resolve, reject } = flush;
      await this.insist(() => this.append(outcomes)).then(resolve, reject);
    }
    this.flushing = undefined;
  }

  private async untilEnoughCame(): Promise<void> {
    if (this.waiting.length > 1 || this.waiting[0]!.outcomes.length >= LARGEST_FLUSH) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FLUSH_AFTER_MS);
      this.enoughCame = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.enoughCame = undefined;
  }

  /** Does what may be done twice again until the database is back, or `giveUpAfterMs` is over. */
  async insist(work: () => Promise<void>): Promise<void> {
    const giveUpAt = performance.now() + this.options.giveUpAfterMs;
    for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 2_000)) {
      try {
        return await work();
      } catch (error) {
        if (performance.now() > giveUpAt) throw error;
        this.log.warn({ err: error }, 'what gateways answered could not be recorded, trying again');
        await sleep(pauseMs);
      }
    }
  }

  private async append(outcomes: readonly Outcome[]): Promise<void> {
    const { owner, slot } = this.options;
    const startedAt = performance.now();
    const refused = await appendOutcomes(this.database, outcomes, { owner, slot, late: false });
    metrics.flushTexts.observe(outcomes.length);
    metrics.flushSeconds.observe((performance.now() - startedAt) / 1_000);
    if (refused.length === 0) return;
    this.log.warn({ outcomes: refused.length }, 'outcomes came after their lease and are settled as late');
    await settleLate(this.database, refused, slot);
  }
}

function newFlush(): Flush {
  let [resolve, reject]: [() => void, (error: unknown) => void] = [() => undefined, () => undefined];
  const done = new Promise<void>((onDone, onGivenUp) => ([resolve, reject] = [onDone, onGivenUp]));
  return { outcomes: [], done, resolve, reject };
}
