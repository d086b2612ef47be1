import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';

/** One status callback as Twilio posts it, and what it says. */
export interface Callback {
  readonly seq: number;
  readonly status: 'sent' | 'delivered' | 'undelivered';
}

export const AUTH_TOKEN = 'a token for benchmarks only, 32 chars';
export const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
const PATH = '/gateways/twilio/receipts';

/**
 * Twice or three times a text: on its way, then delivered or (one of 20) not, and for one of ten the last once more. In an
 * order of chance, the same at each call: most of them come before or after their time.
 */
export function callbacksOf(texts: number): Callback[] {
  const callbacks: Callback[] = [];
  for (let seq = 1; seq <= texts; seq += 1) {
    const status = seq % 20 === 0 ? 'undelivered' : 'delivered';
    callbacks.push({ seq, status: 'sent' }, { seq, status });
    if (seq % 10 === 0) callbacks.push({ seq, status });
  }
  const random = numbersOfChance();
  for (let last = callbacks.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [callbacks[last], callbacks[other]] = [callbacks[other]!, callbacks[last]!];
  }
  return callbacks;
}

/** Park and Miller's generator: always the same numbers. */
function numbersOfChance(): () => number {
  let state = 2021;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** The whole request as it goes over a connection that is kept, signed by Twilio's own SDK. */
export function requestOf({ seq, status }: Callback, batchId: number, publicUrl: string): Buffer {
  const path = `${PATH}?m=${batchId}.${seq}.1`;
  const sid = sidOf(seq);
  const fields = {
    ApiVersion: '2010-04-01',
    AccountSid: ACCOUNT_SID,
    MessageSid: sid,
    MessageStatus: status,
    SmsSid: sid,
    SmsStatus: status,
    From: 'STP ANGIANG',
    To: `+849${String(seq).padStart(8, '0')}`,
    ...(status === 'undelivered' ? { ErrorCode: '30003' } : {}),
  };
  const body = new URLSearchParams(fields).toString();
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${new URL(publicUrl).host}`,
    'Content-Type: application/x-www-form-urlencoded; charset=UTF-8',
    `Content-Length: ${body.length}`,
    'User-Agent: TwilioProxy/1.1',
    'Accept: */*',
    'I-Twilio-Idempotency-Token: 1a2b3c4d-0000-4000-8000-000000000000',
    `X-Twilio-Signature: ${getExpectedTwilioSignature(AUTH_TOKEN, publicUrl + path, fields)}`,
  ].join('\r\n');
  return Buffer.from(`${head}\r\n\r\n${body}`);
}

export function sidOf(seq: number): string {
  return `SM${seq.toString(16).padStart(32, '0')}`;
}
