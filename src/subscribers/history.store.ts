import type { Transaction } from '../platform/database/database';
import type { SubscriberFacts } from './correction';

export interface HistoryEntry {
  readonly subscriberId: number;
  readonly actor: string;
  readonly act: 'added' | 'corrected';
  /** The record's revision after the change. */
  readonly revision: number;
  /** Null of a new record. */
  readonly before: Partial<SubscriberFacts> | null;
  readonly after: Partial<SubscriberFacts>;
  /** Why, in a person's words. */
  readonly reason?: string;
}

/** Puts a person's change into the subscriber's history, in the transaction of the change. */
export async function appendHistory(tx: Transaction, entry: HistoryEntry): Promise<void> {
  await tx.run(
    `insert into subscriber_history (subscriber_id, actor, act, revision, before, after, reason)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      entry.subscriberId,
      entry.actor,
      entry.act,
      entry.revision,
      entry.before === null ? null : JSON.stringify(entry.before),
      JSON.stringify(entry.after),
      entry.reason ?? null,
    ],
  );
}
