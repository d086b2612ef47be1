import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryHint, notifyDelivery } from '../src/delivery/delivery-hint';
import { Config } from '../src/platform/config';
import { createLog } from '../src/platform/observability/log';
import { Secrets } from '../src/platform/secrets';
import { makeBatch } from './harness/batches';
import { FakeGateway } from './harness/fake-gateway';
import { startTestApp } from './harness/test-app';
import { openTestDatabase, TestDatabase } from './harness/test-database';

/** So long nobody waits but who gets no hint. */
const FOR_EVER_MS = 60_000;
const log = createLog('error');

describe('an instance that has nothing to send', () => {
  let test: TestDatabase;
  let hint: DeliveryHint;

  const listen = (): DeliveryHint => {
    hint = new DeliveryHint(new Config(), test.database, log);
    hint.onApplicationBootstrap();
    return hint;
  };
  const listeners = (): Promise<{ pid: number }[]> =>
    test.database.rows(`select pid from pg_stat_activity
      where datname = current_database() and application_name like '%-listen' and query like 'listen %'`);
  const untilListening = async (): Promise<number> => {
    for (;;) {
      const [listener] = await listeners();
      if (listener) return listener.pid;
      await sleep(20);
    }
  };
  const release = (): Promise<void> => test.database.transaction((tx) => notifyDelivery(tx));

  beforeEach(async () => {
    test = await openTestDatabase();
  });
  afterEach(async () => {
    await hint.onApplicationShutdown();
    await test.close();
  });

  it('looks for work at once when somebody released some', async () => {
    listen();
    await untilListening();
    const waited = hint.wait(FOR_EVER_MS);
    await release();
    await waited;
  });

  it('hears nothing of a release that was taken back', async () => {
    listen();
    await untilListening();
    const waited = Promise.race([hint.wait(FOR_EVER_MS).then(() => 'woken'), sleep(300, 'asleep')]);
    await test.database
      .transaction(async (tx) => {
        await notifyDelivery(tx);
        throw new Error('taken back');
      })
      .catch(() => undefined);
    expect(await waited).toBe('asleep');
    // Nobody is left waiting.
    await release();
  });

  it('is woken by its own stop, and waits no longer than it was told', async () => {
    listen();
    const stopping = new AbortController();
    const waited = hint.wait(FOR_EVER_MS, stopping.signal);
    stopping.abort();
    await waited;
    await hint.wait(FOR_EVER_MS, stopping.signal);
    await hint.wait(10);
  });

  it('listens again after its connection was cut, and looks for what it may have missed', async () => {
    listen();
    const pid = await untilListening();
    const waited = hint.wait(FOR_EVER_MS);
    await test.database.rows('select pg_terminate_backend($1)', [pid]);
    await waited;
    const again = hint.wait(FOR_EVER_MS);
    await untilListening();
    await release();
    await again;
  });

  it('leaves no connection behind when it stops', async () => {
    listen();
    await untilListening();
    await hint.onApplicationShutdown();
    await sleep(100);
    expect(await listeners()).toEqual([]);
  });
});

describe('an instance that only answers requests', () => {
  it('sends nothing, takes over nothing and rings none of the bells of those that send', async () => {
    const gateway = new FakeGateway();
    const app = await startTestApp({ config: { ROLE: 'web' }, gateway, bells: true });
    const parts = { database: app.database, secrets: app.app.get(Secrets) };
    await makeBatch(parts, 10);
    const abandoned = await makeBatch(parts, 10);
    await app.database.run(
      `update chunks set state = 'leased', owner = gen_random_uuid(), leased_until = now() - interval '1 hour'
       where batch_id = $1`,
      [abandoned],
    );
    await sleep(3_000);
    expect(gateway.taken).toEqual([]);
    const chunks = await app.database.rows<{ state: string }>('select state from chunks order by id');
    expect(chunks.map(({ state }) => state)).toEqual(['waiting', 'leased']);
    const bells = await app.database.rows<{ name: string }>('select name from bells order by name');
    expect(bells.map(({ name }) => name).filter((name) => name !== 'audit.chain')).toEqual([]);
    expect(
      await app.database.rows(`select from pg_stat_activity
      where datname = current_database() and application_name like '%-listen'`),
    ).toEqual([]);
    await app.stop();
  });
});
