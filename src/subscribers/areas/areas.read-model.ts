import type { Queries } from '../../platform/database/database';
import { searchKey } from '../vietnamese-text';
import type { KnownArea } from './area-index';
import { type AreaKind, areaKey, bareName, readCommune } from './area-text';

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
export async function findAliasKeys(queries: Queries): Promise<Map<string, number>> {
  const rows = await queries.rows<{ key: string; areaId: number }>(
    'select alias_key as key, area_id as "areaId" from area_aliases',
  );
  return new Map(rows.map(({ key, areaId }) => [key, areaId]));
}

/**
 * The areas and the former units whose people live in them now, as a subquery of ids: those of which every part became
 * one of these areas. Of a unit that was divided nobody knows who lives where, so it counts only if all its parts do.
 *
 * @param ids an expression of type integer[], our own text: `$1::int[]`, `array(select …)`
 */
export function sqlAreasWithPredecessors(ids: string): string {
  return `select unnest(${ids}) union
    select old_id from area_successions group by old_id having bool_and(new_id = any(${ids}))`;
}

/** See sqlAreasWithPredecessors. */
export async function areasWithPredecessors(queries: Queries, ids: readonly number[]): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    `select id from (${sqlAreasWithPredecessors('$1::int[]')}) areas (id) order by id`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

export interface AreaRow {
  readonly id: number;
  /** The official name with its kind, or what a file called it. */
  readonly name: string;
  readonly code: string | null;
  readonly kind: AreaKind | null;
  readonly district: string | null;
  readonly province: string | null;
  readonly formerNames: string[];
  readonly validFrom: string | null;
  readonly validUntil: string | null;
  readonly isCurrent: boolean;
  readonly subscribers: number;
  /** What became of it; several where it was divided. */
  readonly successors: readonly { readonly id: number; readonly name: string }[];
}

export interface AreaFilter {
  /** `YYYY-MM-DD`. */
  readonly validOn?: string;
  readonly today: string;
  /** Part of a name, in any spelling. */
  readonly q?: string;
  readonly withSubscribers: boolean;
}

/** In the order of Vietnamese dictionaries, by the name without its kind. 1,000,000 subscribers are counted in 0.1 s. */
export async function findAreas(queries: Queries, filter: AreaFilter): Promise<AreaRow[]> {
  const rows = await queries.rows<AreaRow>(
    `select a.id, a.name, a.code, a.kind, a.district, a.province, a.former_names as "formerNames",
       a.valid_from as "validFrom", a.valid_until as "validUntil", ${validOn('$2')} as "isCurrent",
       coalesce(s.subscribers, 0) as subscribers,
       coalesce((
         select json_agg(json_build_object('id', n.id, 'name', n.name) order by n.code)
         from area_successions x join areas n on n.id = x.new_id where x.old_id = a.id
       ), '[]') as successors
     from areas a
     left join (
       select area_id, count(*) as subscribers from subscribers where area_id is not null group by area_id
     ) s on s.area_id = a.id
     where ($1::date is null or ${validOn('$1')})
       and (not $3 or s.subscribers > 0)`,
    [filter.validOn ?? null, filter.today, filter.withSubscribers],
  );
  const order = new Intl.Collator('vi');
  const bare = (row: AreaRow): string => bareName(row.name).bare;
  return rows
    .filter((row) => isCalled(row, filter.q ?? ''))
    .sort((a, b) => order.compare(bare(a), bare(b)) || a.id - b.id);
}

const validOn = (day: string): string =>
  `(coalesce(a.valid_from <= ${day}::date, true) and coalesce(a.valid_until > ${day}::date, true))`;

/** Whether one of its names has this in it, with or without its kind. Nothing asked for is in every name. */
function isCalled({ name, formerNames }: AreaRow, q: string): boolean {
  const asked = readCommune(searchKey(q)).map(({ key }) => key);
  const names = [name, ...formerNames].map((one) => areaKey(bareName(one).bare));
  return q.trim() === '' || asked.some((key) => names.some((one) => one.includes(key)));
}

export async function areaExists(queries: Queries, id: number): Promise<boolean> {
  return (await queries.row('select id from areas where id = $1', [id])) !== undefined;
}

export interface AliasRow {
  readonly alias: string;
  readonly recordedBy: string;
  readonly recordedAt: Date;
}

export function findAliasesOf(queries: Queries, areaId: number): Promise<AliasRow[]> {
  return queries.rows<AliasRow>(
    `select alias, recorded_by as "recordedBy", recorded_at as "recordedAt" from area_aliases
     where area_id = $1 order by alias_key`,
    [areaId],
  );
}

export interface UnmatchedText {
  readonly areaText: string;
  readonly subscribers: number;
}

/** What subscribers without an area came with for one, the most frequent first. */
export function findUnmatchedTexts(queries: Queries, most: number): Promise<UnmatchedText[]> {
  return queries.rows<UnmatchedText>(
    `select area_text as "areaText", count(*) as subscribers from subscribers
     where area_id is null and area_text is not null
     group by area_text order by count(*) desc, area_text limit $1`,
    [most],
  );
}

/** The texts of subscribers without an area that have one key. */
export async function findTextsWithKey(queries: Queries, key: string): Promise<string[]> {
  const rows = await queries.rows<{ text: string }>(
    'select distinct area_text as text from subscribers where area_id is null and area_text is not null',
  );
  return rows.map(({ text }) => text).filter((text) => searchKey(text) === key);
}
