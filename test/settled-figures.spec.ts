import type TestAgent from 'supertest/lib/agent';
import { SettledFiguresBell } from '../src/delivery/settled-figures.bell';
import { Secrets } from '../src/platform/secrets';
import { makeBatch } from './harness/batches';
import { startTestApp, TestApp } from './harness/test-app';
import { TEST_SECRET } from './harness/test-database';

const secrets = new Secrets(TEST_SECRET);

/** What statistics read of work that is over is kept small in the background; nobody sees a difference. */
describe('figures that are settled', () => {
  let app: TestApp;
  let auditor: TestAgent;
  let bell: SettledFiguresBell;

  beforeAll(async () => {
    app = await startTestApp();
    auditor = await app.signIn('auditor');
    bell = app.app.get(SettledFiguresBell);
  });
  afterAll(() => app.stop());
  beforeEach(() => app.database.run(`delete from bells`).then(() => undefined));

  const read = async (query = {}) => (await auditor.get('/api/v1/statistics').query(query).expect(200)).body;
  /** Of a gateway that nobody serves. */
  const release = (size: number, plan: Parameters<typeof makeBatch>[2] = {}) =>
    makeBatch({ database: app.database, secrets }, size, { gateway: 'away', ...plan });
  const kept = async () =>
    (await app.database.rows<{ id: number }>('select id from batches where people_kept order by id')).map(
      ({ id }) => id,
    );

  it('have the people of released work, each once, and of nothing else', async () => {
    const first = await release(2_500);
    const second = await release(3_000);
    await release(10, { hold: true });
    await release(10, { kind: 'test' });
    const before = await read({ by: 'area' });
    expect([before.total.messages, before.total.subscribers]).toEqual([5_500, 3_000]);
    await bell.ringForPeople();
    expect(await kept()).toEqual([first, second]);
    expect(await read({ by: 'area' })).toEqual(before);
    expect((await read()).total).toEqual(before.total);
    // Only digests: a number cannot be told from them without the office's secret.
    expect(await app.database.rows('select * from addressees order by id limit 1')).toEqual([
      { id: 1, phone_key: expect.any(Buffer) },
    ]);
  });

  it('count people of work that was let go a moment ago beside those of older work', async () => {
    await release(3_200);
    expect((await read()).total).toMatchObject({ messages: 8_700, subscribers: 3_200 });
    await bell.ringForPeople();
    expect((await read()).total).toMatchObject({ messages: 8_700, subscribers: 3_200 });
  });

  it('are kept by one instance at a time, and by none that only answers', async () => {
    const batchId = await release(50);
    await bell.ringForPeople();
    const again = await release(50);
    // The bell was won already.
    await bell.ringForPeople();
    expect(await kept()).toEqual(expect.arrayContaining([batchId]));
    expect(await kept()).not.toContain(again);
    const web = await startTestApp({ config: { ROLE: 'web' } });
    try {
      const id = await makeBatch({ database: web.database, secrets }, 5, { gateway: 'away' });
      await web.app.get(SettledFiguresBell).ringForPeople();
      await web.app.get(SettledFiguresBell).ringForSettling();
      expect(await web.database.row('select people_kept as kept from batches where id = $1', [id])).toEqual({
        kept: false,
      });
    } finally {
      await web.stop();
    }
  });

  it('say the same of a campaign before and after they are folded, also what a late receipt adds', async () => {
    const batchId = await release(60);
    await app.database.run(`update counters set accepted = messages, closed = messages where batch_id = $1`, [batchId]);
    await app.database.run(`update chunks set state = 'done', marked = hi where batch_id = $1`, [batchId]);
    await app.database.run(
      `update batches set state = 'finished', finished_at = now() - interval '2 hours' where id = $1`,
      [batchId],
    );
    const before = await read({ by: 'month,area' });
    await bell.ringForSettling();
    expect(await app.database.rows('select from counters where batch_id = $1', [batchId])).toEqual([]);
    expect(await read({ by: 'month,area' })).toEqual(before);
    await app.database.run(
      `insert into counters (batch_id, day, area_id, slot, delivered) values ($1, '2021-05-20', 1, 0, 1)`,
      [batchId],
    );
    expect((await read()).total.delivered).toBe(before.total.delivered + 1);
  });
});
