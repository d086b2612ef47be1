import { parseCookie } from 'cookie';
import { API_KEY_FORM, SESSION_TOKEN_FORM } from './tokens';

export const SESSION_COOKIE = 'tinluat_session';

export type Credentials =
  { readonly kind: 'key' | 'session'; readonly token: string } | { readonly kind: 'none' | 'malformed' };

/**
 * What a request shows of itself. A bearer token wins over a cookie: a program that sends a wrong key must be told so,
 * not pass as the person whose browser it runs in. Other schemes belong to a proxy in front of us.
 */
export function readCredentials(headers: { authorization?: string; cookie?: string }): Credentials {
  const bearer = /^Bearer(?: +(.*))?$/i.exec(headers.authorization?.trim() ?? '');
  if (bearer) {
    const token = bearer[1] ?? '';
    return API_KEY_FORM.test(token) ? { kind: 'key', token } : { kind: 'malformed' };
  }
  const token = parseCookie(headers.cookie ?? '')[SESSION_COOKIE];
  if (!token) return { kind: 'none' };
  return SESSION_TOKEN_FORM.test(token) ? { kind: 'session', token } : { kind: 'malformed' };
}
