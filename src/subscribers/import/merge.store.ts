import type { Transaction } from '../../platform/database/database';
import { countRows, mergedRecord, RECORD, registerVerdict } from './import-rows.store';
import type { ImportRecord } from './imports.store';

/** An opt-out bears the time at which its transaction began, and is seen when it is committed. */
const MARGIN = `interval '10 minutes'`;
const UNIQUE_VIOLATION = '23505';
/** Rows written at a time, sorted in memory; between two slices the progress is shown. About 2 s each. */
export const SLICE_ROWS = 250_000;

/**
 * Mends the verdicts of a slice that no longer hold: between the analysis and now others may have changed the register.
 * The caller is alone at the register, so what is said here holds until it is written. New subscribers of the slice are
 * looked at only where `all` says so: that they are still new, the insertion finds out by itself.
 */
async function judgeAgain(
  tx: Transaction,
  { id, settings, analysedAt }: ImportRecord,
  from: number,
  all: boolean,
): Promise<number> {
  return tx.run(
    `with v as materialized (
       select j.* from (
         select r.ctid as place, r.verdict as verdict_before, r.opted_out as opted_out_before,
           x.phone_key is not null as opted_out,
           case when r.verdict = 'repeated' and x.source is distinct from 'erasure' then 'repeated'
             when s.import_id = $1 then 'added' else ${registerVerdict(settings.mergePolicy)} end as verdict
         from import_rows r
         left join subscribers s on s.phone_key = r.phone_key
         left join suppressions x on x.phone_key = r.phone_key
         where ${SLICE} and r.phone_key is not null
           and ($3 or r.verdict in ('changed', 'unchanged') or r.opted_out
             or r.phone_key in (select phone_key from suppressions where recorded_at > $4::timestamptz - ${MARGIN}))
       ) j where (j.verdict_before, j.opted_out_before) is distinct from (j.verdict, j.opted_out)
     )
     update import_rows r set opted_out = v.opted_out,
       ${forgottenIf(`v.verdict = 'rejected'`, 'v.verdict')}
     from v where r.ctid = v.place`,
    [id, from, all, analysedAt ?? new Date(0)],
  );
}

/**
 * Judges rows that were just written, as if all were new, by the register and by the opt-outs. In one piece: the planner then
 * sees how many rows meet how many subscribers.
 */
export async function judgeByRegister(tx: Transaction, { id, settings }: ImportRecord): Promise<void> {
  await tx.run(
    `update import_rows r set verdict = case when ${mergedRecord(settings.mergePolicy)} is distinct from ${RECORD}
       then 'changed' else 'unchanged' end
     from subscribers s where r.import_id = $1 and r.verdict = 'added' and s.phone_key = r.phone_key`,
    [id],
  );
  await tx.run(
    `update import_rows r set opted_out = true, ${forgottenIf(`x.source = 'erasure'`, 'r.verdict')}
     from suppressions x where r.import_id = $1 and x.phone_key = r.phone_key`,
    [id],
  );
}

/** Whoever had his data erased is rejected, and nothing of his row is kept. */
function forgottenIf(condition: string, otherwise: string): string {
  const gone = ['phone', 'phone_key', 'full_name', 'name_key', 'area_id', 'area_text', 'hamlet', 'language', 'cells'];
  return [
    `verdict = case when ${condition} then 'rejected' else ${otherwise} end`,
    `codes = case when ${condition} then array['erased-on-request'] else r.codes end`,
    ...gone.map((column) => `${column} = case when ${condition} then null else r.${column} end`),
  ].join(', ');
}

/**
 * Writes a slice of rows into the register and onto the list. Returns how many are new on the list, and how many verdicts of
 * the analysis no longer held.
 */
export async function mergeSlice(
  tx: Transaction,
  record: ImportRecord,
  from: number,
  actor: string,
): Promise<{ joined: number; mended: number }> {
  const someAreKnown = record.changed + record.unchanged + record.optedOut > 0;
  let mended =
    someAreKnown || (await optOutsSince(tx, record.analysedAt!)) ? await judgeAgain(tx, record, from, false) : 0;
  await tx.run('savepoint new_subscribers');
  const born = await addNew(tx, record, from).catch(async (error: { code?: string }) => {
    if (error.code !== UNIQUE_VIOLATION) throw error;
    // Somebody of them is known since the analysis: rare, and cheaper to find out like this than to ask of everybody.
    await tx.run('rollback to savepoint new_subscribers');
    await refreshStatistics(tx);
    mended += await judgeAgain(tx, record, from, true);
    return addNew(tx, record, from);
  });
  if (!someAreKnown && mended === 0) return { joined: born, mended };
  await changeKnown(tx, record, from, actor);
  return { joined: born + (await listKnown(tx, record, from)), mended };
}

