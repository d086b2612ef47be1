import { appendAudit } from '../audit';
import type { Database } from '../platform/database/database';
import { fault } from '../platform/errors';
import type { Actor } from '../platform/http/actor';
import { readMobileNumber } from './mobile-number';
import { faultOfPassword, hashPassword } from './password';
import type { Role } from './roles';
import { faultOfFullName, isUsername, normaliseFullName, normaliseUsername, usernameForm } from './user';

export interface NewUser {
  readonly username: string;
  readonly fullName: string;
  readonly role: Role;
  readonly password: string;
  /** As typed; for test sends. */
  readonly phone?: string;
}

export const usernameTaken = fault(
  'conflict',
  'user.username-taken',
  {
    vi: 'Tên đăng nhập này đã có người dùng. Hãy chọn tên khác.',
    en: 'This username is taken. Choose another one.',
  },
  'username',
);

/** Everything but the password, so that a command can complain before it asks for one. */
export function checkNames({ username, fullName }: Pick<NewUser, 'username' | 'fullName'>): void {
  if (!isUsername(normaliseUsername(username))) throw usernameForm();
  const wrong = faultOfFullName(normaliseFullName(fullName));
  if (wrong) throw wrong;
}

/**
 * Makes an account and puts it on record. Returns its id.
 *
 * @throws usernameForm, fullNameForm, mobileNumberForm, passwordTooShort, passwordTooLong, passwordIsUsername, usernameTaken
 */
export async function createUser(database: Database, actor: Actor, newUser: NewUser): Promise<number> {
  checkNames(newUser);
  const username = normaliseUsername(newUser.username);
  const weak = faultOfPassword(newUser.password, username);
  if (weak) throw weak;
  const { role, fullName } = newUser;
  const phone = newUser.phone === undefined ? null : readMobileNumber(newUser.phone);
  // Before the transaction: hashing takes tens of milliseconds.
  const passwordHash = await hashPassword(newUser.password);
  return database.transaction(async (tx) => {
    const row = await tx.row<{ id: number }>(
      `insert into users (username, full_name, role, password_hash, phone) values ($1, $2, $3, $4, $5)
       on conflict (username) do nothing returning id`,
      [username, normaliseFullName(fullName), role, passwordHash, phone],
    );
    if (!row) throw usernameTaken();
    await appendAudit(tx, { actor, act: 'user.create', subject: `user:${row.id}`, details: { role } });
    return row.id;
  });
}
