import 'reflect-metadata';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { OwnProcess } from '../chaos/own-process';
import { Database, openDatabase } from '../src/platform/database/database';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/platform/database/embedded';
import { freePort } from '../src/platform/database/embedded/free-port';
import { accountForNewFolder } from '../src/platform/database/embedded/server-account';
import { migrateUp } from '../src/platform/database/migrations';
import { Office, until } from './instances/office';
import { RunningInstance, startSimulator } from './instances/programs';
import { judge, pronounce } from './instances/verdict';

/**
 * Two instances behind PgBouncer in transaction mode, with fewer connections to the server than they have to it: a campaign
 * from the file of its people to its end. Figures and the carrier's ledger must agree, and nobody may have noticed the pooler.
 */
const PGBOUNCER = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find(existsSync);
/** Of the two instances together there are 24 on the other side. */
const SERVER_CONNECTIONS = 6;
const DATABASE = 'tinluat';

const { values } = parseArgs({ options: { people: { type: 'string', default: '5000' } } });
const people = Number(values.people);

async function main(): Promise<void> {
  if (!PGBOUNCER) throw new Error('pgbouncer is not installed: apt-get install pgbouncer (Debian, Ubuntu)');
  const folder = await mkdtemp(join(tmpdir(), 'tinluat-pgbouncer-'));
  const log = (): void => undefined;
  const closing: (() => Promise<unknown>)[] = [];
  let hasEnded = false;
  try {
    await chmod(folder, 0o755);
    const server = await startEmbeddedPostgres({ dataDir: folder, database: DATABASE, log });
    closing.push(() => removeEmbeddedPostgres({ dataDir: folder, log }));
    closing.push(() => server.stop());
    await migrateUp(server.url);
    const pooler = await startPooler(folder, server.url);
    closing.push(() => pooler.process.end('SIGTERM'));
    await checkItIsFoundOut(pooler.url);
    await runCampaign(folder, { direct: server.url, pooled: pooler.url }, closing);
    hasEnded = true;
  } finally {
    for (const close of closing.reverse()) await close().catch((error: Error) => console.error(error.message));
    if (hasEnded) await rm(folder, { recursive: true });
    else console.error(`The logs are in ${folder}`);
  }
}

async function runCampaign(
  folder: string,
  urls: { direct: string; pooled: string },
  closing: (() => Promise<unknown>)[],
): Promise<void> {
  const database = await openDatabase({
    url: urls.pooled,
    directUrl: urls.direct,
    poolSize: 4,
    entities: [],
    applicationName: 'check',
    onPoolError: (error) => console.error(error.message),
  });
  closing.push(() => database.close());
  const simulator = await startSimulator(folder, '127.0.0.1', { latencyMs: 10, refuseShare: 0.005, seed: 2021 });
  closing.push(() => simulator.process.end('SIGTERM'));
  const env = { DATABASE_URL: urls.pooled, DATABASE_DIRECT_URL: urls.direct, SIMULATOR_URL: simulator.url };
  const start = async (name: string): Promise<RunningInstance> => {
    const port = await freePort();
    const instance = await RunningInstance.start({ name, role: 'all', host: '127.0.0.1', port, folder, env });
    closing.push(() => instance.process.end('SIGTERM'));
    return instance;
  };
  const [first, second] = [await start('A'), await start('B')];
  const office = await Office.open(first.url, database);
  const listId = await office.importPeople(people, folder);
  const id = await office.launch(listId, folder);
  const figures = await office.untilCompleted(id, 120);
  await until('the receipts', 60, async () => {
    const { accepted, delivered, undelivered } = (await office.campaign(id)).figures!;
    return delivered + undelivered === accepted;
  });
  const listening = await database.rows(`select from pg_stat_activity where application_name like 'tinluat-%-listen'`);
  const verdict = await judge(database, folder, { people, figures, mostUnknown: 0 });
  const streamed = await streamAtOnce(database);
  const complaints = await complaintsOf([first, second]);
  const faults = [
    [listening.length !== 2, `${listening.length} instances listen past the pooler, not 2`],
    [streamed.some((rows) => rows !== people + 1), `cursors gave ${streamed.join(', ')} texts`],
    [complaints.length > 0, `the instances complained: ${complaints[0]}`],
  ] as const;
  pronounce({ ...verdict, faults: [...verdict.faults, ...faults.flatMap(([isSo, fault]) => (isSo ? [fault] : []))] });
}

/** More cursors at once than the pooler has connections, as downloads have them. @returns how many rows each gave */
async function streamAtOnce(database: Database): Promise<number[]> {
  const readers = Array.from({ length: SERVER_CONNECTIONS + 2 }, async () => {
    let rows = 0;
    for await (const _ of await database.stream('select batch_id, seq, text from messages')) rows += 1;
    return rows;
  });
  return Promise.all(readers);
}

/** What they found worth a warning. */
async function complaintsOf(instances: readonly RunningInstance[]): Promise<string[]> {
  const logs = await Promise.all(instances.map(({ log }) => readFile(log, 'utf8')));
  return logs.flatMap((text) => text.split('\n').filter((line) => line !== ''));
}

/** PgBouncer in transaction mode before that server. It refuses to run as root. */
async function startPooler(folder: string, serverUrl: string): Promise<{ process: OwnProcess; url: string }> {
  const { hostname, port, username, password } = new URL(serverUrl);
  const account = await accountForNewFolder();
  const own = await mkdtemp(join(folder, 'pgbouncer-'));
  const poolerPort = await freePort();
  const users = join(own, 'users.txt');
  const settings = join(own, 'pgbouncer.ini');
  await writeFile(users, `"${username}" "${decodeURIComponent(password)}"\n`, { mode: 0o600 });
  await writeFile(
    settings,
    [
      ...['[databases]', `${DATABASE} = host=${hostname} port=${port} dbname=${DATABASE}`, '[pgbouncer]'],
      ...[`listen_addr = 127.0.0.1`, `listen_port = ${poolerPort}`, 'unix_socket_dir =', 'pool_mode = transaction'],
      ...['auth_type = scram-sha-256', `auth_file = ${users}`, `default_pool_size = ${SERVER_CONNECTIONS}`],
      ...['max_client_conn = 200', 'idle_transaction_timeout = 60', 'log_connections = 0', 'log_disconnections = 0'],
    ].join('\n'),
    { mode: 0o600 },
  );
  for (const path of [own, users, settings]) await chown(path, account.uid, account.gid);
  const log = join(folder, 'pgbouncer.log');
  const pooler = new OwnProcess({
    file: PGBOUNCER!,
    args: [settings],
    env: {},
    log,
    identity: account.identity,
    cwd: '/',
  });
  const url = new URL(serverUrl);
  url.port = String(poolerPort);
  await until('PgBouncer', 20, async () => {
    if (!pooler.isRunning) throw new Error(`PgBouncer ended at its start, see ${log}`);
    return (await tryToConnect(url.href)) === undefined;
  });
  return { process: pooler, url: url.href };
}

/** Who forgets DATABASE_DIRECT_URL must be told so at the start, not by texts that fail. */
async function checkItIsFoundOut(pooledUrl: string): Promise<void> {
  const error = await migrateUp(pooledUrl).then(
    () => undefined,
    (reason: Error) => reason,
  );
  if (!error?.message.includes('startup parameter')) throw new Error('a pooler that nobody declared was not found out');
}

async function tryToConnect(connectionString: string): Promise<Error | undefined> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    await client.end();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
