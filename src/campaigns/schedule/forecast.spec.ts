import * as fc from 'fast-check';
import { type Calendar, DEFAULT_WINDOW, isOpen, openIntervals, type SendingWindow, toCalendar } from '../../calendar';
import { formatLocalTime, localDay } from '../../platform/clock';
import { type Forecast, forecast, type ForecastFacts } from './forecast';

const at = (local: string): Date => new Date(`${local}:00+07:00`);
const shown = (instant: Date | null): string | null => instant && formatLocalTime(instant).slice(0, 16);

/** 36,000 segments at 10 a second: one hour. */
const CAMPAIGN: ForecastFacts = {
  now: at('2026-11-23T09:00'),
  startsAt: at('2026-11-24T08:00'),
  deadline: null,
  window: DEFAULT_WINDOW,
  calendar: toCalendar([]),
  left: { messages: 12_000, segments: 36_000 },
  firstWave: null,
  spreadMinutes: null,
  segmentsPerSecond: 10,
  basis: 'contract',
  isAway: false,
  quota: null,
  others: [],
};
const of = (changes: Partial<ForecastFacts>): Forecast => forecast({ ...CAMPAIGN, ...changes });
const codesOf = ({ warnings }: Forecast): string[] => warnings.map(({ code }) => code);
const times = ({ startsAt, firstWaveEndsAt, endsAt, pauses }: Forecast) => ({
  ...{ starts: shown(startsAt), ends: shown(endsAt), firstWave: shown(firstWaveEndsAt) },
  pauses: pauses.map(({ from, to, because }) => `${shown(from)} ${shown(to)} ${because}`),
});

