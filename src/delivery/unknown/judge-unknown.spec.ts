import * as fc from 'fast-check';
import type { LookUpAnswer } from '../../gateways';
import { judgeLookUp, mayProveUnsent, nextStep, surelyLeftMs, type UnknownFacts } from './judge-unknown';

const LEASE_MS = 30_000;
const TIMEOUT_MS = 10_000;
const LEFT_MS = surelyLeftMs(LEASE_MS, TIMEOUT_MS);

const facts: UnknownFacts = {
  gateway: { timeoutMs: TIMEOUT_MS, lookUp: { absenceIsProofAfterMs: 60_000 }, resendIsIdempotent: false },
  handedOverMsAgo: LEFT_MS,
  lookUps: 1,
  isReadable: true,
  isBatchOpen: true,
  hasOneWay: true,
  resends: 0,
};
const proved = { ...facts, handedOverMsAgo: LEFT_MS + 60_000 };
const idempotent = { timeoutMs: TIMEOUT_MS, lookUp: null, resendIsIdempotent: true };
const ABSENT: LookUpAnswer = { kind: 'absent' };

const anyFacts: fc.Arbitrary<UnknownFacts> = fc.record({
  gateway: fc.option(
    fc.record({
      timeoutMs: fc.integer({ min: 500, max: 30_000 }),
      lookUp: fc.option(fc.record({ absenceIsProofAfterMs: fc.option(fc.integer({ min: 0, max: 600_000 })) })),
      resendIsIdempotent: fc.boolean(),
    }),
    { nil: undefined },
  ),
  handedOverMsAgo: fc.integer({ min: 0, max: 7_200_000 }),
  lookUps: fc.integer({ min: 1, max: 10 }),
  isReadable: fc.boolean(),
  isBatchOpen: fc.boolean(),
  hasOneWay: fc.boolean(),
  resends: fc.integer({ min: 0, max: 8 }),
});
const anyAnswer = fc.constantFrom<LookUpAnswer>({ kind: 'accepted', gatewayMessageId: 'SM1' }, ABSENT, {
  kind: 'inconclusive',
  code: 'http-500',
});

describe('what to do with a text of which nobody knows whether it left', () => {
  it('waits until it surely is not on its way any more, then asks the gateway', () => {
    expect(nextStep({ ...facts, handedOverMsAgo: 1_000 }, LEASE_MS)).toEqual({ do: 'wait', ms: LEFT_MS - 1_000 });
    expect(nextStep(facts, LEASE_MS)).toEqual({ do: 'look-up' });
  });

  it('is sent again without a question where the gateway promises that it arrives once', () => {
    expect(nextStep({ ...facts, gateway: idempotent }, LEASE_MS)).toEqual({ do: 'send-again' });
  });

  it('is left to a person where sending again could go through another gateway', () => {
    expect(nextStep({ ...facts, gateway: idempotent, hasOneWay: false }, LEASE_MS)).toEqual({ do: 'leave-to-person' });
  });

  it.each([
    ['its gateway is no longer in use', { gateway: undefined }],
    ['its number was erased', { isReadable: false }],
    ['its gateway answers no questions', { gateway: { ...idempotent, resendIsIdempotent: false } }],
  ])('is left to a person at once when %s', (_, change) => {
    expect(nextStep({ ...facts, handedOverMsAgo: 0, ...change }, LEASE_MS)).toEqual({ do: 'leave-to-person' });
  });

  it('is not sent again for ever', () => {
    expect(nextStep({ ...facts, gateway: idempotent, resends: 5 }, LEASE_MS)).toEqual({ do: 'leave-to-person' });
    expect(judgeLookUp({ ...proved, resends: 5 }, ABSENT, LEASE_MS)).toEqual({ do: 'leave-to-person' });
  });

  it('counts as accepted when the gateway has it', () => {
    const found: LookUpAnswer = { kind: 'accepted', gatewayMessageId: 'SM1' };
    expect(judgeLookUp(facts, found, LEASE_MS)).toEqual({ do: 'accept', gatewayMessageId: 'SM1' });
  });

  it('is sent again when the gateway has nothing of it after the time it promised', () => {
    expect(judgeLookUp(proved, ABSENT, LEASE_MS)).toEqual({ do: 'send-again' });
    expect(judgeLookUp(facts, ABSENT, LEASE_MS)).toEqual({ do: 'wait', ms: 60_000 });
    expect(judgeLookUp({ ...proved, isBatchOpen: false }, ABSENT, LEASE_MS)).toEqual({ do: 'leave-to-person' });
  });

  it('is asked for less and less often where absence proves nothing, then left to a person', () => {
    const gateway = { ...facts.gateway!, lookUp: { absenceIsProofAfterMs: null } };
    const waits = [1, 2, 3, 4, 5, 6].map((lookUps) => judgeLookUp({ ...proved, gateway, lookUps }, ABSENT, LEASE_MS));
    const seconds = [5, 30, 120, 600, 3_600].map((s) => ({ do: 'wait', ms: s * 1_000 }));
    expect(waits).toEqual([...seconds, { do: 'leave-to-person' }]);
  });

  it('is never sent again without a promise of the gateway, nor before it surely left, nor out of a batch that ended', () => {
    fc.assert(
      fc.property(anyFacts, anyAnswer, (any, answer) => {
        const [step, finding] = [nextStep(any, LEASE_MS), judgeLookUp(any, answer, LEASE_MS)];
        if (step.do !== 'send-again' && finding.do !== 'send-again') return;
        expect(any.isBatchOpen && mayProveUnsent(any.gateway!)).toBe(true);
        expect(any.handedOverMsAgo).toBeGreaterThanOrEqual(surelyLeftMs(LEASE_MS, any.gateway!.timeoutMs));
        if (finding.do === 'send-again') expect(answer.kind).toBe('absent');
      }),
    );
  });

  it('is left alone for a while by every wait', () => {
    fc.assert(
      fc.property(anyFacts, anyAnswer, (any, answer) => {
        for (const step of [nextStep(any, LEASE_MS), judgeLookUp(any, answer, LEASE_MS)]) {
          if (step.do === 'wait') expect(step.ms).toBeGreaterThan(0);
        }
      }),
    );
  });
});
