import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import { phoneOf, SENDER } from './harness/batches';
import { FakeGateway } from './harness/fake-gateway';
import { type Launch, launched } from './harness/running-campaign';
import { startTestApp, TestApp } from './harness/test-app';

/** Takes a second and a half at the rate of these tests. */
const PACED = 60;
/** More than is marked while no answer comes, and one chunk. */
const MANY = 300;

/**
 * Between the moment at which a worker asks for its next texts and the one at which it may send them somebody opts out. The
 * worker is made to meet a lock that somebody else holds: if it waited for it, it would go on by what was true before.
 */
describe('an opt-out that is on record before a text is handed over', () => {
  let app: TestApp;
  let gateway: FakeGateway;
  let admin: TestAgent;
  let staff: TestAgent;
  let launch: Launch;
  const released: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    gateway = new FakeGateway();
    app = await startTestApp({ gateway, bells: true });
    admin = await app.signIn('admin');
    staff = await app.signIn('staff');
    const list = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012' };
    const { body } = await admin.post('/api/v1/lists').send(list).expect(201);
    const { body: templates } = await staff.get('/api/v1/templates').expect(200);
    launch = { templateVersionId: templates[0].id, listIds: [body.id] };
  });
  /** So slow that the later texts of a step would still be in time after the wait: their places are up to half a second ahead. */
  async function permit(segmentsPerSecond: number | null): Promise<void> {
    await admin.put('/api/v1/gateways/fake/terms').send({ segmentsPerSecond }).expect(200);
    const own = `/api/v1/gateways/fake/senders/${encodeURIComponent(SENDER)}/terms`;
    await admin.put(own).send({ segmentsPerSecond }).expect(200);
  }

  afterEach(async () => {
    for (const release of released.splice(0)) await release();
    await app.database.run('delete from suppressions');
  });
  afterAll(() => app.stop());

  /** Locks rows on a connection of its own, as another instance does, until told otherwise. */
  async function hold(sql: string, values: readonly unknown[]): Promise<() => Promise<void>> {
    let end!: () => void;
    const ended = new Promise<void>((resolve) => (end = resolve));
    let locked!: () => void;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const transaction = app.database.transaction(async (tx) => {
      await tx.run(`set local lock_timeout = '5s'`);
      expect(await tx.run(`${sql} for no key update`, values)).toBeGreaterThan(0);
      locked();
      await ended;
    });
    await Promise.race([isLocked, transaction]);
    const release = async (): Promise<void> => {
      end();
      await transaction;
    };
    released.unshift(release);
    return release;
  }

  const holdBucket = (sender: string) =>
    hold(`select from rate_buckets where gateway = 'fake' and sender = $1`, [sender]);

  /** Long enough for the worker to ask again and again. */
  const letTheWorkerTry = (): Promise<void> => sleep(400);

  async function optOut(n: number): Promise<void> {
    await staff
      .post('/api/v1/opt-outs')
      .send({ phone: phoneOf(n), source: 'letter', reason: 'Đơn' })
      .expect(201);
  }

  async function leased(batchId: number): Promise<void> {
    for (let i = 0; i < 200; i += 1) {
      if (await app.database.row(`select from chunks where batch_id = $1 and state = 'leased'`, [batchId])) return;
      await sleep(20);
    }
    throw new Error('no worker has leased the texts');
  }

  /** Everybody else got the text, this person did not, and the campaign says why. */
  async function expectLeftOut(id: number, batchId: number, n: number, size: number): Promise<void> {
    for (let i = 0; i < 200; i += 1) {
      if ((await staff.get(`/api/v1/campaigns/${id}`).expect(200)).body.state === 'completed') break;
      await sleep(50);
    }
    const { body: page } = await staff
      .get(`/api/v1/campaigns/${id}/messages`)
      .query({ state: 'suppressed' })
      .expect(200);
    expect(page.items).toEqual([
      expect.objectContaining({ phone: phoneOf(n), state: 'suppressed', code: 'opted-out' }),
    ]);
    const taken = gateway.taken.filter(({ reference }) => reference.batchId === batchId).map(({ phone }) => phone);
    expect(taken).not.toContain(phoneOf(n));
    expect(new Set(taken).size).toBe(size - 1);
    expect(taken).toHaveLength(size - 1);
  }

  it.each([
    ['of the gateway’s rate', '', 17],
    ['of the sender ID’s own rate', SENDER, 18],
  ])('keeps it from being sent, also when the worker meets the lock %s', async (_, sender, n) => {
    await permit(40);
    const release = await holdBucket(sender);
    const { id, batchId } = await launched(app, PACED, launch);
    await leased(batchId);
    await letTheWorkerTry();
    await optOut(n);
    await release();
    await expectLeftOut(id, batchId, n, PACED);
  });

  it('keeps it from being sent, also when the worker meets the lock of the texts themselves', async () => {
    await permit(null);
    let answer!: () => void;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const { answer: accept } = gateway;
    released.push(async () => answer());
    gateway.answer = (message) => answered.then(() => accept(message));
    const { id, batchId } = await launched(app, MANY, launch);
    // All sockets wait for an answer, so nothing more is marked until they get one.
    const marked = await settledMark(batchId);
    expect(marked).toBeLessThan(MANY);
    const release = await hold('select from chunks where batch_id = $1', [batchId]);
    answer();
    await letTheWorkerTry();
    await optOut(marked + 1);
    await release();
    await expectLeftOut(id, batchId, marked + 1, MANY);
  });

  /** How many texts are marked, once no more are. */
  async function settledMark(batchId: number): Promise<number> {
    const read = async () =>
      (await app.database.row<{ n: number }>('select sum(marked) as n from chunks where batch_id = $1', [batchId]))!.n;
    for (let before = 0, i = 0; i < 100; i += 1) {
      await sleep(100);
      const now = await read();
      if (now > 0 && now === before) return now;
      before = now;
    }
    throw new Error('the worker does not stop marking');
  }
});
