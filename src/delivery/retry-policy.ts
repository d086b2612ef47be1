import type { SendOutcome } from '../gateways';

/** What is recorded of an attempt. */
export interface AttemptOutcome {
  readonly kind: 'accepted' | 'failed' | 'deferred' | 'unknown';
  readonly code: string;
  readonly gatewayMessageId: string | null;
  /** Of `deferred` only: how long to wait before the next attempt. */
  readonly retryAfterMs: number;
}

/** The first retry comes after about a second, the waits double up to five minutes. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** With five minutes between the later ones, so many attempts last a day: long enough for any outage of a gateway. */
export const MOST_ATTEMPTS = 290;

/** The wait after attempt n: doubling, capped, and between half and the whole of that, so that retries spread out. */
export function retryDelayMs(attempt: number, random: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.round(wait / 2 + (wait / 2) * random);
}

/**
 * What to record of a gateway's answer. Only `deferred` is ever tried again, and only it is surely not accepted.
 *
 * @param attempt 1 for the first.
 * @param random 0..1
 */
export function judgeAnswer(answer: SendOutcome, attempt: number, random: number): AttemptOutcome {
  const base = { code: '', gatewayMessageId: null, retryAfterMs: 0 };
  switch (answer.kind) {
    case 'accepted':
      return { ...base, kind: 'accepted', gatewayMessageId: answer.gatewayMessageId };
    case 'rejected':
    case 'optedOut':
      return { ...base, kind: 'failed', code: answer.code };
    case 'unknown':
      return { ...base, kind: 'unknown', code: answer.code };
    case 'deferred':
      return attempt >= MOST_ATTEMPTS
        ? { ...base, kind: 'failed', code: `retries-exhausted:${answer.code}` }
        : {
            ...base,
            kind: 'deferred',
            code: answer.code,
            retryAfterMs: Math.max(retryDelayMs(attempt, random), answer.retryAfterMs ?? 0),
          };
  }
}
