import { createHmac } from 'node:crypto';
import { MESSAGE } from '../../../test/gateways/contract-message';
import { itKeepsTheGatewayContract } from '../../../test/gateways/gateway-contract';
import { answer, ScriptedPeer } from '../../../test/gateways/scripted-peer';
import type { Gateway, OutgoingMessage, ReceiptRequest } from '../gateway';
import { TwilioGateway } from './twilio.gateway';
import type { TwilioOptions } from './twilio-options';

const SID = `SM${'0a'.repeat(16)}`;
const OPTIONS: TwilioOptions = {
  accountSid: `AC${'1b'.repeat(16)}`,
  authToken: '12345',
  publicUrl: 'https://sms.example.gov.vn/',
  receiptsPath: '/api/v1/receipts/twilio',
};
const PATH = '/api/v1/receipts/twilio?m=7.37400.2';
const FIELDS = {
  AccountSid: OPTIONS.accountSid,
  ApiVersion: '2010-04-01',
  From: 'SOTUPHAP',
  To: '+84912345678',
  MessageSid: SID,
  SmsSid: SID,
  MessageStatus: 'undelivered',
  ErrorCode: '30005',
};

/** As https://www.twilio.com/docs/usage/security describes it, written without the SDK. */
function twilioSignature(url: string, fields: Record<string, string>, token = OPTIONS.authToken): string {
  const names = Object.keys(fields).sort();
  return createHmac('sha1', token)
    .update(url + names.map((name) => name + fields[name]).join(''))
    .digest('base64');
}

function callback(path: string, fields: Record<string, string>, signature?: string): ReceiptRequest {
  const given = signature ?? twilioSignature(`https://sms.example.gov.vn${path}`, fields);
  return {
    path,
    headers: {
      'x-twilio-signature': given,
      host: 'elsewhere.example',
      'content-type': 'application/x-www-form-urlencoded',
    },
    rawBody: Buffer.from(new URLSearchParams(fields).toString()),
  };
}

/** A refusal as Twilio writes it. */
const refusal = (status: number, code: number, headers?: Record<string, string>) =>
  answer(
    status,
    { code, message: 'in words', more_info: `https://www.twilio.com/docs/errors/${code}`, status },
    headers,
  );
const created = {
  sid: SID,
  status: 'queued',
  num_segments: '2',
  to: '+84912345678',
  date_sent: null,
  error_code: null,
};

/** A message of the list, as https://www.twilio.com/docs/messaging/api/message-resource shows it. */
const listed = (differs: Record<string, unknown> = {}) => ({
  ...created,
  from: MESSAGE.sender,
  to: MESSAGE.phone,
  body: MESSAGE.text,
  date_created: 'Thu, 20 May 2021 01:00:01 +0000',
  ...differs,
});
const listing = (...messages: unknown[]) => answer(200, { messages, page: 0, page_size: 50, next_page_uri: null });

