import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks';
import { batchFigures, eraseMessages } from '../src/delivery';
import { ReceiptIntake } from '../src/delivery/receipt-intake';
import { replayReceipts } from '../src/delivery/receipt-replay.store';
import { applyReceipts } from '../src/delivery/receipts.store';
import type { Receipt } from '../src/gateways';
import { TwilioGateway } from '../src/gateways/twilio/twilio.gateway';
import { createLog } from '../src/platform/observability/log';
import { metrics } from '../src/platform/observability/metrics';
import { makeBatch, phoneOf } from './harness/batches';
import { HandOver, type InFlight } from './harness/hand-over';
import { startTestApp, TestApp } from './harness/test-app';
import { openTestDatabase, TestDatabase } from './harness/test-database';

const DAY = '2021-05-20';

/** Marks all texts of a batch, so that each waits for its answer. */
async function handOverAll(handOver: HandOver, size: number): Promise<InFlight[]> {
  const chunk = (await handOver.lease())!;
  return (await handOver.mark(chunk, size, DAY))!.inFlight;
}

describe('the route that takes receipts', () => {
  const AUTH_TOKEN = 'a token of the tests';
  const PUBLIC_URL = 'https://sms.example.gov.vn';
  const NUMBER = '+84912345678';
  let app: TestApp;

  beforeAll(async () => {
    const gateway = await TwilioGateway.open({
      accountSid: `AC${'0'.repeat(32)}`,
      authToken: AUTH_TOKEN,
      publicUrl: PUBLIC_URL,
      receiptsPath: '/gateways/twilio/receipts',
    });
    app = await startTestApp({ gateway });
  });
  afterAll(() => app.stop());
  afterEach(() => app.database.run('truncate receipts, receipts_to_apply cascade'));

  /** A status callback as Twilio posts it for text `seq` of batch 1; `token` is another one for a forger. */
  const post = (seq: number, fields: Record<string, string> = {}, token = AUTH_TOKEN) => {
    const path = `/gateways/twilio/receipts?m=1.${seq}.1`;
    const form = { MessageSid: `SM${'a'.repeat(32)}`, MessageStatus: 'delivered', To: NUMBER, ...fields };
    return app
      .request()
      .post(path)
      .set('X-Twilio-Signature', getExpectedTwilioSignature(token, PUBLIC_URL + path, form))
      .type('form')
      .send(form);
  };
  const kept = async (): Promise<number> =>
    (await app.database.row<{ n: number }>('select count(*) as n from receipts'))!.n;

  it('keeps what many report at once in few statements, each receipt once', async () => {
    const answers = await Promise.all(Array.from({ length: 120 }, (_, i) => post(i + 1)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    const found = await app.database.row(
      'select count(*) as receipts, count(distinct seq) as texts, count(distinct received_at) < 60 as few from receipts',
    );
    expect(found).toEqual({ receipts: 120, texts: 120, few: true });
  });

  it('answers only when the receipt is committed', async () => {
    let hasAnswered = false;
    const posted = app.database.transaction(async (tx) => {
      await tx.run('lock table receipts in exclusive mode');
      const answer = post(1).then(({ status }) => {
        hasAnswered = true;
        return status;
      });
      await sleep(300);
      expect(hasAnswered).toBe(false);
      return { answer };
    });
    expect(await (await posted).answer).toBe(204);
    expect(await kept()).toBe(1);
  });

  it('asks the gateway to come again when the database does not keep it in time, and takes it then', async () => {
    await app.database.transaction(async (tx) => {
      await tx.run('lock table receipts in exclusive mode');
      const { status, body, headers } = await post(1);
      expect([status, body.code, headers['retry-after']]).toEqual([503, 'delivery.receipts-not-kept', '5']);
      expect(app.logged.join('')).not.toContain('because of a bug');
    });
    await post(1).expect(204);
  });

  it('lets no more than a few thousand wait: the gateway has to come again with the rest', async () => {
    const intake = new ReceiptIntake(app.database, 'twilio', createLog('fatal'));
    const receipts = (count: number): Receipt[] =>
      Array.from({ length: count }, (_, i) => ({
        reference: { batchId: 2, seq: i + 1, attempt: 1 },
        status: 'delivered',
        gatewayMessageId: 'g',
        code: '',
      }));
    const first = await app.database.transaction(async (tx) => {
      await tx.run('lock table receipts in exclusive mode');
      const waiting = intake.keep(receipts(5_000));
      await expect(intake.keep(receipts(1))).rejects.toThrow('delivery.receipts-not-kept');
      return { waiting };
    });
    await first.waiting;
    await intake.keep(receipts(1));
    expect(await kept()).toBe(5_001);
  });

  it('keeps the word the gateway used beside our reading of it, and no number', async () => {
    await post(7, { MessageStatus: 'undelivered', ErrorCode: '30003' }).expect(204);
    await post(8, { MessageStatus: 'sent', Body: 'Kính mời cử tri' }).expect(204);
    const rows = await app.database.rows('select * from receipts order by seq');
    expect(rows).toMatchObject([
      { seq: 7, status: 'undelivered', gateway_status: 'undelivered', code: '30003' },
      { seq: 8, status: 'pending', gateway_status: 'sent', code: '' },
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/912345678|Kính mời/);
  });

  it('refuses what was not signed by the gateway, counts it and keeps nothing of it', async () => {
    const before = (await metrics.receiptsForged.get()).values.find(({ labels }) => labels.gateway === 'twilio');
    const { status, body, headers } = await post(1, {}, 'a forger’s token');
    expect([status, body.code]).toEqual([403, 'gateway.forged-receipt']);
    // Who asks about it is told a request id, which the log has too.
    expect(headers['x-request-id']).toBe(body.requestId);
    expect(app.logged.join('')).toContain(body.requestId);
    const after = (await metrics.receiptsForged.get()).values.find(({ labels }) => labels.gateway === 'twilio');
    expect(after!.value - (before?.value ?? 0)).toBe(1);
    expect(await kept()).toBe(0);
  });

  it('refuses what the database cannot keep, without harm to what comes with it', async () => {
    const [bad, tooLong, good] = await Promise.all([
      post(1, { ErrorCode: 'a\u0000b' }),
      post(2, { ErrorCode: 'x'.repeat(201) }),
      post(3),
    ]);
    expect([bad.status, bad.body.code]).toEqual([400, 'delivery.receipt-unfit']);
    expect([tooLong.status, good.status]).toEqual([400, 204]);
    expect(await kept()).toBe(1);
  });

  it('takes no body beyond a megabyte, no other gateway and no other method', async () => {
    expect((await post(1, { Body: 'x'.repeat(1_100_000) })).status).toBe(413);
    const { body } = await app.request().post('/gateways/nobody/receipts').expect(404);
    expect(body.code).toBe('delivery.no-such-gateway');
    await app.request().get('/gateways/twilio/receipts').expect(404);
    expect(await kept()).toBe(0);
  });
});

describe('applying receipts', () => {
  let db: TestDatabase;
  beforeEach(async () => {
    db = await openTestDatabase();
  });
  afterEach(() => db.close());

  const figures = async (batchId: number) => (await batchFigures(db.database, [batchId])).get(batchId)!;
  const strays = () =>
    db.database.rows<{ reason: string; gateway: string }>(
      'select s.reason, r.gateway from stray_receipts s join receipts r on r.id = s.receipt_id order by r.id',
    );
  const countersOf = (batchId: number) =>
    db.database.rows(
      `select day, area_id, sum(messages) as messages, sum(closed) as closed, sum(accepted) as accepted, sum(failed) as failed,
         sum(unknown) as unknown, sum(delivered) as delivered, sum(undelivered) as undelivered
       from counters where batch_id = $1 group by day, area_id order by day, area_id`,
      [batchId],
    );
  const statesOf = (batchId: number) =>
    db.database.rows('select seq, status, code, at from deliveries where batch_id = $1 order by seq', [batchId]);

  it('tells the message’s state also where its number and text were erased since', async () => {
    const handOver = new HandOver(db.database);
    const batchId = await makeBatch(db, 3);
    const texts = await handOverAll(handOver, 3);
    for (const text of texts) await handOver.answer(text, 'accepted');
    const phoneKey = db.secrets.phoneDigest(phoneOf(2));
    await db.database.transaction((tx) => eraseMessages(tx, { phoneKey, subscriberId: null, formerKeys: [] }));
    for (const text of texts) await handOver.report(text, 'delivered');
    await handOver.applyReports();
    expect(await figures(batchId)).toMatchObject({ accepted: 3, delivered: 3 });
  });

  it('stops a text that was put off from being sent again when a receipt shows that it had been taken', async () => {
    const handOver = new HandOver(db.database);
    const batchId = await makeBatch(db, 2);
    const [first, second] = await handOverAll(handOver, 2);
    await handOver.answer(first!, 'deferred');
    await handOver.answer(second!, 'deferred');
    await handOver.report(first!, 'delivered');
    await handOver.applyReports();
    expect(await figures(batchId)).toMatchObject({ queued: 2, delivered: 0 });
    const retried: number[] = [];
    for (let chunk; (chunk = await handOver.lease()) !== undefined;) {
      const marked = await handOver.mark(chunk, 2, DAY);
      retried.push(...marked!.inFlight.map(({ seq }) => seq));
      for (const text of marked!.inFlight) await handOver.answer(text, 'accepted');
      await handOver.release(marked!.chunk);
    }
    expect(retried).toEqual([second!.seq]);
    await handOver.applyReports();
    expect(await figures(batchId)).toMatchObject({ accepted: 2, delivered: 1, queued: 0 });
    expect(await strays()).toEqual([]);
  });

  it('believes no gateway about a text that went through another one', async () => {
    const batchId = await makeBatch(db, 2, { gateway: 'first', alternatives: [{ gateway: 'second', sender: 'STP' }] });
    const handOver = new HandOver(db.database, 'second');
    await db.database.run(`insert into gateway_shares (gateway, share) values ('first', 0)`);
    const [text, unanswered] = await handOverAll(handOver, 2);
    await handOver.answer(text!, 'accepted');
    await handOver.answer(unanswered!, 'unknown');
    const liar = new HandOver(db.database, 'third');
    const wrong = new HandOver(db.database, 'first');
    await liar.report(text!, 'delivered');
    await wrong.report(unanswered!, 'delivered');
    await handOver.report(text!, 'undelivered');
    await handOver.applyReports();
    expect(await figures(batchId)).toMatchObject({ accepted: 1, unknown: 1, delivered: 0, undelivered: 1 });
    expect(await strays()).toEqual([
      { reason: 'other-gateway', gateway: 'third' },
      { reason: 'other-gateway', gateway: 'first' },
    ]);
    await handOver.report(unanswered!, 'delivered');
    await handOver.applyReports();
    expect(await figures(batchId)).toMatchObject({ accepted: 2, unknown: 0, delivered: 1 });
  });

  it('brings back by a replay what was lost, to the same states and figures', async () => {
    const handOver = new HandOver(db.database);
    const batchId = await makeBatch(db, 12);
    const texts = await handOverAll(handOver, 12);
    const kinds = ['accepted', 'accepted', 'unknown', 'failed'] as const;
    for (const [i, text] of texts.entries()) await handOver.answer(text, kinds[i % 4]!);
    for (const [i, text] of texts.entries()) {
      if (i % 3 > 0) await handOver.report(text, 'undelivered');
      if (i % 3 > 1) await handOver.report(text, 'delivered');
    }
    await handOver.applyReports();
    const before = { states: await statesOf(batchId), counters: await countersOf(batchId), strays: await strays() };
    expect(before.states.length).toBeGreaterThan(4);
    expect(before.strays.length).toBeGreaterThan(0);

    expect(await replayReceipts(db.database, batchId)).toBe(12);
    expect({ states: await statesOf(batchId), counters: await countersOf(batchId), strays: await strays() }).toEqual(
      before,
    );

    await db.database.run('delete from deliveries where batch_id = $1 and seq > 2', [batchId]);
    await db.database.run('delete from stray_receipts');
    expect(await replayReceipts(db.database, batchId)).toBe(12);
    expect({ states: await statesOf(batchId), counters: await countersOf(batchId), strays: await strays() }).toEqual(
      before,
    );
    const acts = await db.database.rows('select act, subject from audit_entries');
    expect(acts).toContainEqual({ act: 'receipts.replay', subject: `batch:${batchId}` });
    expect(await replayReceipts(db.database, 999)).toBeUndefined();
  });

  it('takes a receipt off the list of strays when a replay finds its text', async () => {
    const handOver = new HandOver(db.database);
    const batchId = await makeBatch(db, 1);
    const [text] = await handOverAll(handOver, 1);
    await handOver.report(text!, 'delivered');
    await db.database.run('update receipts_to_apply set tries = 20');
    await applyReceipts(db.database);
    expect(await strays()).toEqual([{ reason: 'never-sent', gateway: 'fake' }]);
    await handOver.answer(text!, 'accepted');
    await replayReceipts(db.database, batchId);
    expect(await strays()).toEqual([]);
    expect(await figures(batchId)).toMatchObject({ accepted: 1, delivered: 1 });
  });

  it('looks again at a receipt whose text somebody settled otherwise at the same moment', async () => {
    const handOver = new HandOver(db.database);
    const batchId = await makeBatch(db, 1);
    const [text] = await handOverAll(handOver, 1);
    await handOver.answer(text!, 'unknown');
    await handOver.report(text!, 'delivered');
    let applying: Promise<unknown> | undefined;
    await db.database.transaction(async (tx) => {
      await tx.run(
        `insert into outcomes (batch_id, seq, attempt, certain, kind, code, day) values ($1, $2, 1, true, 'failed', 'by-person', $3)`,
        [batchId, text!.seq, DAY],
      );
      await tx.run(
        `update counters set unknown = unknown - 1, failed = failed + 1
         where (batch_id, day, area_id, slot) = (
           select batch_id, day, area_id, slot from counters where batch_id = $1 and unknown = 1 limit 1)`,
        [batchId],
      );
      applying = applyReceipts(db.database);
      await sleep(300);
    });
    await applying;
    await applyReceipts(db.database);
    expect(await figures(batchId)).toMatchObject({ failed: 1, accepted: 0, unknown: 0, delivered: 0 });
    expect(await strays()).toEqual([{ reason: 'failed', gateway: 'fake' }]);
    expect(await db.database.rows('select seq from late_proofs')).toEqual([{ seq: text!.seq }]);
  });
});

describe('receipts that fit no text', () => {
  let app: TestApp;
  let auditor: TestAgent;
  beforeAll(async () => {
    app = await startTestApp();
    auditor = await app.signIn('auditor');
    for (const seq of [1, 2, 3]) {
      const receipt = { reference: `999.${seq}.1`, status: 'delivered', code: 'c' };
      await app.request().post('/gateways/fake/receipts').send([receipt]).expect(204);
    }
    await applyReceipts(app.database);
  });
  afterAll(() => app.stop());

  it('are shown with the reason, the latest first, page by page', async () => {
    const first = await auditor.get('/api/v1/stray-receipts?limit=2').expect(200);
    expect(first.body.items).toMatchObject([{ reference: '999.3.1' }, { reference: '999.2.1' }]);
    expect(first.body.items[0]).toMatchObject({
      gateway: 'fake',
      campaignId: null,
      reason: 'no-such-text',
      receivedAt: expect.stringMatching(/\+07:00$/),
      explanation: { vi: expect.stringContaining('không có tin nhắn'), en: expect.stringContaining('no such text') },
    });
    const second = await auditor.get(`/api/v1/stray-receipts?limit=2&after=${first.body.next}`).expect(200);
    expect(second.body).toMatchObject({ items: [{ reference: '999.1.1' }], next: null });
  });

  it('are nobody’s business who is not signed in', async () => {
    await app.request().get('/api/v1/stray-receipts').expect(401);
  });
});
