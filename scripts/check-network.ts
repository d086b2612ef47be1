import 'reflect-metadata';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { mostInDoubt } from '../src/delivery/step-size';
import { Database, openDatabase } from '../src/platform/database/database';
import { freePort } from '../src/platform/database/embedded/free-port';
import { migrateUp } from '../src/platform/database/migrations';
import {
  DATABASE_ADDRESS,
  GATEWAY_ADDRESS,
  type Link,
  Namespaces,
  NETWORK,
  whyNoNamespaces,
} from './instances/namespaces';
import { Office, until } from './instances/office';
import { startOpenPostgres } from './instances/open-postgres';
import { LEASE_SECONDS, RunningInstance, startSimulator, TIMEOUT_SECONDS } from './instances/programs';
import { judge, pronounce } from './instances/verdict';

/**
 * Two instances that send, each in a network namespace. In the middle of a campaign one is cut off from the database, and later
 * from the gateway, and comes back each time. Judged against the carrier's ledger.
 */
const SOCKETS = 20;
const LATENCY_MS = 100;
/** Past the lease: the others take over what it had. */
const CUT_OFF_SECONDS: Readonly<Record<Link, number>> = {
  database: 2 * LEASE_SECONDS + 2,
  gateway: 4 * TIMEOUT_SECONDS,
};
/** The one that is cut off. */
const UNLUCKY = 1;

const { values } = parseArgs({ options: { people: { type: 'string', default: '12000' } } });
const people = Number(values.people);

async function main(): Promise<void> {
  const reason = whyNoNamespaces();
  if (reason) throw new Error(`This check cannot run here: ${reason}`);
  // Ctrl-C and SIGTERM end it through the exit handlers, which take down what was made.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const folder = await mkdtemp(join(tmpdir(), 'tinluat-network-'));
  const closing: (() => unknown)[] = [];
  let hasEnded = false;
  try {
    await chmod(folder, 0o755);
    const namespaces = new Namespaces(2);
    closing.push(() => namespaces.remove());
    await run(folder, namespaces, closing);
    hasEnded = true;
  } finally {
    for (const close of closing.reverse()) {
      await Promise.resolve(close()).catch((error: Error) => console.error(error.message));
    }
    if (hasEnded) await rm(folder, { recursive: true });
    else console.error(`The logs are in ${folder}`);
  }
}

async function run(folder: string, namespaces: Namespaces, closing: (() => unknown)[]): Promise<void> {
  const server = await startOpenPostgres(folder, DATABASE_ADDRESS, NETWORK);
  closing.push(() => server.process.end('SIGINT'));
  await migrateUp(server.loopbackUrl);
  const database = await openDatabase({
    url: server.loopbackUrl,
    poolSize: 4,
    entities: [],
    applicationName: 'check',
    onPoolError: (error) => console.error(error.message),
  });
  closing.push(() => database.close());
  const simulator = await startSimulator(folder, GATEWAY_ADDRESS, { latencyMs: LATENCY_MS, seed: 2021 });
  closing.push(() => simulator.process.end('SIGTERM'));
  const env = { SIMULATOR_URL: simulator.url, GATEWAY_SOCKETS: String(SOCKETS) };
  const start = async (
    name: string,
    place: Pick<Parameters<typeof RunningInstance.start>[0], 'role' | 'host' | 'wrap'>,
  ) => {
    const url = place.wrap ? server.url : server.loopbackUrl;
    const settings = { ...place, name, folder, port: await freePort(), env: { ...env, DATABASE_URL: url } };
    const instance = await RunningInstance.start(settings);
    closing.push(() => instance.process.end('SIGTERM'));
    return instance;
  };
  // People and receipts come to one that is never cut off.
  const web = await start('web', { role: 'web', host: '127.0.0.1' });
  for (const number of [1, 2]) {
    const place = { host: namespaces.addressOf(number), wrap: namespaces.wrapOf(number) };
    await start(`worker-${number}`, { role: 'worker', ...place });
  }
  const office = await Office.open(web.url, database);
  const id = await office.launch(await office.importPeople(people, folder), folder);
  await office.untilGone(id, Math.floor(people / 10), 60);
  for (const link of ['database', 'gateway'] as const) await cutOff(namespaces, link, database);
  const figures = await office.untilCompleted(id, 180);
  const mostUnknown = Object.keys(CUT_OFF_SECONDS).length * mostInDoubt(SOCKETS, null);
  const { faults, facts } = await judge(database, folder, { people, figures, mostUnknown });
  const felt = await whatWasFelt(database);
  const unfelt = Object.entries(felt).flatMap(([what, texts]) => (texts === 0 ? [`no text was ${what}`] : []));
  pronounce({ faults: [...faults, ...unfelt], facts: { ...facts, ...felt } });
}

/** A check in which nothing went wrong on the way proves nothing. */
async function whatWasFelt(database: Database): Promise<Record<string, number>> {
  const felt = await database.row<{ takenOver: number; cut: number }>(
    `select count(*) filter (where code = 'lease-expired')::int as "takenOver",
       count(*) filter (where code <> 'lease-expired')::int as cut
     from outcomes where kind in ('unknown', 'deferred')`,
  );
  return { 'in doubt when its lease ran out': felt!.takenOver, 'cut off on its way to the gateway': felt!.cut };
}

async function cutOff(namespaces: Namespaces, link: Link, database: Database): Promise<void> {
  await until('both instances to be sending', 90, async () => {
    const leases = `select count(distinct owner)::int as instances from chunks where state = 'leased' and leased_until > now()`;
    return (await database.row<{ instances: number }>(leases))!.instances === 2;
  });
  const seconds = CUT_OFF_SECONDS[link];
  console.log(`worker-${UNLUCKY} is cut off from the ${link} for ${seconds} s`);
  namespaces.cut(UNLUCKY, link);
  await sleep(seconds * 1_000);
  namespaces.mend(UNLUCKY, link);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
