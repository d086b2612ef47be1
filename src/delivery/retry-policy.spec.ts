import * as fc from 'fast-check';
import { judgeAnswer, judgeGivenBack, MOST_TRIES, retryDelayMs } from './retry-policy';

const FIRST = { attempt: 1, tries: 0 };

describe('what becomes of a gateway’s answer', () => {
  it('is tried again only when the text was surely not accepted', () => {
    expect(judgeAnswer({ kind: 'deferred', because: 'unreachable', code: 'refused' }, FIRST, 0.5).kind).toBe(
      'deferred',
    );
    expect(judgeAnswer({ kind: 'unknown', code: 'time-out' }, FIRST, 0.5).kind).toBe('unknown');
    expect(judgeAnswer({ kind: 'rejected', code: '21211' }, FIRST, 0.5)).toMatchObject({
      kind: 'failed',
      code: '21211',
    });
    expect(judgeAnswer({ kind: 'optedOut', code: '21610' }, FIRST, 0.5).kind).toBe('failed');
    expect(judgeAnswer({ kind: 'accepted', gatewayMessageId: 'SM1' }, FIRST, 0.5)).toMatchObject({
      gatewayMessageId: 'SM1',
    });
  });

  it('waits at least as long as the gateway asked, but never for years', () => {
    const answer = { kind: 'deferred', because: 'temporary', code: 'http-503', retryAfterMs: 60_000 } as const;
    expect(judgeAnswer(answer, FIRST, 0).retryAfterMs).toBe(60_000);
    const forEver = { ...answer, retryAfterMs: 365 * 86_400_000 };
    expect(judgeAnswer(forEver, FIRST, 0).retryAfterMs).toBe(86_400_000);
  });

  it('gives up after about a day, saying why', () => {
    const last = judgeAnswer(
      { kind: 'deferred', because: 'unreachable', code: 'refused' },
      { attempt: MOST_TRIES, tries: MOST_TRIES - 1 },
      0.5,
    );
    expect(last).toMatchObject({ kind: 'failed', code: 'retries-exhausted:refused' });
    const waits = Array.from({ length: MOST_TRIES - 1 }, (_, i) => retryDelayMs(i + 1, 0.5));
    const hours = waits.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
    expect(hours).toBeGreaterThan(16);
    expect(hours).toBeLessThan(26);
  });

  it('costs no try when the gateway refuses for too many at once, or because of our account', () => {
    const earlier = { attempt: 400, tries: MOST_TRIES - 1 };
    for (const because of ['rate', 'account'] as const) {
      const outcome = judgeAnswer({ kind: 'deferred', because, code: 'http-429' }, earlier, 0.5);
      expect(outcome).toMatchObject({ kind: 'deferred', tries: MOST_TRIES - 1 });
    }
  });

  it('gives a text up that was handed over and given back without end, so that its number of attempts can be stored', () => {
    expect(judgeGivenBack('missed-its-place', 0, { attempt: 3, tries: 0 }).kind).toBe('deferred');
    expect(judgeGivenBack('missed-its-place', 0, { attempt: 30_000, tries: 0 }).kind).toBe('failed');
  });

  it('stores what a gateway said without the characters that no database takes', () => {
    const answer = { kind: 'rejected', code: 'bad\u0000 number' } as const;
    expect(judgeAnswer(answer, FIRST, 0.5).code).toBe('bad number');
  });

  it('waits longer each time, within half a second and five minutes, spread by chance', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const wait = retryDelayMs(attempt, random);
        expect(wait).toBeGreaterThanOrEqual(500);
        expect(wait).toBeLessThanOrEqual(300_000);
        expect(retryDelayMs(attempt + 1, random)).toBeGreaterThanOrEqual(wait);
      }),
    );
  });
});
