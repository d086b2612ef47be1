import fc from 'fast-check';
import { advanceSpread, type Spread } from './spread';

const spreads = fc
  .record({ size: fc.integer({ min: 1, max: 1_000_000 }), spreadSeconds: fc.integer({ min: 1, max: 7 * 86_400 }) })
  .map((plan): Spread => ({ ...plan, releasedTo: 0, carry: 0 }));
const steps = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { maxLength: 200 });

const after = (spread: Spread, seconds: readonly number[]): Spread => seconds.reduce(advanceSpread, spread);

describe('a spread', () => {
  it('releases 37,400 texts over two hours at 5 or 6 a second, and the last one when the time is over', () => {
    const plan = { size: 37_400, spreadSeconds: 7_200, releasedTo: 0, carry: 0 };
    expect(after(plan, [1]).releasedTo).toBe(5);
    expect(after(plan, Array(3_600).fill(1)).releasedTo).toBe(18_700);
    expect(after(plan, Array(7_201).fill(1))).toEqual({ ...plan, releasedTo: 37_400 });
  });

  it('loses no part of a text, however the bell rings', () => {
    fc.assert(
      fc.property(spreads, steps, (spread, seconds) => {
        const open = seconds.reduce((sum, step) => sum + step, 0);
        const due = Math.min(spread.size, (spread.size / spread.spreadSeconds) * open);
        expect(Math.abs(after(spread, seconds).releasedTo - due)).toBeLessThan(1 + 1e-6 * due);
      }),
    );
  });

  it('never takes a release back, never releases more than there is, and keeps less than a text for later', () => {
    fc.assert(
      fc.property(spreads, steps, (spread, seconds) => {
        let before = spread;
        for (const step of seconds) {
          const next = advanceSpread(before, step);
          expect(next.releasedTo).toBeGreaterThanOrEqual(before.releasedTo);
          expect(next.releasedTo).toBeLessThanOrEqual(spread.size);
          expect(next.carry).toBeGreaterThanOrEqual(0);
          expect(next.carry).toBeLessThan(1);
          before = next;
        }
      }),
    );
  });

  it('does not make up in a burst for the time the service was down', () => {
    fc.assert(
      fc.property(spreads, fc.double({ min: 5, max: 1e7, noNaN: true }), (spread, gap) => {
        expect(advanceSpread(spread, gap)).toEqual(advanceSpread(spread, 5));
      }),
    );
  });

  it('goes nowhere when the clock is set back', () => {
    fc.assert(fc.property(spreads, (spread) => expect(advanceSpread(spread, -60)).toEqual(spread)));
  });
});
