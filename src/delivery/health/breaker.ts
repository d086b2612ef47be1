import type { SendOutcome } from '../../gateways';
import { BreakerEvent, BreakerState, closedAt, nextBreaker } from './next-breaker';

/**
 * Whether texts may leave: `all`; `one`, a single text of whatever may go through the gateway at all, whatever its share; or
 * none, to be asked again after `waitMs` at the latest, which is never more than a second, so that somebody's "try now" is
 * heard in time.
 */
export type Allowance =
  { readonly go: 'all' } | { readonly go: 'one' } | { readonly go: 'none'; readonly waitMs: number };

/** While the one text is under way, its answer may come at any moment. */
const ANSWER_POLL_MS = 100;
const LONGEST_POLL_MS = 1_000;
/** Beyond the gateway's own time-out: what the text spends between permission, mark and socket. */
const MARGIN_MS = 5_000;
/** The weight of the newest answer in the latency: some ten of them tell. */
const NEWEST = 0.1;

/**
 * The circuit breaker of one gateway in one instance: `nextBreaker` with a memory. Times are of performance.now().
 *
 * Who sends asks `allows` before leasing and marking, so that no text is touched while the gateway takes none, and tells
 * every answer. A text that is marked already and finds `state` other than it was marked in is best given back unsent.
 */
export class Breaker {
  /** How long the gateway took to answer of late; null before the first answer. */
  latencyMs: number | null = null;
  /** When it last answered anything. */
  answeredAtMs = -Infinity;
  private current: BreakerState = closedAt(0);

  constructor(
    private readonly timeoutMs: number,
    private readonly onTurn: (to: BreakerState['phase']) => void = () => undefined,
    private readonly random: () => number = Math.random,
  ) {}

  /** `one` is given once: afterwards the answer is noted, or `unused` called when nothing was there to send. */
  allows(nowMs: number): Allowance {
    const before = this.current;
    this.turn({ kind: 'ask', answerWithinMs: this.timeoutMs + MARGIN_MS }, nowMs);
    if (this.current.phase === 'closed') return { go: 'all' };
    if (this.current.phase === 'open') {
      return { go: 'none', waitMs: Math.min(LONGEST_POLL_MS, this.current.askAtMs - nowMs) };
    }
    return this.current === before ? { go: 'none', waitMs: ANSWER_POLL_MS } : { go: 'one' };
  }

  /** @param sentAtMs when the text left; one given back without being sent is not noted at all */
  note(outcome: SendOutcome, nowMs: number, sentAtMs: number): void {
    if (outcome.kind !== 'unknown') {
      const tookMs = nowMs - sentAtMs;
      this.answeredAtMs = nowMs;
      this.latencyMs = this.latencyMs === null ? tookMs : this.latencyMs + NEWEST * (tookMs - this.latencyMs);
    }
    this.turn({ kind: 'answer', outcome, sentAtMs, random: this.random() }, nowMs);
  }

  /** The one text that was let through did not leave; the next one may. */
  unused(nowMs: number): void {
    this.turn({ kind: 'unused' }, nowMs);
  }

  /** A person says that the gateway works again: it is tried at once. */
  tryNow(nowMs: number): void {
    this.turn({ kind: 'try-now' }, nowMs);
  }

  get state(): BreakerState['phase'] {
    return this.current.phase;
  }

  /** Cause and code of the answer that opened it, `account:20003`; empty while it is closed. */
  get reason(): string {
    return this.current.phase === 'closed' ? '' : this.current.reason;
  }

  private turn(event: BreakerEvent, nowMs: number): void {
    const before = this.current.phase;
    this.current = nextBreaker(this.current, event, nowMs);
    if (this.current.phase !== before) this.onTurn(this.current.phase);
  }
}
