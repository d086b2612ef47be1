import * as fc from 'fast-check';
import type { Gateway } from '../gateways';
import type { Database } from '../platform/database/database';
import type { Log } from '../platform/observability/log';
import { SeatClaims } from './seat-claims';
import { shareSeats } from './seats';

/** Instances that come, die, fill their seats and share them out anew, one at a time as under the bucket's lock. */
function play(limit: number, moves: readonly { who: number; busy: number; dies: boolean }[]): number[] {
  const holds = new Map<string, number>();
  const mayFill = new Map<string, number>();
  const sums: number[] = [];
  for (const { who, busy, dies } of moves) {
    const owner = `instance-${who}`;
    if (dies) {
      holds.delete(owner);
      mayFill.delete(owner);
      continue;
    }
    const others = [...holds].filter(([name]) => name !== owner).map(([name, seats]) => ({ owner: name, seats }));
    const inFlight = Math.min(busy, holds.get(owner) ?? 0);
    const seats = shareSeats({ limit, owner, busy: inFlight, others });
    holds.set(owner, seats.holds);
    mayFill.set(owner, seats.mayFill);
    expect(seats.mayFill).toBeLessThanOrEqual(seats.holds);
    sums.push([...holds.values()].reduce((sum, held) => sum + held, 0));
  }
  return sums;
}

describe('messages in flight, shared out between instances', () => {
  it('are all of one instance that is alone', () => {
    expect(shareSeats({ limit: 10, owner: 'a', busy: 0, others: [] })).toEqual({ mayFill: 10, holds: 10 });
  });

  it('are not taken from one that still has them in flight', () => {
    const late = shareSeats({ limit: 10, owner: 'b', busy: 0, others: [{ owner: 'a', seats: 10 }] });
    expect(late).toEqual({ mayFill: 0, holds: 0 });
    const first = shareSeats({ limit: 10, owner: 'a', busy: 8, others: [{ owner: 'b', seats: 0 }] });
    expect(first).toEqual({ mayFill: 5, holds: 8 });
  });

  it('never exceed the limit, whoever comes, dies and fills what', () => {
    const move = fc.record({
      who: fc.integer({ min: 0, max: 4 }),
      busy: fc.integer({ min: 0, max: 60 }),
      dies: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(move, { maxLength: 60 }), (limit, moves) => {
        for (const sum of play(limit, moves)) expect(sum).toBeLessThanOrEqual(limit);
      }),
    );
  });

  it('are all shared out once nobody comes or goes', () => {
    const calm = Array.from({ length: 12 }, (_, turn) => ({ who: turn % 3, busy: 0, dies: false }));
    expect(play(10, calm).at(-1)).toBe(10);
  });
});

describe('claiming seats', () => {
  it('is not begun again while the database does not answer, so that there is one claim to wait for at the end', async () => {
    jest.useFakeTimers();
    try {
      let answer: () => void = () => undefined;
      const row = jest
        .fn<Promise<undefined>, []>()
        .mockResolvedValueOnce(undefined)
        .mockImplementation(() => new Promise((resolve) => (answer = () => resolve(undefined))));
      const database = { row, run: async () => 0 } as unknown as Database;
      const log = { warn: () => undefined } as unknown as Log;
      const gateway = { name: 'fake', capabilities: { timeoutMs: 500 } } as Gateway;
      const steps = { busy: () => 0, limit: () => undefined };
      const claims = new SeatClaims({ database, gateway, log }, { owner: 'o', leaseSeconds: 30 }, steps);
      await claims.start();
      await jest.advanceTimersByTimeAsync(10_000);
      expect(row).toHaveBeenCalledTimes(2);
      answer();
      await claims.stop();
    } finally {
      jest.useRealTimers();
    }
  });
});
