import * as fc from 'fast-check';
import { Behaviour, DEFAULT_BEHAVIOUR } from './behaviour';
import { seededDraws } from './fate';
import { ReceiptLot, ReceiptQueue } from './receipt-queue';

const never = (): number => 0.999;
const told = (behaviour: Partial<Behaviour>): Behaviour => ({ ...DEFAULT_BEHAVIOUR, receiptsDelayMs: 0, ...behaviour });

function queueOf(count: number, acceptedAtMs = 0): ReceiptQueue {
  const queue = new ReceiptQueue();
  for (let serial = 1; serial <= count; serial++) {
    const reference = `1.${serial}.1`;
    queue.push({ id: `x-${serial}`, serial, reference, status: 'delivered', code: '', acceptedAtMs });
  }
  return queue;
}

/** Takes everything that comes within a minute, 100 ms apart. */
function drain(queue: ReceiptQueue, behaviour: Behaviour, draw: () => number): ReceiptLot[] {
  const lots: ReceiptLot[] = [];
  for (let now = 0; now <= 60_000; now += 100) {
    for (let lot = queue.take(now, behaviour, draw); lot; lot = queue.take(now, behaviour, draw)) lots.push(lot);
  }
  return lots;
}
const serialsOf = (lots: ReceiptLot[]) => lots.flatMap(({ serials }) => serials);

describe('Receipts', () => {
  it('travel in lots of the told size, in order', () => {
    const lots = drain(queueOf(250), told({ receiptsPerPost: 100 }), never);
    expect(lots.map(({ receipts }) => receipts.length)).toEqual([100, 100, 50]);
    expect(serialsOf(lots)).toEqual(Array.from({ length: 250 }, (_, index) => index + 1));
  });

  it('wait for the told delay, counted from the acceptance', () => {
    const queue = queueOf(1, 1_000);
    const behaviour = told({ receiptsDelayMs: 500 });
    expect(queue.nextDueMs(behaviour)).toBe(1_500);
    expect(queue.take(1_499, behaviour, never)).toBeUndefined();
    expect(queue.take(1_500, behaviour, never)?.serials).toEqual([1]);
    expect(queue.nextDueMs(behaviour)).toBeUndefined();
  });

  it('are repeated later when told so, and owed once', () => {
    const lots = drain(queueOf(10), told({ repeatReceiptsShare: 1 }), seededDraws(1));
    const ids = lots.flatMap(({ receipts }) => receipts.map(({ id }) => id));
    expect(ids).toHaveLength(20);
    expect(new Set(ids).size).toBe(10);
    expect(serialsOf(lots)).toHaveLength(10);
  });

  it('come out of order when told so, the final one before a belated "pending"', () => {
    const lots = drain(queueOf(50), told({ reorderReceiptsShare: 0.5, receiptsPerPost: 10 }), seededDraws(3));
    const all = lots.flatMap(({ receipts }) => receipts);
    const serials = serialsOf(lots);
    expect(serials).not.toEqual([...serials].sort((a, b) => a - b));
    const belated = all.filter(({ status }) => status === 'pending');
    expect(belated.length).toBeGreaterThan(10);
    for (const { id } of belated) {
      const statuses = all.filter((receipt) => receipt.id === id).map(({ status }) => status);
      expect(statuses).toEqual(['delivered', 'pending']);
    }
  });

  it('are each owed exactly once and never lost, however they are shuffled and repeated', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.nat(300), fc.integer({ min: 1, max: 40 }), share, share, fc.nat(), (count, size, a, b, seed) => {
        const behaviour = told({ receiptsPerPost: size, repeatReceiptsShare: a, reorderReceiptsShare: b });
        const queue = queueOf(count);
        const lots = drain(queue, behaviour, seededDraws(seed));
        expect(serialsOf(lots).sort((x, y) => x - y)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
        expect(lots.every(({ receipts }) => receipts.length <= size)).toBe(true);
        expect(queue.size).toBe(0);
      }),
    );
  });
});
