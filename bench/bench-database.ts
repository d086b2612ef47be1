import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, openDatabase } from '../src/platform/database/database';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/platform/database/embedded';
import { migrateUp } from '../src/platform/database/migrations';

export interface OneDatabase {
  readonly database: Database;
  readonly url: string;
}

export interface BenchDatabase extends OneDatabase {
  /** A folder that is gone afterwards. */
  readonly dataDir: string;
  /** The server's own process; each connection has a child of it. */
  readonly serverPid: number;
  /** A further database of the same server, with the service's schema. */
  another(name: string): Promise<OneDatabase>;
}

/** A PostgreSQL server of its own with the service's schema, for as long as the work takes. */
export async function withBenchDatabase<T>(work: (bench: BenchDatabase) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tinluat-bench-'));
  const server = await startEmbeddedPostgres({ dataDir, database: 'bench', log: () => undefined });
  const opened: Database[] = [];
  const open = async (url: string): Promise<OneDatabase> => {
    await migrateUp(url);
    const options = { url, poolSize: 4, entities: [], applicationName: 'bench' };
    const database = await openDatabase({ ...options, onPoolError: (error) => console.error(error.message) });
    opened.push(database);
    return { database, url };
  };
  try {
    const first = await open(server.url);
    const another = async (name: string): Promise<OneDatabase> => {
      await first.database.run(`create database ${name}`);
      return open(Object.assign(new URL(server.url), { pathname: `/${name}` }).href);
    };
    return await work({ ...first, dataDir, serverPid: server.serverPid, another });
  } finally {
    for (const database of opened) await database.close();
    await server.stop();
    await removeEmbeddedPostgres({ dataDir, log: () => undefined });
    await rm(dataDir, { recursive: true, force: true });
  }
}
