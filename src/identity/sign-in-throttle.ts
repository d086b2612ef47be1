import { ExecutionContext, Injectable } from '@nestjs/common';
import { ThrottlerGuard, ThrottlerLimitDetail, ThrottlerModuleOptions } from '@nestjs/throttler';
import { fault } from '../platform/errors';
import { normaliseUsername } from './user';

export const tooManySignIns = fault('limited', 'session.too-many-tries', {
  vi: 'Đăng nhập quá nhiều lần. Hãy chờ {seconds} giây rồi thử lại.',
  en: 'Too many tries to sign in. Wait {seconds} seconds and try again.',
});

const TRIES = 10;
const MINUTE_MS = 60_000;

/**
 * Against guessing: by address, and by username against many addresses guessing at one person. Each instance counts for
 * itself, which slows guessing down enough with passwords of twelve characters, and needs no shared store.
 */
export const SIGN_IN_THROTTLE: ThrottlerModuleOptions = {
  setHeaders: false,
  throttlers: [
    { name: 'address', limit: TRIES, ttl: MINUTE_MS },
    { name: 'username', limit: TRIES, ttl: MINUTE_MS, getTracker: (request) => usernameOf(request.body) },
  ],
};

/** Guards run before validation: the body is whatever was sent. */
function usernameOf(body: unknown): string {
  const { username } = (body ?? {}) as { username?: unknown };
  return typeof username === 'string' ? normaliseUsername(username) : '';
}

@Injectable()
export class SignInThrottle extends ThrottlerGuard {
  protected override throwThrottlingException(_: ExecutionContext, detail: ThrottlerLimitDetail): Promise<void> {
    const seconds = Math.max(1, detail.timeToBlockExpire);
    throw tooManySignIns({ seconds }, { retryAfterSeconds: seconds });
  }
}
