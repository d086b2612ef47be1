import { createHmac, timingSafeEqual } from 'node:crypto';

/** Lower case, as node:http gives header names. */
export const SIGNATURE_HEADER = 'x-tinluat-signature';

/** `sha256=` and the hexadecimal HMAC-SHA-256 (RFC 2104) of the raw body. */
export function signReceipts(secret: string, rawBody: Buffer | string): string {
  return `sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`;
}

export function isSignedReceipts(secret: string, rawBody: Buffer, signature: unknown): boolean {
  if (typeof signature !== 'string') return false;
  const expected = Buffer.from(signReceipts(secret, rawBody));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
