import type { Transaction } from '../../platform/database/database';

/**
 * Makes somebody answerable for what another one has not ended. He counts as an editor from then on, and so does whoever
 * wrote before him: neither approves it. Returns the ids, in order.
 */
export async function moveOwner(
  tx: Transaction,
  from: number,
  to: number,
): Promise<{ campaigns: number[]; recurrences: number[] }> {
  const campaigns = await tx.rows<{ id: number }>(
    `with owned as materialized (
       select id from campaigns
       where owner_person = $1 and state not in ('completed', 'cancelled') order by id for update
     ), moved as (
       update campaigns c set owner_person = $2,
         editor_persons = case when $2 = any(editor_persons) then editor_persons else editor_persons || $2::int end
       from owned where c.id = owned.id returning c.id
     )
     select id from moved order by id`,
    [from, to],
  );
  const recurrences = await tx.rows<{ id: number }>(
    `with moved as (
       update recurrences set owner_person = $2 where owner_person = $1 and ended_at is null returning id
     )
     select id from moved order by id`,
    [from, to],
  );
  return { campaigns: campaigns.map(({ id }) => id), recurrences: recurrences.map(({ id }) => id) };
}
