import fc from 'fast-check';
import { writtenDate } from './written-date';

describe('a day in a notice', () => {
  it.each([
    ['2021-05-23', '23/5/2021', '23 tháng 5 năm 2021'],
    ['23/5/2021', '23/5/2021', '23 tháng 5 năm 2021'],
    ['23-05-2021', '23/5/2021', '23 tháng 5 năm 2021'],
    ['8/3/2026', '08/3/2026', '08 tháng 3 năm 2026'],
    ['01/01/2026', '01/01/2026', '01 tháng 01 năm 2026'],
    ['29/2/2024', '29/02/2024', '29 tháng 02 năm 2024'],
    ['31-12-1999', '31/12/1999', '31 tháng 12 năm 1999'],
  ])('%s is written %s or %s', (value, short, long) => {
    expect([writtenDate(value), writtenDate(value, 'long')]).toEqual([short, long]);
  });

  it.each([
    ...['30/2/2021', '29/2/2100', '31/4/2021', '0/5/2021', '5/13/2021', '2021-02-29', '2021-5-23', '23/5/21', '23/5'],
    ...['23-5/2021', '23.5.2021', 'ngày 23/5/2021', '23/5/2021 7:00', '23/5/20211', '1/1/0021', '', '５/5/2021'],
  ])('%j is no day', (value) => expect(writtenDate(value)).toBeUndefined());

  it('says the same day whichever way it was typed, for every real day and no other', () => {
    const parts = fc.record({ y: fc.integer({ min: 1000, max: 2999 }), m: fc.nat(13), d: fc.nat(32) });
    fc.assert(
      fc.property(parts, ({ y, m, d }) => {
        const two = (part: number): string => String(part).padStart(2, '0');
        const date = new Date(`${y}-${two(m)}-${two(d)}T00:00:00Z`);
        const isReal = !Number.isNaN(date.getTime()) && date.getUTCDate() === d;
        const written = [`${y}-${two(m)}-${two(d)}`, `${d}/${m}/${y}`, `${two(d)}-${two(m)}-${y}`].map((typed) =>
          writtenDate(typed),
        );
        expect(new Set(written).size).toBe(1);
        expect(written[0] !== undefined).toBe(isReal);
        if (isReal) expect(written[0]!.split('/').map(Number)).toEqual([d, m, y]);
      }),
      { numRuns: 2_000 },
    );
  });
});
