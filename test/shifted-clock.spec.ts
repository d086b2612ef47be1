import { localDay } from '../src/platform/clock';
import { startTestApp, type TestApp } from './harness/test-app';

/** Half past eleven at night in Vietnam, when nothing is sent. */
const NIGHT = new Date('2026-11-23T23:30:00+07:00');
const HOUR_MS = 3_600_000;

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ at: NIGHT });
});
afterAll(() => app.stop());

const near = (at: Date, expected: Date): boolean => Math.abs(at.getTime() - expected.getTime()) < 60_000;

describe('a service that believes it is night', () => {
  it('runs its database at the same hour, in statements and in columns that fill themselves', async () => {
    const { at, day } = (await app.database.row<{ at: Date; day: string }>(
      `select now() as at, (now() at time zone 'Asia/Ho_Chi_Minh')::date as day`,
    ))!;
    expect(near(at, NIGHT)).toBe(true);
    expect(day).toBe(localDay(NIGHT));
    const list = await app
      .signIn('admin')
      .then((admin) =>
        admin.post('/api/v1/lists').send({ name: 'Thử', purpose: 'Thông báo', legalBasis: 'Luật 14/2012/QH13' }),
      );
    expect(list.status).toBe(201);
    const audited = await app.database.rows<{ at: Date }>('select at from audit_entries');
    expect(audited.length).toBeGreaterThan(0);
    expect(audited.every((entry) => near(entry.at, NIGHT))).toBe(true);
  });

  it('has no column left that fills itself with the real time', async () => {
    const defaults = await app.database.rows<{ sql: string }>(
      `select column_default as sql from information_schema.columns
       where table_schema = 'public' and column_default like '%now()%'`,
    );
    expect(defaults.length).toBeGreaterThan(20);
    // PostgreSQL names the schema of a function that the search path does not lead to.
    expect(defaults.filter(({ sql }) => sql.includes('pg_catalog'))).toEqual([]);
  });

  it('moves on when the test says so, and keeps running', async () => {
    await app.moveTo(new Date(NIGHT.getTime() + HOUR_MS));
    const at = (await app.database.row<{ at: Date }>('select now() as at'))!.at;
    expect(near(at, new Date(NIGHT.getTime() + HOUR_MS))).toBe(true);
    await app.database.run('select pg_sleep(0.02)');
    expect((await app.database.row<{ later: boolean }>('select now() > $1 as later', [at]))!.later).toBe(true);
  });
});
