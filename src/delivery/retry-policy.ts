import type { SendOutcome } from '../gateways';

/** What is recorded of an attempt. */
export interface AttemptOutcome {
  readonly kind: 'accepted' | 'failed' | 'deferred' | 'unknown';
  readonly code: string;
  readonly gatewayMessageId: string | null;
  /** Of `deferred` only: how long to wait before the next attempt. */
  readonly retryAfterMs: number;
  /** Of `deferred` only: how often it was put off for a reason that counts, this time included where it does. */
  readonly tries: number;
}

/** The first retry comes after about a second, the waits double up to five minutes. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** No gateway's wish keeps a text for longer: a date is read by this machine's clock, which may be wrong by years. */
const LONGEST_WISH_MS = 24 * 60 * 60_000;
/** With five minutes between the later ones, so many attempts last a day: long enough for any outage of a gateway. */
export const MOST_TRIES = 290;
/** What the column holds, nearly: even what costs no try comes to an end. */
const MOST_ATTEMPTS = 30_000;

/** The wait after try n: doubling, capped, and between half and the whole of that, so that retries spread out. */
export function retryDelayMs(tries: number, random: number): number {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tries - 1, 20));
  return Math.round(wait / 2 + (wait / 2) * random);
}

/**
 * What to record of a gateway's answer. Only `deferred` is ever tried again, and only it is surely not accepted. A refusal
 * for too many at once, or because of our account, says nothing of the text: it costs it no try.
 *
 * @param earlier of the text: `attempt` 1 for the first; `tries`, how often it was put off for a reason that counts.
 * @param random 0..1
 */
export function judgeAnswer(
  answer: SendOutcome,
  earlier: { readonly attempt: number; readonly tries: number },
  random: number,
): AttemptOutcome {
  const base = { code: '', gatewayMessageId: null, retryAfterMs: 0, tries: 0 };
  switch (answer.kind) {
    case 'accepted':
      return { ...base, kind: 'accepted', gatewayMessageId: storable(answer.gatewayMessageId) };
    case 'rejected':
    case 'optedOut':
      return { ...base, kind: 'failed', code: storable(answer.code) };
    case 'unknown':
      return { ...base, kind: 'unknown', code: storable(answer.code) };
    case 'deferred':
      return judgeDeferral(answer, earlier, random);
  }
}

function judgeDeferral(
  { because, code, retryAfterMs = 0 }: Extract<SendOutcome, { kind: 'deferred' }>,
  { attempt, tries: before }: { readonly attempt: number; readonly tries: number },
  random: number,
): AttemptOutcome {
  const counts = because === 'unreachable' || because === 'temporary';
  const tries = before + (counts ? 1 : 0);
  if (tries >= MOST_TRIES || attempt >= MOST_ATTEMPTS) {
    return {
      kind: 'failed',
      code: `retries-exhausted:${storable(code)}`,
      gatewayMessageId: null,
      retryAfterMs: 0,
      tries,
    };
  }
  const waitMs = retryDelayMs(Math.max(1, tries), random);
  return {
    kind: 'deferred',
    code: storable(code),
    gatewayMessageId: null,
    retryAfterMs: Math.max(waitMs, Math.min(retryAfterMs, LONGEST_WISH_MS)),
    tries,
  };
}

/**
 * What to record of a text that was marked and not sent after all: it waits anew, at no cost.
 *
 * @param waitMs as long as the gateway wants to be left alone
 */
export function judgeGivenBack(
  code: string,
  waitMs: number,
  { attempt, tries }: { readonly attempt: number; readonly tries: number },
): AttemptOutcome {
  const base = { gatewayMessageId: null, tries };
  return attempt >= MOST_ATTEMPTS
    ? { ...base, kind: 'failed', code: `retries-exhausted:${code}`, retryAfterMs: 0 }
    : { ...base, kind: 'deferred', code, retryAfterMs: waitMs };
}

/** PostgreSQL stores no NUL: one in a gateway's answer would keep every outcome of its flush off the record. */
function storable(text: string): string {
  return text.replaceAll('\0', '');
}
