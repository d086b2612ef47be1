import * as fc from 'fast-check';
import type TestAgent from 'supertest/lib/agent';
import { DEFAULT_WINDOW, isOpen, type SendingWindow, sqlIsHoliday, toCalendar } from '../src/calendar';
import { startTestApp, type TestApp } from './harness/test-app';

let app: TestApp;
let admin: TestAgent;

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.signIn('admin');
});
afterAll(() => app.stop());
beforeEach(() => app.database.run('delete from calendar_days'));

const enter = (day: string, isWorkingDay = false) =>
  admin.post('/api/v1/holidays').send({ day, name: 'Ngày đã nhập', isWorkingDay }).expect(201);
const isHoliday = async (day: string): Promise<boolean> =>
  (await app.database.row<{ is: boolean }>(`select ${sqlIsHoliday('$1::date')} as is`, [day]))!.is;

describe('the calendar of the office', () => {
  it.each(['staff', 'approver', 'auditor'] as const)(
    'is read by %s, and written by administrators alone',
    async (role) => {
      await enter('2027-02-08');
      const agent = await app.signIn(role);
      expect((await agent.get('/api/v1/holidays').expect(200)).body).toEqual([
        { day: '2027-02-08', name: 'Ngày đã nhập', isWorkingDay: false },
      ]);
      await agent.post('/api/v1/holidays').send({ day: '2027-02-09', name: 'Tết' }).expect(403);
      await agent.delete('/api/v1/holidays/2027-02-08').expect(403);
    },
  );

  it('knows the fixed holidays without being told, and their days in lieu as ordinary days', async () => {
    for (const day of ['2027-01-01', '2027-04-30', '2027-05-01', '2027-09-02']) expect(await isHoliday(day)).toBe(true);
    // 1 May 2027 is a Saturday, made up for on Monday.
    expect(await isHoliday('2027-05-03')).toBe(false);
    expect(await isHoliday('2027-09-03')).toBe(false);
  });

  it('takes what the office enters before what it knows, at once and until it is taken out', async () => {
    await enter('2027-09-03');
    await enter('2027-09-02', true);
    expect([await isHoliday('2027-09-03'), await isHoliday('2027-09-02')]).toEqual([true, false]);
    await admin.delete('/api/v1/holidays/2027-09-03').expect(204);
    await admin.delete('/api/v1/holidays/2027-09-02').expect(204);
    expect([await isHoliday('2027-09-03'), await isHoliday('2027-09-02')]).toEqual([false, true]);
  });

  it('keeps each change on record with its author', async () => {
    await enter('2027-02-10');
    await admin.delete('/api/v1/holidays/2027-02-10').expect(204);
    const { body } = await admin.get('/api/v1/audit?subject=holiday:2027-02-10').expect(200);
    expect(body.items.map(({ act }: { act: string }) => act)).toEqual(['holiday.remove', 'holiday.enter']);
  });
});

describe('the database and the forecast', () => {
  /** In Vietnam's years 2026 to 2028, by the minute. */
  const minutes = fc.integer({ min: 0, max: 3 * 365 * 24 * 60 });
  const toInstant = (minute: number): Date => new Date(Date.parse('2026-01-01T00:00:00+07:00') + minute * 60_000);
  const days = fc
    .tuple(minutes, fc.boolean())
    .map(([minute, isWorkingDay]) => ({ day: toInstant(minute).toISOString().slice(0, 10), isWorkingDay }));
  const fixed = fc.constantFrom('2026-04-30', '2027-01-01', '2028-09-02').map((day) => ({ day, isWorkingDay: true }));
  const time = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minute) =>
    toInstant(minute - 420)
      .toISOString()
      .slice(11, 16),
  );
  const windows: fc.Arbitrary<SendingWindow> = fc.oneof(
    fc.constant(DEFAULT_WINDOW),
    fc
      .record({
        times: fc.uniqueArray(time, { minLength: 2, maxLength: 2 }),
        days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
        onHolidays: fc.boolean(),
      })
      .map(({ times, ...rest }) => ({ from: times.toSorted()[0]!, to: times.toSorted()[1]!, ...rest })),
  );

  it('agree at any instant, under any window and calendar, whether texts may leave', async () => {
    const entered = fc.uniqueArray(fc.oneof(days, fixed), { selector: ({ day }) => day, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(
        windows,
        entered,
        fc.array(minutes, { minLength: 40, maxLength: 200 }),
        async (window, calendar, at) => {
          // Holidays and the very edges of the window are rare among random instants.
          const chosen = [...calendar.map(({ day }) => day), '2027-04-30', '2028-05-01'].flatMap((day) => [
            new Date(`${day}T${window.from}+07:00`),
            new Date(`${day}T${window.to}+07:00`),
            new Date(`${day}T12:00+07:00`),
          ]);
          const instants = [...at.map(toInstant), ...chosen];
          await app.database.run('delete from calendar_days');
          await app.database.run(
            `insert into calendar_days (day, name, is_working_day) select day, 'x', worked from unnest($1::date[], $2::boolean[]) as d (day, worked)`,
            [calendar.map(({ day }) => day), calendar.map(({ isWorkingDay }) => isWorkingDay)],
          );
          const rows = await app.database.rows<{ open: boolean }>(
            `select local::time >= $2::time and local::time < $3::time and extract(isodow from local) = any($4::int[])
             and ($5 or not ${sqlIsHoliday('local::date')}) as open
           from unnest($1::timestamptz[]) with ordinality as i (at, place)
             cross join lateral (select at at time zone 'Asia/Ho_Chi_Minh' as local) l order by place`,
            [instants, window.from, window.to, window.days, window.onHolidays],
          );
          const told = toCalendar(calendar);
          expect(rows.map(({ open }) => open)).toEqual(instants.map((instant) => isOpen(window, instant, told)));
        },
      ),
      { numRuns: 60 },
    );
  });
});
