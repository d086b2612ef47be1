import fc from 'fast-check';
import { SeenNumbers } from './seen-numbers';

const phoneOf = (digits: number): string => `+84${String(digits).padStart(9, '0')}`;

describe('the numbers seen in a file', () => {
  it('tells of each repeated number which row had it first', () => {
    const anyNumbers = fc.array(fc.integer({ min: 300_000_000, max: 300_000_400 }), { maxLength: 2_000 });
    fc.assert(
      fc.property(anyNumbers, (numbers) => {
        const seen = new SeenNumbers();
        const first = new Map<number, number>();
        numbers.forEach((number, at) => {
          expect(seen.firstRowOf(phoneOf(number), at + 1)).toBe(first.get(number));
          if (!first.has(number)) first.set(number, at + 1);
        });
      }),
    );
  });

  it('forgets none of a hundred thousand', () => {
    const seen = new SeenNumbers();
    for (let n = 0; n < 100_000; n += 1) expect(seen.firstRowOf(phoneOf(900_000_000 + n * 7), n + 1)).toBeUndefined();
    for (let n = 0; n < 100_000; n += 997) expect(seen.firstRowOf(phoneOf(900_000_000 + n * 7), 1)).toBe(n + 1);
  });
});
