import type { Transaction } from '../platform/database/database';
import { filterCondition, type SubscriberFilter } from './selection';

/**
 * Keeps these lists from being deleted until the transaction ends; in the order of their ids, so that two who lock the
 * same ones wait for each other. Returns those that exist.
 */
export async function holdLists(tx: Transaction, ids: readonly number[]): Promise<number[]> {
  const rows = await tx.rows<{ id: number }>(
    'select id from subscriber_lists where id = any($1) order by id for key share',
    [ids],
  );
  return rows.map(({ id }) => id);
}

/** Alone at the members of a list: two large changes of the same list lock its rows in different orders. */
export async function lockList(tx: Transaction, id: number): Promise<boolean> {
  const row = await tx.row('select id from subscriber_lists where id = $1 for no key update', [id]);
  return row !== undefined;
}

/** Alone at a list about to be deleted: nobody can put members, campaigns or imports on it meanwhile. */
export async function lockListForDeletion(tx: Transaction, id: number): Promise<boolean> {
  const row = await tx.row('select id from subscriber_lists where id = $1 for update', [id]);
  return row !== undefined;
}

export async function putOnLists(tx: Transaction, subscriberId: number, listIds: readonly number[]): Promise<void> {
  await tx.run('insert into list_members (list_id, subscriber_id) select id, $1 from unnest($2::int[]) id', [
    subscriberId,
    listIds,
  ]);
}

export interface JoinCounts {
  readonly added: number;
  readonly alreadyThere: number;
}

/** All who are meant, in one statement and so as they are at one instant. 1,000,000 take some seconds. */
export async function addSelected(tx: Transaction, listId: number, filter: SubscriberFilter): Promise<JoinCounts> {
  const values: unknown[] = [listId];
  const row = await tx.row<JoinCounts>(
    `with chosen as materialized (select s.id from subscribers s where ${filterCondition(filter, values)}),
     joined as (
       insert into list_members (list_id, subscriber_id) select $1, id from chosen order by id
       on conflict do nothing returning 1
     )
     select (select count(*) from joined) as added,
       (select count(*) from chosen) - (select count(*) from joined) as "alreadyThere"`,
    values,
  );
  return row!;
}

/** Takes all who are meant off the list. Returns how many were on it. */
export async function removeSelected(tx: Transaction, listId: number, filter: SubscriberFilter): Promise<number> {
  const values: unknown[] = [listId];
  return tx.run(
    `delete from list_members gone using subscribers s
     where gone.list_id = $1 and gone.subscriber_id = s.id and ${filterCondition(filter, values)}`,
    values,
  );
}
