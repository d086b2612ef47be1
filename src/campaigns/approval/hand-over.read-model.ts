import type { Queries } from '../../platform/database/database';
import type { CampaignState } from '../lifecycle';

/** What somebody is answerable for and has not ended. */
export interface OpenWork {
  readonly campaigns: readonly { readonly id: number; readonly name: string; readonly state: CampaignState }[];
  /** Ids of rules that go on making drafts. */
  readonly recurrences: readonly number[];
}

export async function findOpenWork(queries: Queries, person: number): Promise<OpenWork> {
  const campaigns = await queries.rows<OpenWork['campaigns'][number]>(
    `select id, name, state from campaigns
     where owner_person = $1 and state not in ('completed', 'cancelled') order by id`,
    [person],
  );
  const recurrences = await queries.rows<{ id: number }>(
    'select id from recurrences where owner_person = $1 and ended_at is null order by id',
    [person],
  );
  return { campaigns, recurrences: recurrences.map(({ id }) => id) };
}

export interface AccountFacts {
  readonly id: number;
  readonly isStaff: boolean;
}

/** `isStaff`: whether the account writes campaigns and can sign in. */
export function findAccounts(queries: Queries, ids: readonly number[]): Promise<AccountFacts[]> {
  return queries.rows<AccountFacts>(
    `select id, role = 'staff' and disabled_at is null as "isStaff" from users where id = any($1::int[])`,
    [ids],
  );
}