describe('a forecast', () => {
  it('says that the gateway takes no texts now, unless the start is still to come or nothing is left', () => {
    const running = { isAway: true, startsAt: CAMPAIGN.now };
    expect(codesOf(of(running))).toEqual(['gateway-away']);
    expect(codesOf(of({ ...running, startsAt: CAMPAIGN.startsAt }))).toEqual([]);
    expect(codesOf(of({ ...running, left: { messages: 0, segments: 0 } }))).toEqual([]);
    expect(codesOf(of({ ...running, isAway: false }))).toEqual([]);
  });

  it('counts segments, not texts', () => {
    expect(times(of({}))).toEqual({
      starts: '2026-11-24T08:00',
      ends: '2026-11-24T09:00',
      firstWave: null,
      pauses: [],
    });
    expect(of({})).toMatchObject({ expires: 0, warnings: [], segmentsPerSecond: 10, basis: 'contract' });
  });

  it('goes on in the morning with what the evening left', () => {
    expect(times(of({ startsAt: at('2026-11-24T20:45') }))).toEqual({
      ...{ starts: '2026-11-24T20:45', ends: '2026-11-25T07:45', firstWave: null },
      pauses: ['2026-11-24T21:00 2026-11-25T07:00 night'],
    });
  });

  it('says so when the start lies at night, and begins with the next opening', () => {
    const night = of({ startsAt: at('2026-11-24T23:30') });
    expect(times(night)).toMatchObject({ starts: '2026-11-25T07:00', ends: '2026-11-25T08:00', pauses: [] });
    expect(night.warnings).toEqual([
      {
        code: 'starts-outside-window',
        vi: 'Giờ bắt đầu nằm ngoài khung giờ gửi: tin đầu tiên đi lúc 07:00 25/11/2026.',
        en: 'The start lies outside of the sending window: the first text leaves at 07:00 25/11/2026.',
      },
    ]);
  });

  it('of an urgent campaign knows no night', () => {
    const urgent = of({ startsAt: at('2026-11-24T23:30'), window: null });
    expect([times(urgent), codesOf(urgent)]).toMatchObject([
      { starts: '2026-11-24T23:30', ends: '2026-11-25T00:30' },
      [],
    ]);
  });

  it('names why it stands still: holidays, days off, nights', () => {
    const long = { messages: 12_000, segments: 36_000 * 30 };
    const weekdays: SendingWindow = { ...DEFAULT_WINDOW, days: [1, 2, 3, 4, 5] };
    expect(
      times(of({ startsAt: at('2026-04-28T07:00'), now: at('2026-04-01T07:00'), window: weekdays, left: long })),
    ).toEqual({
      ...{ starts: '2026-04-28T07:00', ends: '2026-05-04T09:00', firstWave: null },
      pauses: ['2026-04-28T21:00 2026-04-29T07:00 night', '2026-04-29T21:00 2026-05-04T07:00 holiday'],
    });
    expect(times(of({ startsAt: at('2026-11-27T20:30'), window: weekdays })).pauses).toEqual([
      '2026-11-27T21:00 2026-11-30T07:00 day-off',
    ]);
  });

  it('counts a first wave apart, and the end from a look at once', () => {
    const waved = of({ firstWave: { messages: 100, segments: 300 }, startsAt: at('2026-11-24T20:59') });
    expect(times(waved)).toMatchObject({ firstWave: '2026-11-24T20:59', ends: '2026-11-25T07:59' });
    expect(waved.firstWaveEndsAt).toEqual(new Date(at('2026-11-24T20:59').getTime() + 30_000));
    expect(codesOf(waved)).toEqual(['waits-for-look']);
    expect(codesOf(of({ firstWave: CAMPAIGN.left, spreadMinutes: 1 }))).toEqual([]);
  });

  it('spreads over open hours only, and says when the gateway is slower than that', () => {
    expect(times(of({ spreadMinutes: 14 * 60 + 30 }))).toMatchObject({ ends: '2026-11-25T08:30' });
    expect(codesOf(of({ spreadMinutes: 61 }))).toEqual([]);
    const slow = of({ spreadMinutes: 30 });
    expect([times(slow).ends, codesOf(slow)]).toEqual(['2026-11-24T09:00', ['slower-than-spread']]);
  });

  it('ends at the deadline and says how many texts will be unsent', () => {
    const cut = of({ deadline: at('2026-11-24T08:15') });
    expect(times(cut).ends).toBe('2026-11-24T08:15');
    expect([cut.expires, codesOf(cut)]).toEqual([9_000, ['ends-after-deadline']]);
    expect(cut.warnings[0]!.vi).toContain('Đến hạn chót 08:15 24/11/2026, 9000 tin');
    const overnight = of({ startsAt: at('2026-11-24T20:30'), deadline: at('2026-11-25T03:00') });
    expect([times(overnight).ends, overnight.expires]).toEqual(['2026-11-24T21:00', 6_000]);
    const atOpening = of({ startsAt: at('2026-11-24T20:30'), deadline: at('2026-11-25T07:00') });
    expect([times(atOpening).ends, times(atOpening).pauses, atOpening.expires]).toEqual([
      '2026-11-24T21:00',
      [],
      6_000,
    ]);
  });

  it('of a campaign whose deadline is before the window opens: nothing leaves, everything expires', () => {
    const late = of({ startsAt: at('2026-11-24T22:00'), deadline: at('2026-11-25T06:00') });
    expect(late).toMatchObject({ startsAt: null, endsAt: null, expires: 12_000, pauses: [] });
    expect(codesOf(late)).toEqual(['ends-after-deadline']);
  });

  it('says when a window never opens, and when there is no end in sight', () => {
    const closed = toCalendar(
      Array.from({ length: 60 }, (_, week) => ({
        day: new Date(Date.UTC(2026, 10, 25 + 7 * week)).toISOString().slice(0, 10),
        isWorkingDay: false,
      })),
    );
    const never = of({ window: { ...DEFAULT_WINDOW, days: [3] }, calendar: closed });
    expect(never).toMatchObject({ startsAt: null, endsAt: null, expires: 0 });
    expect(codesOf(never)).toEqual(['never-opens']);
    const minuteADay = of({
      window: { ...DEFAULT_WINDOW, to: '07:01' },
      startsAt: at('2026-11-24T07:00'),
      segmentsPerSecond: 1,
    });
    expect(minuteADay).toMatchObject({ endsAt: null, expires: 0, pausesNotShown: 364 });
    expect(minuteADay.pauses).toHaveLength(31);
    expect(codesOf(minuteADay)).toEqual(['no-end-in-sight']);
  });

  it('takes turns with campaigns that wait at the same gateway, and lets those of a faster lane go first', () => {
    const small = { segments: 9_000, goesFirst: false };
    const large = { segments: 500_000, goesFirst: false };
    const urgent = { segments: 72_000, goesFirst: true };
    // A quarter of an hour for the small one, an hour for as much of the large one as goes in turn with ours.
    const turns = of({ others: [small, large] });
    expect([times(turns).starts, times(turns).ends]).toEqual(['2026-11-24T08:00', '2026-11-24T10:15']);
    expect([turns.segmentsOfOthers, codesOf(turns)]).toEqual([45_000, ['waits-for-others']]);
    expect(turns.warnings[0]!.vi).toContain('45000 bản tin (MT)');
    expect(times(of({ others: [urgent] })).ends).toBe('2026-11-24T11:00');
    const waved = of({ firstWave: { messages: 1_000, segments: 3_000 }, others: [large] });
    expect([times(waved).firstWave, times(waved).ends]).toEqual(['2026-11-24T08:10', '2026-11-24T10:00']);
  });

  it('stops when the quota of the day is used up and goes on the next day, without a window at midnight', () => {
    const quota = { segmentsPerDay: 18_000, leftToday: 0 };
    const slow = of({ quota });
    expect(times(slow)).toEqual({
      ...{ starts: '2026-11-24T08:00', ends: '2026-11-25T07:30', firstWave: null },
      pauses: ['2026-11-24T08:30 2026-11-25T07:00 quota'],
    });
    expect([slow.segmentsPerDay, codesOf(slow)]).toEqual([18_000, ['stopped-by-quota']]);
    expect(slow.warnings[0]!.en).toContain('18000 segments a day');
    expect(times(of({ quota, window: null }))).toMatchObject({
      ends: '2026-11-25T00:30',
      pauses: ['2026-11-24T08:30 2026-11-25T00:00 quota'],
    });
    // Over midnight nothing stops that has not used its day up.
    const large = { segmentsPerDay: 30_000, leftToday: 0 };
    expect(times(of({ quota: large, window: null, startsAt: at('2026-11-24T23:45') }))).toMatchObject({
      ...{ ends: '2026-11-25T00:45', pauses: [] },
    });
  });

  it('of a running campaign shows that today is used up already', () => {
    const quota = { segmentsPerDay: 18_000, leftToday: 6_000 };
    const running = { startsAt: at('2026-11-23T08:00'), left: { messages: 4_000, segments: 12_000 } };
    expect(times(of({ ...running, quota }))).toMatchObject({
      ...{ starts: '2026-11-23T09:00', ends: '2026-11-24T07:10' },
      pauses: ['2026-11-23T09:10 2026-11-24T07:00 quota'],
    });
    expect(times(of({ ...running, quota: { ...quota, leftToday: 0 } }))).toMatchObject({
      ...{ starts: '2026-11-24T07:00', ends: '2026-11-24T07:20' },
      pauses: ['2026-11-23T09:00 2026-11-24T07:00 quota'],
    });
  });

  it('of a running campaign goes from now with what is left, and at night shows the pause it is in', () => {
    const running = { startsAt: at('2026-11-23T08:00'), left: { messages: 6_000, segments: 18_000 } };
    expect(times(of({ ...running, now: at('2026-11-23T10:00') }))).toMatchObject({
      starts: '2026-11-23T10:00',
      ends: '2026-11-23T10:30',
    });
    const night = of({ ...running, now: at('2026-11-23T23:00') });
    expect(times(night)).toMatchObject({
      ends: '2026-11-24T07:30',
      pauses: ['2026-11-23T23:00 2026-11-24T07:00 night'],
    });
    expect(codesOf(night)).toEqual([]);
    const done = of({ ...running, left: { messages: 0, segments: 0 } });
    expect(done).toMatchObject({ startsAt: null, endsAt: null, expires: 0, warnings: [] });
  });
});

