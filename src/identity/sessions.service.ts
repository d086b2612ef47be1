import { Injectable, OnModuleInit } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Clock } from '../platform/clock';
import { Config } from '../platform/config';
import { Database, Transaction } from '../platform/database/database';
import { fault } from '../platform/errors';
import type { Actor } from '../platform/http/actor';
import { generatePassword, hashPassword, verifyPassword } from './password';
import { permissionsOf } from './roles';
import { Session } from './session.entity';
import { digestOf, newSessionToken } from './tokens';
import { User } from './user.entity';
import { isUsername, normaliseUsername } from './user';

/** One message for an unknown name, a wrong password and a disabled account: it must not tell which names exist. */
export const signInFailed = fault('unauthenticated', 'session.sign-in-failed', {
  vi: 'Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đã bị khóa. Hãy thử lại hoặc hỏi quản trị viên.',
  en: 'The username or the password is wrong, or the account is disabled. Try again or ask an administrator.',
});

const HOUR_MS = 60 * 60 * 1000;

/** Who tries to sign in: not known yet. */
const ANONYMOUS: Actor = { id: 'anonymous', personId: null, permissions: new Set(), standsInFor: [] };

export interface SignedIn {
  readonly user: User;
  readonly token: string;
  readonly expiresAt: Date;
}

@Injectable()
export class SessionsService implements OnModuleInit {
  /** Checked for a name that does not exist, so that the answer takes as long as for one that does. */
  private dummyHash: string;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  async onModuleInit(): Promise<void> {
    this.dummyHash = await hashPassword(generatePassword());
  }

  /** @throws signInFailed */
  async signIn(givenName: string, password: string): Promise<SignedIn> {
    const username = normaliseUsername(givenName);
    const user = isUsername(username) ? await this.database.repository(User).findOneBy({ username }) : null;
    const matches = await verifyPassword(user?.passwordHash ?? this.dummyHash, password);
    const signedIn = await this.database.transaction((tx) => {
      return user && matches ? this.open(tx, user) : recordFailure(tx, user, 'password');
    });
    if (!signedIn) throw signInFailed();
    return signedIn;
  }

  /** Ends one session; nothing happens when it has ended already. */
  async signOut(actor: Actor, token: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { affected } = await tx.repository(Session).delete({ tokenHash: digestOf(token) });
      if (affected) await appendAudit(tx, { actor, act: 'session.end', subject: actor.id });
    });
  }

  private async open(tx: Transaction, { id, passwordHash }: User): Promise<SignedIn | undefined> {
    // Read again under a lock: disabling and new passwords end all sessions, and must not miss the one made here.
    const user = await tx.repository(User).findOne({ where: { id }, lock: { mode: 'pessimistic_read' } });
    if (!user || user.passwordHash !== passwordHash) return recordFailure(tx, user, 'password');
    if (user.disabledAt) return recordFailure(tx, user, 'disabled');
    const now = this.clock.now();
    const session = await openSession(tx, id, now, this.config.SESSION_HOURS);
    await removeExpired(tx, now);
    const actor: Actor = { id: `user:${id}`, personId: id, permissions: permissionsOf(user.role), standsInFor: [] };
    await appendAudit(tx, { actor, act: 'session.start', subject: actor.id });
    return { user, ...session };
  }
}

/** A session of a person whose password has been checked. */
export async function openSession(tx: Transaction, userId: number, now: Date, hours: number) {
  const token = newSessionToken();
  const expiresAt = new Date(now.getTime() + hours * HOUR_MS);
  await tx.repository(Session).insert({ tokenHash: digestOf(token), userId, createdAt: now, expiresAt });
  return { token, expiresAt };
}

/** What was typed as an unknown name may be a password, so it is not put on record. */
async function recordFailure(tx: Transaction, user: User | null, reason: string): Promise<undefined> {
  await appendAudit(tx, {
    actor: ANONYMOUS,
    act: 'session.refuse',
    subject: user ? `user:${user.id}` : 'user:unknown',
    details: user ? { reason } : { reason: 'unknown' },
  });
}

/** A few at a time and past those somebody else is removing: a sign-in waits for nobody. */
async function removeExpired(tx: Transaction, now: Date): Promise<void> {
  await tx.run(
    `delete from sessions where token_hash in (
       select token_hash from sessions where expires_at <= $1 order by expires_at limit 100 for update skip locked)`,
    [now],
  );
}
