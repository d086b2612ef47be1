import type { Queries, Transaction } from '../platform/database/database';
import { campaignBusy } from './campaign-faults';
import { CampaignState } from './lifecycle';
import type { AreaValues, CampaignKind, MisfireRule, Overrides, PauseReason, Route, Schedule } from './plan';

/** What a person decides about a campaign: everything an approval binds, but for what the audience turns out to be. */
export interface CampaignDraft {
  readonly name: string;
  readonly templateVersionId: number;
  readonly values: Readonly<Record<string, string>>;
  readonly areaValues: readonly AreaValues[];
  readonly listIds: readonly number[];
  /** Whoever is on one of these is left out. */
  readonly exceptListIds: readonly number[];
  readonly areaIds: readonly number[];
  readonly gateway: string;
  readonly sender: string;
  /** Where else its texts may go, in order of preference. */
  readonly alternatives: readonly Route[];
  readonly accented: boolean;
  readonly startsAt: Date;
  readonly deadline: Date | null;
  readonly schedule: Schedule;
  readonly overrides: Overrides;
  readonly documentId: number | null;
}

/** A campaign as its own table has it. */
export interface Campaign extends Omit<CampaignDraft, 'listIds' | 'exceptListIds' | 'areaIds'> {
  readonly id: number;
  readonly kind: CampaignKind;
  readonly originId: number | null;
  readonly state: CampaignState;
  readonly pauseReason: PauseReason | null;
  readonly revision: number;
  readonly author: string;
  /** Answerable for it. */
  readonly ownerPerson: number | null;
  /** Everybody who wrote a part of it, the author first. */
  readonly editorPersons: readonly number[];
  readonly batchId: number | null;
  readonly contentHash: string | null;
  readonly submittedPerson: number | null;
  readonly approvedAt: Date | null;
  readonly startedAt: Date | null;
  readonly resumedAt: Date | null;
  readonly vndPerSegment: number | null;
}

const COLUMNS = `id, name, template_version_id as "templateVersionId", campaign_values as "values",
  area_values as "areaValues", gateway, sender, alternatives, accented, starts_at as "startsAt", deadline, schedule, overrides,
  document_id as "documentId", kind, origin_id as "originId", state, pause_reason as "pauseReason", revision, author,
  owner_person as "ownerPerson", editor_persons as "editorPersons", batch_id as "batchId", content_hash as "contentHash",
  submitted_person as "submittedPerson", approved_at as "approvedAt", started_at as "startedAt",
  resumed_at as "resumedAt", vnd_per_segment as "vndPerSegment"`;

const LONGEST_WAIT = '3s';
const LOCK_NOT_AVAILABLE = '55P03';
/** Any number; with a topic's hash one lock, held until the transaction ends. */
const TOPIC_LOCK = 7_402_212;

/**
 * Takes locks for a person who waits at a screen: not longer than some seconds, because whoever waits holds one of the few
 * connections.
 *
 * @throws campaignBusy
 */
async function notForLong<T>(tx: Transaction, lock: () => Promise<T>): Promise<T> {
  await tx.run(`select set_config('lock_timeout', $1, true)`, [LONGEST_WAIT]);
  const locked = await lock().catch((error: { code?: string }) => {
    throw error.code === LOCK_NOT_AVAILABLE ? campaignBusy({}, { retryAfterSeconds: 10 }) : error;
  });
  await tx.run(`select set_config('lock_timeout', '0', true)`);
  return locked;
}

/** As `lockCampaign`, for a person. @throws campaignBusy */
export function lockCampaignSoon(tx: Transaction, id: number): Promise<Campaign | undefined> {
  return notForLong(tx, () => lockCampaign(tx, id));
}

/** One submission on a topic at a time, so that each sees whom the others are for. @throws campaignBusy */
export async function lockTopic(tx: Transaction, topic: string): Promise<void> {
  await notForLong(tx, () => tx.run('select pg_advisory_xact_lock($1, hashtext($2))', [TOPIC_LOCK, topic]));
}

/** Reads and locks: whoever changes a campaign does so alone. */
export function lockCampaign(tx: Transaction, id: number): Promise<Campaign | undefined> {
  return tx.row<Campaign>(`select ${COLUMNS} from campaigns where id = $1 for update`, [id]);
}

export function readCampaign(queries: Queries, id: number): Promise<Campaign | undefined> {
  return queries.row<Campaign>(`select ${COLUMNS} from campaigns where id = $1`, [id]);
}

/** Where a draft comes from, when it was not written from nothing. */
export interface DraftOrigin {
  readonly kind?: CampaignKind;
  readonly originId?: number;
  readonly clonedFrom?: number;
  readonly recurrence?: { readonly id: number; readonly day: string };
  /** Whose words are in it already: they may not approve it either. */
  readonly editors?: readonly number[];
}

/** @param author `person` is answerable for it and may not approve it */
export async function insertDraft(
  tx: Transaction,
  draft: CampaignDraft,
  author: { id: string; person: number | null },
  { kind = 'notice', originId, clonedFrom, recurrence, editors = [] }: DraftOrigin = {},
): Promise<number> {
  const row = await tx.row<{ id: number }>(
    `insert into campaigns (name, template_version_id, campaign_values, area_values, gateway, sender, accented, starts_at,
       deadline, schedule, overrides, document_id, alternatives, state, author, owner_person, editor_persons, kind,
       origin_id, cloned_from, recurrence_id, recurrence_day)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'draft', $14, $15,
       array_remove($15::int || array_remove($21::int[], $15::int), null), $16, $17, $18, $19, $20)
     returning id`,
    [
      ...draftValues(draft),
      author.id,
      author.person,
      kind,
      originId ?? null,
      clonedFrom ?? null,
      recurrence?.id ?? null,
      recurrence?.day ?? null,
      editors,
    ],
  );
  await writeAudience(tx, row!.id, draft);
  return row!.id;
}

