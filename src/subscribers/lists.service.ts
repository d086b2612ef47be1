import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Database } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import { listNameTaken, listNotFound } from './subscriber-faults';
import { SubscriberList } from './subscriber-list.entity';

const UNIQUE_VIOLATION = '23505';

export interface ListWithCount {
  readonly id: number;
  readonly name: string;
  readonly purpose: string;
  readonly legalBasis: string;
  readonly createdAt: Date;
  readonly subscribers: number;
}

@Injectable()
export class ListsService {
  constructor(private readonly database: Database) {}

  /** @throws listNameTaken */
  async create(actor: Actor, facts: Pick<SubscriberList, 'name' | 'purpose' | 'legalBasis'>): Promise<ListWithCount> {
    return this.database.transaction(async (tx) => {
      const lists = tx.repository(SubscriberList);
      const list = await lists.save(lists.create(facts)).catch((error: { driverError?: { code?: string } }) => {
        throw error.driverError?.code === UNIQUE_VIOLATION ? listNameTaken() : error;
      });
      await appendAudit(tx, { actor, act: 'list.create', subject: `list:${list.id}` });
      return { ...list, subscribers: 0 };
    });
  }

  all(): Promise<ListWithCount[]> {
    return this.select('true', []);
  }

  /** @throws listNotFound */
  async one(id: number): Promise<ListWithCount> {
    const [list] = await this.select('l.id = $1', [id]);
    if (!list) throw listNotFound({ id });
    return list;
  }

  private select(condition: string, values: readonly unknown[]): Promise<ListWithCount[]> {
    return this.database.rows<ListWithCount>(
      `select l.id, l.name, l.purpose, l.legal_basis as "legalBasis", l.created_at as "createdAt",
         (select count(*) from list_members m where m.list_id = l.id) as subscribers
       from subscriber_lists l where ${condition} order by l.id`,
      values,
    );
  }
}
