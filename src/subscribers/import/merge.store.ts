import type { Transaction } from '../../platform/database/database';
import { countRows, mergedRecord, registerVerdict } from './import-rows.store';
import type { ImportRecord } from './imports.store';

const UNIQUE_VIOLATION = '23505';
/** Rows written at a time; between two slices the progress is shown. About 0.3 s each. */
export const SLICE_ROWS = 50_000;

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
    `update import_rows t set verdict = v.verdict, opted_out = v.opted_out,
       codes = case when v.verdict = 'rejected' then array['erased-on-request'] else t.codes end,
       phone = case when v.verdict <> 'rejected' then t.phone end,
       phone_key = case when v.verdict <> 'rejected' then t.phone_key end,
       full_name = case when v.verdict <> 'rejected' then t.full_name end,
       name_key = case when v.verdict <> 'rejected' then t.name_key end,
       area_text = case when v.verdict <> 'rejected' then t.area_text end,
       hamlet = case when v.verdict <> 'rejected' then t.hamlet end,
       cells = case when v.verdict <> 'rejected' then t.cells end
     from (
       select r.row_number, x.phone_key is not null as opted_out,
         case when r.verdict = 'repeated' and x.source is distinct from 'erasure' then 'repeated'
           when s.import_id = $1 then 'added' else ${registerVerdict(settings.mergePolicy)} end as verdict
       from import_rows r
       left join subscribers s on s.phone_key = r.phone_key
       left join suppressions x on x.phone_key = r.phone_key
       where ${SLICE} and r.phone_key is not null
         and ($3 or r.verdict in ('changed', 'unchanged') or r.opted_out
           or r.phone_key in (select phone_key from suppressions where recorded_at > $4))
     ) v
     where t.import_id = $1 and t.row_number = v.row_number
       and (t.verdict, t.opted_out) is distinct from (v.verdict, v.opted_out)`,
    [id, from, all, analysedAt ?? new Date(0)],
  );
}

/** Judges all rows again; returns how many verdicts had to be mended. */
export async function judgeAllAgain(tx: Transaction, record: ImportRecord): Promise<number> {
  const last = await lastRow(tx, record.id);
  let mended = 0;
  for (let from = 0; from < last; from += SLICE_ROWS) mended += await judgeAgain(tx, record, from, true);
  return mended;
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
  let mended = await judgeAgain(tx, record, from, false);
  await tx.run('savepoint new_subscribers');
  const born = await addNew(tx, record, from).catch(async (error: { code?: string }) => {
    if (error.code !== UNIQUE_VIOLATION) throw error;
    // Somebody of them is known since the analysis: rare, and cheaper to find out like this than to ask of everybody.
    await tx.run('rollback to savepoint new_subscribers');
    mended += await judgeAgain(tx, record, from, true);
    return addNew(tx, record, from);
  });
  await changeKnown(tx, record, from, actor);
  return { joined: born + (await listKnown(tx, record, from)), mended };
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
       select s.id, s.revision, ${recordJson('s')} as before, m.*
       from import_rows r join subscribers s on s.phone_key = r.phone_key
       cross join lateral (values ${mergedRecord(settings.mergePolicy)}) m (full_name, name_key, area_id, area_text, hamlet)
       where ${SLICE} and r.verdict = 'changed'
     ), written as (
       update subscribers s set full_name = p.full_name, name_key = p.name_key, area_id = p.area_id, area_text = p.area_text,
         hamlet = p.hamlet, revision = s.revision + 1, updated_at = now()
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
    'areaText', ${of('area_text')}, 'hamlet', ${of('hamlet')})`;
}

/**
 * New subscribers in the order of their keys: their index is then written page by page, which takes half the time. Their
 * ids follow the rows of the file.
 */
async function addNew(tx: Transaction, { id, listId }: ImportRecord, from: number): Promise<number> {
  const { last } = (await tx.row<{ last: number }>('select coalesce(max(id), 0) as last from subscribers'))!;
  await tx.run(
    `insert into subscribers (id, phone, phone_key, full_name, name_key, area_id, area_text, hamlet, import_id)
     overriding system value
     select nextval('subscribers_id_seq'), phone, phone_key, full_name, name_key, area_id, area_text, hamlet, $1
     from (select * from import_rows r where ${SLICE} and verdict = 'added' order by row_number) r
     order by phone_key`,
    [id, from],
  );
  return tx.run(
    `insert into list_members (list_id, subscriber_id, import_id)
     select $1, id, $2 from subscribers where id > $3 and import_id = $2 order by id`,
    [listId, id, last],
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
    `update imports set state = 'done', revision = revision + 1, tries = 0, done_at = now(), sample = null, progress_rows = rows,
       joined = $2, added = $3, changed = $4, unchanged = $5, repeated = $6, rejected = $7, warned = $8, opted_out = $9
     where id = $1 and state = 'confirmed'`,
    [id, facts.joined, added, changed, unchanged, repeated, rejected, warned, optedOut],
  );
}
