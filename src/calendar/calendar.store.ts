import type { Queries, Transaction } from '../platform/database/database';
import type { CalendarDay } from './holidays';

export interface NamedDay extends CalendarDay {
  readonly name: string;
}

/** All days the office has entered, in their order: some fifteen a year. */
export function readCalendar(queries: Queries): Promise<NamedDay[]> {
  return queries.rows<NamedDay>('select day, name, is_working_day as "isWorkingDay" from calendar_days order by day');
}

/** As `readCalendar`; until the transaction ends nobody enters or removes a day, so that no request gets a stale time. */
export async function holdCalendar(tx: Transaction): Promise<NamedDay[]> {
  await tx.run('lock table calendar_days in share mode');
  return readCalendar(tx);
}

/** A day entered again takes the new name and kind. */
export async function enterDay(tx: Transaction, { day, name, isWorkingDay }: NamedDay): Promise<void> {
  await tx.run(
    `insert into calendar_days (day, name, is_working_day) values ($1, $2, $3)
     on conflict (day) do update set name = excluded.name, is_working_day = excluded.is_working_day`,
    [day, name, isWorkingDay],
  );
}

/** @returns whether the day was there */
export async function removeDay(tx: Transaction, day: string): Promise<boolean> {
  return (await tx.run('delete from calendar_days where day = $1', [day])) === 1;
}
