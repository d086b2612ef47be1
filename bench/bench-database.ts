import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, openDatabase } from '../src/platform/database/database';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/platform/database/embedded';
import { migrateUp } from '../src/platform/database/migrations';

export interface BenchDatabase {
  readonly database: Database;
  readonly url: string;
  /** A folder that is gone afterwards. */
  readonly dataDir: string;
}

/** A PostgreSQL server of its own with the service's schema, for as long as the work takes. */
export async function withBenchDatabase<T>(work: (bench: BenchDatabase) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tinluat-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, database: 'bench', log: () => undefined });
  await migrateUp(server.url);
  const options = { url: server.url, poolSize: 4, entities: [], applicationName: 'bench' };
  const database = await openDatabase({ ...options, onPoolError: (error) => console.error(error.message) });
  try {
    return await work({ database, url: server.url, dataDir });
  } finally {
    await database.close();
    await server.stop();
    await removeEmbeddedPostgres({ dataDir, log: () => undefined });
    await rm(dataDir, { recursive: true, force: true });
  }
}
