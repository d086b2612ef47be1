import type { Queries } from '../platform/database/database';
import type { RecordValues } from './history-changes';

export interface HistoryRow {
  /** Null of the first entry of who came with an import or from before the history was kept. */
  readonly id: number | null;
  readonly at: Date;
  readonly act: 'added' | 'imported' | 'corrected' | 'import-undone';
  /** `user:3`, `key:5`; null where it was not kept. */
  readonly actor: string | null;
  readonly actorName: string | null;
  /** The record's revision after the change; null where it was not kept. */
  readonly revision: number | null;
  readonly reason: string | null;
  readonly import: {
    readonly id: number;
    readonly fileName: string;
    readonly listId: number;
    readonly listName: string;
  } | null;
  readonly before: RecordValues | null;
  readonly after: RecordValues | null;
}

const ACTOR_NAME = `coalesce(u.full_name, k.name) as "actorName"`;
const IMPORT = `case when i.id is not null then
    json_build_object('id', i.id, 'fileName', i.file_name, 'listId', i.list_id, 'listName', l.name) end as import`;

function namesOf(actor: string, importId: string): string {
  return `left join users u on ${actor} = 'user:' || u.id
    left join api_keys k on ${actor} = 'key:' || k.id
    left join imports i on i.id = ${importId}
    left join subscriber_lists l on l.id = i.list_id`;
}

/**
 * A page of changes, oldest first, by the index subscriber_history_subscriber. What an undo found is what its import had
 * made of the record.
 */
export function findHistory(
  queries: Queries,
  subscriberId: number,
  { after, limit }: { after: number; limit: number },
): Promise<HistoryRow[]> {
  return queries.rows<HistoryRow>(
    `select h.id, h.at, h.act, h.actor, ${ACTOR_NAME}, h.revision, h.reason, ${IMPORT}, h.after,
       case when h.act = 'import-undone' then (
         select made.after from subscriber_history made where made.subscriber_id = h.subscriber_id
           and made.import_id = h.import_id and made.act = 'imported' and made.id < h.id
         order by made.id desc limit 1
       ) else h.before end as before
     from subscriber_history h ${namesOf('h.actor', 'h.import_id')}
     where h.subscriber_id = $1 and h.id > $2 order by h.id limit $3`,
    [subscriberId, after, limit],
  );
}

/**
 * How a subscriber came in, where no entry tells: with an import, or before a history was kept. His first record is what
 * he has now, each field as it was before its first change. Undefined of who was added by hand.
 */
export function findBeginning(queries: Queries, subscriberId: number): Promise<HistoryRow | undefined> {
  return queries.row<HistoryRow>(
    `select null::bigint as id, s.created_at as at, 'imported' as act, came.by as actor, ${ACTOR_NAME},
       null::int as revision, null as reason, ${IMPORT}, null::jsonb as before,
       jsonb_build_object('phone', s.phone, 'fullName', s.full_name, 'areaId', s.area_id, 'areaText', s.area_text,
         'hamlet', s.hamlet, 'language', s.language) || coalesce(first.values, '{}') as after
     from subscribers s
     left join lateral (
       select coalesce(confirmed_by, created_by) as by from imports where id = s.import_id
     ) came on true
     left join lateral (
       select jsonb_object_agg(key, value) as values from (
         select distinct on (key) key, value from subscriber_history h, jsonb_each(h.before)
         where h.subscriber_id = s.id order by key, h.id
       ) each_field
     ) first on true
     ${namesOf('came.by', 's.import_id')}
     where s.id = $1
       and not exists (select from subscriber_history h where h.subscriber_id = s.id and h.act = 'added')`,
    [subscriberId],
  );
}

export async function findAreaNames(queries: Queries, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await queries.rows<{ id: number; name: string }>('select id, name from areas where id = any($1)', [ids]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
