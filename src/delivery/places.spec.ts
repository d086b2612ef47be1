import * as fc from 'fast-check';
import { Places } from './places';

/** Asks with all places at once, as a sender does; the gateway refuses what is above `bears`. */
function rounds(places: Places, bears: number, count: number): number[] {
  return Array.from({ length: count }, () => {
    const asked = places.count;
    for (let request = 0; request < asked; request += 1) places.note(request >= bears);
    return asked;
  });
}

describe('how many requests a gateway bears at once', () => {
  it('is as many as are configured while it refuses none', () => {
    const places = new Places(100);
    rounds(places, Infinity, 20);
    expect(places.count).toBe(100);
  });

  it('falls by half when it refuses for too many, once a round', () => {
    const places = new Places(100);
    for (let request = 0; request < 60; request += 1) places.note(true);
    expect(places.count).toBe(50);
  });

  it('stays between one and what is configured, whatever the gateway does, and comes back when it recovers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fc.boolean(), { maxLength: 2_000 }), (most, refusals) => {
        const places = new Places(most);
        for (const refusal of refusals) {
          places.note(refusal);
          expect(places.count).toBeGreaterThanOrEqual(1);
          expect(places.count).toBeLessThanOrEqual(most);
        }
        for (let answer = 0; answer < most * most + most; answer += 1) places.note(false);
        expect(places.count).toBe(most);
      }),
    );
  });

  it('settles near what the gateway bears', () => {
    const places = new Places(200);
    const settled = rounds(places, 20, 200).slice(100);
    expect(Math.max(...settled)).toBeLessThanOrEqual(25);
    expect(settled.reduce((sum, count) => sum + count, 0) / settled.length).toBeGreaterThan(8);
  });
});
