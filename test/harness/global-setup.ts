import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/database/embedded';
import { migrateUp } from '../../src/platform/database/migrations';

export const TEMPLATE_DATABASE = 'tinluat_template';

/** What a test run may lose, it need not flush: the databases go with the run. */
const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

export interface TestServer {
  readonly folder: string;
  readonly server: EmbeddedPostgres;
}

/** One PostgreSQL for the whole run, and in it a migrated template that every test file clones. */
export default async function globalSetup(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tinluat-test-'));
  const log = (): void => undefined;
  const server = await startEmbeddedPostgres({ dataDir: folder, database: TEMPLATE_DATABASE, settings: FAST, log });
  await migrateUp(server.url);
  const admin = new URL(server.url);
  admin.pathname = '/postgres';
  const client = new Client({ connectionString: admin.href });
  await client.connect();
  await client.query(`alter database ${TEMPLATE_DATABASE} with is_template true allow_connections false`);
  await client.end();
  process.env.TINLUAT_TEST_ADMIN_URL = admin.href;
  (globalThis as { testServer?: TestServer }).testServer = { folder, server };
}
