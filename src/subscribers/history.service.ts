import { Injectable } from '@nestjs/common';
import { appendAudit } from '../audit';
import { Database } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import { type Page, toPage } from '../platform/http/paging';
import { maskPersonalData } from '../platform/observability/mask';
import { areaIdsIn, type FieldChange, fieldChanges } from './history-changes';
import { findAreaNames, findBeginning, findHistory, type HistoryRow } from './history.read-model';
import { subscriberNotFound } from './register-faults';

export type ShownChange = Omit<HistoryRow, 'before' | 'after'> & { readonly changes: readonly FieldChange[] };

/** Who changed what of one subscriber, when, and from which file. */
@Injectable()
export class SubscriberHistory {
  constructor(private readonly database: Database) {}

  /** Oldest first; the first page begins with how the subscriber came in. @throws subscriberNotFound */
  async page(actor: Actor, subscriberId: number, after: number, limit: number): Promise<Page<ShownChange>> {
    return this.database.transaction(async (tx) => {
      const known = await tx.row('select from subscribers where id = $1', [subscriberId]);
      if (!known) throw subscriberNotFound({ id: subscriberId });
      const beginning = after === 0 ? await findBeginning(tx, subscriberId) : undefined;
      const changes = await findHistory(tx, subscriberId, { after, limit: limit + 1 });
      const page = toPage(changes, limit, ({ id }) => id!);
      const rows = beginning ? [beginning, ...page.items] : page.items;
      const names = await findAreaNames(tx, areaIdsIn(rows.flatMap(({ before, after: made }) => [before, made])));
      const showPhones = actor.permissions.has('phones.read');
      const items = rows.map(({ before, after: made, ...row }) => ({
        ...row,
        // Offices name files after people, too.
        import: row.import && {
          ...row.import,
          fileName: showPhones ? row.import.fileName : maskPersonalData(row.import.fileName),
        },
        changes: fieldChanges(before, made, names, showPhones),
      }));
      if (showPhones && items.some(({ changes }) => changes.some(({ field }) => field === 'phone'))) {
        const subject = `subscriber:${subscriberId}`;
        await appendAudit(tx, { actor, act: 'subscriber.view-phones', subject, details: { count: 1 } });
      }
      return { ...page, items };
    });
  }
}
