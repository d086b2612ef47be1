import type { Queries, Transaction } from '../platform/database/database';
import { CampaignState } from './lifecycle';

/** A campaign as its own table has it. */
export interface Campaign {
  readonly id: number;
  readonly name: string;
  readonly templateVersionId: number;
  readonly values: Readonly<Record<string, string>>;
  readonly gateway: string;
  readonly sender: string;
  readonly accented: boolean;
  readonly startsAt: Date;
  readonly state: CampaignState;
  readonly revision: number;
  readonly author: string;
  /** Everybody who wrote a part of it, the author first. */
  readonly editorPersons: readonly number[];
  readonly batchId: number | null;
  readonly contentHash: string | null;
  readonly submittedPerson: number | null;
  readonly startedAt: Date | null;
}

/** What a draft consists of. */
export interface CampaignDraft {
  readonly name: string;
  readonly templateVersionId: number;
  readonly values: Readonly<Record<string, string>>;
  readonly listIds: readonly number[];
  readonly areaIds: readonly number[];
  readonly gateway: string;
  readonly sender: string;
  readonly accented: boolean;
  readonly startsAt: Date;
}

const COLUMNS = `id, name, template_version_id as "templateVersionId", campaign_values as "values", gateway, sender, accented,
  starts_at as "startsAt", state, revision, author, editor_persons as "editorPersons", batch_id as "batchId",
  content_hash as "contentHash", submitted_person as "submittedPerson", started_at as "startedAt"`;

/** Reads and locks: whoever changes a campaign does so alone. */
export function lockCampaign(tx: Transaction, id: number): Promise<Campaign | undefined> {
  return tx.row<Campaign>(`select ${COLUMNS} from campaigns where id = $1 for update`, [id]);
}

export async function insertDraft(
  tx: Transaction,
  draft: CampaignDraft,
  author: { id: string; person: number | null },
): Promise<number> {
  const row = await tx.row<{ id: number }>(
    `insert into campaigns (name, template_version_id, campaign_values, gateway, sender, accented, starts_at, state,
       author, editor_persons)
     values ($1, $2, $3, $4, $5, $6, $7, 'draft', $8, array_remove(array[$9::int], null)) returning id`,
    [...draftValues(draft), author.id, author.person],
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
    `update campaigns set name = $2, template_version_id = $3, campaign_values = $4, gateway = $5, sender = $6,
       accented = $7, starts_at = $8,
       editor_persons = array_remove(array_remove(editor_persons, $9::int) || $9::int, null) where id = $1`,
    [id, ...draftValues(draft), editor],
  );
  await tx.run('delete from campaign_lists where campaign_id = $1', [id]);
  await tx.run('delete from campaign_areas where campaign_id = $1', [id]);
  await writeAudience(tx, id, draft);
}

function draftValues(draft: CampaignDraft): unknown[] {
  const { name, templateVersionId, values, gateway, sender, accented, startsAt } = draft;
  return [name, templateVersionId, JSON.stringify(values), gateway, sender, accented, startsAt];
}

async function writeAudience(tx: Transaction, id: number, { listIds, areaIds }: CampaignDraft): Promise<void> {
  await tx.run('insert into campaign_lists (campaign_id, list_id) select $1, unnest($2::int[])', [id, listIds]);
  await tx.run('insert into campaign_areas (campaign_id, area_id) select $1, unnest($2::int[])', [id, areaIds]);
}

export async function readAudience(queries: Queries, id: number): Promise<{ listIds: number[]; areaIds: number[] }> {
  const row = await queries.row<{ listIds: number[]; areaIds: number[] }>(
    `select array(select list_id from campaign_lists where campaign_id = $1 order by list_id) as "listIds",
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
  left_out_opted_out: number | null;
  left_out_unreachable: number | null;
  approved_by: string | null;
  approved_at: Date | null;
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

/** Campaigns whose time has come; the index campaigns_state_start finds them. */
export async function dueCampaigns(queries: Queries): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    `select id from campaigns where state = 'scheduled' and starts_at <= now() order by starts_at, id`,
  );
  return rows.map(({ id }) => id);
}

/** Campaigns that are sending while delivery has finished their batch. */
export async function finishedCampaigns(queries: Queries): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    `select c.id from campaigns c join batches b on b.id = c.batch_id where c.state = 'sending' and b.state = 'finished'`,
  );
  return rows.map(({ id }) => id);
}
