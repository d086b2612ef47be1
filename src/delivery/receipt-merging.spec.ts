import * as fc from 'fast-check';
import { mergeReceipts, ReceiptInContext } from './receipt-merging';

const receipt = (facts: Partial<ReceiptInContext>): ReceiptInContext => ({
  receiptId: 1,
  gateway: 'fake',
  batchId: 1,
  seq: 1,
  attempt: 1,
  status: 'delivered',
  gatewayMessageId: 'g',
  tries: 0,
  outcome: 'accepted',
  wasUnknown: false,
  ending: null,
  isElsewhere: false,
  delivery: null,
  areaId: 0,
  segments: 1,
  day: '2021-05-20',
  ...facts,
});
const strayReasons = (facts: Partial<ReceiptInContext>): string[] =>
  mergeReceipts([receipt(facts)]).strays.map(({ reason }) => reason);

describe('merging receipts', () => {
  it('moves a message up only', () => {
    expect(mergeReceipts([receipt({})]).moved).toHaveLength(1);
    expect(mergeReceipts([receipt({ delivery: 'delivered' })]).moved).toEqual([]);
    expect(mergeReceipts([receipt({ status: 'undelivered', delivery: 'delivered' })]).moved).toEqual([]);
    expect(mergeReceipts([receipt({ status: 'pending' })]).moved).toEqual([]);
  });

  it('takes any receipt as proof that an unknown text had been accepted', () => {
    const merged = mergeReceipts([receipt({ outcome: null, wasUnknown: true, status: 'pending' })]);
    expect(merged.settled).toHaveLength(1);
    expect(merged.moved).toEqual([]);
  });

  it('parks a receipt that came before its outcome, ever longer, and gives it up at last', () => {
    const waits = [0, 1, 2, 6, 19].map(
      (tries) => mergeReceipts([receipt({ outcome: null, tries })]).parked[0]?.seconds,
    );
    expect(waits).toEqual([1, 2, 4, 64, 64]);
    expect(strayReasons({ outcome: null, tries: 20 })).toEqual(['never-sent']);
  });

  it('takes a receipt for a text put off as proof that it must not be sent again, and waits until the gate has said so', () => {
    const early = mergeReceipts([receipt({ outcome: 'deferred', tries: 300 }), receipt({ outcome: 'deferred' })]);
    expect(early.lateProofs).toHaveLength(1);
    expect([early.parked.length, early.applied.length, early.strays.length]).toEqual([2, 0, 0]);
    const stopped = mergeReceipts([receipt({ outcome: 'deferred', ending: 'accepted' })]);
    expect([stopped.moved.length, stopped.lateProofs.length]).toEqual([1, 1]);
    for (const ending of ['failed', 'cancelled', 'expired', 'suppressed'])
      expect(strayReasons({ outcome: 'deferred', ending })).toEqual(['ended-otherwise']);
  });

  it('reports what fits no text of ours, one that failed or was never sent, and another gateway’s', () => {
    expect(strayReasons({ outcome: null, areaId: null })).toEqual(['no-such-text']);
    expect(strayReasons({ outcome: 'failed' })).toEqual(['failed']);
    expect(mergeReceipts([receipt({ outcome: 'failed' })]).lateProofs).toHaveLength(1);
    for (const outcome of ['suppressed', 'cancelled', 'expired'])
      expect(strayReasons({ outcome })).toEqual(['never-sent']);
    expect(strayReasons({ isElsewhere: true })).toEqual(['other-gateway']);
    expect(strayReasons({ isElsewhere: true, outcome: null, wasUnknown: true })).toEqual(['other-gateway']);
  });

  it('does something with every receipt, and one thing only', () => {
    const outcomes = [null, 'accepted', 'failed', 'deferred', 'suppressed', 'cancelled', 'expired'];
    const facts = fc.record({
      outcome: fc.constantFrom(...outcomes),
      wasUnknown: fc.boolean(),
      ending: fc.constantFrom(null, 'accepted', 'failed', 'cancelled'),
      isElsewhere: fc.boolean(),
      areaId: fc.constantFrom(null, 0),
      tries: fc.nat({ max: 30 }),
      status: fc.constantFrom('delivered' as const, 'undelivered' as const, 'pending' as const),
      delivery: fc.constantFrom(null, 'delivered' as const, 'undelivered' as const),
    });
    fc.assert(
      fc.property(facts, (given) => {
        const one = receipt(given);
        const merged = mergeReceipts([one]);
        expect(merged.applied.length + merged.parked.length + merged.strays.length).toBe(1);
        // Whoever gets nothing of a receipt but its place in the books is neither settled nor moved by it.
        expect(merged.applied).toEqual(expect.arrayContaining([...merged.settled, ...merged.moved]));
        expect(merged.settled.length).toBe(merged.applied.length === 1 && one.outcome === null ? 1 : 0);
        if (merged.moved.length > 0) expect(one.delivery === 'delivered' || one.status === 'pending').toBe(false);
      }),
    );
  });

  it('ends in the same state whatever the order, however often each comes and however they are parted into lots', () => {
    const aStatus = fc.constantFrom('delivered' as const, 'undelivered' as const, 'pending' as const);
    const lots = fc.array(fc.array(aStatus, { maxLength: 5 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lots, (given) => {
        let delivery: ReceiptInContext['delivery'] = null;
        let moves = 0;
        for (const lot of [...given, ...given]) {
          const { moved } = mergeReceipts(lot.map((status, receiptId) => receipt({ status, receiptId, delivery })));
          moves += moved.length;
          if (moved[0]) delivery = moved[0].status as ReceiptInContext['delivery'];
        }
        const statuses = given.flat();
        const best = (['delivered', 'undelivered'] as const).find((status) => statuses.includes(status));
        expect(delivery).toBe(best ?? null);
        expect(moves).toBeLessThanOrEqual(2);
      }),
    );
  });
});
