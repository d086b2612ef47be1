import type { Transaction } from '../../platform/database/database';
import type { ImportRecord, UndoCounts } from './imports.store';

/**
 * Puts the register back as it was before an import, for whoever nobody changed since. Left as they are: subscribers that
 * a person or another import changed. Whom a later import names too stays on its list and in the register, and the next of
 * them becomes his origin. Whoever was
 * erased is not there any more, and does not come back.
 *
 * The caller is alone at the register. Whoever leaves the list gets none of the texts already queued for it.
 */
export async function undoImport(tx: Transaction, record: ImportRecord, actor: string): Promise<UndoCounts> {
  await gatherPeople(tx, record);
  await restoreRecords(tx, record, actor);
  await passOn(tx, record);
  const leftTheList = await takeOffTheList(tx, record);
  const deleted = await deleteBorn(tx);
  const rest = await tx.row<Pick<UndoCounts, 'restored' | 'changedSince' | 'namedAgain'>>(
    `select count(*) filter (where was_changed and not changed_since
         and exists (select from subscribers s where s.id = undo_people.id)) as restored,
       count(*) filter (where changed_since) + (
         -- Whose number was corrected since: his row does not find him any more.
         select count(*) from subscribers s
         where s.import_id = $1 and not exists (select from undo_people p where p.id = s.id)) as "changedSince",
       count(*) filter (where named_again is not null and not changed_since) as "namedAgain"
     from undo_people where born or joined or was_changed`,
    [record.id],
  );
  return { leftTheList, deleted, ...rest! };
}

/** Everybody the import brought, put on the list or changed, with what happened to him since. */
async function gatherPeople(tx: Transaction, { id, listId }: ImportRecord): Promise<void> {
  await tx.run(
    `create temporary table undo_people on commit drop as
     with later_rows as materialized (
       select r.phone_key, i.id as import_id, i.list_id, i.done_at
       from import_rows r join imports i on i.id = r.import_id
       where i.state = 'done' and i.done_at > (select done_at from imports where id = $1)
         and r.verdict in ('added', 'changed', 'unchanged')
     ), later as (
       select distinct on (phone_key) phone_key, import_id from later_rows order by phone_key, done_at
     ), later_here as (
       select distinct on (phone_key) phone_key, import_id from later_rows where list_id = $2 order by phone_key, done_at
     )
     select s.id, s.phone_key, born.born, m.subscriber_id is not null as joined, h.before is not null as was_changed, h.before,
       (born.born or h.before is not null) and s.revision - s.undone <> coalesce(h.revision, 1) as changed_since,
       l.import_id as named_again, lh.import_id as named_again_here
     from import_rows r
     join subscribers s on s.phone_key = r.phone_key
     cross join lateral (select s.import_id is not distinct from $1 as born) born
     left join list_members m on m.subscriber_id = s.id and m.list_id = $2 and m.import_id = $1
     left join subscriber_history h on h.subscriber_id = s.id and h.import_id = $1 and h.act = 'imported'
     left join later l on l.phone_key = s.phone_key
     left join later_here lh on lh.phone_key = s.phone_key
     where r.import_id = $1 and r.verdict in ('added', 'changed', 'unchanged')`,
    [id, listId],
  );
}

/**
 * A step back: `undone` grows by what the revision grew by since, so that an undo of the import before finds the record as
 * that one left it.
 */
async function restoreRecords(tx: Transaction, { id }: ImportRecord, actor: string): Promise<void> {
  await tx.run(
    `with back as (
       update subscribers s set full_name = p.before ->> 'fullName', name_key = p.before ->> 'nameKey',
         area_id = (p.before ->> 'areaId')::int, area_text = p.before ->> 'areaText', hamlet = p.before ->> 'hamlet',
         language = p.before ->> 'language',         revision = s.revision + 1, undone = s.undone + 2, updated_at = now()
       from undo_people p
       where p.was_changed and not p.changed_since and s.id = p.id
       returning s.id, s.revision, p.before
     )
     insert into subscriber_history (subscriber_id, actor, act, import_id, revision, after)
     select id, $2, 'import-undone', $1, revision, before from back`,
    [id, actor],
  );
}

/** Whoever a later file names too belongs to that import from now on. */
async function passOn(tx: Transaction, { id, listId }: ImportRecord): Promise<void> {
  await tx.run(
    `update list_members m set import_id = p.named_again_here from undo_people p
     where p.named_again_here is not null and p.joined and m.subscriber_id = p.id and m.list_id = $2 and m.import_id = $1`,
    [id, listId],
  );
  await tx.run(
    `update subscribers s set import_id = p.named_again from undo_people p
     where p.named_again is not null and p.born and s.id = p.id and s.import_id = $1`,
    [id],
  );
}

async function takeOffTheList(tx: Transaction, { id, listId }: ImportRecord): Promise<number> {
  return tx.run(
    `with left_list as (
       delete from list_members m using undo_people p
       where m.list_id = $2 and m.import_id = $1 and m.subscriber_id = p.id and p.joined and not p.changed_since
         and p.named_again_here is null
       returning p.phone_key
     )
     insert into withdrawals (phone_key, list_id, import_id) select phone_key, $2, $1 from left_list`,
    [id, listId],
  );
}

/** Subscribers that came with the import and are on no list any more. */
async function deleteBorn(tx: Transaction): Promise<number> {
  return tx.run(
    `with gone as (
       delete from subscribers s using undo_people p
       where s.id = p.id and p.born and not p.changed_since and p.named_again is null
         and not exists (select from list_members m where m.subscriber_id = s.id)
       returning s.id
     ), forgotten as (delete from subscriber_history h using gone where h.subscriber_id = gone.id)
     select id from gone`,
  );
}

export async function finishUndo(tx: Transaction, { id }: ImportRecord, counts: UndoCounts): Promise<void> {
  await tx.run(
    `update imports set state = 'undone', revision = revision + 1, tries = 0, undone_at = now(), undo = $2
     where id = $1 and state = 'undoing'`,
    [id, JSON.stringify(counts)],
  );
}
