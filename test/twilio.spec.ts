import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'node:querystring';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { TwilioGateway } from '../src/gateways/twilio/twilio.gateway';
import { ScriptedPeer, SeenRequest } from './gateways/scripted-peer';
import { submitTried } from './harness/campaigns';
import { importFile } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';

const PUBLIC_URL = 'https://sms.example.gov.vn';
const AUTH_TOKEN = 'a token of the tests';
const ACCOUNT = `AC${'0'.repeat(32)}`;

let peer: ScriptedPeer;
let app: TestApp;

beforeAll(async () => {
  peer = await ScriptedPeer.start();
  peer.treat = (response, { body }) => {
    const { To } = parse(body);
    if (To === '+84987654321') {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 21614, message: 'not a mobile number', status: 400 }));
      return;
    }
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ sid: `SM${String(To).slice(1).padStart(32, '0')}`, status: 'queued' }));
  };
  const gateway = await TwilioGateway.open({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    baseUrl: peer.url,
    publicUrl: PUBLIC_URL,
    receiptsPath: '/gateways/twilio/receipts',
  });
  app = await startTestApp({ gateway, bells: true });
});
afterAll(async () => {
  await app.stop();
  await peer.stop();
});

/** Twilio's status callback for a text, signed as Twilio signs it; `token` is another one for a forger. */
async function callBack(request: SeenRequest, status: string, token = AUTH_TOKEN): Promise<number> {
  const sent = parse(request.body);
  const address = new URL(String(sent.StatusCallback));
  const fields = { MessageSid: `SM${String(sent.To).slice(1).padStart(32, '0')}`, MessageStatus: status };
  const response = await app
    .request()
    .post(address.pathname + address.search)
    .set('X-Twilio-Signature', getExpectedTwilioSignature(token, address.href, fields))
    .type('form')
    .send(fields);
  return response.status;
}

describe('a campaign through Twilio', () => {
  it('is sent with a callback address of its own for every text, and Twilio’s signed callbacks are its receipts', async () => {
    const [admin, staff, approver] = await Promise.all([
      app.signIn('admin'),
      app.signIn('staff'),
      app.signIn('approver'),
    ]);
    const list = await admin
      .post('/api/v1/lists')
      .send({ name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012' });
    const file =
      'Họ tên,Số điện thoại,Xã\nLê Bé,0912345678,Ba Chúc\nTrần Tư,0939111222,Ba Chúc\nSố Bàn,0987654321,Ba Chúc\n';
    await importFile(admin, list.body.id, file);
    const versions = (await staff.get('/api/v1/templates/covid-19-face-masks')).body;
    const facts = { name: 'Khẩu trang', listIds: [list.body.id], sender: 'STP ANGIANG', startsAt: '2021-05-20T08:00' };
    const draft = { ...facts, templateVersionId: versions[0].id, accented: true };
    const { id, contentHash } = await submitTried(staff, draft);
    peer.seen.length = 0;
    await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);

    const figures = async (): Promise<Record<string, number>> =>
      (await staff.get(`/api/v1/campaigns/${id}`)).body.figures;
    const until = async (wanted: Record<string, number>): Promise<void> => {
      for (let i = 0; i < 80; i += 1) {
        const now = await figures();
        if (Object.entries(wanted).every(([name, count]) => now[name] === count)) return;
        await sleep(100);
      }
      expect(await figures()).toMatchObject(wanted);
    };
    await until({ accepted: 2, failed: 1 });
    const first = peer.seen.find(({ body }) => parse(body).To === '+84912345678')!;
    expect(parse(first.body)).toMatchObject({ From: 'STP ANGIANG', Body: expect.stringContaining('khẩu trang') });
    expect(String(parse(first.body).StatusCallback)).toMatch(
      /^https:\/\/sms\.example\.gov\.vn\/gateways\/twilio\/receipts\?/,
    );

    expect(await callBack(first, 'delivered', 'a forger’s token')).toBeGreaterThanOrEqual(400);
    expect(await callBack(first, 'sent')).toBe(204);
    await sleep(1_500);
    expect(await figures()).toMatchObject({ delivered: 0 });
    expect(await callBack(first, 'delivered')).toBe(204);
    await until({ accepted: 2, delivered: 1, failed: 1 });
  });
});
