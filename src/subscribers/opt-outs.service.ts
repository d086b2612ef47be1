import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Database, Transaction } from '../platform/database/database';
import { Actor, SYSTEM } from '../platform/http/actor';
import { Secrets } from '../platform/secrets';

export const OPT_OUT_SOURCES = ['phone-call', 'letter', 'in-person', 'sms', 'operator', 'other'] as const;
export type OptOutSource = (typeof OPT_OUT_SOURCES)[number];

export interface OptOut {
  readonly phone: string;
  readonly source: OptOutSource;
  readonly reason: string;
  readonly recordedAt: Date;
}

/**
 * Opt-outs are final from the moment they are committed: every hand-over mark reads them, so queued texts of campaigns
 * already approved stay unsent too.
 */
@Injectable()
export class OptOuts {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
  ) {}

  /** Recording the same number again keeps the first record. @param phone E.164 */
  async record(
    actor: Actor,
    phone: string,
    source: OptOutSource,
    reason: string,
  ): Promise<OptOut & { isNew: boolean }> {
    return this.database.transaction((tx) => this.recordIn(tx, actor, phone, source, reason));
  }

  /** The operator said that this number takes no more texts from us. */
  async recordFromOperator(phone: string, gateway: string): Promise<void> {
    await this.record(SYSTEM, phone, 'operator', `gateway ${gateway}`);
  }

  private async recordIn(
    tx: Transaction,
    actor: Actor,
    phone: string,
    source: OptOutSource,
    reason: string,
  ): Promise<OptOut & { isNew: boolean }> {
    const phoneKey = this.secrets.phoneDigest(phone);
    const inserted = await tx.run(
      `insert into suppressions (phone_key, phone, source, reason, recorded_by) values ($1, $2, $3, $4, $5)
       on conflict (phone_key) do nothing`,
      [phoneKey, phone, source, reason, actor.id],
    );
    const kept = await tx.row<OptOut>(
      `select phone, source, reason, recorded_at as "recordedAt" from suppressions where phone_key = $1`,
      [phoneKey],
    );
    // The digest, not the number: the audit log holds no personal data.
    const subject = `opt-out:${phoneKey.toString('hex')}`;
    if (inserted > 0) await appendAudit(tx, { actor, act: 'opt-out.record', subject, details: { source } });
    return { ...kept!, isNew: inserted > 0 };
  }
}
