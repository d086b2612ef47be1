import { Injectable } from '@nestjs/common';
import { Clock, localDay } from '../platform/clock';
import { Database } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import type { Credentials } from './credentials';
import { sqlStandsInFor } from './deputies.read-model';
import { permissionsOf, permissionsOfKey, Role } from './roles';
import { digestOf } from './tokens';

/** A busy program does not write a row with every request. */
const NOTE_USE_EVERY_MS = 60_000;

interface KeyRow {
  readonly id: number;
  readonly role: Role;
  readonly personId: number;
  readonly lastUsedAt: Date | null;
}

/** Turns what a request shows into who is acting; both look-ups use the unique index of a digest, and deputies_deputy. */
@Injectable()
export class ActorFinder {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Undefined when nobody is known by these credentials (any more). */
  async find(credentials: Credentials): Promise<Actor | undefined> {
    if (credentials.kind === 'session') return this.bySession(digestOf(credentials.token));
    if (credentials.kind === 'key') return this.byKey(digestOf(credentials.token));
    return undefined;
  }

  private async bySession(tokenHash: Buffer): Promise<Actor | undefined> {
    const now = this.clock.now();
    const user = await this.database.row<{ id: number; role: Role; standsInFor: number[] }>(
      `select u.id, u.role, ${sqlStandsInFor('u', '$3::date')} as "standsInFor"
       from sessions s join users u on u.id = s.user_id
       where s.token_hash = $1 and s.expires_at > $2 and u.disabled_at is null`,
      [tokenHash, now, localDay(now)],
    );
    if (!user) return undefined;
    const { id, role, standsInFor } = user;
    return { id: `user:${id}`, personId: id, permissions: permissionsOf(role, standsInFor), standsInFor };
  }

  /** A key rests while the account of the person who answers for it is disabled. */
  private async byKey(keyHash: Buffer): Promise<Actor | undefined> {
    const key = await this.database.row<KeyRow>(
      `select k.id, k.role, k.created_by as "personId", k.last_used_at as "lastUsedAt"
       from api_keys k join users u on u.id = k.created_by
       where k.key_hash = $1 and k.revoked_at is null and u.disabled_at is null`,
      [keyHash],
    );
    if (!key) return undefined;
    await this.noteUse(key);
    return { id: `key:${key.id}`, personId: key.personId, permissions: permissionsOfKey(key.role), standsInFor: [] };
  }

  private async noteUse({ id, lastUsedAt }: KeyRow): Promise<void> {
    const now = this.clock.now();
    const due = new Date(now.getTime() - NOTE_USE_EVERY_MS);
    if (lastUsedAt && lastUsedAt > due) return;
    await this.database.run(
      'update api_keys set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at <= $3)',
      [id, now, due],
    );
  }
}
