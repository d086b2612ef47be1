import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { identityEntities } from '../../src/identity';
import { Database, openDatabase } from '../../src/platform/database/database';
import { Secrets } from '../../src/platform/secrets';
import { SubscriberList } from '../../src/subscribers';
import { TEMPLATE_DATABASE } from './global-setup';
import type { ShiftedClock } from './shifted-clock';

export interface TestDatabase {
  readonly database: Database;
  readonly url: string;
  readonly secrets: Secrets;
  /** Closes and drops it; fails the test file that left a connection or a transaction open. */
  close(): Promise<void>;
}

export const TEST_SECRET = 'a secret that only the tests know, 32+';

/** A database of one's own, cloned from the migrated template in some 30 ms; with a clock, its now() is that clock's. */
export async function openTestDatabase(clock?: ShiftedClock): Promise<TestDatabase> {
  const admin = new URL(process.env.TINLUAT_TEST_ADMIN_URL!);
  const name = `t_${process.env.JEST_WORKER_ID}_${randomBytes(6).toString('hex')}`;
  await asAdmin(admin, (client) => client.query(`create database ${name} template ${TEMPLATE_DATABASE}`));
  const own = new URL(admin);
  own.pathname = `/${name}`;
  if (clock) await asAdmin(own, (client) => clock.install(client, name));
  const poolErrors: Error[] = [];
  const database = await openDatabase({
    url: own.href,
    poolSize: 10,
    entities: [...identityEntities, SubscriberList],
    applicationName: 'tinluat-test',
    onPoolError: (error) => poolErrors.push(error),
  });
  const close = async (): Promise<void> => {
    await database.close();
    const left = await asAdmin(admin, async (client) => {
      await client.query(`select pg_sleep(0.05)`);
      const { rows } = await client.query(
        // The server's own workers, such as autovacuum, come and go as they like.
        `select pid, state, query from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
        [name],
      );
      await client.query(`drop database ${name} with (force)`);
      return rows as { state: string; query: string }[];
    });
    const open = left.filter(({ state }) => state !== null && state !== 'idle');
    if (open.length > 0) throw new Error(`the test left work running in the database: ${JSON.stringify(open)}`);
  };
  return { database, url: own.href, secrets: new Secrets(TEST_SECRET), close };
}

async function asAdmin<T>(url: URL, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
