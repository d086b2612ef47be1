import { batchChanges, BatchChanges, batchFigures, BatchFigures } from '../delivery';
import { formatLocalTime } from '../platform/clock';
import type { Queries } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import type { AudienceCounts } from './audience';
import { allowedActs, CampaignAct, CampaignState } from './lifecycle';
import type { AreaValues, CampaignKind, Overrides, PauseReason, Route, Schedule } from './plan';
import { findRemarks, type Remark } from './remarks.read-model';
import { type LinkedCampaign, linkedTo } from './running/linked.read-model';

export interface DocumentFacts {
  readonly id: number;
  readonly number: string;
  readonly issuedOn: string;
  readonly signer: string;
  readonly sha256: string;
}

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
  readonly areaValues: readonly AreaValues[];
  readonly kind: CampaignKind;
  /** The campaign that is sent again or corrected. */
  readonly originId: number | null;
  readonly clonedFrom: number | null;
  readonly recurrenceId: number | null;
  readonly listIds: readonly number[];
  readonly exceptListIds: readonly number[];
  readonly areaIds: readonly number[];
  readonly gateway: string;
  readonly sender: string;
  /** Where else its texts may go when the first gateway fails, in order of preference. */
  readonly alternatives: readonly Route[];
  readonly accented: boolean;
  readonly startsAt: string;
  readonly deadline: string | null;
  readonly schedule: Schedule;
  readonly overrides: Overrides;
  /** The paper behind it, with the SHA-256 of its scan in hexadecimal. */
  readonly document: DocumentFacts | null;
  readonly pauseReason: PauseReason | null;
  readonly cancelledReason: string | null;
  readonly author: string;
  /** Answerable for it: its author, or whom it was handed over to. */
  readonly owner: string | null;
  readonly submittedBy: string | null;
  readonly approvedBy: string | null;
  /** In whose place the approver acted. */
  readonly approvedFor: string | null;
  readonly rejectedReason: string | null;
  readonly contentHash: string | null;
  readonly startedAt: string | null;
  readonly completedAt: string | null;
  /** How its audience came about: `members` minus all the rest is `recipients`. Null until it is submitted. */
  readonly audience: AudienceCounts | null;
  /** Of all segments at the dearest gateway they may go through, in Vietnamese đồng; null until it is submitted, or while nobody has entered the price of one of them. */
  readonly costVnd: number | null;
  /** Null until it is submitted. */
  readonly figures: BatchFigures | null;
}

/** One campaign by itself. */
export interface CampaignDetail extends CampaignView {
  /** What an approver must know of recipients whose texts lie ready. Null once it is being sent, and afterwards. */
  readonly changedSinceSubmission: BatchChanges | null;
  /** Every reason that was given, oldest first. */
  readonly remarks: readonly Remark[];
  /** Its resends and corrections. */
  readonly linked: readonly LinkedCampaign[];
}

/** What the database has as it is shown, but for these. */
type Derived = 'allowedActs' | 'figures' | 'costVnd' | 'startsAt' | 'deadline' | 'startedAt' | 'completedAt';

type Row = Omit<CampaignView, Derived> & {
  readonly batchId: number | null;
  readonly vndPerSegment: number | null;
  /** Who wrote, edited or submitted it. */
  readonly involved: readonly (number | null)[];
  readonly startsAt: Date;
  readonly deadline: Date | null;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
};

export interface CampaignFilter {
  readonly id?: number;
  readonly before?: number;
  readonly limit: number;
  readonly state?: CampaignState;
  readonly topic?: string;
  /** Whoever is answerable for it. */
  readonly ownerId?: number;
  /** Who looks: offered are the acts that are his to do. Everybody's when left out. */
  readonly viewer?: Actor;
}

