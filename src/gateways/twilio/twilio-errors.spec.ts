import * as fc from 'fast-check';
import { sortTwilioRefusal } from './twilio-errors';

const kinds = (status: number, codes: number[]) => codes.map((code) => sortTwilioRefusal(status, code).kind);

describe('A refusal by Twilio', () => {
  it('is for good when it is about the number, the text or the sender', () => {
    const codes = [21211, 21614, 21635, 30005, 30006, 21408, 21606, 21612, 21617, 30004, 30007];
    expect(new Set(kinds(400, codes))).toEqual(new Set(['rejected']));
  });

  it('is an opt-out when the number has unsubscribed', () => {
    expect(sortTwilioRefusal(400, 21610)).toEqual({ kind: 'optedOut', code: '21610' });
  });

  it('is a matter of time when a queue is full or a limit is reached', () => {
    expect(new Set(kinds(400, [20429, 21611, 21730, 30001, 60728, 63038]))).toEqual(new Set(['deferred']));
    expect(sortTwilioRefusal(429, 63038)).toEqual({ kind: 'deferred', because: 'rate', code: '63038' });
  });

  it('lets the texts wait when the account or its credentials are at fault', () => {
    for (const [status, code] of [
      [401, 20003],
      [404, 20404],
      [403, 30002],
      [401, undefined],
      [407, undefined],
    ] as const) {
      expect(sortTwilioRefusal(status, code)).toMatchObject({ kind: 'deferred', retryAfterMs: 300_000 });
    }
  });

  it('waits as long as Retry-After says, else as long as the table says', () => {
    expect(sortTwilioRefusal(400, 63038, 5_000)).toMatchObject({ retryAfterMs: 5_000 });
    expect(sortTwilioRefusal(400, 63038)).toMatchObject({ retryAfterMs: 3_600_000 });
  });

  it('is for good when the code is a new one', () => {
    expect(sortTwilioRefusal(400, 99_999)).toEqual({ kind: 'rejected', code: '99999' });
    expect(sortTwilioRefusal(400, undefined)).toEqual({ kind: 'rejected', code: 'http-400' });
  });

  it('is no refusal at all with a status of 5xx, whatever the code: the text may be on its way', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 599 }), fc.option(fc.integer(), { nil: undefined }), (status, code) => {
        expect(sortTwilioRefusal(status, code).kind).toBe('unknown');
      }),
    );
    expect(sortTwilioRefusal(500, 20500)).toEqual({ kind: 'unknown', code: '20500' });
  });
});
