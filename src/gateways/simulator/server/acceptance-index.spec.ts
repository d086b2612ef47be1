import * as fc from 'fast-check';
import { formatReference } from '../../gateway';
import { AcceptanceIndex } from './acceptance-index';

describe('Which acceptance a reference has', () => {
  const reference = fc.record({
    batchId: fc.constantFrom(1, 2, 2 ** 40),
    seq: fc.constantFrom(1, 2, 1_023, 1_024, 1_025, 2 ** 31 - 1),
    attempt: fc.constantFrom(1, 2, 32_767),
  });

  it('is what the ledger says, whatever was accepted, twice or under several attempts', () => {
    fc.assert(
      fc.property(fc.array(reference, { maxLength: 60 }), reference, (accepted, asked) => {
        const index = new AcceptanceIndex();
        accepted.forEach((one, place) => index.add(one, place + 1));
        const place = accepted.findIndex((one) => formatReference(one) === formatReference(asked));
        const first = accepted.findIndex(({ batchId, seq }) => batchId === asked.batchId && seq === asked.seq);
        expect(index.serialOf(asked)).toBe(place < 0 ? undefined : place + 1);
        expect(index.firstSerialOf(asked)).toBe(first < 0 ? undefined : first + 1);
      }),
    );
  });
});