describe('whatever the campaign', () => {
  const BEGIN = at('2026-01-01T00:00').getTime();
  const instants = fc.integer({ min: 0, max: 500 * 24 * 60 }).map((minute) => new Date(BEGIN + minute * 60_000));
  const windows = fc.option(
    fc.record({
      from: fc.constantFrom('06:00', '07:00', '09:30'),
      to: fc.constantFrom('12:15', '17:00', '21:00'),
      days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 2 }),
      onHolidays: fc.boolean(),
    }),
  );
  const calendars: fc.Arbitrary<Calendar> = fc
    .array(fc.tuple(instants, fc.boolean()), { maxLength: 20 })
    .map((days) => new Map(days.map(([day, isWorked]) => [day.toISOString().slice(0, 10), isWorked])));
  const facts: fc.Arbitrary<ForecastFacts> = fc
    .record({
      ...{ now: instants, startsAt: instants, deadline: fc.option(instants), window: windows, calendar: calendars },
      ...{ messages: fc.integer({ min: 1, max: 40_000 }), each: fc.integer({ min: 1, max: 6 }) },
      waveOf: fc.option(fc.integer({ min: 1, max: 100 })),
      spreadMinutes: fc.option(fc.integer({ min: 1, max: 3_000 })),
      segmentsPerSecond: fc.constantFrom(0.7, 5, 30, 1_000),
    })
    .map(({ messages, each, waveOf, ...rest }) => {
      const wave = waveOf === null ? null : Math.ceil((messages * waveOf) / 100);
      return {
        ...{
          ...rest,
          basis: 'contract' as const,
          isAway: false,
          quota: null,
          others: [],
          left: { messages, segments: messages * each },
        },
        firstWave: wave === null ? null : { messages: wave, segments: wave * each },
      };
    });

  /** Open time between two instants, reckoned from the intervals of the window. */
  const openMsBetween = ({ window, calendar }: ForecastFacts, from: Date, to: Date): number => {
    let sum = 0;
    for (const { opensAt, closesAt } of openIntervals(window, from, calendar)) {
      if (opensAt >= to) break;
      sum += Math.min(closesAt.getTime(), to.getTime()) - opensAt.getTime();
    }
    return sum;
  };

  const neededMs = ({ left, firstWave, spreadMinutes, segmentsPerSecond }: ForecastFacts): number => {
    const rest = left.segments - (firstWave?.segments ?? 0);
    const restMs = rest === 0 ? 0 : Math.max((rest / segmentsPerSecond) * 1_000, (spreadMinutes ?? 0) * 60_000);
    return ((firstWave?.segments ?? 0) / segmentsPerSecond) * 1_000 + restMs;
  };

  it('the open time until its end is just what its work takes, or the deadline cuts it', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { startsAt, endsAt, expires } = forecast(given);
        if (!startsAt || !endsAt) return;
        const openMs = openMsBetween(given, startsAt, endsAt);
        if (expires > 0) {
          expect(openMs).toBeLessThan(neededMs(given));
          expect(openMs).toBe(openMsBetween(given, startsAt, given.deadline!));
        } else {
          expect(Math.abs(openMs - neededMs(given))).toBeLessThanOrEqual(2);
        }
      }),
    );
  });

  it('texts begin and end while the window is open, never before they may nor after the deadline', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const { startsAt, firstWaveEndsAt, endsAt, expires, pauses } = forecast(given);
        expect(expires).toBeLessThanOrEqual(given.left.messages);
        expect(startsAt === null).toBe(endsAt === null && expires === given.left.messages);
        if (!startsAt || !endsAt) return;
        expect(isOpen(given.window, startsAt, given.calendar)).toBe(true);
        expect(startsAt >= given.now && startsAt >= given.startsAt).toBe(true);
        for (const end of [firstWaveEndsAt, endsAt]) {
          if (!end) continue;
          // An end is the first instant at which nothing leaves any more.
          expect(isOpen(given.window, new Date(end.getTime() - 1), given.calendar)).toBe(true);
          expect(end > startsAt && end <= endsAt).toBe(true);
          expect(given.deadline === null || end <= given.deadline).toBe(true);
        }
        for (const { from, to } of pauses) {
          expect(isOpen(given.window, from, given.calendar)).toBe(false);
          expect(isOpen(given.window, to, given.calendar)).toBe(true);
          expect(to < endsAt).toBe(true);
        }
      }),
    );
  });

  it('on no day more leaves than its quota, and less quota or more of others never ends earlier', () => {
    const quotas = fc.record({ segmentsPerDay: fc.integer({ min: 1, max: 9_000 }), leftToday: fc.nat({ max: 9_000 }) });
    const others = fc.array(fc.record({ segments: fc.integer({ min: 1, max: 50_000 }), goesFirst: fc.boolean() }));
    fc.assert(
      fc.property(facts, quotas, others, (given, quota, ofOthers) => {
        const free = forecast({ ...given, deadline: null, spreadMinutes: null });
        const bound = forecast({ ...given, deadline: null, spreadMinutes: null, quota, others: ofOthers });
        if (!bound.endsAt || !bound.startsAt) return;
        expect(bound.endsAt.getTime()).toBeGreaterThanOrEqual(free.endsAt!.getTime() - 1);
        const days = 1 + (Date.parse(localDay(bound.endsAt)) - Date.parse(localDay(bound.startsAt))) / 86_400_000;
        expect(given.left.segments).toBeLessThanOrEqual(days * Math.max(quota.segmentsPerDay, quota.leftToday) + days);
      }),
    );
  });

  it('an earlier deadline never lets more texts leave', () => {
    fc.assert(
      fc.property(facts, instants, instants, (given, one, other) => {
        const [earlier, later] = one < other ? [one, other] : [other, one];
        const expired = (deadline: Date): number => forecast({ ...given, deadline }).expires;
        expect(expired(earlier)).toBeGreaterThanOrEqual(expired(later));
      }),
    );
  });
});
