import type { Queries } from './database/database';

/**
 * Wins a bell at most once per `everyMs` across all instances that share the database: @nestjs/schedule rings it in each
 * of them, the row lets one through. The database's clock decides.
 */
export async function winBell(database: Queries, name: string, everyMs: number): Promise<boolean> {
  const won = await database.run(
    `insert into bells as b (name, rung_at) values ($1, now())
     on conflict (name) do update set rung_at = now() where b.rung_at <= now() - make_interval(secs => $2)`,
    [name, everyMs / 1000],
  );
  return won === 1;
}
