import type { SendOutcome } from '../gateway';
import type { Exchange } from '../http-exchange';
import { parseRetryAfter } from '../retry-after';

/** A wrong token or address is for a person to set right; meanwhile the texts wait. */
const MISCONFIGURED_RETRY_MS = 60_000;

/**
 * Sorts what the simulator answered. Its promises, kept by server/messages-endpoint.ts:
 * - 202 `{id}`: the acceptance is in its ledger.
 * - 4xx `{code}`: refused for good; `opted-out` is the operator's own opt-out list.
 * - 429 and 5xx with `{"accepted": false}`: nothing was accepted, and it may be sent again. A 5xx *without* that body is
 *   not the simulator speaking (a proxy, say) and proves nothing.
 */
export function sortSimulatorAnswer(exchange: Exchange, nowMs: number): SendOutcome {
  if (exchange.kind === 'notSent') return { kind: 'deferred', because: 'unreachable', code: exchange.code };
  if (exchange.kind === 'inDoubt') return { kind: 'unknown', code: exchange.code };
  const { status } = exchange;
  const body = readJson(exchange.body);
  const code = typeof body.code === 'string' && body.code !== '' ? body.code : undefined;
  if (status >= 200 && status < 300) return sortAcceptance(body.id);
  if (status === 429 || (status >= 500 && body.accepted === false)) {
    const retryAfterMs = parseRetryAfter(exchange.retryAfter, nowMs);
    return {
      kind: 'deferred',
      because: status === 429 ? 'rate' : 'temporary',
      code: code ?? `http-${status}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  if (status >= 400 && status < 500) return sortRefusal(status, code);
  return { kind: 'unknown', code: `http-${status}` };
}

function sortAcceptance(id: unknown): SendOutcome {
  return typeof id === 'string' && id !== ''
    ? { kind: 'accepted', gatewayMessageId: id }
    : { kind: 'unknown', code: 'unreadable-answer' };
}

function sortRefusal(status: number, code: string | undefined): SendOutcome {
  // Says nothing about the recipient: the token is wrong, or something else answers at this address.
  if (status === 401 || code === undefined) {
    return {
      kind: 'deferred',
      because: 'account',
      code: code ?? `http-${status}`,
      retryAfterMs: MISCONFIGURED_RETRY_MS,
    };
  }
  return code === 'opted-out' ? { kind: 'optedOut', code } : { kind: 'rejected', code };
}

function readJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // Every caller treats a missing field as an unreadable answer.
  }
}
