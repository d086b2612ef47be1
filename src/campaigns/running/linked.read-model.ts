import type { Queries, Transaction } from '../../platform/database/database';
import type { CampaignState } from '../lifecycle';
import type { CampaignKind } from '../plan';

/** A campaign that sends another one again, or corrects it. */
export interface LinkedCampaign {
  readonly id: number;
  readonly kind: Exclude<CampaignKind, 'notice'>;
  readonly state: CampaignState;
}

/** What was made of each of these campaigns, oldest first, by the index campaigns_origin; no entry for those without. */
export async function linkedTo(
  queries: Queries,
  campaignIds: readonly number[],
): Promise<Map<number, LinkedCampaign[]>> {
  const rows = await queries.rows<LinkedCampaign & { originId: number }>(
    `select id, kind, state, origin_id as "originId" from campaigns where origin_id = any($1::int[]) order by id`,
    [campaignIds],
  );
  const linked = new Map<number, LinkedCampaign[]>();
  for (const { originId, ...campaign } of rows) {
    const others = linked.get(originId);
    if (others) others.push(campaign);
    else linked.set(originId, [campaign]);
  }
  return linked;
}

/**
 * SQL, begins a statement: `family` has the ids of the campaign whose failed texts $1 sends again, directly or as the resend
 * of a resend ($1 itself unless it is a resend), and of all resends that come of it. Whoever failed in one may be in several.
 */
const FAMILY = `
  with recursive up as (
    select id, origin_id, kind from campaigns where id = $1
    union all
    select o.id, o.origin_id, o.kind from up join campaigns o on o.id = up.origin_id where up.kind = 'resend'
  ), family as (
    select id from up where kind <> 'resend'
    union all
    select c.id from family f join campaigns c on c.origin_id = f.id and c.kind = 'resend'
  )`;

/**
 * The first resend that leaves no room for one more of this campaign: its own that was not cancelled, for it is on its way or
 * went out, or any of the family that has not ended, for nobody knows yet whom that one reaches. Of a family one is made at
 * a time.
 */
export async function livingResend(tx: Transaction, originId: number): Promise<number | undefined> {
  await tx.row(
    `${FAMILY} select c.id from campaigns c where c.id in (select id from family) and c.kind <> 'resend' for update`,
    [originId],
  );
  const row = await tx.row<{ id: number }>(
    `${FAMILY}
     select min(id) as id from campaigns
     where kind = 'resend' and id in (select id from family)
       and case when origin_id = $1 then state <> 'cancelled' else state not in ('completed', 'cancelled') end
     having min(id) > 0`,
    [originId],
  );
  return row?.id;
}

/** Batches of the resends of a resend's family that have begun, without its own and its origin's: whom they reached has the text. */
export async function resentBatches(
  queries: Queries,
  { id, originId }: { id: number; originId: number },
): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    `${FAMILY}
     select batch_id as id from campaigns
     where kind = 'resend' and id in (select id from family) and id not in ($1, $2)
       and batch_id is not null and started_at is not null`,
    [id, originId],
  );
  return rows.map(({ id: batchId }) => batchId);
}
