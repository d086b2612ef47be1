import type { TextLimits } from './text-limits';

/**
 * The port every SMS gateway implements. Policy (retry, unknown, opt-out) reads the *kind* of an outcome and never a
 * provider's code; the code is kept to be shown, and the gateway itself says which codes speak of a dead number.
 */
export interface Gateway {
  readonly name: string;
  readonly capabilities: GatewayCapabilities;
  /**
   * Hands one text to the gateway. Never throws and never retries: every failure is an outcome. What may have been
   * accepted (any error after the first byte was written, a reset of a reused socket included) is `unknown`; only
   * what was surely not accepted (refused connection, unknown host, connect time-out) is `deferred`.
   */
  send(message: OutgoingMessage): Promise<SendOutcome>;
  /**
   * Hands over up to `capabilities.largestBatch` texts in one call, where the gateway takes lists. One outcome each, in
   * their order; never throws, never retries. When the whole answer is lost, all of them are `unknown`.
   */
  sendBatch?(messages: readonly OutgoingMessage[]): Promise<SendOutcome[]>;
  /** Asks what became of a text whose answer was lost; only where `capabilities.lookUp` says so. Never throws. */
  lookUp?(message: OutgoingMessage, handedOverAt: Date): Promise<LookUpAnswer>;
  /** Authenticates and reads one delivery report request. Throws `forgedReceipt` or `unreadableReceipt`. */
  parseReceipts(request: ReceiptRequest): Receipt[];
  /** Closes idle sockets; called once, after the last send. */
  close(): Promise<void>;
}

export interface GatewayCapabilities {
  /** Requests in flight at once: permitted rate × latency. */
  readonly sockets: number;
  /** After this many milliseconds without an answer an outcome is `unknown`. */
  readonly timeoutMs: number;
  /** What a receipt proves: that a handset got the text, or only that the operator's centre took it. */
  readonly receiptMeans: 'handset' | 'operator';
  /** Codes of refusals that say the number itself takes no texts: not in service, or no mobile. */
  readonly numberRefusals: readonly string[];
  readonly limits: TextLimits;
  /** Texts one `sendBatch` takes; null where each has its own call. */
  readonly largestBatch: number | null;
  /** What a look-up can prove; null where the gateway answers none. */
  readonly lookUp: LookUpPromise | null;
  /** The gateway promises that a text sent again under the same batch and seq reaches the citizen once. */
  readonly resendIsIdempotent: boolean;
}

export interface LookUpPromise {
  /** A gateway that knows nothing of a text so long after its hand-over promises never to send it; null: it proves nothing. */
  readonly absenceIsProofAfterMs: number | null;
}

export type LookUpAnswer =
  | { readonly kind: 'accepted'; readonly gatewayMessageId: string }
  /** Not there: proof only where `absenceIsProofAfterMs` says so. */
  | { readonly kind: 'absent' }
  /** No answer, or one that fits several texts. */
  | { readonly kind: 'inconclusive'; readonly code: string };

/**
 * Why a text was surely not accepted. `rate`: too many at once or today, nothing is wrong with it. `unreachable`: no
 * connection. `account`: the gateway takes nothing of ours until a person acts (wrong token, no money). `temporary`: it
 * said try again later.
 */
export type DeferralCause = 'rate' | 'unreachable' | 'account' | 'temporary';

export interface OutgoingMessage {
  /** Our own id of this attempt, `<batch>.<seq>.<attempt>`; receipts carry it back. */
  readonly reference: MessageReference;
  /** E.164 with the plus sign. */
  readonly phone: string;
  /** NFC text, already rendered. */
  readonly text: string;
  /** Sender ID (brandname), at most 11 characters. */
  readonly sender: string;
  /** What the text counts as at the gateway, from 1. */
  readonly segments: number;
}

export interface MessageReference {
  readonly batchId: number;
  readonly seq: number;
  readonly attempt: number;
}

export type SendOutcome =
  | { readonly kind: 'accepted'; readonly gatewayMessageId: string }
  /** Refused for good: no retry will help. */
  | { readonly kind: 'rejected'; readonly code: string }
  /** Surely not accepted: may be retried, not before `retryAfterMs` when the gateway said so. */
  | {
      readonly kind: 'deferred';
      readonly because: DeferralCause;
      readonly code: string;
      readonly retryAfterMs?: number;
    }
  /** The number has opted out at the operator. */
  | { readonly kind: 'optedOut'; readonly code: string }
  /** May have been accepted. Never sent again blindly. */
  | { readonly kind: 'unknown'; readonly code: string };

export interface ReceiptRequest {
  /** The whole path and query as requested, below the public base address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawBody: Buffer;
}

export interface Receipt {
  readonly reference: MessageReference;
  readonly status: 'delivered' | 'undelivered' | 'pending';
  readonly gatewayMessageId: string;
  /** The provider's error code, empty when none. */
  readonly code: string;
  /** The provider's own word for the status, where it is not one of ours: kept beside our reading of it. */
  readonly gatewayStatus?: string;
}

const REFERENCE = /^([1-9]\d{0,14})\.([1-9]\d{0,9})\.([1-9]\d{0,4})$/;

export function formatReference({ batchId, seq, attempt }: MessageReference): string {
  return `${batchId}.${seq}.${attempt}`;
}

/** What the columns hold; a larger number is none of ours. */
const LARGEST_SEQ = 2 ** 31 - 1;
const LARGEST_ATTEMPT = 2 ** 15 - 1;

/** The reference in a gateway's report, or undefined when it is none of ours. */
export function parseReference(text: string): MessageReference | undefined {
  const match = REFERENCE.exec(text);
  if (!match) return undefined;
  const reference = { batchId: Number(match[1]), seq: Number(match[2]), attempt: Number(match[3]) };
  return reference.seq <= LARGEST_SEQ && reference.attempt <= LARGEST_ATTEMPT ? reference : undefined;
}
