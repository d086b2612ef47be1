import type { Queries } from '../../platform/database/database';

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
