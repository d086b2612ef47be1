import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Database, type Queries, type Transaction } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import { type Page, toPage } from '../platform/http/paging';
import { maskPersonalData } from '../platform/observability/mask';
import { Secrets } from '../platform/secrets';
import { areaNotFound } from './areas/area-faults';
import { areasWithPredecessors } from './areas/areas.read-model';
import { applyCorrection, type Correction, newFacts } from './correction';
import { appendHistory } from './history.store';
import { holdLists, putOnLists } from './members.store';
import { readPhone } from './read-phone';
import {
  numberErased,
  numberTaken,
  phoneEndHidden,
  subscriberChangedMeanwhile,
  subscriberNotFound,
} from './register-faults';
import { shareRegister } from './register-lock';
import { insertSubscriber, NUMBER_UNIQUE, updateSubscriber } from './register.store';
import type { SubscriberState } from './selection';
import { listNotFound } from './subscriber-faults';
import {
  findIdByNumber,
  findMissingArea,
  findSubscriber,
  findSubscribers,
  type SubscriberRow,
} from './subscribers.read-model';
import type { SaidLanguage } from './text-language';

export interface Search {
  /** In any spelling. */
  readonly phone?: string;
  readonly phoneEnd?: string;
  readonly name?: string;
  readonly listId?: number;
  readonly areaId?: number;
  readonly state?: SubscriberState;
  readonly language?: SaidLanguage;
}

export type NewSubscriber = Correction & { readonly phone: string; readonly listIds: readonly number[] };

/**
 * The register by hand: one person's record, added or corrected. Texts of campaigns already submitted keep the number and
 * the words that were approved.
 */
@Injectable()
export class Register {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
  ) {}

  /** @throws Fault of readPhone, nameWithoutLetters, phoneEndHidden */
  async search(actor: Actor, query: Search, after: number, limit: number): Promise<Page<SubscriberRow>> {
    const { phone, phoneEnd, name, listId, areaId, state, language } = query;
    // Masked numbers keep their last digits: trying the ones before would soon tell the whole.
    if (phoneEnd !== undefined && !actor.permissions.has('phones.read')) throw phoneEndHidden();
    const filter = {
      ...{ phoneEnd, name, state, language },
      phoneKey: phone === undefined ? undefined : this.secrets.phoneDigest(readPhone(phone)),
      listIds: listId === undefined ? undefined : [listId],
      areaIds: areaId === undefined ? undefined : await areasWithPredecessors(this.database, [areaId]),
    };
    return toPage(await findSubscribers(this.database, filter, { after, limit: limit + 1 }), limit, ({ id }) => id);
  }

  /** @throws subscriberNotFound */
  async one(id: number): Promise<SubscriberRow> {
    const row = await findSubscriber(this.database, id);
    if (!row) throw subscriberNotFound({ id });
    return row;
  }

  /** @throws numberTaken, numberErased, areaNotFound, listNotFound */
  add(actor: Actor, { listIds, ...said }: NewSubscriber): Promise<SubscriberRow> {
    const facts = newFacts(said);
    const phoneKey = this.secrets.phoneDigest(facts.phone);
    return this.uniquely(phoneKey, async (tx) => {
      await refuseErased(tx, phoneKey);
      await checkArea(tx, facts.areaId);
      const held = await holdLists(tx, listIds);
      const missing = listIds.find((id) => !held.includes(id));
      if (missing !== undefined) throw listNotFound({ id: missing }, { field: 'listIds' });
      const id = await insertSubscriber(tx, { ...facts, phoneKey });
      await putOnLists(tx, id, listIds);
      const after = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
      await appendHistory(tx, { subscriberId: id, actor: actor.id, act: 'added', revision: 1, before: null, after });
      const details = { listIds: [...listIds] };
      await appendAudit(tx, { actor, act: 'subscriber.add', subject: `subscriber:${id}`, details });
      return (await findSubscriber(tx, id))!;
    });
  }

  /**
   * A correction that says only what is known already changes nothing.
   *
   * @param seen the revision the correction was made for
   * @param reason kept in the history, and erased with it; numbers in it are masked
   * @throws subscriberNotFound, subscriberChangedMeanwhile, numberTaken, numberErased, areaNotFound
   */
  correct(actor: Actor, id: number, seen: number, correction: Correction, reason: string): Promise<SubscriberRow> {
    const wantedKey = correction.phone === undefined ? undefined : this.secrets.phoneDigest(correction.phone);
    return this.uniquely(wantedKey, async (tx) => {
      const kept = await findSubscriber(tx, id);
      if (!kept) throw subscriberNotFound({ id });
      if (kept.revision !== seen) throw subscriberChangedMeanwhile({ id });
      const change = applyCorrection(factsOf(kept), correction);
      if (!change) return kept;
      const { facts, before, after } = change;
      const phoneKey = this.secrets.phoneDigest(facts.phone);
      if ('phone' in after) await refuseErased(tx, phoneKey);
      if ('areaId' in after) await checkArea(tx, facts.areaId);
      const revision = await updateSubscriber(tx, id, seen, { ...facts, phoneKey });
      if (revision === undefined) throw subscriberChangedMeanwhile({ id });
      await appendHistory(tx, {
        ...{ subscriberId: id, actor: actor.id, act: 'corrected', revision, before, after },
        reason: maskPersonalData(reason),
      });
      const details = { fields: Object.keys(after), revision };
      await appendAudit(tx, { actor, act: 'subscriber.correct', subject: `subscriber:${id}`, details });
      return (await findSubscriber(tx, id))!;
    });
  }

  /** Of two who take the same number at once, the unique index lets one through; the other learns whose it is. */
  private async uniquely<T>(phoneKey: Buffer | undefined, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const locked = async (tx: Transaction): Promise<T> => {
      await shareRegister(tx);
      return work(tx);
    };
    return this.database.transaction(locked).catch(async (error: { constraint?: string }) => {
      if (!phoneKey || error.constraint !== NUMBER_UNIQUE) throw error;
      const id = await findIdByNumber(this.database, phoneKey);
      // Gone again since, which is no reason to fail.
      return id === undefined ? this.uniquely(phoneKey, work) : Promise.reject(numberTaken({ id }));
    });
  }
}

function factsOf({ phone, fullName, areaId, areaText, hamlet, language }: SubscriberRow) {
  return { phone, fullName, areaId, areaText, hamlet, language };
}

async function checkArea(queries: Queries, areaId: number | null): Promise<void> {
  if (areaId === null) return;
  const missing = await findMissingArea(queries, [areaId]);
  if (missing !== undefined) throw areaNotFound({ id: missing }, { field: 'areaId' });
}

/** The digest of an erased number stays among the opt-outs, with a source of its own. */
async function refuseErased(queries: Queries, phoneKey: Buffer): Promise<void> {
  const erased = await queries.row(`select from suppressions where phone_key = $1 and source = 'erasure'`, [phoneKey]);
  if (erased) throw numberErased();
}
