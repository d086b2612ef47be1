import 'reflect-metadata';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, describeApi } from '../src/create-app';
import { GatewayRegistry } from '../src/gateways';
import { identityEntities } from '../src/identity';
import { SystemClock } from '../src/platform/clock';
import { Config } from '../src/platform/config';
import { Database, openDatabase } from '../src/platform/database/database';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/platform/database/embedded';
import { migrateDown, migrateUp } from '../src/platform/database/migrations';
import { createLog } from '../src/platform/observability/log';
import { Secrets } from '../src/platform/secrets';
import { SubscriberList } from '../src/subscribers';
import { describeSchema } from './describe-schema';

/**
 * Compares what the code makes with what is committed: the schema after all migrations (migrations/schema.txt) and the
 * REST interface (docs/openapi.json). A reviewer sees in them what a change does to either. `--write` renews both files.
 */
const ROOT = join(__dirname, '..');

async function run(): Promise<void> {
  const made = await make();
  if (process.argv.includes('--write')) {
    for (const [file, text] of Object.entries(made)) await writeFile(join(ROOT, file), text);
    return;
  }
  const differing: string[] = [];
  for (const [file, text] of Object.entries(made)) {
    const committed = await readFile(join(ROOT, file), 'utf8').catch(() => '');
    if (committed !== text) differing.push(file);
  }
  if (differing.length > 0) {
    throw new Error(
      `${differing.join(' and ')} differ(s) from the code: run "npm run drift -- --write", read the change`,
    );
  }
  console.log('schema and OpenAPI are as committed');
}

async function make(): Promise<Record<string, string>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tinluat-drift-'));
  const log = createLog('error', process.stderr);
  const silent = (): void => undefined;
  const server = await startEmbeddedPostgres({ dataDir, database: 'drift', settings: { fsync: 'off' }, log: silent });
  try {
    await checkDownMigrations(server.url);
    const database = await openDatabase({
      url: server.url,
      poolSize: 4,
      entities: [...identityEntities, SubscriberList],
      applicationName: 'drift',
      onPoolError: (error) => log.error({ err: error }, 'pool'),
    });
    try {
      return {
        'migrations/schema.txt': await describeSchema(database),
        'docs/openapi.json': await describeRest(database, dataDir),
      };
    } finally {
      await database.close();
    }
  } finally {
    await server.stop();
    await removeEmbeddedPostgres({ dataDir, log: silent });
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Up, all the way down and up again: a migration that cannot be taken back is found here. */
async function checkDownMigrations(url: string): Promise<void> {
  await migrateUp(url);
  while (await migrateDown(url));
  await migrateUp(url);
}

async function describeRest(database: Database, dataDir: string): Promise<string> {
  const config = Object.assign(new Config(), { DATA_DIR: dataDir });
  const log = createLog('error', process.stderr);
  const secrets = new Secrets('describes only, decides nothing: 32 characters');
  const platform = { config, database, log, clock: new SystemClock(), secrets };
  const app = await createApp(platform, new GatewayRegistry([]), { bells: false });
  return `${JSON.stringify(describeApi(app), null, 2)}\n`;
}

run().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
