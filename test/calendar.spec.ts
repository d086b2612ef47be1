import * as fc from 'fast-check';
import type TestAgent from 'supertest/lib/agent';
import { atLocalTime, DEFAULT_WINDOW, isOpen, type SendingWindow, sqlIsHoliday, toCalendar } from '../src/calendar';
import { BATCH_IS_OPEN } from '../src/delivery/gate';
import { formatLocalTime, localDay } from '../src/platform/clock';
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

describe('delivery and the forecast', () => {
  /** In Vietnam's years 2026 to 2028, by the minute. */
  const BEGIN_MS = Date.parse('2026-01-01T00:00:00+07:00');
  const minutes = fc.integer({ min: 0, max: 3 * 365 * 24 * 60 });
  const toInstant = (minute: number): Date => new Date(BEGIN_MS + minute * 60_000);
  const entered = fc.uniqueArray(
    fc.record({
      day: fc.oneof(
        minutes.map((minute) => localDay(toInstant(minute))),
        fc.constantFrom('2026-04-30', '2028-09-02'),
      ),
      isWorkingDay: fc.boolean(),
    }),
    { selector: ({ day }) => day, maxLength: 40 },
  );
  const time = fc
    .integer({ min: 0, max: 24 * 60 - 1 })
    .map((minute) => formatLocalTime(toInstant(minute)).slice(11, 16));
  const windows: fc.Arbitrary<SendingWindow | null> = fc.oneof(
    fc.constantFrom(DEFAULT_WINDOW, null),
    fc
      .record({
        times: fc.uniqueArray(time, { minLength: 2, maxLength: 2 }),
        days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
        onHolidays: fc.boolean(),
      })
      .map(({ times, ...rest }) => ({ from: times.toSorted()[0]!, to: times.toSorted()[1]!, ...rest })),
  );

  /** What delivery's own condition says of a batch with this window, at each of the instants. */
  const askDelivery = async (window: SendingWindow | null, instants: readonly Date[]): Promise<boolean[]> => {
    const rows = await app.database.rows<{ open: boolean }>(
      `select ${BATCH_IS_OPEN.replaceAll('now()', 'i.at')} as open
       from unnest($1::timestamptz[]) with ordinality as i (at, place) cross join (
         select 'released' as state, '-infinity'::timestamptz as not_before, null::timestamptz as deadline,
           $2::time as window_from, $3::time as window_to, $4::smallint[] as window_days, $5::boolean as on_holidays) b
       order by i.place`,
      [instants, window?.from ?? null, window?.to ?? null, window?.days ?? null, window?.onHolidays ?? true],
    );
    return rows.map(({ open }) => open);
  };

  it('agree at any instant, under any window and calendar, whether texts may leave', async () => {
    const at = fc.array(minutes, { minLength: 40, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(windows, entered, at, async (window, calendar, chosen) => {
        // Holidays and the very edges of a window are rare among random instants.
        const times = [window?.from ?? '00:00', window?.to ?? '23:59', '12:00'];
        const rare = [...calendar.map(({ day }) => day), '2027-04-30', '2028-05-01'].flatMap((day) =>
          times.map((edge) => atLocalTime(day, edge)),
        );
        const instants = [...chosen.map(toInstant), ...rare];
        await app.database.run('delete from calendar_days');
        await app.database.run(
          `insert into calendar_days (day, name, is_working_day)
           select day, 'x', worked from unnest($1::date[], $2::boolean[]) as d (day, worked)`,
          [calendar.map(({ day }) => day), calendar.map(({ isWorkingDay }) => isWorkingDay)],
        );
        const told = toCalendar(calendar);
        expect(await askDelivery(window, instants)).toEqual(instants.map((instant) => isOpen(window, instant, told)));
      }),
      { numRuns: 60 },
    );
  });
});
