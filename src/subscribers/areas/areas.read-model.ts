import type { Queries } from '../../platform/database/database';
import type { KnownArea } from './area-index';

/** What the matching of addresses needs of every area. */
export function findKnownAreas(queries: Queries): Promise<KnownArea[]> {
  return queries.rows<KnownArea>(
    `select a.id, a.name, a.former_names as "formerNames", a.code, a.district, a.province, a.valid_from as "validFrom",
       a.valid_until as "validUntil",
       case when a.district is not null then array[a.district] else array(
         select distinct o.district from area_successions s join areas o on o.id = s.old_id
         where s.new_id = a.id and o.district is not null) end as districts
     from areas a order by a.search_key, a.id`,
  );
}

/** The ids of areas by the key of what offices write for them. */
export async function findAliases(queries: Queries): Promise<Map<string, number>> {
  const rows = await queries.rows<{ key: string; areaId: number }>(
    'select alias_key as key, area_id as "areaId" from area_aliases',
  );
  return new Map(rows.map(({ key, areaId }) => [key, areaId]));
}

/**
 * The areas and the former units whose people live in them now: those of which every part became one of these areas. Of
 * a unit that was divided nobody knows who lives where, so it counts only if all its parts do.
 */
export async function areasWithPredecessors(queries: Queries, ids: readonly number[]): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    `select unnest($1::int[]) as id
     union
     select old_id from area_successions group by old_id having bool_and(new_id = any($1::int[]))
     order by id`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

export interface AreaRow {
  readonly id: number;
  readonly name: string;
  readonly subscribers: number;
}

export function findAreas(queries: Queries): Promise<AreaRow[]> {
  return queries.rows<AreaRow>(
    `select a.id, a.name, count(s.id) as subscribers from areas a left join subscribers s on s.area_id = a.id
     group by a.id order by a.search_key`,
  );
}
