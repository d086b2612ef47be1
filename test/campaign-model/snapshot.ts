import type { Database, Transaction } from '../../src/platform/database/database';
import type { State } from './reference-table';

export interface OnRecord {
  readonly act: string;
  readonly actor: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** A campaign as the tables have it, read past the service. */
export interface Row {
  readonly id: number;
  readonly kind: 'notice' | 'resend' | 'correction';
  readonly originId: number | null;
  readonly state: string;
  readonly pauseReason: string | null;
  readonly revision: number;
  readonly startsAt: Date;
  readonly deadline: Date | null;
  readonly startedAt: Date | null;
  readonly submittedAt: Date | null;
  readonly schedule: {
    readonly window: { readonly from: string };
    readonly spreadMinutes: number | null;
    readonly firstWave: object | null;
    readonly halt: object | null;
  };
  readonly overrides: { readonly urgent?: string; readonly window?: string; readonly fatigueCap?: string };
  readonly documentId: number | null;
  readonly values: Readonly<Record<string, string>>;
  readonly accented: boolean;
  readonly sender: string;
  readonly batchId: number | null;
  readonly batchState: string | null;
  readonly batchSize: number | null;
  readonly contentHash: string | null;
  readonly approvedBy: string | null;
  readonly audience: Readonly<Record<string, number>> | null;
  readonly listIds: readonly number[];
  readonly exceptListIds: readonly number[];
  readonly areaIds: readonly number[];
  /** Its whole history, oldest first. */
  readonly record: readonly OnRecord[];
}

const CAMPAIGNS = `
  select c.id, c.kind, c.origin_id as "originId", c.state, c.pause_reason as "pauseReason", c.revision,
    c.starts_at as "startsAt", c.deadline, c.started_at as "startedAt", c.submitted_at as "submittedAt", c.schedule,
    c.overrides, c.document_id as "documentId", c.campaign_values as "values", c.accented, c.sender,
    c.batch_id as "batchId", b.state as "batchState", b.size as "batchSize", c.content_hash as "contentHash",
    c.approved_by as "approvedBy", c.audience,
    array(select list_id from campaign_lists where campaign_id = c.id and not excluded order by 1) as "listIds",
    array(select list_id from campaign_lists where campaign_id = c.id and excluded order by 1) as "exceptListIds",
    array(select area_id from campaign_areas where campaign_id = c.id order by 1) as "areaIds",
    coalesce((select jsonb_agg(jsonb_build_object('act', e.act, 'actor', e.actor, 'details', e.details) order by e.id)
      from audit_entries e where e.subject = 'campaign:' || c.id), '[]') as record
  from campaigns c left join batches b on b.id = c.batch_id where c.id > $1 order by c.id`;

/** Rows that must not exist, each with what it would mean. */
const NEVER: Readonly<Record<string, string>> = {
  'a batch of no campaign (a voided submission left it behind)': `
    select id from batches where kind = 'campaign' and id not in (select batch_id from campaigns where batch_id is not null)`,
  'a test send in the place of a submission': `
    select c.id from campaigns c join batches b on b.id = c.batch_id where b.kind <> 'campaign'`,
  'a test batch of no test send': `
    select id from batches where kind = 'test' and id not in (select batch_id from test_sends)`,
  'messages of a batch that is gone': `
    select distinct batch_id from messages where batch_id not in (select id from batches)`,
  'chunks or counters of a batch that is gone': `
    select batch_id from chunks where batch_id not in (select id from batches)
    union select batch_id from counters where batch_id not in (select id from batches)`,
  'left-out people of a submission that is gone': `
    select distinct l.campaign_id from campaign_left_out l join campaigns c on c.id = l.campaign_id
    where c.batch_id is null`,
  'a number twice in one batch': `
    select batch_id from messages where batch_id in (select batch_id from campaigns where id > $1)
    group by batch_id, phone_key having count(*) > 1`,
  'a batch that has not as many messages as it says': `
    select b.id from batches b left join messages m on m.batch_id = b.id
    where b.id in (select batch_id from campaigns where id > $1) group by b.id having count(m.seq) <> b.size`,
  'an audience that does not add up': `
    select c.id from campaigns c join batches b on b.id = c.batch_id
    where b.size <> (c.audience ->> 'recipients')::int
      or (c.audience ->> 'members')::int <> (
        select sum(value::int) from jsonb_each_text(c.audience) where key <> 'members')`,
  'left-out people who are not as many as the audience says': `
    select c.id from campaigns c
    cross join (values (2, 'excluded'), (3, 'otherArea'), (4, 'optedOut'), (5, 'unreachable'), (6, 'recentlyTexted'),
      (7, 'erased')) as reasons (reason, name)
    where c.audience is not null and (c.audience ->> reasons.name)::int <> (
      select count(*) from campaign_left_out l where l.campaign_id = c.id and l.reason = reasons.reason)
      and c.batch_id is not null`,
  'two resends of one campaign that may both reach people': `
    select origin_id from campaigns where kind = 'resend' and state <> 'cancelled' group by origin_id having count(*) > 1`,
  'a receipt counted without an acceptance': `
    select batch_id from counters group by batch_id having sum(delivered) + sum(undelivered) > sum(accepted)`,
};

export interface Snapshot {
  readonly campaigns: readonly Row[];
  /** What must never be. */
  readonly faults: readonly string[];
}

/** The campaigns made since a run began, all at one instant. */
export function look(database: Database, lastIdBefore: number): Promise<Snapshot> {
  return database.transaction(async (tx) => {
    const campaigns = await tx.rows<Row>(CAMPAIGNS, [lastIdBefore]);
    return { campaigns, faults: await findFaults(tx, lastIdBefore) };
  }, 'REPEATABLE READ');
}

async function findFaults(tx: Transaction, lastIdBefore: number): Promise<string[]> {
  const faults: string[] = [];
  for (const [name, sql] of Object.entries(NEVER)) {
    const found = await tx.rows<Record<string, number>>(sql, sql.includes('$1') ? [lastIdBefore] : []);
    if (found.length > 0) faults.push(`${name}: ${JSON.stringify(found.slice(0, 5))}`);
  }
  return faults;
}

export function stateOf({ state, startedAt }: Pick<Row, 'state' | 'startedAt'>): State {
  if (state !== 'paused') return state as State;
  return startedAt ? 'stopped under way' : 'stopped before its start';
}
