/**
 * The figures that lie in the counters, of what has ended in folded ones (`counted_by_day`). Delivery moves them in the statement that writes the outcome or receipt
 * they count, so they can be read at any size without looking at a message.
 */
export interface CountedFigures {
  /** Lượt tin nhắn: texts addressed to somebody by work that was released, whatever became of them. */
  readonly messages: number;
  /** Bản tin (MT): the parts carriers bill, GSM 03.38: 160 or 153, UCS-2: 70 or 67 characters each. Of all messages. */
  readonly segments: number;
  /** Nhà mạng tiếp nhận: ever taken by the gateway (outcome `accepted`); delivered and undelivered are parts of it. */
  readonly accepted: number;
  /**
   * Đã nhận: the gateway's receipt says so. What such a receipt proves depends on the gateway: that a handset got the
   * text, or only that the operator's centre took it (`receiptMeans` of the gateway's capabilities).
   */
  readonly delivered: number;
  /** The gateway's receipt says that the text never arrived, be it expired at the carrier. Without a receipt: neither. */
  readonly undelivered: number;
  /** Thất bại: refused by the gateway for good (outcome `failed`). */
  readonly failed: number;
  /** Không rõ kết quả: may have been taken or not; never sent again blindly (outcome `unknown`, not settled since). */
  readonly unknown: number;
  /** Held back: before the hand-over the person opted out, was erased, or left the list with an undone import. */
  readonly suppressed: number;
  /** Đã hủy: the campaign was cancelled before the hand-over (outcome `cancelled`). */
  readonly cancelled: number;
  /** Quá hạn: our own deadline passed before the hand-over (outcome `expired`). A carrier's expiry is `undelivered`. */
  readonly expired: number;
}

/** `accepted + failed + unknown + suppressed + cancelled + expired + pending = messages`, always. */
export interface Figures extends CountedFigures {
  /**
   * Thuê bao: distinct people, by the keyed digest of the number (which outlives its erasure) in `messages`. The one
   * figure that does not add up: who got two notices is in two rows and once in the total.
   */
  readonly subscribers: number;
  /** Not accounted for yet: queued, being sent, or waiting to be tried again. */
  readonly pending: number;
}

/** In the order in which they are shown. */
export const FIGURES = [
  'messages',
  'segments',
  'subscribers',
  'accepted',
  'delivered',
  'undelivered',
  'failed',
  'unknown',
  'suppressed',
  'cancelled',
  'expired',
  'pending',
] as const satisfies readonly (keyof Figures)[];

export const NOTHING_COUNTED: CountedFigures = {
  messages: 0,
  segments: 0,
  accepted: 0,
  delivered: 0,
  undelivered: 0,
  failed: 0,
  unknown: 0,
  suppressed: 0,
  cancelled: 0,
  expired: 0,
};

export function addUp(parts: readonly CountedFigures[]): CountedFigures {
  const names = Object.keys(NOTHING_COUNTED) as (keyof CountedFigures)[];
  const sum = (name: keyof CountedFigures): number => parts.reduce((total, part) => total + part[name], 0);
  return Object.fromEntries(names.map((name) => [name, sum(name)])) as unknown as CountedFigures;
}

/** Completes what was counted; rows show every figure in one order and nothing else. */
export function figuresOf(counted: CountedFigures, subscribers: number): Figures {
  const { messages, accepted, failed, unknown, suppressed, cancelled, expired } = counted;
  const pending = messages - accepted - failed - unknown - suppressed - cancelled - expired;
  const figures = { ...counted, subscribers, pending };
  return Object.fromEntries(FIGURES.map((name) => [name, figures[name]])) as unknown as Figures;
}
