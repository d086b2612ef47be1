import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { SESSION_OPTIONS } from './database';

export interface Migration {
  readonly name: string;
  readonly up: string;
  readonly down: string;
  readonly sha256: string;
}

interface Applied {
  readonly name: string;
  readonly sha256: string;
}

/** Any number that no other program uses on the same database: two instances starting at once migrate in turn. */
const MIGRATION_LOCK = 7_121_945_301;

const HISTORY = `create table if not exists schema_migrations (
  name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;

/** The folder of a source checkout and of a build alike: both lie three levels below the project's root. */
export const MIGRATIONS_FOLDER = join(__dirname, '..', '..', '..', 'migrations');

export async function readMigrations(folder = MIGRATIONS_FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((file) => file.endsWith('.up.sql')).sort();
  return Promise.all(
    names.map(async (file) => {
      const name = file.slice(0, -'.up.sql'.length);
      const up = await readFile(join(folder, file), 'utf8');
      const down = await readFile(join(folder, `${name}.down.sql`), 'utf8');
      return { name, up, down, sha256: createHash('sha256').update(up).digest('hex') };
    }),
  );
}

/**
 * What is still to be applied, in order.
 *
 * @throws when the database is newer than this program, or an applied migration was edited afterwards.
 */
export function pendingMigrations(known: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const byName = new Map(known.map((migration) => [migration.name, migration]));
  const faults = applied.flatMap(({ name, sha256 }) => {
    const migration = byName.get(name);
    if (!migration) return [`${name} was applied by a newer version of this program: install that version`];
    return migration.sha256 === sha256 ? [] : [`${name} was changed after it had been applied: restore the file`];
  });
  if (faults.length > 0) throw new Error(`The database's schema does not fit this program:\n- ${faults.join('\n- ')}`);
  const done = new Set(applied.map(({ name }) => name));
  return known.filter(({ name }) => !done.has(name));
}

/** Applies every pending migration, each in a transaction of its own. Returns the names applied. */
export async function migrateUp(databaseUrl: string, folder = MIGRATIONS_FOLDER): Promise<string[]> {
  const known = await readMigrations(folder);
  return withMigrationLock(databaseUrl, async (client) => {
    const pending = pendingMigrations(known, await readHistory(client));
    for (const { name, up, sha256 } of pending) {
      await inTransaction(client, name, async () => {
        await client.query(up);
        await client.query('insert into schema_migrations (name, sha256) values ($1, $2)', [name, sha256]);
      });
    }
    return pending.map(({ name }) => name);
  });
}

/** Takes the newest applied migration back. Returns its name, or undefined on an empty database. */
export async function migrateDown(databaseUrl: string, folder = MIGRATIONS_FOLDER): Promise<string | undefined> {
  const known = await readMigrations(folder);
  return withMigrationLock(databaseUrl, async (client) => {
    const applied = await readHistory(client);
    pendingMigrations(known, applied);
    const newest = known.findLast(({ name }) => applied.some((entry) => entry.name === name));
    if (!newest) return undefined;
    await inTransaction(client, newest.name, async () => {
      await client.query(newest.down);
      await client.query('delete from schema_migrations where name = $1', [newest.name]);
    });
    return newest.name;
  });
}

async function readHistory(client: Client): Promise<Applied[]> {
  return (await client.query('select name, sha256 from schema_migrations order by name')).rows as Applied[];
}

async function withMigrationLock<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = { connectionString: databaseUrl, connectionTimeoutMillis: 10_000, options: SESSION_OPTIONS };
  const client = new Client(connection);
  // A connection that breaks fails the statement under way; unheard, it would end the process without a sentence.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const { rows } = await client.query('select getdatabaseencoding() as encoding');
    if (rows[0].encoding !== 'UTF8') {
      throw new Error(`The database has the encoding ${rows[0].encoding}; Vietnamese needs UTF8: create one with it.`);
    }
    await client.query(HISTORY);
    return await work(client);
  } finally {
    // The lock belongs to the connection and goes with it.
    await client.end();
  }
}

async function inTransaction(client: Client, name: string, work: () => Promise<void>): Promise<void> {
  await client.query('begin');
  try {
    await work();
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`Migration ${name} failed and was taken back: ${(error as Error).message}`, { cause: error });
  }
}
