import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { moveBatch, prepareBatch, type PreparedMessage } from '../../src/delivery';
import type { Database } from '../../src/platform/database/database';
import { BenchService } from '../bench-service';
import { recipients, SENDER } from './notice';
import type { Contender, ContenderOptions, RunningContender } from './running-contender';
import { GATEWAY_TIMEOUT_SECONDS, LARGEST_BATCH, SECRET } from './settings';
import type { Stage } from './stage';

const PAGE = 4_000;
/** How often to ask whether the last outcome is on record: as often as it takes for the answer not to be what is measured. */
const SHORTEST_POLL_MS = 4;
const LONGEST_POLL_MS = 100;
const STANDS_STILL_MS = 30_000;

export interface EngineOptions {
  readonly workers?: number;
  /** By the simulator's endpoint for lists. */
  readonly inLists?: boolean;
  /** Where V8 writes its profile when the worker ends. */
  readonly profileFolder?: string;
}

/** The product: built workers, started as in an office, which find the texts in the database. They share the sockets. */
export function engine(name: string, options: EngineOptions = {}): Contender {
  const { workers = 1 } = options;
  return {
    name,
    async start(stage, { sockets, where }) {
      const settings = settingsOf(stage, sockets / workers, options);
      const services = Array.from({ length: workers }, async () =>
        BenchService.start({
          databaseUrl: where.url,
          secret: SECRET,
          dataDir: await mkdtemp(join(stage.postgres.dataDir, 'worker-')),
          settings,
          nodeArguments: options.profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${options.profileFolder}`] : [],
        }),
      );
      return new RunningEngine(await Promise.all(services), stage, where);
    },
  };
}

function settingsOf({ simulator }: Stage, sockets: number, { inLists = false }: EngineOptions): Record<string, string> {
  return {
    ROLE: 'worker',
    GATEWAYS: 'simulator',
    SIMULATOR_URL: simulator.url,
    GATEWAY_SOCKETS: String(sockets),
    GATEWAY_TIMEOUT_SECONDS: String(GATEWAY_TIMEOUT_SECONDS),
    ...(inLists ? { SIMULATOR_BATCH: String(LARGEST_BATCH) } : {}),
  };
}

class RunningEngine implements RunningContender {
  private batch!: { id: number; messages: number };

  constructor(
    private readonly services: readonly BenchService[],
    private readonly stage: Stage,
    private readonly where: ContenderOptions['where'],
  ) {}

  get pids(): readonly number[] {
    return this.services.map(({ pid }) => pid);
  }

  async prepare(messages: number): Promise<void> {
    const { database } = this.where;
    this.batch = { id: await prepareHeld(database, recipients(this.stage.secrets, messages)), messages };
  }

  /** From the release, which wakes the workers, until the counters say that the last outcome is on record. */
  async send(): Promise<number> {
    const { id, messages } = this.batch;
    const started = performance.now();
    await this.where.database.transaction((tx) => moveBatch(tx, id, 'released'));
    await allAccepted(this.where.database, id, messages);
    return (performance.now() - started) / 1_000;
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.stop()));
  }
}

export async function prepareHeld(database: Database, messages: Iterable<PreparedMessage>): Promise<number> {
  const plan = { gateway: 'simulator', sender: SENDER, plannedDay: '2021-05-20', notBefore: new Date(0), listIds: [] };
  return database.transaction(async (tx) => (await prepareBatch(tx, plan, pagesOf(messages)))!.id);
}

async function* pagesOf(messages: Iterable<PreparedMessage>): AsyncGenerator<readonly PreparedMessage[]> {
  let page: PreparedMessage[] = [];
  for (const message of messages) {
    if (page.push(message) < PAGE) continue;
    yield page;
    page = [];
  }
  yield page;
}

/** Asks seldom at first and often near the end. */
export async function allAccepted(database: Database, batchId: number, messages: number): Promise<void> {
  let [accepted, lastProgressAt] = [0, performance.now()];
  const started = lastProgressAt;
  while (accepted < messages) {
    const elapsed = performance.now() - started;
    const remainingMs = accepted > 0 ? (elapsed * (messages - accepted)) / accepted : LONGEST_POLL_MS;
    await sleep(Math.max(SHORTEST_POLL_MS, Math.min(LONGEST_POLL_MS, remainingMs / 2)));
    const row = await database.row<{ accepted: number; ended: number }>(
      `select sum(accepted)::int as accepted, sum(failed + unknown + suppressed)::int as ended
       from counters where batch_id = $1`,
      [batchId],
    );
    if (row!.ended > 0) throw new Error(`${row!.ended} texts were not accepted`);
    if (row!.accepted > accepted) lastProgressAt = performance.now();
    accepted = row!.accepted;
    if (performance.now() - lastProgressAt > STANDS_STILL_MS) throw new Error(`sending stands still at ${accepted}`);
  }
}
