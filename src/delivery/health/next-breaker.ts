import type { SendOutcome } from '../../gateways';

/**
 * The circuit breaker of one gateway in one instance. Times are milliseconds of one monotonic clock.
 *
 * closed -> open: the gateway takes nothing. open -> half-open: it was waited for, one text is let through.
 * half-open -> closed: that text was answered. half-open -> open: it was not.
 */
export type BreakerState =
  | {
      readonly phase: 'closed';
      readonly sinceMs: number;
      readonly strikes: number;
      /** Answers and failures among them since `windowAtMs`. */
      readonly windowAtMs: number;
      readonly answers: number;
      readonly failures: number;
    }
  | {
      readonly phase: 'open';
      readonly sinceMs: number;
      /** When one text may try it again. */
      readonly askAtMs: number;
      /** The wait after which it is tried, before its jitter; doubles. */
      readonly waitMs: number;
      readonly reason: string;
    }
  | {
      readonly phase: 'half-open';
      readonly sinceMs: number;
      /** By then the one text is answered, or was never sent. */
      readonly untilMs: number;
      readonly waitMs: number;
      readonly reason: string;
    };

export type BreakerEvent =
  /** Somebody wants to send; an answer takes at most `answerWithinMs`. */
  | { readonly kind: 'ask'; readonly answerWithinMs: number }
  /** @param random 0..1 */
  | { readonly kind: 'answer'; readonly outcome: SendOutcome; readonly sentAtMs: number; readonly random: number }
  /** The one text that was let through did not leave: there was none. */
  | { readonly kind: 'unused' }
  /** A person says that it works again. */
  | { readonly kind: 'try-now' };

/** Strikes in a row that open it. */
const MOST_STRIKES = 20;
/** A text whose answer is lost is in doubt for good, so five of them in a row are enough. */
const STRIKES_IN_DOUBT = 4;
/** It opens too when so many fail among that many answers within ten seconds. */
const WINDOW_FAILURES = 50;
const WINDOW_ANSWERS = 100;
const WINDOW_MS = 10_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

export function closedAt(nowMs: number): BreakerState {
  return { phase: 'closed', sinceMs: nowMs, strikes: 0, windowAtMs: nowMs, answers: 0, failures: 0 };
}

/**
 * A text counts only where it was sent after the present state began: what was sent before it opened says nothing of whether it works
 * again, and what hung before it closed nothing of whether it broke again.
 */
export function nextBreaker(state: BreakerState, event: BreakerEvent, nowMs: number): BreakerState {
  switch (event.kind) {
    case 'ask':
      return letOneThrough(state, event.answerWithinMs, nowMs);
    case 'answer':
      return event.sentAtMs <= state.sinceMs ? state : judge(state, event, nowMs);
    case 'unused':
      return state.phase === 'half-open' ? { ...state, untilMs: nowMs } : state;
    case 'try-now':
      return state.phase === 'open' ? { ...state, askAtMs: nowMs, waitMs: FIRST_WAIT_MS } : state;
  }
}

function letOneThrough(state: BreakerState, answerWithinMs: number, nowMs: number): BreakerState {
  if (state.phase === 'closed') return state;
  if (nowMs < (state.phase === 'open' ? state.askAtMs : state.untilMs)) return state;
  const { waitMs, reason } = state;
  return { phase: 'half-open', sinceMs: nowMs, untilMs: nowMs + answerWithinMs, waitMs, reason };
}

function judge(
  state: BreakerState,
  { outcome, random }: Extract<BreakerEvent, { kind: 'answer' }>,
  nowMs: number,
): BreakerState {
  const strikes = strikesOf(outcome);
  if (state.phase === 'open') return state;
  if (state.phase === 'closed') {
    return strikes === undefined ? state : count(state, outcome, { strikes, random, nowMs });
  }
  if (strikes === 0) return closedAt(nowMs);
  // Too many at once is no news of what was wrong: it waits as long as before, and asks again.
  const waitMs = strikes === undefined ? state.waitMs : Math.min(LONGEST_WAIT_MS, state.waitMs * 2);
  const reason = strikes === undefined ? state.reason : reasonOf(outcome);
  return openFor(waitMs, { reason, outcome, random, nowMs });
}

type ClosedState = Extract<BreakerState, { phase: 'closed' }>;

function count(
  state: ClosedState,
  outcome: SendOutcome,
  { strikes, random, nowMs }: { strikes: number; random: number; nowMs: number },
): BreakerState {
  const isOver = nowMs - state.windowAtMs > WINDOW_MS || state.answers >= WINDOW_ANSWERS;
  const window = isOver ? { windowAtMs: nowMs, answers: 0, failures: 0 } : state;
  const next: ClosedState = {
    phase: 'closed',
    sinceMs: state.sinceMs,
    strikes: strikes === 0 ? 0 : state.strikes + strikes,
    windowAtMs: window.windowAtMs,
    answers: window.answers + 1,
    failures: window.failures + (strikes > 0 ? 1 : 0),
  };
  if (next.strikes < MOST_STRIKES && next.failures < WINDOW_FAILURES) return next;
  return openFor(FIRST_WAIT_MS, { reason: reasonOf(outcome), outcome, random, nowMs });
}

/** Waits between half of it and all, so that instances do not ask all at once; and as long as the gateway wished. */
function openFor(
  waitMs: number,
  { reason, outcome, random, nowMs }: { reason: string; outcome: SendOutcome; random: number; nowMs: number },
): BreakerState {
  const isWished = outcome.kind === 'deferred' && outcome.because !== 'account';
  const wishedMs = isWished ? Math.min(outcome.retryAfterMs ?? 0, LONGEST_WAIT_MS) : 0;
  const askAtMs = nowMs + Math.max(wishedMs, waitMs / 2 + (waitMs / 2) * random);
  return { phase: 'open', sinceMs: nowMs, askAtMs, waitMs, reason };
}

/** How much an answer speaks against the gateway; 0 for it, a refusal of the one text included; undefined: neither. */
function strikesOf(outcome: SendOutcome): number | undefined {
  if (outcome.kind === 'unknown') return STRIKES_IN_DOUBT;
  if (outcome.kind !== 'deferred') return 0;
  if (outcome.because === 'rate') return undefined;
  return outcome.because === 'account' ? MOST_STRIKES : 1;
}

/** `account:20003`, `unreachable:ECONNREFUSED`, `temporary:http-503`, `in-doubt:timeout`: see healthReason. */
function reasonOf(outcome: SendOutcome): string {
  if (outcome.kind === 'deferred') return `${outcome.because}:${outcome.code}`;
  return outcome.kind === 'unknown' ? `in-doubt:${outcome.code}` : '';
}
