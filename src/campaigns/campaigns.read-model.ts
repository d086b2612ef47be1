import { batchChanges, BatchChanges, batchFigures, BatchFigures } from '../delivery';
import { formatLocalTime } from '../platform/clock';
import type { Queries } from '../platform/database/database';
import { allowedActs, CampaignAct, CampaignState } from './lifecycle';

/** A campaign as people see it. Times are Vietnam time. */
export interface CampaignView {
  readonly id: number;
  readonly name: string;
  readonly state: CampaignState;
  readonly allowedActs: readonly CampaignAct[];
  readonly revision: number;
  readonly topic: string;
  readonly templateCode: string;
  readonly templateVersionId: number;
  readonly templateTitle: string;
  readonly values: Readonly<Record<string, string>>;
  readonly listIds: readonly number[];
  readonly areaIds: readonly number[];
  readonly gateway: string;
  readonly sender: string;
  readonly accented: boolean;
  readonly startsAt: string;
  readonly author: string;
  readonly submittedBy: string | null;
  readonly approvedBy: string | null;
  readonly rejectedReason: string | null;
  readonly contentHash: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  /** In the lists and areas, and left out at submission. Null until it is submitted. */
  readonly leftOut: { readonly optedOut: number; readonly unreachable: number } | null;
  /** Null until it is submitted. */
  readonly figures: BatchFigures | null;
}

/** One campaign by itself. */
export interface CampaignDetail extends CampaignView {
  /** What an approver must know of recipients whose texts lie ready. Null while no text is to be sent. */
  readonly changedSinceSubmission: BatchChanges | null;
}

type Row = Omit<CampaignView, 'allowedActs' | 'leftOut' | 'figures' | 'startsAt' | 'startedAt' | 'completedAt'> & {
  readonly batchId: number | null;
  readonly optedOut: number | null;
  readonly unreachable: number | null;
  readonly startsAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
};

/** Newest first; `before` is the id the page before ended with. */
export async function findCampaigns(
  queries: Queries,
  filter: { id?: number; before?: number; limit: number },
): Promise<CampaignView[]> {
  const rows = await queries.rows<Row>(
    `select c.id, c.name, c.state, c.revision, t.topic, t.code as "templateCode", v.id as "templateVersionId",
       v.title as "templateTitle", c.campaign_values as "values", c.gateway, c.sender, c.accented,
       array(select list_id from campaign_lists where campaign_id = c.id order by 1) as "listIds",
       array(select area_id from campaign_areas where campaign_id = c.id order by 1) as "areaIds",
       c.starts_at as "startsAt", c.author, c.submitted_by as "submittedBy", c.approved_by as "approvedBy",
       c.rejected_reason as "rejectedReason", c.content_hash as "contentHash", c.started_at as "startedAt",
       c.completed_at as "completedAt", c.batch_id as "batchId",
       c.left_out_opted_out as "optedOut", c.left_out_unreachable as unreachable
     from campaigns c join template_versions v on v.id = c.template_version_id join templates t on t.id = v.template_id
     where ($1::int is null or c.id = $1) and ($2::int is null or c.id < $2)
     order by c.id desc limit $3`,
    [filter.id ?? null, filter.before ?? null, filter.limit],
  );
  const batches = rows.flatMap(({ batchId }) => (batchId === null ? [] : [batchId]));
  const figures = await batchFigures(queries, batches);
  return rows.map(({ batchId, optedOut, unreachable, startsAt, startedAt, completedAt, ...row }) => ({
    ...row,
    allowedActs: allowedActs(row.state),
    startsAt: formatLocalTime(startsAt),
    startedAt: startedAt && formatLocalTime(startedAt),
    completedAt: completedAt && formatLocalTime(completedAt),
    leftOut: optedOut === null || unreachable === null ? null : { optedOut, unreachable },
    figures: batchId === null ? null : (figures.get(batchId) ?? null),
  }));
}

const AWAITS_TEXTS: ReadonlySet<CampaignState> = new Set(['submitted', 'scheduled', 'sending', 'paused']);

export async function findCampaign(queries: Queries, id: number): Promise<CampaignDetail | undefined> {
  const [campaign] = await findCampaigns(queries, { id, limit: 1 });
  if (!campaign) return undefined;
  const batch = AWAITS_TEXTS.has(campaign.state)
    ? await queries.row<{ id: number | null }>('select batch_id as id from campaigns where id = $1', [id])
    : undefined;
  return { ...campaign, changedSinceSubmission: batch?.id ? await batchChanges(queries, batch.id) : null };
}
