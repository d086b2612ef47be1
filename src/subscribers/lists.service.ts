import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Clock, localDay } from '../platform/clock';
import { Database } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import { findLists, findListUse, type ListWithCount } from './lists.read-model';
import { lockListForDeletion } from './members.store';
import { listInUse, retentionOver } from './register-faults';
import { shareRegister } from './register-lock';
import { listNameTaken, listNotFound } from './subscriber-faults';
import { SubscriberList } from './subscriber-list.entity';

const UNIQUE_VIOLATION = '23505';

type ListFacts = Pick<SubscriberList, 'name' | 'purpose' | 'legalBasis'> &
  Partial<Pick<SubscriberList, 'source' | 'retainUntil'>>;

@Injectable()
export class ListsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws listNameTaken, retentionOver */
  async create(actor: Actor, facts: ListFacts): Promise<ListWithCount> {
    this.checkRetention(facts.retainUntil);
    return this.database.transaction(async (tx) => {
      const lists = tx.repository(SubscriberList);
      const { source = '', retainUntil = null } = facts;
      const list = await lists.save(lists.create({ ...facts, source, retainUntil })).catch(nameTaken);
      await appendAudit(tx, { actor, act: 'list.create', subject: `list:${list.id}` });
      return { ...list, subscribers: 0, optedOut: 0 };
    });
  }

  /** Fields left out stay as they are. @throws listNotFound, listNameTaken, retentionOver */
  async edit(actor: Actor, id: number, facts: Partial<ListFacts>): Promise<ListWithCount> {
    this.checkRetention(facts.retainUntil);
    const { name, purpose, legalBasis, source, retainUntil } = facts;
    const said = Object.entries({ name, purpose, legalBasis, source, retainUntil }).filter(([, v]) => v !== undefined);
    await this.database.transaction(async (tx) => {
      if (said.length === 0) return;
      const changed = await tx.repository(SubscriberList).update(id, Object.fromEntries(said)).catch(nameTaken);
      if (changed.affected === 0) throw listNotFound({ id });
      const fields = said.map(([field]) => field);
      await appendAudit(tx, { actor, act: 'list.edit', subject: `list:${id}`, details: { fields } });
    });
    return this.one(id);
  }

  /** Only an empty list that was never used: the others are part of what proves who was texted and why. */
  async remove(actor: Actor, id: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      await shareRegister(tx);
      if (!(await lockListForDeletion(tx, id))) throw listNotFound({ id });
      const use = await findListUse(tx, id);
      if (Object.values(use).some((count) => count > 0)) throw listInUse({ id, ...use });
      await tx.repository(SubscriberList).delete(id);
      await appendAudit(tx, { actor, act: 'list.delete', subject: `list:${id}` });
    });
  }

  all(): Promise<ListWithCount[]> {
    return findLists(this.database);
  }

  /** @throws listNotFound */
  async one(id: number): Promise<ListWithCount> {
    const [list] = await findLists(this.database, id);
    if (!list) throw listNotFound({ id });
    return list;
  }

  private checkRetention(retainUntil: string | null | undefined): void {
    const today = localDay(this.clock.now());
    if (retainUntil && retainUntil <= today) throw retentionOver({ today });
  }
}

function nameTaken(error: { driverError?: { code?: string } }): never {
  throw error.driverError?.code === UNIQUE_VIOLATION ? listNameTaken() : error;
}
