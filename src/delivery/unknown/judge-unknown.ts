import type { GatewayCapabilities, LookUpAnswer } from '../../gateways';

/** What is known of a text whose outcome nobody knows. */
export interface UnknownFacts {
  /** Of the gateway it was handed over to; undefined where this installation no longer uses it. */
  readonly gateway: Pick<GatewayCapabilities, 'timeoutMs' | 'lookUp' | 'resendIsIdempotent'> | undefined;
  readonly handedOverMsAgo: number;
  /** How often the gateway was asked for it, this time included. */
  readonly lookUps: number;
  /** Number and text are there: neither was erased. */
  readonly isReadable: boolean;
  /** Its batch has not ended, so that a further attempt can leave. */
  readonly isBatchOpen: boolean;
  /** Sent again it would go the same way: the approval names no other gateway. */
  readonly hasOneWay: boolean;
  /** How often the service has had it sent again by itself. */
  readonly resends: number;
}

export type NextStep =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'leave-to-person' }
  | { readonly do: 'look-up' }
  | { readonly do: 'send-again' };

export type Finding =
  Exclude<NextStep, { do: 'look-up' }> | { readonly do: 'accept'; readonly gatewayMessageId: string };

/** For what the clocks of two machines and the line between them may add. */
const MARGIN_MS = 10_000;
/** A gateway that does not answer is asked again after these, then a person decides: after an hour and a quarter. */
const LOOK_UP_AGAIN_MS = [5_000, 30_000, 2 * 60_000, 10 * 60_000, 60 * 60_000];
/** A text that ends as unknown so often has a gateway that needs a person. */
const MOST_RESENDS = 5;

/**
 * So long after its hand-over was marked a text surely is not on its way any more: whoever had it in hand may begin to send it
 * while his lease lasts, and then waits for an answer.
 */
export function surelyLeftMs(leaseMs: number, timeoutMs: number): number {
  return leaseMs + timeoutMs + MARGIN_MS;
}

/** Whether a gateway may prove of an unknown text that it has not left, so that it is sent again by the service itself. */
export function mayProveUnsent({
  lookUp,
  resendIsIdempotent,
}: Pick<GatewayCapabilities, 'lookUp' | 'resendIsIdempotent'>): boolean {
  return resendIsIdempotent || (lookUp !== null && lookUp.absenceIsProofAfterMs !== null);
}

/** What to do with an unknown text whose turn it is. */
export function nextStep(facts: UnknownFacts, leaseMs: number): NextStep {
  const { gateway, handedOverMsAgo, isReadable, isBatchOpen, hasOneWay, resends } = facts;
  if (!gateway || !isReadable) return { do: 'leave-to-person' };
  const isRepeatable = gateway.resendIsIdempotent && hasOneWay && isBatchOpen && resends < MOST_RESENDS;
  if (!isRepeatable && !gateway.lookUp) return { do: 'leave-to-person' };
  const ms = surelyLeftMs(leaseMs, gateway.timeoutMs) - handedOverMsAgo;
  if (ms > 0) return { do: 'wait', ms };
  return { do: isRepeatable ? 'send-again' : 'look-up' };
}

/** What follows from a gateway's answer. Only an absence that the gateway promises to be final proves anything. */
export function judgeLookUp(facts: UnknownFacts, answer: LookUpAnswer, leaseMs: number): Finding {
  const { gateway, handedOverMsAgo, lookUps, isBatchOpen, resends } = facts;
  if (answer.kind === 'accepted') return { do: 'accept', gatewayMessageId: answer.gatewayMessageId };
  const provesAfterMs = gateway?.lookUp?.absenceIsProofAfterMs ?? null;
  const untilProofMs =
    provesAfterMs === null ? 0 : surelyLeftMs(leaseMs, gateway!.timeoutMs) + provesAfterMs - handedOverMsAgo;
  if (answer.kind === 'absent' && provesAfterMs !== null && untilProofMs <= 0) {
    return isBatchOpen && resends < MOST_RESENDS ? { do: 'send-again' } : { do: 'leave-to-person' };
  }
  const againMs = Math.max(LOOK_UP_AGAIN_MS[lookUps - 1] ?? 0, untilProofMs);
  return againMs > 0 ? { do: 'wait', ms: againMs } : { do: 'leave-to-person' };
}