/** @param editor who is answerable for the change; he may not approve it afterwards */
export async function replaceDraft(
  tx: Transaction,
  id: number,
  draft: CampaignDraft,
  editor: number | null,
): Promise<void> {
  await tx.run(
    `update campaigns set name = $2, template_version_id = $3, campaign_values = $4, area_values = $5, gateway = $6,
       sender = $7, accented = $8, starts_at = $9, deadline = $10, schedule = $11, overrides = $12, document_id = $13,
       alternatives = $14,
       editor_persons = array_remove(array_remove(editor_persons, $15::int) || $15::int, null) where id = $1`,
    [id, ...draftValues(draft), editor],
  );
  await tx.run('delete from campaign_lists where campaign_id = $1', [id]);
  await tx.run('delete from campaign_areas where campaign_id = $1', [id]);
  await writeAudience(tx, id, draft);
}

function draftValues(draft: CampaignDraft): unknown[] {
  const { name, templateVersionId, values, areaValues, gateway, sender, accented, startsAt } = draft;
  const { deadline, schedule, overrides, documentId, alternatives } = draft;
  return [
    name,
    templateVersionId,
    JSON.stringify(values),
    JSON.stringify(areaValues),
    gateway,
    sender,
    accented,
    startsAt,
    deadline,
    JSON.stringify(schedule),
    JSON.stringify(overrides),
    documentId,
    JSON.stringify(alternatives),
  ];
}

async function writeAudience(
  tx: Transaction,
  id: number,
  { listIds, exceptListIds, areaIds }: CampaignDraft,
): Promise<void> {
  await tx.run(
    `insert into campaign_lists (campaign_id, list_id, excluded)
     select $1::int, unnest($2::int[]), false union all select $1::int, unnest($3::int[]), true`,
    [id, listIds, exceptListIds],
  );
  await tx.run('insert into campaign_areas (campaign_id, area_id) select $1, unnest($2::int[])', [id, areaIds]);
}

/** The part of a draft that has tables of its own. */
export type ChosenAudience = Pick<CampaignDraft, 'listIds' | 'exceptListIds' | 'areaIds'>;

export async function readAudience(queries: Queries, id: number): Promise<ChosenAudience> {
  const row = await queries.row<ChosenAudience>(
    `select
       array(select list_id from campaign_lists where campaign_id = $1 and not excluded order by list_id) as "listIds",
       array(select list_id from campaign_lists where campaign_id = $1 and excluded order by list_id) as "exceptListIds",
       array(select area_id from campaign_areas where campaign_id = $1 order by area_id) as "areaIds"`,
    [id],
  );
  return row!;
}

/** Columns that an act sets beside the state. The names are ours, never from input. */
export type CampaignMarks = Partial<{
  batch_id: number | null;
  content_hash: string | null;
  submitted_by: string | null;
  submitted_person: number | null;
  submitted_at: Date | null;
  /** AudienceCounts as JSON. */
  audience: string | null;
  vnd_per_segment: number | null;
  approved_by: string | null;
  approved_at: Date | null;
  approved_for_person: number | null;
  pause_reason: PauseReason | null;
  cancelled_reason: string | null;
  resumed_at: Date | null;
  rejected_reason: string | null;
  started_at: Date | null;
  completed_at: Date | null;
}>;

/** Moves a campaign by a guarded write and raises its revision. Returns false when its state was another one. */
export async function moveCampaign(
  tx: Transaction,
  id: number,
  move: { from: CampaignState; to: CampaignState },
  marks: CampaignMarks = {},
): Promise<boolean> {
  const columns = Object.keys(marks) as (keyof CampaignMarks)[];
  const sets = columns.map((column, index) => `, ${column} = $${index + 4}`).join('');
  const moved = await tx.run(
    `update campaigns set state = $3, revision = revision + 1${sets} where id = $1 and state = $2`,
    [id, move.from, move.to, ...columns.map((column) => marks[column])],
  );
  return moved === 1;
}

export interface DueCampaign {
  readonly id: number;
  /** From when on it could have started: its start, or later its approval or the last resume. */
  readonly dueAt: Date;
  readonly rule: MisfireRule;
}

/** Campaigns whose time has come; the index campaigns_state_start finds them. */
export function dueCampaigns(queries: Queries): Promise<DueCampaign[]> {
  return queries.rows<DueCampaign>(
    `select id, greatest(starts_at, approved_at, resumed_at) as "dueAt", coalesce(schedule ->> 'misfire', 'ask') as rule
     from campaigns where state = 'scheduled' and starts_at <= now() order by starts_at, id`,
  );
}

/** Campaigns that have not ended while delivery has finished their batch. */
export async function finishedCampaigns(queries: Queries): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    `select c.id from campaigns c join batches b on b.id = c.batch_id 
     where c.state in ('sending', 'paused') and b.state = 'finished'`,
  );
  return rows.map(({ id }) => id);
}
