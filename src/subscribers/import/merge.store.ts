import type { Transaction } from '../../platform/database/database';
import { countRows, mergedRecord, registerVerdict } from './import-rows.store';
import type { ImportRecord } from './imports.store';

/** Rows written at a time; between two slices the progress is shown. About 0.3 s each. */
export const SLICE_ROWS = 50_000;

/**
 * Mends the verdicts of a slice that no longer hold: between the analysis and now others may have changed the register.
 * The caller is alone at the register, so what is said here holds until it is written.
 */
export async function judgeAgain(tx: Transaction, { id, settings }: ImportRecord, from: number): Promise<number> {
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
           else ${registerVerdict(settings.mergePolicy)} end as verdict
       from import_rows r
       left join subscribers s on s.phone_key = r.phone_key
       left join suppressions x on x.phone_key = r.phone_key
       where r.import_id = $1 and r.row_number > $2 and r.row_number <= $2 + ${SLICE_ROWS} and r.phone_key is not null
     ) v
     where t.import_id = $1 and t.row_number = v.row_number
       and (t.verdict, t.opted_out) is distinct from (v.verdict, v.opted_out)`,
    [id, from],
  );
}

/** Judges all rows again; returns how many verdicts had to be mended. */
export async function judgeAllAgain(tx: Transaction, record: ImportRecord): Promise<number> {
  const last = await lastRow(tx, record.id);
  let mended = 0;
  for (let from = 0; from < last; from += SLICE_ROWS) mended += await judgeAgain(tx, record, from);
  return mended;
}

/** Writes a slice of rows into the register and onto the list. Returns how many are new on the list. */
export async function mergeSlice(tx: Transaction, record: ImportRecord, from: number, actor: string): Promise<number> {
  await changeKnown(tx, record, from, actor);
  return (await addNew(tx, record, from)) + (await listKnown(tx, record, from));
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

async function addNew(tx: Transaction, { id, listId }: ImportRecord, from: number): Promise<number> {
  return tx.run(
    `with born as (
       insert into subscribers (phone, phone_key, full_name, name_key, area_id, area_text, hamlet, import_id)
       select r.phone, r.phone_key, r.full_name, r.name_key, r.area_id, r.area_text, r.hamlet, $1
       from import_rows r where ${SLICE} and r.verdict = 'added' order by r.row_number
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
