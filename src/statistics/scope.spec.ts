import fc from 'fast-check';
import { isDay, readScope } from './scope';

describe('a day', () => {
  it('is one of the calendar, written as year-month-day', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (at) => {
        expect(isDay(at.toISOString().slice(0, 10))).toBe(true);
      }),
    );
  });

  it.each([
    '2021-02-29',
    '2021-04-31',
    '2021-13-01',
    '2021-00-10',
    '2021-01-00',
    '0000-01-01',
    '21-05-23',
    '2021-5-23',
  ])('is never %s', (text) => {
    expect(isDay(text)).toBe(false);
  });

  it('knows leap years', () => {
    expect(['2020-02-29', '2000-02-29', '1900-02-29'].map(isDay)).toEqual([true, true, false]);
  });
});

describe('what is asked for', () => {
  it('may be nothing in particular', () => {
    const everything = { period: { from: null, to: null }, by: [], campaignId: null, topic: null, areaId: null };
    expect(readScope({})).toEqual(everything);
  });

  it('may be a single day', () => {
    expect(readScope({ from: '2021-05-23', to: '2021-05-23' }).period).toEqual({
      from: '2021-05-23',
      to: '2021-05-23',
    });
  });

  it('puts dimensions in the order of the table', () => {
    expect(readScope({ by: ['area', 'month', 'year'] }).by).toEqual(['year', 'month', 'area']);
  });
});
