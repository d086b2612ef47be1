import { plainReason } from './plain-reason';

describe('a code in plain words', () => {
  it.each(['21211', '21610', '30003', '30007', 'several-match', 'list-incomplete'])(
    'is known for Twilio’s %s',
    (code) => {
      expect(plainReason('twilio', code).en).not.toContain(code);
    },
  );

  it.each([
    'number-refused',
    'opted-out',
    'handset-unreachable',
    'throttled',
    'too-many-in-flight',
    'reference-closed',
    'unauthorised',
    'not-found',
    'failing',
    'stopping',
    'ledger-unwritable',
  ])('is known for the simulator’s %s', (code) => {
    expect(plainReason('simulator', code).en).not.toContain(code);
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET', 'timeout', 'unreadable-answer'])(
    'is known for %s, whatever the gateway',
    (code) => {
      expect(plainReason('viettel', code)).toEqual(plainReason('twilio', code));
      expect(plainReason('viettel', code).vi).not.toContain(code);
    },
  );

  it('names what nobody has explained, and does not guess', () => {
    expect(plainReason('twilio', '12345').en).toContain('code 12345');
    expect(plainReason('viettel', '30005').en).toContain('code 30005');
    expect(plainReason('twilio', 'http-418').en).toContain('HTTP 418');
    expect(plainReason('constructor', 'toString').en).toContain('code toString');
    expect(plainReason('simulator', '').en).toBe('No reason was given.');
  });
});
