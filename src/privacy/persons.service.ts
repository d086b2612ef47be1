import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { countInFlight, eraseMessages, MessageReference } from '../delivery';
import { Database, Queries, Transaction } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import { Secrets } from '../platform/secrets';
import {
  digitTraces,
  ErasedFromRegister,
  eraseFromRegister,
  formerPhones,
  mentionsNumber,
  readPhone,
  searchKey,
} from '../subscribers';
import { Person, PersonRecord, readPerson } from './person.read-model';
import type { ErasureReason } from './persons.dto';
import { basisNamesPerson, requestNotFound, subscriberNotFound, whichPerson } from './privacy-faults';
import { eraseRequests, requestExists } from './requests.store';

/** A number in any spelling, or the id of a subscriber: one of them. */
export interface WhichPerson {
  readonly phone?: string;
  readonly subscriberId?: number;
}

export interface ErasureOrder extends WhichPerson {
  readonly reason: ErasureReason;
  readonly legalBasis?: string;
  readonly requestId?: number;
}

export interface Erasure {
  /** False: nothing was known of this number. It is suppressed all the same. */
  readonly isKnown: boolean;
  /** The number had been erased before. */
  readonly wasErasedBefore: boolean;
  readonly erased: ErasedFromRegister['counts'] & { readonly messages: number; readonly requests: number };
  /** Texts that were handed to the gateway before: they may still arrive. */
  readonly inFlight: number;
}

/** By which law, unless the order names another. */
const LAW = 'Điều 14 Luật 91/2025/QH15';

/** Finds, shows and erases what is known of one person (Law 91/2025/QH15). */
@Injectable()
export class PersonsService {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
  ) {}

  /** Everything known of a person, put on record. @throws whichPerson, subscriberNotFound, the faults of a number */
  async export(actor: Actor, which: WhichPerson): Promise<PersonRecord> {
    return this.database.transaction(async (tx) => {
      const person = await this.find(tx, which);
      const record = await readPerson(tx, person);
      const { messages, importRows, requests } = record;
      const details = { messages: messages.length, importRows: importRows.length, requests: requests.length };
      await appendAudit(tx, { actor, act: 'person.export', subject: subjectOf(person), details });
      return record;
    }, 'REPEATABLE READ');
  }

  /**
   * Erases a person everywhere, in one transaction, and suppresses his number. Figures, approvals and the audit log stay:
   * they know him by the keyed digest of the number alone.
   *
   * @throws whichPerson, subscriberNotFound, requestNotFound, basisNamesPerson, the faults of a number
   */
  async erase(actor: Actor, order: ErasureOrder): Promise<Erasure> {
    const { messages, ...erasure } = await this.database.transaction((tx) => this.eraseIn(tx, actor, order));
    return { ...erasure, inFlight: await countInFlight(this.database, messages) };
  }

  private async eraseIn(
    tx: Transaction,
    actor: Actor,
    { reason, legalBasis, requestId, ...which }: ErasureOrder,
  ): Promise<Omit<Erasure, 'inFlight'> & { messages: MessageReference[] }> {
    if (requestId !== undefined && !(await requestExists(tx, requestId))) throw requestNotFound({ id: requestId });
    const person = await this.find(tx, which);
    if (legalBasis !== undefined) await refuseNaming(tx, person, legalBasis);
    const basis = { reason: `Xóa dữ liệu cá nhân (${legalBasis ?? LAW})`, recordedBy: actor.id };
    const register = await eraseFromRegister(tx, this.secrets, person, basis);
    const { subscriberId, formerKeys, wasErased, counts } = register;
    const messages = await eraseMessages(tx, { phoneKey: person.phoneKey, subscriberId, formerKeys });
    const requests = await eraseRequests(tx, person.phone, requestId);
    const erased = { ...counts, messages: messages.length, requests };
    const { uploadedFiles: _, ...his } = erased;
    const isKnown = Object.values(his).some((count) => count > 0);
    await appendAudit(tx, {
      actor,
      act: 'person.erase',
      subject: subjectOf(person),
      details: { reason, requestId: requestId ?? null, isKnown, ...erased },
    });
    return { isKnown, wasErasedBefore: wasErased, erased, messages };
  }

  private async find(queries: Queries, { phone, subscriberId }: WhichPerson): Promise<Person> {
    if ((phone === undefined) === (subscriberId === undefined)) throw whichPerson();
    const number = phone === undefined ? await phoneOf(queries, subscriberId!) : readPhone(phone);
    const phoneKey = this.secrets.phoneDigest(number);
    const known = await queries.row<{ id: number }>('select id from subscribers where phone_key = $1', [phoneKey]);
    const former = known ? await formerPhones(queries, known.id) : [];
    const formerKeys = former.map((each) => this.secrets.phoneDigest(each));
    return { phone: number, phoneKey, subscriberId: known?.id ?? null, formerKeys };
  }
}

async function phoneOf(queries: Queries, subscriberId: number): Promise<string> {
  const found = await queries.row<{ phone: string }>('select phone from subscribers where id = $1', [subscriberId]);
  if (!found) throw subscriberNotFound({ id: subscriberId });
  return found.phone;
}

async function refuseNaming(tx: Transaction, { phone, subscriberId }: Person, legalBasis: string): Promise<void> {
  const found = await tx.row<{ name: string | null }>('select full_name as name from subscribers where id = $1', [
    subscriberId,
  ]);
  const name = searchKey(found?.name ?? '');
  const isNamed = name !== '' && ` ${searchKey(legalBasis)} `.includes(` ${name} `);
  if (isNamed || mentionsNumber(legalBasis, digitTraces(phone))) throw basisNamesPerson();
}

/** The digest, not the number: the audit log holds no personal data and cannot forget. */
function subjectOf({ phoneKey }: Person): string {
  return `person:${phoneKey.toString('hex')}`;
}
