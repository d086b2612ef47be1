import type { LookUpAnswer, SendOutcome } from '../gateway';
import type { Exchange } from '../http-exchange';
import { parseRetryAfter } from '../retry-after';

/** A wrong token or address is for a person to set right; meanwhile the texts wait. */
const MISCONFIGURED_RETRY_MS = 60_000;
/** Which statuses say nothing about the recipient: the token is wrong, or something else answers at this address. */
const MISCONFIGURED = [401, 403, 404, 405];

type Fields = Readonly<Record<string, unknown>>;
const NO_FIELDS: Fields = {};

/**
 * Sorts what the simulator answered to one text. Its promises, kept by server/messages-endpoint.ts:
 * - 202 `{id}`: the acceptance is in its ledger.
 * - 4xx `{code}`: refused for good; `opted-out` is the operator's own opt-out list.
 * - 409 `reference-closed`: a look-up was told that this text never came, so it is not taken any more. It was not accepted.
 * - 429 and 5xx with `{"accepted": false}`: nothing was accepted, and it may be sent again. A 5xx *without* that body is
 *   not the simulator speaking (a proxy, say) and proves nothing.
 */
export function sortSimulatorAnswer(exchange: Exchange, nowMs: number): SendOutcome {
  if (exchange.kind !== 'answered') return sortSilence(exchange);
  return sortOne(exchange.status, fieldsOf(readJson(exchange.body)), parseRetryAfter(exchange.retryAfter, nowMs));
}

/**
 * Sorts the answer to a list: 200 `{results}` with one `{status, id | code}` for each text, in their order. Any other
 * answer is about the list as a whole: refusing it says nothing about the recipients.
 */
export function sortSimulatorListAnswer(exchange: Exchange, count: number, nowMs: number): SendOutcome[] {
  const results = exchange.kind === 'answered' && exchange.status === 200 ? resultsIn(exchange.body) : undefined;
  if (results?.length === count) return results.map(sortListed);
  const all = sortWholeList(exchange, nowMs);
  return Array.from({ length: count }, () => all);
}

/** Sorts the answer to a look-up: 200 `{state: "accepted", id}` or `{state: "absent"}`. */
export function sortSimulatorLookUp(exchange: Exchange): LookUpAnswer {
  if (exchange.kind !== 'answered') return { kind: 'inconclusive', code: exchange.code };
  const { state, id, code } = fieldsOf(readJson(exchange.body));
  if (exchange.status !== 200) return { kind: 'inconclusive', code: codeIn(code) ?? `http-${exchange.status}` };
  if (state === 'accepted' && typeof id === 'string' && id !== '') return { kind: 'accepted', gatewayMessageId: id };
  return state === 'absent' ? { kind: 'absent' } : { kind: 'inconclusive', code: 'unreadable-answer' };
}

function sortSilence({ kind, code }: Exclude<Exchange, { kind: 'answered' }>): SendOutcome {
  return kind === 'notSent' ? { kind: 'deferred', because: 'unreachable', code } : { kind: 'unknown', code };
}

function sortOne(status: number, body: Fields, retryAfterMs: number | undefined): SendOutcome {
  if (status >= 200 && status < 300) return sortAcceptance(body.id);
  const code = codeIn(body.code);
  const shown = code ?? `http-${status}`;
  if (status === 429) return deferral('rate', shown, retryAfterMs);
  if (status >= 500 && body.accepted === false) return deferral('temporary', shown, retryAfterMs);
  if (status < 400 || status >= 500) return { kind: 'unknown', code: `http-${status}` };
  if (code === undefined || MISCONFIGURED.includes(status)) return deferral('account', shown, MISCONFIGURED_RETRY_MS);
  if (status === 409) return deferral('temporary', code, retryAfterMs);
  return code === 'opted-out' ? { kind: 'optedOut', code } : { kind: 'rejected', code };
}

function sortListed(result: unknown): SendOutcome {
  const fields = fieldsOf(result);
  const { status, retryAfterSeconds: seconds } = fields;
  if (typeof status !== 'number') return { kind: 'unknown', code: 'unreadable-answer' };
  return sortOne(status, fields, typeof seconds === 'number' && seconds >= 0 ? seconds * 1_000 : undefined);
}

function sortWholeList(exchange: Exchange, nowMs: number): SendOutcome {
  const all = sortSimulatorAnswer(exchange, nowMs);
  if (all.kind === 'accepted') return { kind: 'unknown', code: 'unreadable-answer' };
  if (all.kind !== 'rejected' && all.kind !== 'optedOut') return all;
  return deferral('account', all.code, MISCONFIGURED_RETRY_MS);
}

function sortAcceptance(id: unknown): SendOutcome {
  return typeof id === 'string' && id !== ''
    ? { kind: 'accepted', gatewayMessageId: id }
    : { kind: 'unknown', code: 'unreadable-answer' };
}

function deferral(
  because: 'rate' | 'account' | 'temporary',
  code: string,
  retryAfterMs: number | undefined,
): SendOutcome {
  return { kind: 'deferred', because, code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function codeIn(code: unknown): string | undefined {
  return typeof code === 'string' && code !== '' ? code : undefined;
}

function resultsIn(body: string): readonly unknown[] | undefined {
  const { results } = fieldsOf(readJson(body));
  return Array.isArray(results) ? results : undefined;
}

/** Every caller treats a missing field as an unreadable answer. */
function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : NO_FIELDS;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
