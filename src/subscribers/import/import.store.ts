import type { Transaction } from '../../platform/database/database';

/** An accepted row on its way in. */
export interface StagedRow {
  readonly rowNumber: number;
  readonly phone: string;
  readonly phoneKey: Buffer;
  readonly fullName: string | null;
  readonly areaName: string | null;
  readonly areaKey: string | null;
}

export interface Rejection {
  readonly rowNumber: number;
  readonly column: string;
  readonly value: string;
  readonly code: string;
}

export interface MergeCounts {
  /** Different numbers in the file. */
  readonly people: number;
  readonly added: number;
  readonly changed: number;
}

const STAGE_COLUMNS = ['row_number', 'phone', 'phone_key', 'full_name', 'area_name', 'area_key'] as const;

/** The rows of one file, seen by this transaction alone and gone with it. */
export async function openStage(tx: Transaction): Promise<void> {
  await tx.run(
    `create temporary table import_rows (
       row_number integer not null, phone text not null, phone_key bytea not null,
       full_name text, area_name text, area_key text
     ) on commit drop`,
  );
  await tx.run(
    `create temporary table import_faults (
       row_number integer not null, column_title text not null, value text not null, code text not null
     ) on commit drop`,
  );
}

export async function stageRows(tx: Transaction, rows: readonly StagedRow[]): Promise<void> {
  await tx.copy(
    'import_rows',
    STAGE_COLUMNS,
    rows.map((row) => [row.rowNumber, row.phone, row.phoneKey, row.fullName, row.areaName, row.areaKey]),
  );
}

/**
 * Merges the staged rows into the register and the list, in sets:
 * - rows of one number become one person: of each field, the first row that fills it counts;
 * - a known subscriber takes the file's name and area where the file has them;
 * - an area not known yet is added.
 * Rows are written in the order of their keys, so that two imports at once wait for each other instead of deadlocking.
 */
export async function mergeStage(tx: Transaction, listId: number): Promise<MergeCounts> {
  await tx.run(
    `insert into areas (name, search_key)
     select distinct on (area_key) area_name, area_key from import_rows where area_key is not null
     order by area_key, row_number
     on conflict (search_key) do nothing`,
  );
  await tx.run(
    `create temporary table import_people on commit drop as
     select p.phone, p.phone_key, p.full_name, a.id as area_id from (
       select phone, phone_key,
         (array_agg(full_name order by row_number) filter (where full_name is not null))[1] as full_name,
         (array_agg(area_key order by row_number) filter (where area_key is not null))[1] as area_key
       from import_rows group by phone, phone_key
     ) p left join areas a on a.search_key = p.area_key`,
  );
  const counts = await tx.row<MergeCounts>(
    `with written as (
       insert into subscribers as s (phone, phone_key, full_name, area_id)
       select phone, phone_key, full_name, area_id from import_people order by phone
       on conflict (phone) do update set
         full_name = coalesce(excluded.full_name, s.full_name), area_id = coalesce(excluded.area_id, s.area_id),
         updated_at = now()
       where (coalesce(excluded.full_name, s.full_name), coalesce(excluded.area_id, s.area_id))
         is distinct from (s.full_name, s.area_id)
       returning s.xmax = 0 as is_new
     )
     select (select count(*) from import_people)::int as people,
       count(*) filter (where is_new)::int as added, count(*) filter (where not is_new)::int as changed
     from written`,
  );
  await tx.run(
    `insert into list_members (list_id, subscriber_id)
     select $1, s.id from import_people p join subscribers s on s.phone = p.phone order by s.id
     on conflict do nothing`,
    [listId],
  );
  return counts!;
}

/** Rejected rows wait beside the accepted ones: memory does not grow with them. */
export async function stageRejections(tx: Transaction, rejections: readonly Rejection[]): Promise<void> {
  await tx.copy(
    'import_faults',
    ['row_number', 'column_title', 'value', 'code'],
    rejections.map(({ rowNumber, column, value, code }) => [rowNumber, column, value, code]),
  );
}

export async function keepRejections(tx: Transaction, importId: number): Promise<void> {
  await tx.run(
    `insert into import_rejections (import_id, row_number, column_title, value, code)
     select $1, row_number, column_title, value, code from import_faults`,
    [importId],
  );
}
