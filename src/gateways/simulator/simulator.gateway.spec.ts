import { itKeepsTheGatewayContract } from '../../../test/gateways/gateway-contract';
import { answer, ScriptedPeer } from '../../../test/gateways/scripted-peer';
import type { ReceiptRequest } from '../gateway';
import { signReceipts, SIGNATURE_HEADER } from './receipt-signature';
import { SimulatorGateway } from './simulator.gateway';

const SECRET = 'receipts-secret';
const RECEIPT = { id: 'a1b2c3d4-9', reference: '7.37400.2', status: 'undelivered', code: 'handset-unreachable' };

function signed(body: string, signature = signReceipts(SECRET, body)): ReceiptRequest {
  return { path: '/receipts', headers: { [SIGNATURE_HEADER]: signature }, rawBody: Buffer.from(body) };
}
const lot = (...receipts: unknown[]): string => JSON.stringify({ receipts });

describe('The simulator gateway', () => {
  itKeepsTheGatewayContract({
    open: async (url, limits) => new SimulatorGateway({ url, token: 'token', receiptsSecret: SECRET, ...limits }),
    accepts: { treatment: answer(202, { id: 'a1b2c3d4-9' }), id: 'a1b2c3d4-9' },
    refuses: { treatment: answer(422, { accepted: false, code: 'number-refused' }), code: 'number-refused' },
    optedOut: { treatment: answer(422, { accepted: false, code: 'opted-out' }), code: 'opted-out' },
    throttles: (seconds) => ({
      treatment: answer(429, { accepted: false, code: 'throttled' }, { 'retry-after': String(seconds) }),
      code: 'throttled',
    }),
    read: ({ body }) => {
      const { to: phone, from: sender, text, reference } = JSON.parse(body) as Record<string, string>;
      return { phone, sender, text, reference } as Record<'phone' | 'sender' | 'text' | 'reference', string>;
    },
    receipts: {
      good: {
        request: signed(lot(RECEIPT)),
        receipt: {
          reference: { batchId: 7, seq: 37_400, attempt: 2 },
          status: 'undelivered',
          gatewayMessageId: 'a1b2c3d4-9',
          code: 'handset-unreachable',
        },
      },
      forged: [
        signed(lot(RECEIPT), signReceipts('another-secret', lot(RECEIPT))),
        signed(lot({ ...RECEIPT, status: 'delivered' }), signReceipts(SECRET, lot(RECEIPT))),
        signed(lot(RECEIPT), ''),
        { path: '/receipts', headers: {}, rawBody: Buffer.from(lot(RECEIPT)) },
      ],
      unreadable: [
        signed('{"receipts": ['),
        signed('{}'),
        signed('null'),
        signed(lot(null)),
        signed(lot({ ...RECEIPT, reference: '7.37400' })),
        signed(lot({ ...RECEIPT, status: 'lost' })),
        signed(lot({ ...RECEIPT, id: '' })),
        signed(lot({ ...RECEIPT, code: 21 })),
      ],
    },
  });

  describe('sorts what only the simulator promises:', () => {
    let peer: ScriptedPeer;
    let gateway: SimulatorGateway;
    const message = { reference: { batchId: 1, seq: 1, attempt: 1 }, phone: '+84912345678', sender: 'S', text: 't' };
    beforeEach(async () => {
      peer = await ScriptedPeer.start();
      gateway = new SimulatorGateway({ url: peer.url, token: 'its-token', receiptsSecret: SECRET });
    });
    afterEach(async () => {
      await gateway.close();
      await peer.stop();
    });

    it('a 503 in its own words was not accepted', async () => {
      peer.treat = answer(503, { accepted: false, code: 'failing' });
      expect(await gateway.send(message)).toEqual({ kind: 'deferred', code: 'failing' });
    });

    it('a wrong token loses no recipient', async () => {
      peer.treat = answer(401, { accepted: false, code: 'unauthorised' });
      expect(await gateway.send(message)).toEqual({ kind: 'deferred', code: 'unauthorised', retryAfterMs: 60_000 });
    });

    it('a wrong address loses no recipient', async () => {
      peer.treat = answer(404, '<html>Not Found</html>');
      expect(await gateway.send(message)).toEqual({ kind: 'deferred', code: 'http-404', retryAfterMs: 60_000 });
    });

    it('the token travels as a bearer token', async () => {
      peer.treat = answer(202, { id: 'x' });
      await gateway.send(message);
      expect(peer.seen[0]?.headers.authorization).toBe('Bearer its-token');
    });
  });

  it('says that a receipt proves delivery to a handset', async () => {
    const gateway = new SimulatorGateway({ url: 'http://127.0.0.1:9', token: 't', receiptsSecret: SECRET, sockets: 7 });
    expect(gateway.capabilities).toMatchObject({ sockets: 7, timeoutMs: 10_000, receiptMeans: 'handset' });
    await gateway.close();
  });
});
