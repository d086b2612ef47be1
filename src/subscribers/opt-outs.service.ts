import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Clock, localDay } from '../platform/clock';
import { Database, Transaction } from '../platform/database/database';
import { Actor, SYSTEM } from '../platform/http/actor';
import { Secrets } from '../platform/secrets';
import { whyConsentFails } from './consent';
import type { OptOutSource } from './opt-out-sources';
import { optOutNotFound } from './opt-out-faults';
import { Consent, insertOptOut, lockOptOut, replaceByConsent } from './opt-outs.store';

export interface OptOut {
  readonly phone: string;
  readonly source: string;
  readonly reason: string;
  readonly recordedAt: Date;
  readonly recordedBy: string;
}

/** An opt-out that was lifted, and the consent that did it. */
export interface LiftedOptOut {
  readonly consentId: number;
  readonly recordedAt: Date;
  readonly lifted: { readonly source: string; readonly reason: string; readonly recordedAt: Date };
}

/**
 * Opt-outs are final from the moment they are committed: every hand-over mark reads them, so queued texts of campaigns
 * already approved stay unsent too. Only the person's own later consent lifts one, and both stay on record for ever.
 */
@Injectable()
export class OptOuts {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
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

  /** As `record`, in the transaction of an act that an opt-out is a part of. */
  async recordIn(
    tx: Transaction,
    actor: Actor,
    phone: string,
    source: OptOutSource,
    reason: string,
  ): Promise<OptOut & { isNew: boolean }> {
    const phoneKey = this.secrets.phoneDigest(phone);
    const kept = await insertOptOut(tx, { phoneKey, phone, source, reason, recordedBy: actor.id });
    if (kept.isNew) {
      await appendAudit(tx, { actor, act: 'opt-out.record', subject: subjectOf(phoneKey), details: { source } });
    }
    return { phone, ...kept };
  }

  /** The operator said that this number takes no more texts from us. */
  async recordFromOperator(phone: string, gateway: string): Promise<void> {
    await this.record(SYSTEM, phone, 'operator', `gateway ${gateway}`);
  }

  /**
   * Lifts an opt-out by the person's consent, which is recorded with it for ever. The same number may opt out again.
   *
   * @param phone E.164
   * @throws optOutNotFound, consentInFuture, consentBeforeOptOut
   */
  async lift(actor: Actor, phone: string, consent: Consent): Promise<LiftedOptOut> {
    const phoneKey = this.secrets.phoneDigest(phone);
    return this.database.transaction(async (tx) => {
      const optOut = await lockOptOut(tx, phoneKey);
      if (!optOut) throw optOutNotFound();
      const { source, reason, recordedAt } = optOut;
      const days = { givenOn: consent.givenOn, optedOutOn: localDay(recordedAt), today: localDay(this.clock.now()) };
      const fails = whyConsentFails(days);
      if (fails) throw fails;
      const kept = await replaceByConsent(tx, { phoneKey, phone }, consent, actor.id);
      const details = { consent: kept.consentId, how: consent.how, givenOn: consent.givenOn, source };
      await appendAudit(tx, { actor, act: 'opt-out.lift', subject: subjectOf(phoneKey), details });
      return { ...kept, lifted: { source, reason, recordedAt } };
    });
  }
}

/** The digest, not the number: the audit log holds no personal data. */
function subjectOf(phoneKey: Buffer): string {
  return `opt-out:${phoneKey.toString('hex')}`;
}
