import { Inject, Injectable } from '@nestjs/common';
import {
  catchError,
  defer,
  EMPTY,
  exhaustMap,
  finalize,
  from,
  type Observable,
  ReplaySubject,
  share,
  takeWhile,
  timer,
} from 'rxjs';
import { type BatchFigures, type FailureReason, failureReasons, gatewayPace, type GatewayPace } from '../../delivery';
import { Clock } from '../../platform/clock';
import { Database, type Queries } from '../../platform/database/database';
import { LOG, type Log } from '../../platform/observability/log';
import type { CampaignState } from '../lifecycle';
import type { PauseReason } from '../plan';
import { rateOf, type RateSample, recentSamples } from './rate';
import { readStanding, type Standing } from './running.read-model';
import { goneOf } from './watch';

/** A campaign at one instant. */
export interface Progress {
  readonly at: Date;
  readonly state: CampaignState;
  readonly pauseReason: PauseReason | null;
  readonly isOver: boolean;
  readonly figures: BatchFigures | null;
  /** Texts a second over the last ten seconds; null in the first second of looking. */
  readonly rate: number | null;
  /** The last text leaves; null while it stands still, and when nothing is left. */
  readonly endsAt: Date | null;
  readonly topFailures: readonly FailureReason[];
}

const POLL_MS = 1_000;
/** As many reasons as fit under a campaign's figures. */
const MOST_REASONS = 5;
/** They are counted from the outcomes themselves, so not every second. */
const REASONS_EVERY_MS = 5_000;
/** What a gateway takes is measured over its last ten batches, and does not change from one second to the next. */
const PACE_EVERY_MS = 30_000;

/** One reading a second and campaign, however many follow it; none while nobody does. */
@Injectable()
export class ProgressFeed {
  private readonly followed = new Map<number, Observable<Progress>>();
  private readonly readings = new Set<Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** What is known at once, then a reading each second; completes when the campaign is over, or is not there. */
  of(id: number): Observable<Progress> {
    let progress = this.followed.get(id);
    if (!progress) this.followed.set(id, (progress = this.follow(id)));
    return progress;
  }

  /** Resolves once no reading is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.readings);
  }

  private follow(id: number): Observable<Progress> {
    return defer(() => {
      const reader = new ProgressReader(this.database, this.clock, id);
      return timer(0, POLL_MS).pipe(exhaustMap(() => this.readOrWait(reader)));
    }).pipe(
      takeWhile(({ isOver }) => !isOver, true),
      finalize(() => this.followed.delete(id)),
      share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: true }),
    );
  }

  /** A reading that fails is made up for by the next. */
  private readOrWait(reader: ProgressReader): Observable<Progress> {
    const reading = reader.read();
    const settled: Promise<unknown> = Promise.allSettled([reading]).then(() => this.readings.delete(settled));
    this.readings.add(settled);
    return from(reading).pipe(
      catchError((error: unknown) => {
        this.log.warn({ err: error }, 'the progress of a campaign could not be read, the next second tries again');
        return EMPTY;
      }),
    );
  }
}

/** Reads one campaign again and again, and remembers what a rate takes and what is dear to read. */
class ProgressReader {
  private samples: RateSample[] = [];
  private reasons: readonly FailureReason[] = [];
  private reasonsFor = 0;
  private reasonsReadMs = -Infinity;
  private pace?: GatewayPace;
  private paceReadMs = -Infinity;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly id: number,
  ) {}

  read(): Promise<Progress> {
    return this.database.transaction(async (tx) => {
      const at = this.clock.now();
      const standing = await readStanding(tx, this.id, at, (...of) => this.readPace(tx, ...of));
      if (!standing) throw new Error('a campaign that was there is gone');
      const { state, pauseReason, isOver, figures } = standing;
      if (figures) this.samples = recentSamples(this.samples, { atMs: performance.now(), gone: goneOf(figures) });
      return {
        ...{ at, state, pauseReason, isOver, figures },
        rate: rateOf(this.samples),
        endsAt: endOf(standing),
        topFailures: await this.readReasons(tx, standing),
      };
    }, 'REPEATABLE READ');
  }

  private async readPace(queries: Queries, gateway: string, sender: string): Promise<GatewayPace> {
    if (!this.pace || performance.now() - this.paceReadMs >= PACE_EVERY_MS) {
      this.pace = await gatewayPace(queries, gateway, sender);
      this.paceReadMs = performance.now();
    }
    return this.pace;
  }

  private async readReasons(
    queries: Queries,
    { batchId, figures, isOver }: Standing,
  ): Promise<readonly FailureReason[]> {
    const unsent = figures ? figures.failed + figures.unknown + figures.suppressed : 0;
    const isOld = performance.now() - this.reasonsReadMs >= REASONS_EVERY_MS;
    if (batchId === null || unsent === this.reasonsFor || !(isOld || isOver)) return this.reasons;
    this.reasons = unsent === 0 ? [] : await failureReasons(queries, batchId, MOST_REASONS);
    this.reasonsFor = unsent;
    this.reasonsReadMs = performance.now();
    return this.reasons;
  }
}

/** Of a campaign that stands still nobody knows the end. */
function endOf({ state, forecast }: Standing): Date | null {
  return state === 'submitted' || state === 'scheduled' || state === 'sending' ? (forecast?.endsAt ?? null) : null;
}
