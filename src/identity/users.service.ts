import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { appendAudit } from '../audit';
import { Clock } from '../platform/clock';
import { Database, Transaction } from '../platform/database/database';
import { Fault, fault } from '../platform/errors';
import type { Actor } from '../platform/http/actor';
import { createUser, NewUser } from './create-user';
import { readMobileNumber } from './mobile-number';
import { faultOfPassword, hashPassword } from './password';
import type { Role } from './roles';
import { Session } from './session.entity';
import { User } from './user.entity';
import { decideChange, mayTakeAdminAway, WantedChange } from './user';
import type { ColleagueView } from './users.dto';

export const userNotFound = fault('notFound', 'user.not-found', {
  vi: 'Không có tài khoản số {id}.',
  en: 'There is no account {id}.',
});

export interface UserChange {
  readonly role?: Role;
  readonly fullName?: string;
  readonly disabled?: boolean;
  readonly password?: string;
  /** As typed; null removes it. */
  readonly phone?: string | null;
}

@Injectable()
export class UsersService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Accounts are as many as an office has desks, so they come as one list. That numbers were shown is put on record. */
  list(actor: Actor): Promise<User[]> {
    return this.database.transaction(async (tx) => {
      const users = await tx.repository(User).find({ order: { id: 'asc' } });
      await noteNumbersShown(tx, actor, users);
      return users;
    });
  }

  /** Everybody who has or had an account, by id: names stay readable beside what somebody did before he left. */
  async colleagues(): Promise<ColleagueView[]> {
    const select = { id: true, fullName: true, role: true, disabledAt: true } as const;
    const users = await this.database.repository(User).find({ select, order: { id: 'asc' } });
    return users.map(({ id, fullName, role, disabledAt }) => ({
      ...{ id, actor: `user:${id}`, fullName, role },
      isDisabled: disabledAt !== null,
    }));
  }

  async create(actor: Actor, newUser: NewUser): Promise<User> {
    return this.get(await createUser(this.database, actor, newUser));
  }

  async get(id: number): Promise<User> {
    const user = await this.database.repository(User).findOneBy({ id });
    if (!user) throw userNotFound({ id });
    return user;
  }

  /**
   * Disabling an account or giving it a new password ends its sessions at once.
   *
   * @throws userNotFound, mobileNumberForm, lastAdmin, the faults of names and passwords
   */
  async change(actor: Actor, id: number, { password, phone, ...change }: UserChange): Promise<User> {
    const passwordHash = password === undefined ? undefined : await this.hashNewPassword(id, password);
    await this.database.transaction(async (tx) => {
      const wanted: WantedChange = { ...change, passwordHash, phone: phone ? readMobileNumber(phone) : phone };
      const otherAdmins = mayTakeAdminAway(wanted) ? await lockOtherAdmins(tx, id) : 0;
      const users = tx.repository(User);
      const user = await users.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!user) throw userNotFound({ id });
      const { set, changed, endSessions } = decideChange(user, wanted, otherAdmins, this.clock.now());
      // Otherwise the change that is on record says already that this account was looked at.
      if (changed.length === 0) return noteNumbersShown(tx, actor, [user]);
      await users.update({ id }, set);
      const ended = endSessions ? await tx.repository(Session).delete({ userId: id }) : undefined;
      const details = {
        changed,
        ...(set.role ? { role: set.role } : {}),
        ...(changed.includes('disabled') ? { disabled: Boolean(set.disabledAt) } : {}),
        ...(ended ? { sessionsEnded: ended.affected ?? 0 } : {}),
      };
      await appendAudit(tx, { actor, act: 'user.change', subject: `user:${id}`, details });
    });
    return this.get(id);
  }

  /** The username never changes, so it may be read before the transaction that the hash must not hold up. */
  private async hashNewPassword(id: number, password: string): Promise<string> {
    const { username } = await this.get(id);
    const weak: Fault | undefined = faultOfPassword(password, username);
    if (weak) throw weak;
    return hashPassword(password);
  }
}

/** One's own number is no news to oneself. */
async function noteNumbersShown(tx: Transaction, actor: Actor, users: readonly User[]): Promise<void> {
  const count = users.filter(({ id, phone }) => phone !== null && id !== actor.personId).length;
  if (count > 0) await appendAudit(tx, { actor, act: 'user.view-phones', subject: 'users', details: { count } });
}

/**
 * Locks all administrators, always in the order of their ids. Of two who demote each other at once the second one waits
 * here, and then no longer finds the first one among them.
 */
async function lockOtherAdmins(tx: Transaction, id: number): Promise<number> {
  const admins = await tx.repository(User).find({
    where: { role: 'admin', disabledAt: IsNull() },
    order: { id: 'asc' },
    lock: { mode: 'pessimistic_write' },
  });
  return admins.filter((admin) => admin.id !== id).length;
}
