import * as fc from 'fast-check';
import { formatLocalTime, localDay, parseLocalTime } from './clock';

describe('a start time as staff write it', () => {
  it('is Vietnam time when it says nothing else', () => {
    expect(parseLocalTime('2021-05-20T08:00')?.toISOString()).toBe('2021-05-20T01:00:00.000Z');
    expect(parseLocalTime('2021-05-20T08:00:30')?.toISOString()).toBe('2021-05-20T01:00:30.000Z');
  });

  it('is taken at its word when it carries an offset', () => {
    expect(parseLocalTime('2021-05-20T08:00Z')?.toISOString()).toBe('2021-05-20T08:00:00.000Z');
    expect(parseLocalTime('2021-05-20T08:00:00+09:00')?.toISOString()).toBe('2021-05-19T23:00:00.000Z');
  });

  it.each([
    '',
    '20/5/2021',
    '2021-05-20',
    '2021-02-29T08:00',
    '2021-13-01T08:00',
    '2021-05-20T25:00',
    '2021-05-20 08:00',
  ])('is refused as %j', (text) => expect(parseLocalTime(text)).toBeUndefined());

  it('comes back the same when it is shown and read again', () => {
    const aTime = fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(aTime, (at) => {
        at.setUTCMilliseconds(0);
        expect(parseLocalTime(formatLocalTime(at))).toEqual(at);
        expect(formatLocalTime(at).startsWith(localDay(at))).toBe(true);
      }),
    );
  });

  it('belongs to the local day: half past eleven at night in Vietnam is still the same day', () => {
    expect(localDay(new Date('2021-05-23T16:30:00Z'))).toBe('2021-05-23');
    expect(localDay(new Date('2021-05-23T17:00:00Z'))).toBe('2021-05-24');
  });
});