describe('The Twilio gateway', () => {
  itKeepsTheGatewayContract({
    open: (baseUrl, limits) => TwilioGateway.open({ ...OPTIONS, ...limits, baseUrl }),
    accepts: { treatment: answer(201, created), id: SID },
    refuses: { treatment: refusal(400, 21_614), code: '21614' },
    optedOut: { treatment: refusal(400, 21_610), code: '21610' },
    throttles: (seconds) => ({
      treatment: refusal(429, 20_429, { 'retry-after': String(seconds) }),
      code: '20429',
    }),
    read: ({ body }) => {
      const form = new URLSearchParams(body);
      const field = (name: string): string => form.get(name) ?? '';
      const reference = new URL(field('StatusCallback')).searchParams.get('m') ?? '';
      return { phone: field('To'), sender: field('From'), text: field('Body'), reference };
    },
    lookUps: {
      found: { treatment: listing(listed()), id: SID },
      absent: listing(),
      asks: ({ path }) => {
        const { pathname, searchParams } = new URL(path, 'http://twilio');
        const isList = pathname === `/2010-04-01/Accounts/${OPTIONS.accountSid}/Messages.json`;
        return (
          isList && searchParams.get('To') === MESSAGE.phone && searchParams.get('DateSent>') === '2021-05-19T01:00:00Z'
        );
      },
    },
    receipts: {
      good: {
        request: callback(PATH, FIELDS),
        receipt: {
          reference: { batchId: 7, seq: 37_400, attempt: 2 },
          status: 'undelivered',
          gatewayMessageId: SID,
          code: '30005',
          gatewayStatus: 'undelivered',
        },
      },
      forged: [
        callback(PATH, FIELDS, twilioSignature(`https://sms.example.gov.vn${PATH}`, FIELDS, 'another token')),
        callback(PATH, FIELDS, twilioSignature(`https://sms.example.gov.vn${PATH}`, { ...FIELDS, To: '+84987654321' })),
        callback(
          '/api/v1/receipts/twilio?m=8.1.1',
          FIELDS,
          twilioSignature(`https://sms.example.gov.vn${PATH}`, FIELDS),
        ),
        callback(PATH, FIELDS, twilioSignature(`https://elsewhere.example${PATH}`, FIELDS)),
        callback(PATH, FIELDS, ''),
        { path: PATH, headers: {}, rawBody: Buffer.from(new URLSearchParams(FIELDS).toString()) },
      ],
      unreadable: [
        callback('/api/v1/receipts/twilio', FIELDS),
        callback('/api/v1/receipts/twilio?m=37400', FIELDS),
        callback(PATH, { ...FIELDS, MessageSid: '' }),
        callback(PATH, { MessageSid: SID }),
      ],
    },
  });

  describe('towards Twilio', () => {
    let peer: ScriptedPeer;
    let gateway: Gateway;
    const message: OutgoingMessage = {
      reference: { batchId: 7, seq: 1, attempt: 1 },
      phone: '+84912345678',
      sender: 'SOTUPHAP',
      text: 'Kính mời cử tri',
      segments: 1,
    };
    beforeEach(async () => {
      peer = await ScriptedPeer.start();
      gateway = await TwilioGateway.open({ ...OPTIONS, baseUrl: `${peer.url}/proxy/` });
    });
    afterEach(async () => {
      await gateway.close();
      await peer.stop();
    });

    it('creates a message of the account, at the configured address, whatever TWILIO_REGION says', async () => {
      await gateway.close();
      process.env.TWILIO_REGION = 'au1';
      gateway = await TwilioGateway.open({ ...OPTIONS, baseUrl: `${peer.url}/proxy/` });
      delete process.env.TWILIO_REGION;
      peer.treat = answer(201, created);
      expect(await gateway.send(message)).toEqual({ kind: 'accepted', gatewayMessageId: SID });
      expect(peer.seen[0]).toMatchObject({
        method: 'POST',
        path: `/proxy/2010-04-01/Accounts/${OPTIONS.accountSid}/Messages.json`,
        headers: {
          authorization: `Basic ${Buffer.from(`${OPTIONS.accountSid}:12345`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
      });
    });

    it('asks for receipts at the public address, with our reference', async () => {
      peer.treat = answer(201, created);
      await gateway.send(message);
      const form = new URLSearchParams(peer.seen[0]?.body);
      expect(form.get('StatusCallback')).toBe('https://sms.example.gov.vn/api/v1/receipts/twilio?m=7.1.1');
    });

    it('waits, rather than losing recipients, while the credentials are wrong', async () => {
      peer.treat = refusal(401, 20_003);
      expect(await gateway.send(message)).toMatchObject({ kind: 'deferred', code: '20003' });
    });

    it('takes an id that is not one of Twilio for no acceptance', async () => {
      peer.treat = answer(201, { ...created, sid: 'hello' });
      expect(await gateway.send(message)).toEqual({ kind: 'unknown', code: 'unreadable-answer' });
    });

    it('understands refusals in the newer form of RFC 9457', async () => {
      peer.treat = answer(400, { type: 'https://x', title: 'Bad', status: 400, code: 21_211, detail: '+84912345678' });
      expect(await gateway.send(message)).toEqual({ kind: 'rejected', code: '21211' });
    });
  });

  it('says that a receipt proves no more than that the operator took the text', async () => {
    const gateway = await TwilioGateway.open(OPTIONS);
    expect(gateway.capabilities).toMatchObject({ sockets: 50, timeoutMs: 15_000, receiptMeans: 'operator' });
    await gateway.close();
  });
});
