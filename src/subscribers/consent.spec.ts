import { whyConsentFails } from './consent';

describe('a consent to get texts again', () => {
  const optedOutOn = '2026-11-10';
  const today = '2026-11-23';
  it.each([
    ['of the day of the opt-out counts', '2026-11-10', undefined],
    ['given since counts', '2026-11-15', undefined],
    ['of today counts', '2026-11-23', undefined],
    ['of the day before the opt-out was withdrawn by it', '2026-11-09', 'consent.before-opt-out'],
    ['of tomorrow is a slip of the pen', '2026-11-24', 'consent.in-future'],
  ])('%s', (_, givenOn, code) => {
    expect(whyConsentFails({ givenOn, optedOutOn, today })?.code).toBe(code);
  });
});
