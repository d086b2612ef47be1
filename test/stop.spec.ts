import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Behaviour, SimulatorControl, simulatorFiles, simulatorKeys } from '../src/gateways';
import { parseEntry } from '../src/gateways/simulator/server/ledger-entry';
import { freePort } from '../src/platform/database/embedded/free-port';
import { Secrets } from '../src/platform/secrets';
import { RunningInstance, SECRET, startSimulator, TIMEOUT_SECONDS } from '../scripts/instances/programs';
import { checkBuild } from './campaign-model/instances';
import { makeBatch } from './harness/batches';
import { openTestDatabase, TestDatabase } from './harness/test-database';

/** What a stop may take beyond the answers to what is in flight. */
const GRACE_SECONDS = 5;
const SOCKETS = '20';

describe('an instance that is told to stop', () => {
  let test: TestDatabase;
  let folder: string;
  let simulator: Awaited<ReturnType<typeof startSimulator>> | undefined;
  const running: RunningInstance[] = [];

  beforeAll(checkBuild);
  beforeEach(async () => {
    test = await openTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'tinluat-stop-'));
    await chmod(folder, 0o755);
  });
  afterEach(async () => {
    for (const instance of running.splice(0)) await instance.process.end('SIGTERM');
    await simulator?.process.end('SIGTERM');
    simulator = undefined;
    await test.close();
    await rm(folder, { recursive: true });
  });

  const start = async (name: string, behaviour: Partial<Behaviour>): Promise<RunningInstance> => {
    simulator ??= await startSimulator(folder, '127.0.0.1', behaviour);
    const env = { DATABASE_URL: test.url, SIMULATOR_URL: simulator.url, GATEWAY_SOCKETS: SOCKETS };
    const place = { name, role: 'all', host: '127.0.0.1', port: await freePort(), folder } as const;
    const instance = await RunningInstance.start({ ...place, env });
    running.push(instance);
    return instance;
  };
  /** The number of each text that was taken. */
  const ledger = (): string[] =>
    readFileSync(simulatorFiles(folder).ledger, 'latin1')
      .split('\n')
      .flatMap((line) => parseEntry(line)?.number ?? []);
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isSo())) await sleep(20);
  };
  const count = async (sql: string): Promise<number> =>
    (await test.database.row<{ n: number }>(`select count(*)::int as n from ${sql}`))!.n;
  const loudLines = ({ log }: RunningInstance): string[] =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  const secondsToEnd = async ({ process }: RunningInstance): Promise<number> => {
    const startedMs = performance.now();
    process.signal('SIGTERM');
    await process.ended;
    return (performance.now() - startedMs) / 1_000;
  };

  it('waits for the answers to what is in flight, gives the rest back, and another goes on at once', async () => {
    const first = await start('first', { latencyMs: 300 });
    await makeBatch(test, 1_000, { gateway: 'simulator' });
    await until(() => ledger().length > 100);
    expect(await secondsToEnd(first)).toBeLessThan(TIMEOUT_SECONDS + GRACE_SECONDS);
    expect(first.process.exitCode).toBe(0);
    expect(loudLines(first)).toEqual([]);
    // Everything that arrived is on record, and nothing is held any more.
    const taken = ledger().length;
    expect(taken).toBeLessThan(1_000);
    expect(await count(`outcomes where kind = 'accepted'`)).toBe(taken);
    expect(await count(`outcomes where kind = 'unknown'`)).toBe(0);
    expect(await count(`chunks where state = 'leased' or owner is not null`)).toBe(0);
    await new SimulatorControl(simulator!.url, simulatorKeys(new Secrets(SECRET)).token).setBehaviour({});
    const second = await start('second', {});
    const startedMs = performance.now();
    await until(() => ledger().length > taken);
    // Long before a lease of the first could have run out.
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await until(async () => (await count(`batches where state = 'finished'`)) === 1);
    expect([ledger().length, new Set(ledger()).size]).toEqual([1_000, 1_000]);
    expect(loudLines(second)).toEqual([]);
  }, 120_000);

  it('does not hurry when it is told a second time', async () => {
    const instance = await start('one', { latencyMs: 1_700 });
    await makeBatch(test, 400, { gateway: 'simulator' });
    await until(async () => (await count('handovers')) > 0);
    await sleep(300);
    instance.process.signal('SIGTERM');
    await sleep(1_200);
    expect(instance.process.isRunning).toBe(true);
    instance.process.signal('SIGTERM');
    await instance.process.ended;
    expect(instance.process.exitCode).toBe(0);
    expect(await count(`outcomes where kind = 'unknown'`)).toBe(0);
    expect(await count(`outcomes where kind = 'accepted'`)).toBe(ledger().length);
    expect(await count(`chunks where state = 'leased'`)).toBe(0);
  }, 120_000);

  it('ends at once and without a word when it has nothing to do', async () => {
    const instance = await start('idle', {});
    const page = await fetch(`${instance.url}/health/live`);
    await page.text();
    expect(await secondsToEnd(instance)).toBeLessThan(GRACE_SECONDS);
    expect(instance.process.exitCode).toBe(0);
    expect(loudLines(instance)).toEqual([]);
  }, 120_000);
});