async function optOutsSince(tx: Transaction, time: Date): Promise<boolean> {
  return (
    (await tx.row(`select 1 from suppressions where recorded_at > $1::timestamptz - ${MARGIN} limit 1`, [time])) !==
    undefined
  );
}

const SLICE = `r.import_id = $1 and r.row_number > $2 and r.row_number <= $2 + ${SLICE_ROWS}`;

/** With what was known before beside it: the history, and what an undo puts back. */
async function changeKnown(
  tx: Transaction,
  { id, settings }: ImportRecord,
  from: number,
  actor: string,
): Promise<void> {
  await tx.run(
    `with pairs as materialized (
       select s.id, s.revision - s.undone as revision, ${recordJson('s')} as before, m.*
       from import_rows r join subscribers s on s.phone_key = r.phone_key
       cross join lateral (values ${mergedRecord(settings.mergePolicy)}) m (full_name, name_key, area_id, area_text, hamlet, language)
       where ${SLICE} and r.verdict = 'changed'
     ), written as (
       update subscribers s set full_name = p.full_name, name_key = p.name_key, area_id = p.area_id, area_text = p.area_text,
         hamlet = p.hamlet, language = p.language, revision = s.revision + 1, updated_at = now()
       from pairs p where s.id = p.id
     )
     insert into subscriber_history (subscriber_id, actor, act, import_id, revision, before, after)
     select p.id, $3, 'imported', $1, p.revision + 1, p.before, ${recordJson('p')} from pairs p`,
    [id, from, actor],
  );
}

function recordJson(alias: string): string {
  const of = (column: string): string => `${alias}.${column}`;
  return `jsonb_build_object('fullName', ${of('full_name')}, 'nameKey', ${of('name_key')}, 'areaId', ${of('area_id')},
    'areaText', ${of('area_text')}, 'hamlet', ${of('hamlet')}, 'language', ${of('language')})`;
}

/** New subscribers in the order of their keys: their index is then written page by page, which takes half the time. */
async function addNew(tx: Transaction, { id, listId }: ImportRecord, from: number): Promise<number> {
  return tx.run(
    `with born as (
       insert into subscribers (phone, phone_key, full_name, name_key, area_id, area_text, hamlet, language, import_id)
       select phone, phone_key, full_name, name_key, area_id, area_text, hamlet, nullif(language, 'vi'), $1
       from import_rows r where ${SLICE} and verdict = 'added' order by phone_key
       returning id
     )
     insert into list_members (list_id, subscriber_id, import_id) select $3, id, $1 from born`,
    [id, from, listId],
  );
}

async function listKnown(tx: Transaction, { id, listId }: ImportRecord, from: number): Promise<number> {
  return tx.run(
    `insert into list_members (list_id, subscriber_id, import_id)
     select $3, s.id, $1 from import_rows r join subscribers s on s.phone_key = r.phone_key
     where ${SLICE} and r.verdict in ('changed', 'unchanged')
     on conflict do nothing`,
    [id, from, listId],
  );
}

/**
 * Tells the planner what was written a moment ago, in this transaction too. Without it a million rows of an import pass for
 * one, and are read once for every subscriber. A third of a second.
 */
export async function refreshStatistics(tx: Transaction): Promise<void> {
  await tx.run('analyze import_rows, subscribers, list_members');
}

/** A slice of rows takes some 40 MB, more than the 4 that PostgreSQL sorts in memory by default. */
export async function sortInMemory(tx: Transaction): Promise<void> {
  await tx.run(`select set_config('work_mem', '64MB', true)`);
}

export async function lastRow(tx: Transaction, importId: number): Promise<number> {
  const row = await tx.row<{ last: number | null }>(
    'select max(row_number) as last from import_rows where import_id = $1',
    [importId],
  );
  return row!.last ?? 0;
}

/** Ends the confirmation: the counts as they now are, the file and the sample gone. */
export async function finishMerge(
  tx: Transaction,
  record: ImportRecord,
  facts: { joined: number; mended: number },
): Promise<void> {
  const { id } = record;
  const counts = facts.mended > 0 ? await countRows(tx, id) : record;
  const { added, changed, unchanged, repeated, rejected, warned, optedOut } = counts;
  await tx.run(
    `update imports set state = 'done', revision = revision + 1, tries = 0, done_at = clock_timestamp(), sample = null, progress_rows = rows,
       joined = $2, added = $3, changed = $4, unchanged = $5, repeated = $6, rejected = $7, warned = $8, opted_out = $9
     where id = $1 and state = 'confirmed'`,
    [id, facts.joined, added, changed, unchanged, repeated, rejected, warned, optedOut],
  );
}
