import type TestAgent from 'supertest/lib/agent';
import { moveBatch } from '../src/delivery';
import { metrics } from '../src/platform/observability/metrics';
import type { Secrets } from '../src/platform/secrets';
import { makeBatch } from './harness/batches';
import { openTestDatabase, TestDatabase } from './harness/test-database';
import { startTestApp, TestApp } from './harness/test-app';
import { readQueueGauges } from '../src/delivery/queue-gauges.read-model';

const NEVER = { from: '00:00', to: '00:01', days: [], onHolidays: true };
const ALWAYS = { from: '00:00', to: '23:59', days: [1, 2, 3, 4, 5, 6, 7], onHolidays: true };

describe('what a monitoring system reads', () => {
  let app: TestApp;
  let admin: TestAgent;

  beforeAll(async () => {
    app = await startTestApp();
    admin = await app.signIn('admin');
  });
  afterAll(() => app.stop());

  it('is given to administrators and auditors, and to nobody else', async () => {
    await admin.get('/metrics').expect(200);
    await (await app.signIn('auditor')).get('/metrics').expect(200);
    await (await app.signIn('staff')).get('/metrics').expect(403);
    await (await app.signIn('approver')).get('/metrics').expect(403);
    await app.request().get('/metrics').expect(401);
  });

  it('is given to a program with a key, in the format of Prometheus', async () => {
    const { body } = await admin.post('/api/v1/api-keys').send({ name: 'Giám sát', role: 'auditor' }).expect(201);
    const answer = await app.request().get('/metrics').set('Authorization', `Bearer ${body.key}`).expect(200);
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).toContain('# TYPE tinluat_sends_total counter');
    expect(answer.text).toContain('tinluat_queue_texts{gateway="fake",lane="usual",state="due"} 0');
    // Each line is a comment or a value, and no name is declared twice.
    const lines = answer.text.split('\n').filter((line) => line !== '');
    expect(lines.filter((line) => !/^(# (HELP|TYPE) |tinluat_[a-z_]+(\{.*\})? [-+\d.e]+$)/.test(line))).toEqual([]);
    const declared = lines.filter((line) => line.startsWith('# TYPE'));
    expect(new Set(declared).size).toBe(declared.length);
  });

  it('costs the database one reading however many ask at once', async () => {
    const spy = jest.spyOn(app.database, 'rows');
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    const answers = await Promise.all(Array.from({ length: 20 }, () => admin.get('/metrics')));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(spy.mock.calls.filter(([sql]) => sql.includes('tinluat_queue_texts'))).toHaveLength(1);
    spy.mockRestore();
  });

  it('has what this instance did', async () => {
    metrics.sends.inc({ gateway: 'fake', outcome: 'accepted' }, 3);
    metrics.sendSeconds.observe({ gateway: 'fake' }, 0.03);
    const { text } = await admin.get('/metrics').expect(200);
    expect(text).toMatch(/tinluat_sends_total\{gateway="fake",outcome="accepted"\} \d+/);
    expect(text).toMatch(/tinluat_send_duration_seconds_bucket\{le="0\.05",gateway="fake"\} \d+/);
  });
});

describe('an instance that only sends', () => {
  it('answers who watches over it, and nobody else', async () => {
    const app = await startTestApp({ config: { ROLE: 'worker' } });
    const admin = await app.signIn('admin');
    await admin.get('/metrics').expect(200);
    await app.request().get('/metrics').expect(401);
    await app.request().get('/health/live').expect(200);
    await admin.get('/api/v1/campaigns').expect(404);
    await app.stop();
  });
});

describe('the state of delivery', () => {
  let test: TestDatabase;
  let parts: { database: TestDatabase['database']; secrets: Secrets };

  beforeEach(async () => {
    test = await openTestDatabase();
    parts = test;
  });
  afterEach(() => test.close());

  const gauge = async (name: string, labels: Record<string, string> = {}): Promise<number | undefined> => {
    const values = await readQueueGauges(test.database, ['fake', 'other']);
    const fitting = values.filter(
      (entry) => entry.name === name && Object.entries(labels).every(([key, value]) => entry.labels[key] === value),
    );
    return fitting.length === 0 ? undefined : fitting.reduce((sum, { value }) => sum + value, 0);
  };
  const waiting = async (lane: string, state: string): Promise<number | undefined> =>
    gauge('tinluat_queue_texts', { gateway: 'fake', lane, state });
  const letGo = (id: number, ago: string): Promise<number> =>
    test.database.run('update batches set released_at = now() - $2::interval where id = $1', [id, ago]);
  const oldest = (): Promise<number | undefined> => gauge('tinluat_queue_oldest_seconds', { gateway: 'fake' });

  it('tells texts that may leave now from those that may not yet, by gateway and lane', async () => {
    await makeBatch(parts, 1_100);
    await makeBatch(parts, 20, { lane: 1 });
    await makeBatch(parts, 300, { firstWave: 100 });
    await makeBatch(parts, 40, { notBefore: new Date(Date.now() + 3_600_000) });
    await makeBatch(parts, 50, { window: NEVER });
    await makeBatch(parts, 60, { hold: true });
    expect([await waiting('usual', 'due'), await waiting('usual', 'later')]).toEqual([1_200, 290]);
    expect([await waiting('urgent', 'due'), await waiting('urgent', 'later')]).toEqual([20, 0]);
    expect(await gauge('tinluat_queue_texts', { gateway: 'other' })).toBe(0);
    const paused = await makeBatch(parts, 70);
    await test.database.transaction((tx) => moveBatch(tx, paused, 'paused'));
    expect(await waiting('usual', 'due')).toBe(1_200);
  });

  it('tells how long the oldest text might have left already', async () => {
    const id = await makeBatch(parts, 10);
    expect(await oldest()).toBeLessThan(30);
    await letGo(id, '1 hour');
    expect(await oldest()).toBeGreaterThanOrEqual(3_600);
    await test.database.transaction((tx) => moveBatch(tx, id, 'cancelled'));
    expect(await oldest()).toBe(0);
  });

  it('counts from the opening of the window, not from the evening before', async () => {
    const id = await makeBatch(parts, 10, { window: ALWAYS });
    await letGo(id, '3 days');
    expect(await oldest()).toBeLessThanOrEqual(86_400);
  });

  it('does not take a campaign that is spread for one that is late', async () => {
    const id = await makeBatch(parts, 1_000, { spreadSeconds: 10_000 });
    await letGo(id, '5000 seconds');
    expect(await oldest()).toBe(0);
    await test.database.run('update batches set released_to = 6 where id = $1', [id]);
    expect(await oldest()).toBe(60);
  });

  it('counts retries from the time they are due', async () => {
    const id = await makeBatch(parts, 1);
    await letGo(id, '1 hour');
    await test.database.run(`update chunks set state = 'done', marked = hi where batch_id = $1`, [id]);
    const retry = `insert into chunks (batch_id, attempt, lo, hi, seqs, marked, day, due_at)
      values ($1, 2, 1, 1, '{1}', 0, '2021-05-20', now() + $2::interval)`;
    await test.database.run(retry, [id, '1 minute']);
    expect([await waiting('usual', 'due'), await waiting('usual', 'later'), await oldest()]).toEqual([0, 1, 0]);
    await test.database.run(retry, [id, '-20 seconds']);
    expect([await waiting('usual', 'due'), Math.round((await oldest())!)]).toEqual([1, 20]);
  });

  it('shows what is used of the limits, and what of it is of yesterday as unused', async () => {
    await test.database
      .run(`insert into gateway_terms (gateway, sender, segments_per_second, segments_per_day, updated_by)
      values ('fake', '', 5, 1000, 'system'), ('fake', 'STP ANGIANG', null, null, 'system')`);
    await test.database.run(`insert into rate_buckets (gateway, sender, free_at, day, used)
      values ('fake', '', now() + interval '3 seconds', (now() at time zone 'Asia/Ho_Chi_Minh')::date, 70),
        ('fake', 'STP ANGIANG', now(), '2021-05-20', 900)`);
    expect(await gauge('tinluat_quota_used_segments', { sender: '' })).toBe(70);
    expect(await gauge('tinluat_quota_used_segments', { sender: 'STP ANGIANG' })).toBe(0);
    expect(await gauge('tinluat_quota_segments')).toBe(1_000);
    expect(await gauge('tinluat_rate_limit_segments_per_second')).toBe(5);
    expect(await gauge('tinluat_rate_booked_seconds')).toBeGreaterThan(2);
  });

  it('shows leases, texts in doubt and receipts that wait', async () => {
    const id = await makeBatch(parts, 1_000);
    await test.database.run(
      `update chunks set state = 'leased', owner = gen_random_uuid(), leased_until = now() + interval '30 seconds'
       where batch_id = $1 and lo = 1`,
      [id],
    );
    expect([await gauge('tinluat_leases_held'), await gauge('tinluat_instances_sending')]).toEqual([1, 1]);
    expect(await waiting('usual', 'due')).toBe(1_000);
    await test.database.run(
      `insert into unknowns (batch_id, seq, attempt, chunk_id, code, since, look_up_at)
       values ($1, 1, 1, 1, 'timeout', now() - interval '1 hour', null), ($1, 2, 1, 1, 'timeout', now(), now())`,
      [id],
    );
    expect(await gauge('tinluat_unknown_open', { awaits: 'person' })).toBe(1);
    expect(await gauge('tinluat_unknown_open')).toBe(2);
    expect(await gauge('tinluat_unknown_oldest_seconds')).toBeGreaterThanOrEqual(3_600);
    await test.database.run(
      `with kept as (insert into receipts (gateway, batch_id, seq, attempt, status, gateway_message_id, code)
         select 'fake', $1, n, 1, 'delivered', 'x', '' from generate_series(1, 3) n returning id, seq)
       insert into receipts_to_apply (receipt_id, due_at) select id, now() + (seq * 60 - 90) * interval '1 second' from kept`,
      [id],
    );
    expect(await gauge('tinluat_receipts_waiting', { state: 'due' })).toBe(1);
    expect(await gauge('tinluat_receipts_waiting', { state: 'parked' })).toBe(2);
    expect(Math.round((await gauge('tinluat_receipts_lag_seconds'))!)).toBe(30);
  });
});
