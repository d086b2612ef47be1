import * as fc from 'fast-check';
import { SendLimits } from './send-limits';

interface Taken {
  readonly atMs: number;
  readonly segments: number;
}

/** Those that were let through of texts that come after these pauses. */
function taken(
  comes: readonly { pauseMs: number; segments: number }[],
  terms: { rate: number; burstMs: number },
): Taken[] {
  const limits = new SendLimits();
  const { rate: segmentsPerSecond, burstMs } = terms;
  let atMs = 1_000;
  return comes.flatMap(({ pauseMs, segments }) => {
    atMs += pauseMs;
    return limits.takesPlace(segments, atMs, { segmentsPerSecond, burstMs, mostInFlight: 0 })
      ? [{ atMs, segments }]
      : [];
  });
}

describe('The rate of a contract', () => {
  const comes = fc.array(
    fc.record({ pauseMs: fc.integer({ min: 0, max: 400 }), segments: fc.integer({ min: 1, max: 6 }) }),
    {
      maxLength: 80,
    },
  );
  const terms = fc.record({ rate: fc.integer({ min: 1, max: 50 }), burstMs: fc.constantFrom(0, 200, 1_000) });

  it('is kept over every window of time, but for a burst and one text', () => {
    fc.assert(
      fc.property(comes, terms, (texts, { rate, burstMs }) => {
        const passed = taken(texts, { rate, burstMs });
        for (let from = 0; from < passed.length; from++) {
          let sum = 0;
          for (let to = from; to < passed.length; to++) {
            sum += passed[to]!.segments;
            const seconds = (passed[to]!.atMs - passed[from]!.atMs + burstMs) / 1_000;
            expect(sum).toBeLessThanOrEqual(rate * seconds + passed[to]!.segments + 1e-6);
          }
        }
      }),
    );
  });

  it('lets everything through that comes at an even pace, and refuses only what comes too early', () => {
    const even = Array.from({ length: 100 }, () => ({ pauseMs: 400, segments: 2 }));
    expect(taken(even, { rate: 5, burstMs: 0 })).toHaveLength(100);
    expect(taken(even, { rate: 4, burstMs: 0 }).length).toBe(50);
  });

  it('is not kept where there is none', () => {
    const atOnce = Array.from({ length: 100 }, () => ({ pauseMs: 0, segments: 6 }));
    expect(taken(atOnce, { rate: 0, burstMs: 0 })).toHaveLength(100);
  });
});

describe('The texts in flight', () => {
  it('are as many as the contract permits, and one that is answered makes room', () => {
    const limits = new SendLimits();
    const terms = { segmentsPerSecond: 0, burstMs: 0, mostInFlight: 3 };
    expect([limits.hold(2, terms), limits.hold(2, terms), limits.hold(1, terms), limits.hold(1, terms)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    limits.release(2);
    expect(limits.hold(2, terms)).toBe(true);
  });
});
