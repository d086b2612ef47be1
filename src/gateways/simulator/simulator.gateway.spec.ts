import { itKeepsTheGatewayContract } from '../../../test/gateways/gateway-contract';
import { answer, ScriptedPeer } from '../../../test/gateways/scripted-peer';
import type { ReceiptRequest } from '../gateway';
import { signReceipts, SIGNATURE_HEADER } from './receipt-signature';
import { SimulatorGateway } from './simulator.gateway';

const SECRET = 'receipts-secret';
const NOWHERE = 'http://127.0.0.1:9';
const RECEIPT = { id: 'a1b2c3d4-9', reference: '7.37400.2', status: 'undelivered', code: 'handset-unreachable' };

function signed(body: string, signature = signReceipts(SECRET, body)): ReceiptRequest {
  return { path: '/receipts', headers: { [SIGNATURE_HEADER]: signature }, rawBody: Buffer.from(body) };
}
const options = (url: string) => ({ url, token: 'token', receiptsSecret: SECRET });
type SentBody = Record<'reference' | 'to' | 'from' | 'text', string>;
const sentText = ({ to: phone, from: sender, text, reference }: SentBody) => ({ phone, sender, text, reference });
const lot = (...receipts: unknown[]): string => JSON.stringify({ receipts });

describe('The simulator gateway', () => {
  itKeepsTheGatewayContract({
    open: async (url, limits) => new SimulatorGateway({ ...options(url), ...limits }),
    accepts: { treatment: answer(202, { id: 'a1b2c3d4-9' }), id: 'a1b2c3d4-9' },
    refuses: { treatment: answer(422, { accepted: false, code: 'number-refused' }), code: 'number-refused' },
    optedOut: { treatment: answer(422, { accepted: false, code: 'opted-out' }), code: 'opted-out' },
    throttles: (seconds) => ({
      treatment: answer(429, { accepted: false, code: 'throttled' }, { 'retry-after': String(seconds) }),
      code: 'throttled',
    }),
    read: ({ body }) => sentText(JSON.parse(body) as SentBody),
    lists: {
      open: async (url, limits) => new SimulatorGateway({ ...options(url), ...limits, largestBatch: 500 }),
      answers: (verdicts) => ({
        treatment: answer(200, {
          results: verdicts.map((verdict) =>
            'id' in verdict ? { status: 202, ...verdict } : { accepted: false, status: 422, code: 'number-refused' },
          ),
        }),
        refusal: { kind: 'rejected', code: 'number-refused' },
      }),
      throttles: (seconds) =>
        answer(429, { accepted: false, code: 'too-many-in-flight' }, { 'retry-after': String(seconds) }),
      read: ({ body }) => (JSON.parse(body) as SentBody[]).map(sentText),
    },
    lookUps: {
      found: { treatment: answer(200, { state: 'accepted', id: 'a1b2c3d4-9' }), id: 'a1b2c3d4-9' },
      absent: answer(200, { state: 'absent' }),
      asks: ({ path, headers }) => path === '/messages/7.37400.2' && headers.authorization === 'Bearer token',
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
    const reference = { batchId: 1, seq: 1, attempt: 1 };
    const message = { reference, phone: '+84912345678', sender: 'S', text: 't', segments: 1 };
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
      expect(await gateway.send(message)).toEqual({ kind: 'deferred', because: 'temporary', code: 'failing' });
    });

    it('a wrong token loses no recipient', async () => {
      peer.treat = answer(401, { accepted: false, code: 'unauthorised' });
      const outcome = { kind: 'deferred', because: 'account', code: 'unauthorised', retryAfterMs: 60_000 };
      expect(await gateway.send(message)).toEqual(outcome);
    });

    it('a wrong address loses no recipient', async () => {
      peer.treat = answer(404, '<html>Not Found</html>');
      const outcome = { kind: 'deferred', because: 'account', retryAfterMs: 60_000 };
      expect(await gateway.send(message)).toEqual({ ...outcome, code: 'http-404' });
      peer.treat = answer(404, { accepted: false, code: 'not-found' });
      expect(await gateway.send(message)).toEqual({ ...outcome, code: 'not-found' });
    });

    it('an attempt whose absence was proved is not lost when it comes after all: the text waits for the next one', async () => {
      peer.treat = answer(409, { accepted: false, code: 'reference-closed' });
      expect(await gateway.send(message)).toEqual({ kind: 'deferred', because: 'temporary', code: 'reference-closed' });
    });

    it('only where it is told to, it asks for each batch and seq to be taken once', async () => {
      peer.treat = answer(202, { id: 'x' });
      await gateway.send(message);
      const idempotent = new SimulatorGateway({ ...options(peer.url), resendIsIdempotent: true });
      expect([gateway, idempotent].map(({ capabilities }) => capabilities.resendIsIdempotent)).toEqual([false, true]);
      await idempotent.send(message);
      await idempotent.close();
      expect(peer.seen.map(({ body }) => (JSON.parse(body) as { idempotent?: boolean }).idempotent)).toEqual([
        undefined,
        true,
      ]);
    });

    it('the token travels as a bearer token', async () => {
      peer.treat = answer(202, { id: 'x' });
      await gateway.send(message);
      expect(peer.seen[0]?.headers.authorization).toBe('Bearer its-token');
    });
  });

  it('promises that what a look-up does not find will never be sent, unless look-ups are turned off', async () => {
    const [on, off] = [true, false].map(
      (answersLookUps) => new SimulatorGateway({ ...options(NOWHERE), answersLookUps }),
    );
    expect(on?.capabilities.lookUp).toEqual({ absenceIsProofAfterMs: 0 });
    expect(off?.capabilities.lookUp).toBeNull();
    expect(off?.lookUp).toBeUndefined();
    await Promise.all([on?.close(), off?.close()]);
  });

  it('says that a receipt proves delivery to a handset', async () => {
    const gateway = new SimulatorGateway({ ...options(NOWHERE), sockets: 7 });
    expect(gateway.capabilities).toMatchObject({ sockets: 7, timeoutMs: 10_000, receiptMeans: 'handset' });
    await gateway.close();
  });
});
