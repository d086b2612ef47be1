import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import { phoneOf, SENDER } from './harness/batches';
import { FakeGateway } from './harness/fake-gateway';
import { type Launch, launched } from './harness/running-campaign';
import { startTestApp, TestApp } from './harness/test-app';

const SIZE = 30;

/**
 * Between the moment at which a worker asks for its next texts and the one at which it may send them somebody opts out. The
 * worker is made to meet a lock that somebody else holds: if it waited for it, it would go on by what was true before.
 */
describe('an opt-out that is on record before a text is handed over', () => {
  let app: TestApp;
  let gateway: FakeGateway;
  let staff: TestAgent;
  let launch: Launch;
  const released: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    gateway = new FakeGateway();
    app = await startTestApp({ gateway, bells: true });
    const admin = await app.signIn('admin');
    staff = await app.signIn('staff');
    const list = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012' };
    const { body } = await admin.post('/api/v1/lists').send(list).expect(201);
    const { body: templates } = await staff.get('/api/v1/templates').expect(200);
    launch = { templateVersionId: templates[0].id, listIds: [body.id] };
    // A rate that does not slow this down, so that there is a bucket whose lock can be held.
    await admin.put('/api/v1/gateways/fake/terms').send({ segmentsPerSecond: 5_000 }).expect(200);
    const own = `/api/v1/gateways/fake/senders/${encodeURIComponent(SENDER)}/terms`;
    await admin.put(own).send({ segmentsPerSecond: 5_000 }).expect(200);
  });
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
    released.push(release);
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
  async function expectLeftOut(id: number, batchId: number, n: number): Promise<void> {
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
    expect(new Set(taken).size).toBe(SIZE - 1);
    expect(taken).toHaveLength(SIZE - 1);
  }

  it.each([
    ['of the gateway’s rate', '', 3],
    ['of the sender ID’s own rate', SENDER, 4],
  ])('keeps it from being sent, also when the worker has to wait for the lock %s', async (_, sender, n) => {
    const release = await holdBucket(sender);
    const { id, batchId } = await launched(app, SIZE, launch);
    await leased(batchId);
    await letTheWorkerTry();
    await optOut(n);
    await release();
    await expectLeftOut(id, batchId, n);
  });

  it('keeps it from being sent, also when the worker has to wait for the lock of the texts themselves', async () => {
    // The rate's lock keeps the worker from handing anything over until the other one is held.
    const releaseBucket = await holdBucket('');
    const { id, batchId } = await launched(app, SIZE, launch);
    await leased(batchId);
    const releaseChunk = await hold('select from chunks where batch_id = $1', [batchId]);
    await releaseBucket();
    await letTheWorkerTry();
    expect(gateway.taken.filter(({ reference }) => reference.batchId === batchId)).toEqual([]);
    await optOut(5);
    await releaseChunk();
    await expectLeftOut(id, batchId, 5);
  });
});
