import fc from 'fast-check';
import { readCredentials } from './credentials';
import { newApiKey, newSessionToken } from './tokens';

describe('what a request shows of itself', () => {
  const key = newApiKey();
  const token = newSessionToken();
  const cookie = `other=1; tinluat_session=${token}; x="y"`;

  it.each([
    ['nothing', {}, { kind: 'none' }],
    ['an API key', { authorization: `Bearer ${key}` }, { kind: 'key', token: key }],
    ['an API key in small letters', { authorization: `bearer  ${key} ` }, { kind: 'key', token: key }],
    ['a session', { cookie }, { kind: 'session', token }],
    ['a signed-out browser', { cookie: 'tinluat_session=' }, { kind: 'none' }],
    ['a cut-off key', { authorization: `Bearer ${key.slice(0, -1)}` }, { kind: 'malformed' }],
    ['a key of something else', { authorization: `Bearer ${token}` }, { kind: 'malformed' }],
    ['a bare scheme', { authorization: 'Bearer' }, { kind: 'malformed' }],
    ['a cookie that is no token', { cookie: "tinluat_session=' or 1=1" }, { kind: 'malformed' }],
  ])('%s', (_name, headers, expected) => {
    expect(readCredentials(headers)).toEqual(expected);
  });

  it('a wrong key does not fall back to the cookie beside it', () => {
    expect(readCredentials({ authorization: 'Bearer tl_wrong', cookie })).toEqual({ kind: 'malformed' });
  });

  it('a password for a proxy in front does not hide the cookie', () => {
    expect(readCredentials({ authorization: 'Basic YTpi', cookie })).toEqual({ kind: 'session', token });
  });

  it('no header can make it fail', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (authorization, text) => {
        expect(readCredentials({ authorization, cookie: `tinluat_session=${text}` })).toHaveProperty('kind');
      }),
    );
  });
});
