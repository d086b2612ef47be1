import { getExpectedTwilioSignature, validateRequest } from 'twilio';
import type { ReceiptRequest } from '../gateway';
import { parseTwilioReceipt } from './twilio-receipts';

/** The vectors that Twilio publishes with its SDK (twilio-node, spec/validation.spec.js). */
const TOKEN = '12345';
const CALL = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
};
const VECTORS: [string, string, string][] = [
  ['https://mycompany.com', '/myapp.php?foo=1&bar=2', 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
  ['http://mycompany.com:1234', '/myapp.php?foo=1&bar=2', 'Zmvh+3yNM1Phv2jhDCwEM3q5ebU='],
];

function read(publicUrl: string, path: string, signature: string, fields: Record<string, string> = CALL) {
  const rawBody = Buffer.from(new URLSearchParams(fields).toString());
  const request: ReceiptRequest = { path, headers: { 'x-twilio-signature': signature }, rawBody };
  return parseTwilioReceipt(request, { authToken: TOKEN, publicUrl, validate: validateRequest });
}

describe('The signature of a status callback', () => {
  it.each(VECTORS)('is right for the published vector of %s', (publicUrl, path, signature) => {
    // A call is no message: that it is refused for its missing reference shows that the signature was accepted.
    expect(() => read(publicUrl, path, signature)).toThrow('gateway.unreadable-receipt');
  });

  it.each(VECTORS)('is wrong for %s once a field is added, changed or left out', (publicUrl, path, signature) => {
    for (const fields of [{ ...CALL, New: '1' }, { ...CALL, Digits: '1235' }, { CallSid: CALL.CallSid }]) {
      expect(() => read(publicUrl, path, signature, fields)).toThrow('gateway.forged-receipt');
    }
  });

  it('covers the scheme, the path and the order of the query', () => {
    const [, path, signature] = VECTORS[0]!;
    expect(() => read('http://mycompany.com', path, signature)).toThrow('gateway.forged-receipt');
    expect(() => read('https://mycompany.com/', '/myapp.php?bar=2&foo=1', signature)).toThrow('gateway.forged-receipt');
    expect(() => read('https://mycompany.com', '/myapp.php/?foo=1&bar=2', signature)).toThrow('gateway.forged-receipt');
  });
});

describe('A status callback', () => {
  const statusOf = (MessageStatus: string) => {
    const path = '/receipts/twilio?m=1.2.3';
    const fields = { MessageSid: `SM${'a'.repeat(32)}`, MessageStatus, SomethingNew: 'Đã gửi' };
    return read(
      'https://example.vn',
      path,
      getExpectedTwilioSignature(TOKEN, `https://example.vn${path}`, fields),
      fields,
    );
  };

  it('is final only when the operator has spoken', () => {
    const statuses = ['accepted', 'scheduled', 'queued', 'sending', 'sent', 'delivered', 'read'];
    const read = statuses.map((status) => statusOf(status).status);
    expect(read).toEqual(['pending', 'pending', 'pending', 'pending', 'pending', 'delivered', 'delivered']);
    expect(['undelivered', 'failed', 'canceled'].map((status) => statusOf(status).status)).toEqual(
      Array(3).fill('undelivered'),
    );
  });

  it('with a status that Twilio invents later proves nothing yet', () => {
    expect(statusOf('teleported').status).toBe('pending');
    expect(statusOf('constructor').status).toBe('pending');
  });

  it('carries our own reference and no code when there was no error', () => {
    expect(statusOf('delivered')).toEqual({
      reference: { batchId: 1, seq: 2, attempt: 3 },
      status: 'delivered',
      gatewayMessageId: `SM${'a'.repeat(32)}`,
      code: '',
      gatewayStatus: 'delivered',
    });
  });
});
