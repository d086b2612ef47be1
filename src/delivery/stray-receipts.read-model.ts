import { formatLocalTime } from '../platform/clock';
import type { Queries } from '../platform/database/database';
import type { Localised } from '../platform/errors';
import type { StrayReason } from './receipt-merging';

export interface StrayReceiptView {
  readonly id: number;
  readonly gateway: string;
  /** What the receipt speaks of: `<batch>.<seq>.<attempt>`. */
  readonly reference: string;
  /** The campaign of that batch, if there is one. */
  readonly campaignId: number | null;
  readonly status: 'delivered' | 'undelivered' | 'pending';
  /** The gateway's own word; empty where it uses ours. */
  readonly gatewayStatus: string;
  readonly code: string;
  readonly gatewayMessageId: string;
  /** Vietnam time. */
  readonly receivedAt: string;
  readonly reason: StrayReason;
  readonly explanation: Localised;
}

const EXPLANATIONS: Readonly<Record<StrayReason, Localised>> = {
  'no-such-text': {
    vi: 'Hệ thống này không có tin nhắn nào như vậy. Có thể một hệ thống khác dùng chung tài khoản cổng nhắn tin.',
    en: 'This system has no such text. Another one may be using the same account of the gateway.',
  },
  'other-gateway': {
    vi: 'Tin nhắn này đã được gửi qua một cổng nhắn tin khác với cổng báo cáo.',
    en: 'The text was sent through another gateway than the one that reports on it.',
  },
  failed: {
    vi: 'Tin nhắn này đã được ghi nhận là không gửi được, nhưng cổng nhắn tin vẫn báo cáo về nó.',
    en: 'The text is on record as failed, yet the gateway reports on it.',
  },
  'never-sent': {
    vi: 'Hệ thống chưa từng chuyển lần gửi này cho cổng nhắn tin.',
    en: 'The system never handed this attempt over to the gateway.',
  },
  'ended-otherwise': {
    vi: 'Lần gửi này bị hoãn và sau đó tin kết thúc theo cách khác, nhưng cổng nhắn tin báo là đã nhận: người nhận có thể đã có tin.',
    en: 'This attempt had been put off and the text ended otherwise, but the gateway had taken it: the person may have got it.',
  },
};

/** Receipts that fit no text of ours, the latest first; pages by the primary key. */
export async function findStrayReceipts(
  queries: Queries,
  { after, limit }: { after?: number; limit: number },
): Promise<StrayReceiptView[]> {
  const rows = await queries.rows<Omit<StrayReceiptView, 'explanation' | 'receivedAt'> & { readonly receivedAt: Date }>(
    `select r.id, r.gateway, r.batch_id || '.' || r.seq || '.' || r.attempt as reference, c.id as "campaignId", r.status,
       r.gateway_status as "gatewayStatus", r.code, r.gateway_message_id as "gatewayMessageId", r.received_at as "receivedAt", s.reason
     from stray_receipts s join receipts r on r.id = s.receipt_id left join campaigns c on c.batch_id = r.batch_id
     where $1::bigint is null or s.receipt_id < $1
     order by s.receipt_id desc limit $2`,
    [after ?? null, limit],
  );
  return rows.map((row) => ({
    ...row,
    receivedAt: formatLocalTime(row.receivedAt),
    explanation: EXPLANATIONS[row.reason],
  }));
}
