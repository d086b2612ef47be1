import * as fc from 'fast-check';
import { rateOf, type RateSample, recentSamples } from './rate';

function sampled(gone: readonly number[], everyMs = 1_000): RateSample[] {
  return gone.reduce<RateSample[]>((known, texts, i) => recentSamples(known, { atMs: i * everyMs, gone: texts }), []);
}

describe('the rate at which texts leave', () => {
  it('is not known in the first second', () => {
    expect(rateOf([])).toBeNull();
    expect(rateOf(sampled([500]))).toBeNull();
    expect(rateOf(sampled([500, 800], 100))).toBeNull();
  });

  it('is that of the last ten seconds', () => {
    const slowThenFast = Array.from({ length: 40 }, (_, i) => (i < 20 ? i : 20 + (i - 19) * 100));
    expect(rateOf(sampled(slowThenFast))).toBe(100);
  });

  it('is nought once nothing has left for ten seconds', () => {
    expect(rateOf(sampled([0, 100, ...Array<number>(11).fill(200)]))).toBe(0);
  });

  it('is never below nought and takes no more room than ten seconds need', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { minLength: 2, maxLength: 60 }), (gone) => {
        const samples = sampled(gone);
        expect(samples.length).toBeLessThanOrEqual(12);
        expect(rateOf(samples)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
