import * as fc from 'fast-check';
import { type CalendarDay, isWorkingDay } from '../calendar';
import { formatLocalTime, localDay } from '../platform/clock';
import { dueAt } from './due-time';

const due = (receivedAt: string, holidays: readonly CalendarDay[] = []): string =>
  formatLocalTime(dueAt(new Date(`${receivedAt}:00+07:00`), holidays));
const off = (...days: string[]): CalendarDay[] => days.map((day) => ({ day, isWorkingDay: false }));

describe('a request is due at the end of the second working day', () => {
  it.each([
    ['in the middle of a week', '2026-11-24T10:00', '2026-11-26'],
    ['received at the last minute of the day', '2026-11-24T23:59', '2026-11-26'],
    ['received at the first minute of the day, when it is still yesterday in London', '2026-11-24T00:01', '2026-11-26'],
    ['across a weekend', '2026-11-26T08:00', '2026-11-30'],
    ['received on a Friday', '2026-11-27T16:30', '2026-12-01'],
    ['received on a Saturday', '2026-11-28T09:00', '2026-12-01'],
    ['across 30 April and 1 May', '2026-04-29T10:00', '2026-05-05'],
    ['with 1 May on a Saturday, made up for on Monday', '2027-04-28T10:00', '2027-05-04'],
    ['before New Year', '2026-12-30T10:00', '2027-01-04'],
    ['with New Year on a Saturday, made up for on Monday', '2027-12-31T10:00', '2028-01-05'],
    ['with 30 April on a Sunday, made up for after 1 May', '2028-04-28T10:00', '2028-05-04'],
  ])('%s', (_name, receivedAt, day) => {
    expect(due(receivedAt)).toBe(`${day}T23:59:59+07:00`);
  });

  it('after Tết, when the office has entered its days', () => {
    const tet = off('2027-02-05', '2027-02-08', '2027-02-09', '2027-02-10');
    expect(due('2027-02-04T15:00', tet)).toBe('2027-02-12T23:59:59+07:00');
    expect(due('2027-02-04T15:00')).toBe('2027-02-08T23:59:59+07:00');
  });

  it('sooner, when a Saturday is worked in exchange', () => {
    expect(due('2026-11-26T08:00', [{ day: '2026-11-28', isWorkingDay: true }])).toBe('2026-11-28T23:59:59+07:00');
  });

  it('not counted twice, when the office also enters a day in lieu that the law gives anyway', () => {
    expect(due('2027-12-31T10:00', off('2028-01-03'))).toBe(due('2027-12-31T10:00'));
  });

  it('whatever the day: exactly two working days lie after the receipt, the last one being the day it is due', () => {
    const days = fc.date({ min: new Date('2025-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(days, fc.array(days, { maxLength: 5 }), (receivedAt, closed) => {
        const holidays = off(...closed.map(localDay));
        const calendar = new Map(holidays.map(({ day }) => [day, false]));
        const last = localDay(dueAt(receivedAt, holidays));
        const between: string[] = [];
        for (let at = receivedAt.getTime() + 86_400_000; localDay(new Date(at)) <= last; at += 86_400_000) {
          between.push(localDay(new Date(at)));
        }
        expect(between.filter((day) => isWorkingDay(day, calendar))).toHaveLength(2);
        expect(isWorkingDay(last, calendar)).toBe(true);
      }),
    );
  });
});
