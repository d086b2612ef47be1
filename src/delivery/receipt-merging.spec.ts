import * as fc from 'fast-check';
import { mergeReceipts, ReceiptInContext } from './receipt-merging';

const receipt = (facts: Partial<ReceiptInContext>): ReceiptInContext => ({
  receiptId: 1,
  batchId: 1,
  seq: 1,
  attempt: 1,
  status: 'delivered',
  code: '',
  gatewayMessageId: 'g',
  receivedAt: new Date(0),
  tries: 0,
  outcome: 'accepted',
  wasUnknown: false,
  delivery: null,
  areaId: 0,
  segments: 1,
  day: '2021-05-20',
  ...facts,
});

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
    expect(mergeReceipts([receipt({ outcome: null, tries: 20 })]).strays).toHaveLength(1);
  });

  it('reports what fits no text of ours, or one the gateway had refused', () => {
    expect(mergeReceipts([receipt({ outcome: null, areaId: null })]).strays).toHaveLength(1);
    expect(mergeReceipts([receipt({ outcome: 'failed' })]).strays).toHaveLength(1);
  });

  it('ends in the same state whatever the order and however often each comes', () => {
    const aStatus = fc.constantFrom('delivered' as const, 'undelivered' as const, 'pending' as const);
    fc.assert(
      fc.property(fc.array(aStatus, { minLength: 1, maxLength: 8 }), (statuses) => {
        const receipts = statuses.map((status, receiptId) => receipt({ status, receiptId }));
        const final = mergeReceipts(receipts).moved[0]?.status;
        const best = statuses.includes('delivered')
          ? 'delivered'
          : statuses.includes('undelivered')
            ? 'undelivered'
            : undefined;
        expect(final).toBe(best);
        expect(mergeReceipts([...receipts].reverse()).moved[0]?.status).toBe(final);
        expect(mergeReceipts([...receipts, ...receipts]).moved).toHaveLength(final ? 1 : 0);
      }),
    );
  });
});
