import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Database } from '../platform/database/database';
import type { FaultFactory } from '../platform/errors';
import type { Actor } from '../platform/http/actor';
import { legalFieldCodeTaken, noSuchLegalField, noSuchTopic, topicCodeTaken } from './template-faults';
import { findAll, insert, LegalField, Topic, TopicChanges, update } from './topics.store';

/** What the acts on the audit log are named after, and what can go wrong. */
interface Kind {
  readonly table: 'topics' | 'legal_fields';
  readonly name: 'topic' | 'legal-field';
  readonly codeTaken: FaultFactory;
  readonly notFound: FaultFactory;
}
const TOPIC: Kind = { table: 'topics', name: 'topic', codeTaken: topicCodeTaken, notFound: noSuchTopic };
const LEGAL_FIELD: Kind = {
  table: 'legal_fields',
  name: 'legal-field',
  codeTaken: legalFieldCodeTaken,
  notFound: noSuchLegalField,
};

type NewOne = { readonly code: string; readonly nameVi: string; readonly nameEn: string };

/** Topics and legal fields are the office's own: it adds, renames and archives them, and deletes none. */
@Injectable()
export class TopicsService {
  constructor(private readonly database: Database) {}

  topics(): Promise<Topic[]> {
    return findAll(this.database, 'topics');
  }

  legalFields(): Promise<LegalField[]> {
    return findAll(this.database, 'legal_fields');
  }

  /** @throws topicCodeTaken */
  addTopic(actor: Actor, facts: NewOne & { readonly fatigueDays?: number }): Promise<Topic> {
    return this.add<Topic>(actor, TOPIC, facts);
  }

  /** @throws legalFieldCodeTaken */
  addLegalField(actor: Actor, facts: NewOne): Promise<LegalField> {
    return this.add<LegalField>(actor, LEGAL_FIELD, facts);
  }

  /** @throws noSuchTopic */
  editTopic(actor: Actor, code: string, changes: TopicChanges): Promise<Topic> {
    return this.edit<Topic>(actor, TOPIC, code, changes);
  }

  /** @throws noSuchLegalField */
  editLegalField(actor: Actor, code: string, changes: Omit<TopicChanges, 'fatigueDays'>): Promise<LegalField> {
    return this.edit<LegalField>(actor, LEGAL_FIELD, code, changes);
  }

  private add<T extends LegalField>(actor: Actor, kind: Kind, facts: NewOne): Promise<T> {
    const { code } = facts;
    return this.database.transaction(async (tx) => {
      const added = await insert<T>(tx, kind.table, { ...facts, ...tidied(facts) });
      if (!added) throw kind.codeTaken({ code });
      await appendAudit(tx, { actor, act: `${kind.name}.create`, subject: `${kind.name}:${code}` });
      return added;
    });
  }

  private edit<T extends LegalField>(actor: Actor, kind: Kind, code: string, changes: TopicChanges): Promise<T> {
    return this.database.transaction(async (tx) => {
      const edited = await update<T>(tx, kind.table, code, { ...changes, ...tidied(changes) });
      if (!edited) throw kind.notFound({ code });
      const { fatigueDays, archived } = changes;
      const details = {
        fields: Object.keys(changes).sort(),
        ...(fatigueDays !== undefined && { fatigueDays }),
        ...(archived !== undefined && { archived }),
      };
      await appendAudit(tx, { actor, act: `${kind.name}.edit`, subject: `${kind.name}:${code}`, details });
      return edited;
    });
  }
}

/** Names as they are kept. */
function tidied<T extends { nameVi?: string; nameEn?: string }>({ nameVi, nameEn }: T): Pick<T, 'nameVi' | 'nameEn'> {
  const names = { ...(nameVi !== undefined && { nameVi }), ...(nameEn !== undefined && { nameEn }) };
  const entries = Object.entries(names).map(([key, name]) => [key, name.normalize('NFC').trim()]);
  return Object.fromEntries(entries) as Pick<T, 'nameVi' | 'nameEn'>;
}
