import type { Client } from 'pg';
import { Clock } from '../../src/platform/clock';

/** PostgreSQL's ways to ask for the time that are functions; `current_timestamp` and `current_date` are not, and do not shift. */
const TIME_FUNCTIONS = ['now', 'transaction_timestamp', 'statement_timestamp', 'clock_timestamp'];

/** Schema of the shifted functions; found before pg_catalog. */
const SCHEMA = 'shifted_clock';

interface Runs {
  query(sql: string): Promise<unknown>;
}

/**
 * A clock that runs on from any instant, for the service and its database alike: `startTestApp({ at: new
 * Date('2026-11-23T23:30:00+07:00') })` is a service that believes it is half past eleven at night, its bells, leases,
 * sessions and `default now()` columns included.
 *
 * How: a schema with a now() of its own (and the three functions like it) stands before pg_catalog in the search_path of
 * that one database, so that plain `now()` in a statement or a trigger means it. Defaults of columns are bound when a table
 * is made: those that ask for the time are made anew. What does not shift: `current_timestamp` and `current_date`
 * (keywords; our SQL uses neither), PostgreSQL's own bookkeeping, and performance.now(), by which the service waits.
 */
export class ShiftedClock extends Clock {
  private shiftMs = 0;

  constructor(at: Date) {
    super();
    this.setTo(at);
  }

  now(): Date {
    return new Date(Date.now() + this.shiftMs);
  }

  /** Prepares a database for this clock; sessions opened before do not take part. */
  async install(client: Client, database: string): Promise<void> {
    await client.query(`create schema ${SCHEMA}`);
    await client.query(`grant usage on schema ${SCHEMA} to public`);
    await this.writeFunctions(client);
    await client.query(`alter database ${database} set search_path = ${SCHEMA}, pg_catalog, public`);
    await client.query(`set search_path = ${SCHEMA}, pg_catalog, public`);
    const { rows } = await client.query<{ sql: string }>(
      `select format('alter table public.%I alter column %I set default %s', table_name, column_name, column_default) as sql
       from information_schema.columns
       where table_schema = 'public' and column_default ~ '\\m(${TIME_FUNCTIONS.join('|')})\\(\\)' order by 1`,
    );
    for (const { sql } of rows) await client.query(sql.replaceAll('pg_catalog.', ''));
  }

  /**
   * Moves service and database to another instant, as if the time between had passed while nothing ran: leases and sessions
   * may have ended, bells are due.
   */
  async moveTo(database: { run(sql: string): Promise<number> }, at: Date): Promise<void> {
    this.setTo(at);
    await this.writeFunctions({ query: (sql) => database.run(sql) });
  }

  private setTo(at: Date): void {
    this.shiftMs = at.getTime() - Date.now();
  }

  private async writeFunctions(runs: Runs): Promise<void> {
    const statements = TIME_FUNCTIONS.map(
      (name) => `create or replace function ${SCHEMA}.${name}() returns timestamptz
        language sql ${name === 'clock_timestamp' ? 'volatile' : 'stable'} parallel safe
        return pg_catalog.${name}() + interval '${this.shiftMs} milliseconds'`,
    );
    await runs.query(statements.join(';'));
  }
}
