import type { DeferralCause, SendOutcome } from '../gateway';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

type Sorting =
  | { readonly kind: 'rejected' | 'optedOut' }
  | { readonly kind: 'deferred'; readonly because: DeferralCause; readonly retryAfterMs: number };

const rejected: Sorting = { kind: 'rejected' };
const deferred = (because: DeferralCause, retryAfterMs: number): Sorting => ({
  kind: 'deferred',
  because,
  retryAfterMs,
});

/**
 * What a code in a refusal (HTTP 4xx) of the Messages resource means to a sender, after
 * https://www.twilio.com/docs/api/errors/<code>. A refused request created no message, so everything here may be
 * retried without doubling; the question is only whether a retry can help. Twilio changes codes at times: one that is
 * not listed is a refusal for good.
 */
const KNOWN = {
  // About the recipient.
  21211: rejected, // invalid 'To' number
  21610: { kind: 'optedOut' }, // unsubscribed at Twilio
  21614: rejected, // 'To' is not a mobile number (in Viet Nam: a landline)
  21635: rejected, // 'To' is a landline
  30005: rejected, // unknown handset
  30006: rejected, // landline or unreachable carrier
  // About the text, the sender or the route: no retry of the same text will help.
  21408: rejected, // no permission for the region
  21606: rejected, // 'From' is not a valid sender
  21612: rejected, // no route from this sender to this number
  21617: rejected, // text longer than 1,600 characters
  30004: rejected, // blocked
  30007: rejected, // filtered
  // Too much at once: it will pass by itself.
  20429: deferred('rate', 1_000), // "never processed and always safe to retry"
  21611: deferred('rate', 10 * MINUTE_MS), // the sender's queue holds more than ten hours of texts
  21730: deferred('temporary', 5 * MINUTE_MS), // maintenance
  30001: deferred('rate', 10 * MINUTE_MS), // queue overflow
  30454: deferred('rate', HOUR_MS), // trial limit
  60728: deferred('rate', 15 * MINUTE_MS), // hourly limit
  63038: deferred('rate', HOUR_MS), // daily limit, over a rolling window of 24 hours
  // About the account or the configuration: says nothing about the recipient, a person must act, the texts wait.
  10001: deferred('account', 5 * MINUTE_MS), // account not active
  20003: deferred('account', 5 * MINUTE_MS), // wrong credentials, or the account is suspended
  20404: deferred('account', 5 * MINUTE_MS), // no such account at this address
  30002: deferred('account', 5 * MINUTE_MS), // account suspended
} satisfies Record<number, Sorting>;

/** Each has to be explained to staff, too. */
export type TwilioCode = keyof typeof KNOWN;

const SORTING: Readonly<Record<number, Sorting>> = KNOWN;

/** Refusals that say the number is not in service or no mobile: invalid, not a mobile, a landline, unknown handset. */
export const NUMBER_REFUSALS: readonly string[] = ['21211', '21614', '21635', '30005', '30006'];

/**
 * Sorts an answer that created no readable message.
 *
 * @param code Twilio's error code from the body, undefined when the body had none
 * @param retryAfterMs from the Retry-After header; it goes before the table's
 */
export function sortTwilioRefusal(status: number, code: number | undefined, retryAfterMs?: number): SendOutcome {
  const shown = code === undefined ? `http-${status}` : String(code);
  if (status === 429) return deferral('rate', shown, retryAfterMs);
  // Twilio on 20500: a repeated POST may reach the customer twice. 408 and 3xx prove no refusal either.
  if (status < 400 || status >= 500 || status === 408) return { kind: 'unknown', code: shown };
  const sorting = (code === undefined ? undefined : SORTING[code]) ?? sortByStatus(status);
  if (sorting.kind === 'deferred') return deferral(sorting.because, shown, retryAfterMs ?? sorting.retryAfterMs);
  return { kind: sorting.kind, code: shown };
}

/** 401, 403, 404 and 407 come from a wrong account, a wrong address or a proxy, before anybody looked at the text. */
function sortByStatus(status: number): Sorting {
  return [401, 403, 404, 407].includes(status) ? deferred('account', 5 * MINUTE_MS) : rejected;
}

function deferral(because: DeferralCause, code: string, retryAfterMs: number | undefined): SendOutcome {
  return { kind: 'deferred', because, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
