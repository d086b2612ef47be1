import { parse } from 'node:querystring';
import type { validateRequest } from 'twilio';
import { parseReference, Receipt, ReceiptRequest } from '../gateway';
import { forgedReceipt, unreadableReceipt } from '../gateway-faults';

/** The query parameter of our status callback that carries the message's reference. */
export const REFERENCE_PARAMETER = 'm';

/**
 * https://www.twilio.com/docs/messaging/api/message-resource#message-status-values. What is not listed is on its way:
 * `sent` only means that a carrier took it.
 */
const FINAL: Readonly<Record<string, Receipt['status']>> = {
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'undelivered',
  canceled: 'undelivered',
};

export interface TwilioReceiptRules {
  readonly authToken: string;
  /** What Twilio sees before the path: `https://sms.example.gov.vn`. Never taken from the Host header. */
  readonly publicUrl: string;
  readonly validate: typeof validateRequest;
}

/**
 * Reads one status callback: a form POST, signed over the address and the fields
 * (https://www.twilio.com/docs/usage/security#validating-requests). Unknown fields are ignored: Twilio adds some.
 *
 * @throws forgedReceipt | unreadableReceipt
 */
export function parseTwilioReceipt(request: ReceiptRequest, rules: TwilioReceiptRules): Receipt {
  const fields = parse(request.rawBody.toString());
  const signature = request.headers['x-twilio-signature'];
  const address = rules.publicUrl.replace(/\/+$/, '') + request.path;
  if (typeof signature !== 'string' || !rules.validate(rules.authToken, signature, address, fields)) {
    throw forgedReceipt();
  }
  const { MessageSid, MessageStatus, ErrorCode } = fields;
  const reference = parseReference(referenceIn(request.path));
  if (!reference) throw unreadableReceipt({ field: REFERENCE_PARAMETER });
  if (typeof MessageSid !== 'string' || MessageSid === '') throw unreadableReceipt({ field: 'MessageSid' });
  if (typeof MessageStatus !== 'string' || MessageStatus === '') throw unreadableReceipt({ field: 'MessageStatus' });
  return {
    reference,
    status: (Object.hasOwn(FINAL, MessageStatus) ? FINAL[MessageStatus] : undefined) ?? 'pending',
    gatewayMessageId: MessageSid,
    code: typeof ErrorCode === 'string' ? ErrorCode : '',
    gatewayStatus: MessageStatus,
  };
}

function referenceIn(path: string): string {
  const query = path.indexOf('?');
  return (query === -1 ? null : new URLSearchParams(path.slice(query)).get(REFERENCE_PARAMETER)) ?? '';
}
