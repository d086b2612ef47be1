import * as fc from 'fast-check';
import { parseRetryAfter } from './retry-after';

const NOW = Date.parse('Wed, 21 Oct 2026 07:28:00 GMT');

describe('Retry-After', () => {
  it('names seconds', () => {
    expect(parseRetryAfter('120', NOW)).toBe(120_000);
    expect(parseRetryAfter(' 0 ', NOW)).toBe(0);
    expect(parseRetryAfter(['3', '4'], NOW)).toBe(3_000);
  });

  it('names a date', () => {
    expect(parseRetryAfter('Wed, 21 Oct 2026 07:28:30 GMT', NOW)).toBe(30_000);
  });

  it('in the past means now', () => {
    expect(parseRetryAfter('Wed, 21 Oct 2015 07:28:00 GMT', NOW)).toBe(0);
  });

  it('that is missing or unreadable says nothing', () => {
    for (const value of [undefined, '', 'soon', '-1', '1.5', '2026-10-21', '99999999999999']) {
      expect(parseRetryAfter(value, NOW)).toBeUndefined();
    }
  });

  it('is never negative, whatever a server sends', () => {
    fc.assert(fc.property(fc.string(), (value) => (parseRetryAfter(value, NOW) ?? 0) >= 0));
  });
});
