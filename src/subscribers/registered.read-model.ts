import type { Queries } from '../platform/database/database';
import { filterCondition } from './selection';
import type { TextLanguage } from './text-language';

/** Somebody in the register as a text needs him. */
export interface Registered {
  readonly subscriberId: number;
  readonly phone: string;
  readonly phoneKey: Buffer;
  /** 0 for no area. */
  readonly areaId: number;
  readonly fullName: string | null;
  readonly hamlet: string | null;
  readonly language: TextLanguage | null;
}

export type RegisteredSearch = { readonly subscriberId: number } | { readonly name: string };

const MOST_FOUND = 20;

/** The first people a search finds, by record; a name as the search of the register reads it. @throws nameWithoutLetters */
export function findRegistered(queries: Queries, search: RegisteredSearch): Promise<Registered[]> {
  const values: unknown[] = [];
  const filter = 'name' in search ? { name: search.name } : { subscriberIds: [search.subscriberId] };
  return queries.rows<Registered>(
    `select s.id as "subscriberId", s.phone, s.phone_key as "phoneKey", coalesce(s.area_id, 0) as "areaId",
       s.full_name as "fullName", s.hamlet, s.language
     from subscribers s where ${filterCondition(filter, values)} order by s.id limit ${MOST_FOUND}`,
    values,
  );
}
