import type { Transaction } from '../../platform/database/database';
import type { OfficialUnit } from './area-files';

/** What an area is called and where it lies; the rest of an official unit tells which one it is. */
const FACTS = 'name, search_key, kind, district, province_code, province, former_names, valid_until';
const FORMER_NAMES = `coalesce(string_to_array(nullif(u.former_names, ''), '; '), '{}')`;

/**
 * Adds the units not known yet and gives the known ones the names of the files; never deletes one, because people live in
 * it. In the order of the codes, so that two instances that start at once wait for each other.
 *
 * @returns how many were added or changed
 */
export async function writeOfficialUnits(tx: Transaction, units: readonly OfficialUnit[]): Promise<number> {
  const changed = await tx.run(
    `insert into areas as a (code, valid_from, ${FACTS})
     select u.code, u.valid_from, u.name, u.search_key, u.kind, u.district, u.province_code, u.province, ${FORMER_NAMES},
       u.valid_until
     from json_to_recordset($1) u (code text, valid_from date, name text, search_key text, kind text, district text,
       province_code text, province text, former_names text, valid_until date)
     order by u.code, u.valid_from nulls first
     on conflict (code, (coalesce(valid_from, '-infinity'::date))) where code is not null do update
     set (${FACTS}) = (excluded.name, excluded.search_key, excluded.kind, excluded.district, excluded.province_code,
       excluded.province, excluded.former_names, excluded.valid_until)
     where (a.name, a.search_key, a.kind, a.district, a.province_code, a.province, a.former_names, a.valid_until)
       is distinct from (excluded.name, excluded.search_key, excluded.kind, excluded.district, excluded.province_code,
       excluded.province, excluded.former_names, excluded.valid_until)`,
    [JSON.stringify(units.map(asRecord))],
  );
  return changed + (await writeSuccessions(tx, units));
}

function asRecord(unit: OfficialUnit): Record<string, string | null> {
  return {
    code: unit.code,
    valid_from: unit.validFrom,
    name: unit.name,
    search_key: unit.searchKey,
    kind: unit.kind,
    district: unit.district,
    province_code: unit.provinceCode,
    province: unit.province,
    former_names: unit.formerNames.join('; '),
    valid_until: unit.validUntil,
  };
}

/** What became of the former units is what the files say of it, so that a mistake in them can be mended. */
async function writeSuccessions(tx: Transaction, units: readonly OfficialUnit[]): Promise<number> {
  const pairs = units.flatMap(({ code, successors }) => successors.map((next) => ({ code, next })));
  const row = await tx.row<{ count: number }>(
    `with told as (
       select o.id as old_id, n.id as new_id
       from json_to_recordset($1) p (code text, next text)
       join areas o on o.code = p.code and o.valid_from is null
       join areas n on n.code = p.next and n.valid_from is not null
     ), taken_back as (
       delete from area_successions s using told t
       where s.old_id = t.old_id and not exists (select from told k where (k.old_id, k.new_id) = (s.old_id, s.new_id))
       returning 1
     ), added as (
       insert into area_successions (old_id, new_id) select old_id, new_id from told order by 1, 2
       on conflict do nothing returning 1
     )
     select (select count(*) from taken_back) + (select count(*) from added) as count`,
    [JSON.stringify(pairs)],
  );
  return row!.count;
}

export interface NewAlias {
  readonly aliasKey: string;
  readonly areaId: number;
  readonly alias: string;
  readonly recordedBy: string;
}

/** @returns the id of the area that has the alias now: another one if it was taken before */
export async function insertAlias(tx: Transaction, alias: NewAlias): Promise<number> {
  const row = await tx.row<{ areaId: number }>(
    `with added as (
       insert into area_aliases (alias_key, area_id, alias, recorded_by) values ($1, $2, $3, $4)
       on conflict (alias_key) do update set alias = excluded.alias
         where area_aliases.area_id = excluded.area_id
       returning area_id
     )
     select area_id as "areaId" from added
     union all
     select area_id from area_aliases where alias_key = $1 and not exists (select from added)`,
    [alias.aliasKey, alias.areaId, alias.alias, alias.recordedBy],
  );
  return row!.areaId;
}

export async function deleteAlias(tx: Transaction, areaId: number, aliasKey: string): Promise<boolean> {
  return (await tx.run('delete from area_aliases where area_id = $1 and alias_key = $2', [areaId, aliasKey])) > 0;
}

/**
 * Gives an area to the subscribers that have none and came with one of these texts for it, each with an entry in its
 * history.
 *
 * @returns how many there were
 */
export async function giveArea(
  tx: Transaction,
  areaId: number,
  texts: readonly string[],
  actor: string,
): Promise<number> {
  return tx.run(
    `with before as materialized (
       select id, area_text from subscribers where area_id is null and area_text = any($2::text[]) order by id for update
     ), written as (
       update subscribers s set area_id = $1, area_text = null, revision = s.revision + 1, updated_at = now()
       from before b where b.id = s.id
       returning s.id, s.revision, b.area_text
     )
     insert into subscriber_history (subscriber_id, actor, act, revision, before, after)
     select id, $3, 'corrected', revision, jsonb_build_object('areaId', null, 'areaText', area_text),
       jsonb_build_object('areaId', $1::int, 'areaText', null)
     from written order by id`,
    [areaId, texts, actor],
  );
}
