import { createHash, randomBytes } from 'node:crypto';

/** API keys are recognisable, so that one that was published by mistake can be found by searching. */
export const API_KEY_PREFIX = 'tl_';

export const API_KEY_FORM = /^tl_[\w-]{43}$/;
export const SESSION_TOKEN_FORM = /^[\w-]{43}$/;

/** 32 random bytes, base64url. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url');
}

export function newApiKey(): string {
  return API_KEY_PREFIX + randomBytes(32).toString('base64url');
}

/** All that is stored of a token. 256 random bits cannot be guessed, so a fast hash without salt is enough. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
