import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { batchFigures, moveBatch, prepareBatch, PreparedMessage } from '../src/delivery';
import { finishBatches } from '../src/delivery/batches.store';
import { Breaker } from '../src/delivery/health/breaker';
import { Recorder } from '../src/delivery/recorder';
import { Sender } from '../src/delivery/sender';
import { Sockets } from '../src/delivery/sockets';
import { Gateway, GatewayRegistry, simulatorKeys } from '../src/gateways';
import { attachSimulator } from '../src/gateways/simulator/attach';
import { Database, openDatabase } from '../src/platform/database/database';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/platform/database/embedded';
import { migrateUp } from '../src/platform/database/migrations';
import { createLog } from '../src/platform/observability/log';
import { Secrets } from '../src/platform/secrets';
import { BenchResult, median, rounded, timed } from './report';

const MESSAGES = 37_400;
const ROUNDS = 5;
const SOCKETS = 100;
const AREAS = 60;
/** A notice of two segments with accents. */
const TEXT =
  'Sở Tư pháp An Giang: Kính mời cử tri đi bầu cử ĐBQH khóa XV và HĐND các cấp ngày 23/5/2021, từ 7 giờ đến 19 giờ.';

/**
 * The whole delivery (lease, mark, send, record) against a bare client: the same gateway client and the same simulator,
 * no database. Rounds alternate, so that a drift of the machine hits both.
 */
export async function benchSend(): Promise<BenchResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tinluat-bench-'));
  const log = createLog('error', process.stderr);
  const secrets = new Secrets('a secret for benchmarks only, 32 characters');
  const server = await startEmbeddedPostgres({ dataDir, database: 'bench', log: () => undefined });
  await migrateUp(server.url);
  const options = { url: server.url, poolSize: 10, entities: [], applicationName: 'bench' };
  const database = await openDatabase({ ...options, onPoolError: (error) => log.error({ err: error }, 'pool') });
  const keys = simulatorKeys(secrets);
  const simulator = await attachSimulator({ ...keys, dataDir, behaviour: { receipts: false }, log });
  const gateways = await GatewayRegistry.open(['simulator'], {
    simulator: { ...keys, url: simulator.url, sockets: SOCKETS },
  });
  try {
    return await measure(database, gateways.get('simulator'), secrets);
  } finally {
    await gateways.close();
    await simulator.detach();
    await database.close();
    await server.stop();
    await removeEmbeddedPostgres({ dataDir, log: () => undefined });
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measure(database: Database, gateway: Gateway, secrets: Secrets): Promise<BenchResult> {
  const prepare: number[] = [];
  const send: number[] = [];
  const bare: number[] = [];
  for (let round = -1; round < ROUNDS; round += 1) {
    const messages = recipients(secrets);
    const bareSeconds = await timed(() => sendBare(gateway, messages, round));
    let batchId = 0;
    const prepareSeconds = await timed(async () => void (batchId = await prepareHeld(database, messages)));
    const sendSeconds = await timed(() => sendBatch(database, gateway, batchId));
    await checkAllAccepted(database, batchId);
    // The first round warms up.
    if (round < 0) continue;
    prepare.push(prepareSeconds);
    send.push(sendSeconds);
    bare.push(bareSeconds);
    console.log(`round ${round + 1}: bare ${bareSeconds.toFixed(2)} s, send ${sendSeconds.toFixed(2)} s`);
  }
  const ratios = bare.map((seconds, round) => seconds / send[round]!);
  return {
    settings: { messages: MESSAGES, sockets: SOCKETS, areas: AREAS, latencyMs: 0, rounds: ROUNDS, fsync: 'on' },
    medians: {
      send_per_second: Math.round(MESSAGES / median(send)),
      bare_per_second: Math.round(MESSAGES / median(bare)),
      prepare_per_second: Math.round(MESSAGES / median(prepare)),
    },
    ratios: { send_vs_bare_0ms: rounded(median(ratios)) },
  };
}

function recipients(secrets: Secrets): PreparedMessage[] {
  return Array.from({ length: MESSAGES }, (_, index) => {
    const phone = `+849${String(index).padStart(8, '0')}`;
    const phoneKey = secrets.phoneDigest(phone);
    return { subscriberId: index + 1, areaId: index % AREAS, phone, phoneKey, text: TEXT, segments: 2 };
  });
}

async function sendBare(gateway: Gateway, messages: readonly PreparedMessage[], round: number): Promise<void> {
  const sockets = new Sockets(SOCKETS);
  const batchId = 1_000_000 + round + 1;
  const sending = messages.map(({ phone, text }, index) =>
    sockets.use(async () => {
      const reference = { batchId, seq: index + 1, attempt: 1 };
      const { kind } = await gateway.send({ reference, phone, text, sender: 'BENCH' });
      if (kind !== 'accepted') throw new Error(`the simulator answered ${kind}`);
    }),
  );
  await Promise.all(sending);
}

async function prepareHeld(database: Database, messages: readonly PreparedMessage[]): Promise<number> {
  async function* pages(): AsyncGenerator<readonly PreparedMessage[]> {
    for (let from = 0; from < messages.length; from += 4_000) yield messages.slice(from, from + 4_000);
  }
  const plan = { gateway: 'simulator', sender: 'BENCH', plannedDay: '2021-05-20', notBefore: new Date(0), listIds: [] };
  return database.transaction(async (tx) => (await prepareBatch(tx, plan, pages()))!.id);
}

/** From the release to the finished batch: every outcome on record, the sets compared. */
async function sendBatch(database: Database, gateway: Gateway, batchId: number): Promise<void> {
  const owner = randomUUID();
  const log = createLog('warn', process.stderr);
  const options = { owner, slot: 1, leaseSeconds: 30 };
  const recorder = new Recorder(database, log, { ...options, giveUpAfterMs: 60_000 });
  await database.transaction((tx) => moveBatch(tx, batchId, 'released'));
  const breaker = new Breaker(gateway.capabilities.timeoutMs);
  const hint = { wait: (ms: number) => sleep(ms) };
  const onOptOut = async (): Promise<void> => undefined;
  const sender = new Sender({ database, gateway, recorder, log, breaker, hint, onOptOut }, options);
  sender.start();
  while (!(await finishBatches(database)).finished.includes(batchId)) await sleep(5);
  await sender.stop();
}

async function checkAllAccepted(database: Database, batchId: number): Promise<void> {
  const figures = (await batchFigures(database, [batchId])).get(batchId)!;
  if (figures.accepted !== MESSAGES) throw new Error(`not every text was accepted: ${JSON.stringify(figures)}`);
}
