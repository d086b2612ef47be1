import type { Queries, Transaction } from '../../platform/database/database';
import type { RecurrencePlan } from './recurrence';

export interface Recurrence extends RecurrencePlan {
  readonly id: number;
  /** The campaign whose content each draft takes. */
  readonly campaignId: number;
  readonly ownerPerson: number;
  readonly endedAt: Date | null;
}

export async function insertRecurrence(
  tx: Transaction,
  campaignId: number,
  { rule, startTime, leadDays, firstDay, lastDay }: RecurrencePlan,
  author: { id: string; person: number },
): Promise<number> {
  const row = await tx.row<{ id: number }>(
    `insert into recurrences (campaign_id, rule, start_time, lead_days, first_day, last_day, owner_person, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8) returning id`,
    [campaignId, JSON.stringify(rule), startTime, leadDays, firstDay, lastDay, author.person, author.id],
  );
  return row!.id;
}

/** Reads and locks: its drafts are made, and it is ended, by one at a time. */
export function lockRecurrence(tx: Transaction, id: number): Promise<Recurrence | undefined> {
  return tx.row<Recurrence>(
    `select id, campaign_id as "campaignId", rule, to_char(start_time, 'HH24:MI') as "startTime", lead_days as "leadDays",
       first_day as "firstDay", last_day as "lastDay", owner_person as "ownerPerson", ended_at as "endedAt"
     from recurrences where id = $1 for update`,
    [id],
  );
}

export async function endRecurrence(tx: Transaction, id: number, by: string, at: Date): Promise<void> {
  await tx.run('update recurrences set ended_at = $2, ended_by = $3 where id = $1', [id, at, by]);
}

/** Some dozens at most; what lies behind its last day has nothing to make. */
export async function openRecurrences(queries: Queries, today: string): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    'select id from recurrences where ended_at is null and (last_day is null or last_day >= $1) order by id',
    [today],
  );
  return rows.map(({ id }) => id);
}
