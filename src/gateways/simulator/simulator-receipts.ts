import { parseReference, Receipt, ReceiptRequest } from '../gateway';
import { forgedReceipt, unreadableReceipt } from '../gateway-faults';
import { isSignedReceipts, SIGNATURE_HEADER } from './receipt-signature';

const STATUSES: readonly unknown[] = ['delivered', 'undelivered', 'pending'] satisfies Receipt['status'][];

/** One receipt as the simulator posts it, in lots: `{"receipts": [{id, reference, status, code}]}`. */
export interface PostedReceipt {
  readonly id: string;
  readonly reference: string;
  readonly status: Receipt['status'];
  readonly code: string;
}

/** @throws forgedReceipt | unreadableReceipt */
export function parseSimulatorReceipts(request: ReceiptRequest, secret: string): Receipt[] {
  if (!isSignedReceipts(secret, request.rawBody, request.headers[SIGNATURE_HEADER])) throw forgedReceipt();
  return listOf(request.rawBody).map(readReceipt);
}

function listOf(rawBody: Buffer): unknown[] {
  let body: unknown;
  try {
    body = JSON.parse(rawBody.toString());
  } catch {
    throw unreadableReceipt({ field: 'JSON' });
  }
  const receipts = (body as { receipts?: unknown } | null)?.receipts;
  if (!Array.isArray(receipts)) throw unreadableReceipt({ field: 'receipts' });
  return receipts;
}

function readReceipt(item: unknown, index: number): Receipt {
  const { id, reference, status, code } = (item ?? {}) as Partial<Record<keyof PostedReceipt, unknown>>;
  const parsed = typeof reference === 'string' ? parseReference(reference) : undefined;
  if (!parsed) throw unreadableReceipt({ field: `receipts[${index}].reference` });
  if (typeof id !== 'string' || id === '') throw unreadableReceipt({ field: `receipts[${index}].id` });
  if (!STATUSES.includes(status)) throw unreadableReceipt({ field: `receipts[${index}].status` });
  if (typeof code !== 'string') throw unreadableReceipt({ field: `receipts[${index}].code` });
  return { reference: parsed, status: status as Receipt['status'], gatewayMessageId: id, code };
}
