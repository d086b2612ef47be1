import { Fault, fault } from '../platform/errors';
import type { Role } from './roles';

/** The same rule as users_username_form in the schema. */
const USERNAME = /^[a-z0-9][a-z0-9._-]{1,63}$/;
export const FULL_NAME_MAX_CHARACTERS = 100;

export const usernameForm = fault(
  'invalid',
  'user.username-form',
  {
    vi: 'Tên đăng nhập gồm 2 đến 64 ký tự a–z, 0–9, dấu chấm, gạch dưới, gạch nối, bắt đầu bằng chữ hoặc số; ví dụ an.nguyen.',
    en: 'A username has 2 to 64 characters a–z, 0–9, dot, underscore, hyphen and begins with a letter or digit, such as an.nguyen.',
  },
  'username',
);
export const fullNameForm = fault(
  'invalid',
  'user.full-name-form',
  {
    vi: 'Họ và tên gồm 1 đến {max} ký tự, trên một dòng.',
    en: 'A full name has 1 to {max} characters, on one line.',
  },
  'fullName',
);
export const lastAdmin = fault('conflict', 'user.last-admin', {
  vi: 'Đây là quản trị viên cuối cùng còn hoạt động. Hãy tạo một quản trị viên khác trước.',
  en: 'This is the last administrator who can sign in. Make another administrator first.',
});

/** What people type, spaces and capitals included, as it is stored. */
export function normaliseUsername(text: string): string {
  return text.trim().toLowerCase();
}

export function isUsername(text: string): boolean {
  return USERNAME.test(text);
}

/** Names are kept in NFC with single spaces, so that the same name is always the same text. */
export function normaliseFullName(text: string): string {
  return text.normalize('NFC').trim().replace(/ +/g, ' ');
}

export function faultOfFullName(fullName: string): Fault | undefined {
  const characters = [...fullName].length;
  // \p{C}: control characters, line breaks and unassigned code points.
  const fits = characters >= 1 && characters <= FULL_NAME_MAX_CHARACTERS && !/\p{C}/u.test(fullName);
  return fits ? undefined : fullNameForm({ max: FULL_NAME_MAX_CHARACTERS });
}

export interface UserFacts {
  readonly role: Role;
  readonly fullName: string;
  readonly disabledAt: Date | null;
  readonly phone: string | null;
}

export interface WantedChange {
  readonly role?: Role;
  readonly fullName?: string;
  readonly disabled?: boolean;
  readonly passwordHash?: string;
  /** E.164; null removes it. */
  readonly phone?: string | null;
}

export interface ChangeDecision {
  readonly set: {
    role?: Role;
    fullName?: string;
    disabledAt?: Date | null;
    passwordHash?: string;
    phone?: string | null;
  };
  /** The names of what changes, for the audit log. */
  readonly changed: string[];
  readonly endSessions: boolean;
}

/** Whether a change can leave nobody who gives access: then the other administrators have to be counted under a lock. */
export function mayTakeAdminAway({ role, disabled }: WantedChange): boolean {
  return disabled === true || (role !== undefined && role !== 'admin');
}

/**
 * What a change to an account comes to. `otherAdmins` counts the administrators besides this one who are not disabled.
 *
 * @throws lastAdmin, fullNameForm
 */
export function decideChange(user: UserFacts, wanted: WantedChange, otherAdmins: number, now: Date): ChangeDecision {
  const isActiveAdmin = user.role === 'admin' && user.disabledAt === null;
  if (isActiveAdmin && mayTakeAdminAway(wanted) && otherAdmins === 0) throw lastAdmin();
  const set: ChangeDecision['set'] = {};
  if (wanted.role !== undefined && wanted.role !== user.role) set.role = wanted.role;
  if (wanted.fullName !== undefined) {
    const fullName = normaliseFullName(wanted.fullName);
    const wrong = faultOfFullName(fullName);
    if (wrong) throw wrong;
    if (fullName !== user.fullName) set.fullName = fullName;
  }
  if (wanted.disabled === true && user.disabledAt === null) set.disabledAt = now;
  if (wanted.disabled === false && user.disabledAt !== null) set.disabledAt = null;
  if (wanted.phone !== undefined && wanted.phone !== user.phone) set.phone = wanted.phone;
  if (wanted.passwordHash !== undefined) set.passwordHash = wanted.passwordHash;
  const changed = Object.keys(set).map((key) => ({ disabledAt: 'disabled', passwordHash: 'password' })[key] ?? key);
  return { set, changed, endSessions: Boolean(set.disabledAt) || set.passwordHash !== undefined };
}
