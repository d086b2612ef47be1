import * as fc from 'fast-check';
import { formatLocalTime } from '../platform/clock';
import type { FieldFault } from '../platform/errors';
import { toCalendar } from './holidays';
import { createValidationPipe } from '../platform/http/validation';
import { DEFAULT_WINDOW, isOpen, nextOpening, openIntervals, type SendingWindow } from './sending-window';
import { SendingWindowDto } from './sending-window.dto';

const at = (local: string): Date => new Date(`${local}:00+07:00`);
const NOTHING_ENTERED = toCalendar([]);
const OFFICE_HOURS: SendingWindow = { from: '08:00', to: '16:30', days: [1, 2, 3, 4, 5], onHolidays: false };

describe('texts may leave', () => {
  it.each([
    ['from the first minute of the window', '2026-11-23T07:00', true],
    ['not a minute earlier', '2026-11-23T06:59', false],
    ['in its last minute', '2026-11-23T20:59', true],
    ['not at the end of the window', '2026-11-23T21:00', false],
    ['not at night', '2026-11-23T23:30', false],
    ['on a Sunday', '2026-11-22T10:00', true],
    ['not on 2 September', '2026-09-02T10:00', false],
    ['on the Monday that makes up for 2 May on a Sunday', '2027-05-03T10:00', true],
  ])('%s', (_name, local, isExpected) => {
    expect(isOpen(DEFAULT_WINDOW, at(local), NOTHING_ENTERED)).toBe(isExpected);
  });

  it('not at Tết once the office has entered its days, and on a fixed holiday it declared a working day', () => {
    const calendar = toCalendar([
      { day: '2027-02-08', isWorkingDay: false },
      { day: '2027-09-02', isWorkingDay: true },
    ]);
    expect(isOpen(DEFAULT_WINDOW, at('2027-02-08T10:00'), calendar)).toBe(false);
    expect(isOpen({ ...DEFAULT_WINDOW, onHolidays: true }, at('2027-02-08T10:00'), calendar)).toBe(true);
    expect(isOpen(DEFAULT_WINDOW, at('2027-09-02T10:00'), calendar)).toBe(true);
  });

  it('only on the days of the week that were chosen', () => {
    expect(isOpen(OFFICE_HOURS, at('2026-11-27T10:00'), NOTHING_ENTERED)).toBe(true);
    expect(isOpen(OFFICE_HOURS, at('2026-11-28T10:00'), NOTHING_ENTERED)).toBe(false);
  });

  it('at any time when there is no window', () => {
    expect(isOpen(null, at('2026-09-02T03:00'), NOTHING_ENTERED)).toBe(true);
    expect(nextOpening(null, at('2026-09-02T03:00'), NOTHING_ENTERED)).toEqual(at('2026-09-02T03:00'));
  });
});

describe('the next opening', () => {
  it.each([
    ['is now while the window is open', DEFAULT_WINDOW, '2026-11-23T10:00', '2026-11-23T10:00'],
    ['is in the morning of the same day', DEFAULT_WINDOW, '2026-11-23T05:00', '2026-11-23T07:00'],
    ['is in the morning after a night', DEFAULT_WINDOW, '2026-11-23T23:30', '2026-11-24T07:00'],
    ['is after both 30 April and 1 May', DEFAULT_WINDOW, '2026-04-29T21:00', '2026-05-02T07:00'],
    ['is on Monday after a weekend without hours', OFFICE_HOURS, '2026-11-27T16:30', '2026-11-30T08:00'],
  ])('%s', (_name, window, from, opens) => {
    expect(formatLocalTime(nextOpening(window, at(from), NOTHING_ENTERED)!)).toBe(formatLocalTime(at(opens)));
  });

  it('does not exist when every Wednesday of a year is a holiday and only Wednesdays are open', () => {
    const wednesdays = Array.from({ length: 60 }, (_, week) => ({
      day: new Date(Date.UTC(2026, 10, 25 + 7 * week)).toISOString().slice(0, 10),
      isWorkingDay: false,
    }));
    const window = { ...DEFAULT_WINDOW, days: [3] };
    expect(nextOpening(window, at('2026-11-23T10:00'), toCalendar(wednesdays))).toBeUndefined();
    expect([...openIntervals(window, at('2026-11-23T10:00'), toCalendar(wednesdays))]).toEqual([]);
  });
});

it('intervals follow one another, and hold exactly the instants at which texts may leave', () => {
  const instants = fc.date({ min: at('2025-12-25T00:00'), max: at('2027-12-31T00:00'), noInvalidDate: true });
  fc.assert(
    fc.property(instants, fc.array(fc.integer({ min: 0, max: 60 * 24 * 40 })), (from, minutesAhead) => {
      const intervals = [...openIntervals(OFFICE_HOURS, from, NOTHING_ENTERED)];
      intervals.forEach(({ opensAt, closesAt }, index) => {
        expect(opensAt < closesAt).toBe(true);
        expect(opensAt >= (intervals[index - 1]?.closesAt ?? from)).toBe(true);
      });
      for (const minutes of minutesAhead) {
        const instant = new Date(from.getTime() + minutes * 60_000);
        const isInside = intervals.some(({ opensAt, closesAt }) => opensAt <= instant && instant < closesAt);
        expect([instant, isInside]).toEqual([instant, isOpen(OFFICE_HOURS, instant, NOTHING_ENTERED)]);
      }
    }),
    { numRuns: 40 },
  );
});

describe('a window as people write it', () => {
  const faultsOf = async (changes: object): Promise<FieldFault[]> => {
    const body = { ...DEFAULT_WINDOW, ...changes };
    const pipe = createValidationPipe();
    return pipe.transform(body, { type: 'body', metatype: SendingWindowDto }).then(
      () => [],
      ({ details }) => details.fields,
    );
  };

  it.each([
    ['the usual one', {}, []],
    ['a time that does not exist', { from: '24:00' }, ['from field.wrong-form']],
    ['an end before its beginning', { from: '21:00', to: '07:00' }, ['to field.not-later']],
    ['an end that is its beginning', { from: '07:00', to: '07:00' }, ['to field.not-later']],
    ['no day at all', { days: [] }, ['days field.too-few']],
    ['an eighth day of the week', { days: [8] }, ['days field.not-allowed']],
    ['a day twice', { days: [1, 1] }, ['days field.repeated']],
  ])('%s', async (_name, changes, codes) => {
    expect((await faultsOf(changes)).map(({ field, code }) => `${field} ${code}`)).toEqual(codes);
  });

  it('one through the night is told that a window does not pass midnight', async () => {
    const [fault] = await faultsOf({ from: '22:00', to: '07:00' });
    expect(fault!.message.vi).toMatch(/^Giờ kết thúc phải sau giờ bắt đầu: .*không kéo dài qua nửa đêm/);
    expect(fault!.message.en).toMatch(/^The end must be later than the start: .*does not pass midnight/);
  });
});