/** Newest first; `before` is the id the page before ended with. */
export async function findCampaigns(queries: Queries, filter: CampaignFilter): Promise<CampaignView[]> {
  const rows = await queries.rows<Row>(
    `select c.id, c.name, c.state, c.revision, t.topic, t.code as "templateCode", v.id as "templateVersionId",
       v.title as "templateTitle", c.campaign_values as "values", c.area_values as "areaValues", c.kind,
       c.origin_id as "originId", c.cloned_from as "clonedFrom", c.recurrence_id as "recurrenceId", c.gateway, c.sender,
       c.alternatives, c.accented,
       array(select list_id from campaign_lists where campaign_id = c.id and not excluded order by 1) as "listIds",
       array(select list_id from campaign_lists where campaign_id = c.id and excluded order by 1) as "exceptListIds",
       array(select area_id from campaign_areas where campaign_id = c.id order by 1) as "areaIds",
       c.starts_at as "startsAt", c.deadline, c.schedule, c.overrides,
       case when d.id is not null then jsonb_build_object('id', d.id, 'number', d.number, 'issuedOn', d.issued_on,
         'signer', d.signer, 'sha256', encode(d.sha256, 'hex')) end as document,
       c.pause_reason as "pauseReason", c.cancelled_reason as "cancelledReason", c.author,
       'user:' || c.owner_person as owner, 'user:' || c.approved_for_person as "approvedFor", c.submitted_by as "submittedBy", c.approved_by as "approvedBy",
       c.rejected_reason as "rejectedReason", c.content_hash as "contentHash", c.started_at as "startedAt",
       c.completed_at as "completedAt", c.batch_id as "batchId",
       c.audience, c.vnd_per_segment as "vndPerSegment",
       array_append(c.editor_persons, c.submitted_person) as involved
     from campaigns c join template_versions v on v.id = c.template_version_id join templates t on t.id = v.template_id
     left join official_documents d on d.id = c.document_id
     where ($1::int is null or c.id = $1) and ($2::int is null or c.id < $2) and ($4::text is null or c.state = $4)
       and ($5::text is null or t.topic = $5) and ($6::int is null or c.owner_person = $6)
     order by c.id desc limit $3`,
    [
      filter.id ?? null,
      filter.before ?? null,
      filter.limit,
      filter.state ?? null,
      filter.topic ?? null,
      filter.ownerId ?? null,
    ],
  );
  const batches = rows.flatMap(({ batchId }) => (batchId === null ? [] : [batchId]));
  const figures = await batchFigures(queries, batches);
  return rows.map((row) => toView(row, row.batchId === null ? undefined : figures.get(row.batchId), filter.viewer));
}

function toView(row: Row, found: BatchFigures | undefined, viewer: Actor | undefined): CampaignView {
  const { batchId: _, vndPerSegment, involved, startsAt, deadline, startedAt, completedAt, ...shown } = row;
  return {
    ...shown,
    allowedActs: viewer ? actsOf(viewer, row.state, involved) : allowedActs(row.state),
    startsAt: formatLocalTime(startsAt),
    deadline: deadline && formatLocalTime(deadline),
    startedAt: startedAt && formatLocalTime(startedAt),
    completedAt: completedAt && formatLocalTime(completedAt),
    costVnd: found && vndPerSegment !== null ? found.segments * vndPerSegment : null,
    figures: found ?? null,
  };
}

const PERMISSION_OF: Partial<Record<CampaignAct, string>> = {
  edit: 'campaigns.write',
  submit: 'campaigns.write',
  approve: 'campaigns.approve',
  reject: 'campaigns.approve',
  pause: 'campaigns.run',
  resume: 'campaigns.run',
  cancel: 'campaigns.run',
};

/** What of a state's acts is this person's to do: nobody approves what he had a part in. */
function actsOf(viewer: Actor, state: CampaignState, involved: readonly (number | null)[]): CampaignAct[] {
  const isInvolved = [viewer.personId, ...viewer.standsInFor].some((person) => involved.includes(person));
  return allowedActs(state).filter(
    (act) => viewer.permissions.has(PERMISSION_OF[act] ?? '') && !(act === 'approve' && isInvolved),
  );
}

/** While somebody may still act on it: then what has changed since is counted, message by message. What is being sent changes by itself. */
const AWAITS_PEOPLE: ReadonlySet<CampaignState> = new Set(['submitted', 'scheduled', 'paused']);

export async function findCampaign(queries: Queries, id: number, viewer?: Actor): Promise<CampaignDetail | undefined> {
  const [campaign] = await findCampaigns(queries, { id, limit: 1, viewer });
  if (!campaign) return undefined;
  const batch = AWAITS_PEOPLE.has(campaign.state)
    ? await queries.row<{ id: number | null }>('select batch_id as id from campaigns where id = $1', [id])
    : undefined;
  const changedSinceSubmission = batch?.id ? await batchChanges(queries, batch.id) : null;
  const linked = (await linkedTo(queries, [id])).get(id) ?? [];
  return { ...campaign, changedSinceSubmission, remarks: await findRemarks(queries, id), linked };
}
