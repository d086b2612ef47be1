import type { Queries } from '../../platform/database/database';
import type { Recipient } from '../audience.store';

export interface Colleague {
  readonly id: number;
  /** E.164. */
  readonly phone: string | null;
}

/** Those of these accounts that can sign in. */
export function findColleagues(queries: Queries, ids: readonly number[]): Promise<Colleague[]> {
  return queries.rows<Colleague>(
    'select id, phone from users where id = any($1::int[]) and disabled_at is null order by id',
    [ids],
  );
}

/** A subscriber as a submission would read him; undefined when there is none. */
export function findTestRecipient(queries: Queries, subscriberId: number): Promise<Recipient | undefined> {
  return queries.row<Recipient>(
    `select id as "subscriberId", phone, phone_key as "phoneKey", coalesce(area_id, 0) as "areaId",
       full_name as "fullName", hamlet, language
     from subscribers where id = $1`,
    [subscriberId],
  );
}
