import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { startTestApp, TestApp } from './harness/test-app';

describe('while the database is away for a moment', () => {
  let app: TestApp;
  /** A connection of the test's own, which nobody cuts. */
  let outside: Client;

  beforeAll(async () => {
    app = await startTestApp();
    const name = (await app.database.row<{ name: string }>('select current_database() as name'))!.name;
    const url = new URL(process.env.TINLUAT_TEST_ADMIN_URL!);
    url.pathname = `/${name}`;
    outside = new Client({ connectionString: url.href, application_name: 'outside' });
    await outside.connect();
  });
  afterAll(async () => {
    await outside.end();
    await app.stop();
  });

  /** As an immediate restart of the server does to every connection. */
  const cutAll = async (fitting = ''): Promise<void> => {
    await outside.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and query like $1`,
      [`%${fitting}%`],
    );
  };

  it('a request that was under way is answered with what to do, and the next one is served', async () => {
    const staff = await app.signIn('staff');
    await outside.query('begin; lock table topics in access exclusive mode');
    const asked = staff.get('/api/v1/topics').set('Accept-Language', 'en');
    const answered = asked.then((answer) => answer);
    for (let waiting = 0; waiting === 0; await sleep(20)) {
      const { rows } = await outside.query('select count(*)::int as n from pg_locks where not granted');
      waiting = rows[0].n as number;
    }
    await cutAll();
    const { status, body, headers } = await answered;
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'database.away', '5']);
    await outside.query('rollback');
    await staff.get('/api/v1/topics').expect(200);
    expect(app.logged.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([]);
  });

  it('a download ends, and its connection is not used again', async () => {
    const stream = await app.database.stream(`select n, repeat('x', 1000) as text from generate_series(1, 1000000) n`);
    const broken = (async () => {
      let rows = 0;
      for await (const _ of stream) if ((rows += 1) === 1) await cutAll('generate_series(1, 1000000)');
    })();
    await expect(broken).rejects.toThrow();
    for (let i = 0; i < 20; i += 1) await app.database.rows('select 1');
  });

  it('work in a transaction fails as a whole, and the next one goes through', async () => {
    const work = app.database.transaction(async (tx) => {
      await tx.run(`insert into bells (name, rung_at) values ('half-done', now())`);
      await cutAll('half-done');
      await tx.rows('select 1');
    });
    await expect(work).rejects.toThrow();
    expect(await app.database.rows(`select from bells where name = 'half-done'`)).toEqual([]);
    await app.database.transaction((tx) => tx.run(`insert into bells (name, rung_at) values ('done', now())`));
  });

  it('rows on their way into a table are taken back, and whoever brings them is told', async () => {
    const work = app.database.transaction(async (tx) => {
      async function* slowly(): AsyncGenerator<Buffer> {
        for (let n = 0; ; n += 1) {
          yield Buffer.from(`half-brought-${n}\t2021-05-20\n`);
          if (n === 3) await cutAll('COPY bells');
          await sleep(5);
        }
      }
      await tx.copyText('bells', ['name', 'rung_at'], slowly());
    });
    await expect(work).rejects.toThrow();
    expect(await app.database.rows(`select from bells where name like 'half-brought%'`)).toEqual([]);
  });

  it('the instance says that it is not ready, and why, and is ready again by itself', async () => {
    await app.request().get('/health/ready').expect(200, { status: 'ok', database: 'ok', schema: 'ok' });
    const [newest] = (await outside.query('select name from schema_migrations order by name desc limit 1')).rows;
    await outside.query('update schema_migrations set name = $2 where name = $1', [newest.name, 'another']);
    const { body } = await app.request().get('/health/ready').expect(503);
    expect(body).toMatchObject({ code: 'health.schema-too-old', params: { missing: 1 } });
    await outside.query('update schema_migrations set name = $1 where name = $2', [newest.name, 'another']);
    await outside.query('begin; lock table schema_migrations in access exclusive mode');
    const waiting = await app.request().get('/health/ready').expect(503);
    expect(waiting.body.code).toBe('health.not-ready');
    await outside.query('rollback');
    await app.request().get('/health/ready').expect(200);
  });
});
