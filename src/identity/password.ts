import { randomInt } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Fault, fault } from '../platform/errors';

/** NIST SP 800-63B asks for length rather than for kinds of characters. */
export const PASSWORD_MIN_CHARACTERS = 12;
/** Long enough for any sentence; a limit keeps one request from hashing megabytes. */
export const PASSWORD_MAX_CHARACTERS = 200;

/** The OWASP Password Storage Cheat Sheet's figures for argon2id, the library's default kind: 19 MiB, 2 passes, 1 lane. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const passwordTooShort = fault(
  'invalid',
  'password.too-short',
  {
    vi: 'Mật khẩu quá ngắn: cần ít nhất {min} ký tự. Một câu dễ nhớ là cách tốt nhất.',
    en: 'The password is too short: it needs at least {min} characters. A sentence you can remember is best.',
  },
  'password',
);
export const passwordTooLong = fault(
  'invalid',
  'password.too-long',
  {
    vi: 'Mật khẩu quá dài: nhiều nhất {max} ký tự.',
    en: 'The password is too long: at most {max} characters.',
  },
  'password',
);
export const passwordIsUsername = fault(
  'invalid',
  'password.is-username',
  {
    vi: 'Mật khẩu không được trùng với tên đăng nhập.',
    en: 'The password must not be the username.',
  },
  'password',
);

/** One form for what different keyboards send: ế as one character or as three (RFC 8265 §4.2.2, rule 4). */
const oneForm = (password: string): string => password.normalize('NFC');

/** What is wrong with a new password, if anything. */
export function faultOfPassword(password: string, username: string): Fault | undefined {
  const characters = [...oneForm(password)].length;
  if (characters < PASSWORD_MIN_CHARACTERS) return passwordTooShort({ min: PASSWORD_MIN_CHARACTERS });
  if (characters > PASSWORD_MAX_CHARACTERS) return passwordTooLong({ max: PASSWORD_MAX_CHARACTERS });
  return oneForm(password).trim().toLowerCase() === username.toLowerCase() ? passwordIsUsername() : undefined;
}

/** argon2id in PHC form: salt and costs travel with the hash. */
export function hashPassword(password: string): Promise<string> {
  return hash(oneForm(password), ARGON2ID);
}

export function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, oneForm(password));
}

/** No i, l, o, 0, 1: it is read aloud and typed. */
const LEGIBLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/** `xxxxx-xxxxx-xxxxx-xxxxx`: 20 characters of 31, 99 bits. */
export function generatePassword(): string {
  const group = (): string => Array.from({ length: 5 }, () => LEGIBLE[randomInt(LEGIBLE.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}
