import * as fc from 'fast-check';
import { addDays, isoWeekday } from '../../calendar';
import { dueDays, occurrences, type RecurrencePlan, type RecurrenceRule, upcoming } from './recurrence';

const at = (local: string): Date => new Date(`${local}:00+07:00`);

describe('a campaign comes again', () => {
  it('so many days before an event, in the order of the days', () => {
    const rule: RecurrenceRule = { kind: 'before-event', day: '2026-03-15', daysBefore: [1, 10, 3, 0] };
    expect(occurrences(rule, '2026-01-01', '2026-12-31')).toEqual([
      '2026-03-05',
      '2026-03-12',
      '2026-03-14',
      '2026-03-15',
    ]);
    expect(occurrences(rule, '2026-03-12', '2026-03-14')).toEqual(['2026-03-12', '2026-03-14']);
  });

  it('every week on its day', () => {
    expect(occurrences({ kind: 'weekly', weekday: 1 }, '2026-11-23', '2026-12-07')).toEqual([
      ...['2026-11-23', '2026-11-30', '2026-12-07'],
    ]);
  });

  it('every month on its day, on the last one of a month that lacks it', () => {
    expect(occurrences({ kind: 'monthly', day: 31 }, '2028-01-01', '2028-04-30')).toEqual([
      ...['2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30'],
    ]);
    expect(occurrences({ kind: 'monthly', day: 15 }, '2026-01-16', '2026-03-14')).toEqual(['2026-02-15']);
  });

  const days = fc.integer({ min: 0, max: 3_000 }).map((count) => addDays('2024-01-01', count));
  it('weekly: whatever the days, seven days apart, none left out', () => {
    fc.assert(
      fc.property(days, days, fc.integer({ min: 1, max: 7 }), (from, to, weekday) => {
        const found = occurrences({ kind: 'weekly', weekday }, from, to);
        for (const day of found) expect(isoWeekday(day)).toBe(weekday);
        found.slice(1).forEach((day, index) => expect(day).toBe(addDays(found[index]!, 7)));
        if (found.length === 0) expect(addDays(from, 6) > to).toBe(true);
        else expect(found[0]! < addDays(from, 7) && found.at(-1)! > addDays(to, -7)).toBe(true);
      }),
    );
  });

  it('monthly: once in each whole month, never earlier than a shorter day number', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 31 }), (from, day) => {
        const begin = `${from.slice(0, 7)}-01`;
        const found = occurrences({ kind: 'monthly', day }, begin, addDays(begin, 364));
        expect(new Set(found.map((one) => one.slice(0, 7))).size).toBe(found.length);
        expect(found.length).toBeGreaterThanOrEqual(11);
        for (const one of found) {
          const isItsDay = Number(one.slice(8)) === day;
          const isLastOfShorter = addDays(one, 1).slice(8) === '01' && Number(one.slice(8)) < day;
          expect(isItsDay || isLastOfShorter).toBe(true);
        }
      }),
    );
  });
});

describe('its draft', () => {
  const plan: RecurrencePlan = {
    rule: { kind: 'weekly', weekday: 1 },
    startTime: '08:00',
    leadDays: 10,
    firstDay: '2026-11-23',
    lastDay: null,
  };

  it('is due from so many days before the start', () => {
    expect(dueDays(plan, at('2026-11-23T07:59'))).toEqual(['2026-11-23', '2026-11-30']);
    expect(dueDays({ ...plan, leadDays: 1 }, at('2026-11-29T00:00'))).toEqual(['2026-11-30']);
    expect(dueDays({ ...plan, leadDays: 1 }, at('2026-11-28T23:59'))).toEqual([]);
  });

  it('is not made up for once its start has passed', () => {
    expect(dueDays(plan, at('2026-11-23T08:00'))).toEqual(['2026-11-30']);
  });

  it('is made neither before the first day nor after the last', () => {
    expect(dueDays({ ...plan, firstDay: '2026-12-01' }, at('2026-11-23T07:00'))).toEqual([]);
    expect(upcoming({ ...plan, lastDay: '2026-12-06' }, at('2026-11-23T07:00'))).toEqual(['2026-11-23', '2026-11-30']);
  });

  it('is looked for as far ahead as the event is', () => {
    const rule: RecurrenceRule = { kind: 'before-event', day: '2031-05-25', daysBefore: [3] };
    expect(upcoming({ ...plan, rule }, at('2026-11-23T07:00'))).toEqual(['2031-05-22']);
    expect(upcoming({ ...plan, firstDay: '2029-01-01' }, at('2026-11-23T07:00'))[0]).toBe('2029-01-01');
  });
});
