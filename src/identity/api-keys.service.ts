import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Clock } from '../platform/clock';
import { Database } from '../platform/database/database';
import { fault } from '../platform/errors';
import type { Actor } from '../platform/http/actor';
import { ApiKey } from './api-key.entity';
import type { Role } from './roles';
import { digestOf, newApiKey } from './tokens';

export const apiKeyNotFound = fault('notFound', 'api-key.not-found', {
  vi: 'Không có khóa API số {id}.',
  en: 'There is no API key {id}.',
});

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  list(): Promise<ApiKey[]> {
    return this.database.repository(ApiKey).find({ order: { id: 'asc' } });
  }

  /** The key itself is in this answer and nowhere else: only its digest is stored. */
  async create(actor: Actor, { name, role }: { name: string; role: Role }): Promise<{ apiKey: ApiKey; key: string }> {
    // Only people hold keys.manage, see ONLY_FOR_PEOPLE.
    if (actor.personId === null) throw new Error('an API key needs a person who answers for it');
    const key = newApiKey();
    const fresh = { name, role, keyHash: digestOf(key), createdBy: actor.personId, createdAt: this.clock.now() };
    const apiKey = await this.database.transaction(async (tx) => {
      const saved = await tx.repository(ApiKey).save({ ...fresh, lastUsedAt: null, revokedAt: null });
      await appendAudit(tx, { actor, act: 'api-key.create', subject: `key:${saved.id}`, details: { role } });
      return saved;
    });
    return { apiKey, key };
  }

  /** Revoking twice is revoking once. */
  async revoke(actor: Actor, id: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      const keys = tx.repository(ApiKey);
      const apiKey = await keys.findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!apiKey) throw apiKeyNotFound({ id });
      if (apiKey.revokedAt) return;
      await keys.update({ id }, { revokedAt: this.clock.now() });
      await appendAudit(tx, { actor, act: 'api-key.revoke', subject: `key:${id}` });
    });
  }
}
