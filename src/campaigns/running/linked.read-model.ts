import type { Queries } from '../../platform/database/database';
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

/** The first resend of a campaign that was not cancelled: it is on its way, or went out. */
export async function livingResend(queries: Queries, originId: number): Promise<number | undefined> {
  const row = await queries.row<{ id: number }>(
    `select min(id) as id from campaigns where origin_id = $1 and kind = 'resend' and state <> 'cancelled' having min(id) > 0`,
    [originId],
  );
  return row?.id;
}
