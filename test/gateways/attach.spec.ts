import { ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { pino } from 'pino';
import { AttachedSimulator, attachSimulator, simulatorFiles, stopSimulator } from '../../src/gateways';
import type { AttachOptions } from '../../src/gateways';
import { isRunning } from '../../src/gateways/simulator/server/process-identity';
import { readAddress } from '../../src/gateways/simulator/simulator-files';
import { SimulatorGateway } from '../../src/gateways/simulator/simulator.gateway';
import { ReceiptsSink } from './receipts-sink';
import { exitOf, KEYS, newDataDir, until } from './simulator-process';

const log = pino({ level: 'silent' });
const text = (seq: number) => ({
  reference: { batchId: 1, seq, attempt: 1 },
  phone: `+84${912_000_000 + seq}`,
  sender: 'SOTUPHAP',
  text: 'Kính mời cử tri',
  segments: 1,
});

let dataDir: string;
const attached: AttachedSimulator[] = [];

async function attach(options: Partial<AttachOptions> = {}): Promise<AttachedSimulator> {
  const simulator = await attachSimulator({ dataDir, ...KEYS, log, ...options });
  attached.push(simulator);
  return simulator;
}
const pidOf = async (simulator: AttachedSimulator) => (await simulator.control.health()).pid;
const sendVia = async (url: string, seq: number) => {
  const gateway = new SimulatorGateway({ url, ...KEYS });
  const outcome = await gateway.send(text(seq));
  await gateway.close();
  return outcome.kind;
};

beforeEach(() => (dataDir = newDataDir()));
afterEach(async () => {
  await Promise.all(attached.splice(0).map((simulator) => simulator.detach()));
  await stopSimulator(dataDir);
  rmSync(dataDir, { recursive: true, force: true });
});

describe('A service attaches to the simulator of its data folder', () => {
  it('which is started when none runs, and ends when the last service detaches', async () => {
    const simulator = await attach();
    const pid = await pidOf(simulator);
    expect(pid).not.toBe(process.pid);
    expect(await sendVia(simulator.url, 1)).toBe('accepted');
    expect(statSync(simulatorFiles(dataDir).address).mode & 0o777).toBe(0o600);
    await simulator.detach();
    expect(isRunning({ pid })).toBe(false);
    expect(readAddress(dataDir)).toBeUndefined();
  });

  it('and several at once start one only', async () => {
    const simulators = await Promise.all([1, 2, 3, 4, 5].map(() => attach()));
    const pids = await Promise.all(simulators.map(pidOf));
    expect(new Set(pids).size).toBe(1);
    expect((await simulators[0]!.control.health()).attachments).toBe(5);
    await Promise.all(simulators.slice(1).map((simulator) => simulator.detach()));
    expect(await sendVia(simulators[0]!.url, 1)).toBe('accepted');
    await simulators[0]!.detach();
    expect(isRunning({ pid: pids[0]! })).toBe(false);
  });

  it('even while another one is just leaving it', async () => {
    for (let round = 1; round <= 5; round++) {
      const first = await attach();
      const [second] = await Promise.all([attach(), first.detach()]);
      expect(await sendVia(second.url, round)).toBe('accepted');
      await second.detach();
    }
  });

  it('and says how it shall behave', async () => {
    const first = await attach({ behaviour: { refuseShare: 1 } });
    expect(await sendVia(first.url, 1)).toBe('rejected');
    await attach();
    expect(await sendVia(first.url, 1)).toBe('rejected');
    await attach({ behaviour: {} });
    expect(await sendVia(first.url, 1)).toBe('accepted');
    await expect(attach({ behaviour: { refuseShare: 2 } })).rejects.toThrow('simulator.bad-behaviour');
  });

  it('unless that one runs with another secret', async () => {
    const first = await attach();
    await expect(attach({ token: 'another' })).rejects.toThrow('simulator.refuses-token');
    expect(await sendVia(first.url, 1)).toBe('accepted');
  });

  it('and not to another program that has taken its port, which does not learn the token either', async () => {
    const seen: string[] = [];
    const other = createServer(({ url, headers }, response) => {
      seen.push(`${url} ${headers.authorization ?? '-'}`);
      response.end('{"name":"another"}');
    });
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    const { folder, address } = simulatorFiles(dataDir);
    mkdirSync(folder, { recursive: true });
    writeFileSync(address, JSON.stringify({ url: `http://127.0.0.1:${port}`, port, pid: 1, instance: 'gone' }));
    const simulator = await attach();
    expect(simulator.url).not.toContain(`:${port}`);
    expect(await sendVia(simulator.url, 1)).toBe('accepted');
    expect(new Set(seen)).toEqual(new Set(['/health -']));
    other.closeAllConnections();
    await new Promise((done) => other.close(done));
  });
});

describe('When the service is killed', () => {
  const services: ChildProcess[] = [];
  afterEach(() => services.splice(0).forEach((service) => service.kill('SIGKILL')));

  /** A process that attaches as a service does, in a process group of its own, and then just stays. */
  async function service(idleExitSeconds = 900): Promise<ChildProcess> {
    const module = resolve(__dirname, '../../dist/gateways/simulator/attach.js');
    const script = `require(${JSON.stringify(module)}).attachSimulator({
      dataDir: ${JSON.stringify(dataDir)}, ...${JSON.stringify(KEYS)}, idleExitSeconds: ${idleExitSeconds},
      log: require('pino')({ level: 'silent' }) }).then(() => { console.log('up'); setInterval(() => {}, 1000); });`;
    const child = spawn(process.execPath, ['-e', script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    services.push(child);
    await new Promise((up) => child.stdout.once('data', up));
    return child;
  }
  const kill = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    const exit = exitOf(child);
    process.kill(-child.pid!, signal);
    await exit;
  };

  it.each(['SIGKILL', 'SIGINT'] as const)(
    'by %s to its process group, the simulator stays for the next',
    async (signal) => {
      const first = await service();
      const before = readAddress(dataDir);
      expect(await sendVia(before!.url, 1)).toBe('accepted');
      await kill(first, signal);
      expect(await sendVia(before!.url, 2)).toBe('accepted');
      const again = await attach();
      expect(readAddress(dataDir)).toEqual(before);
      await until(async () => (await again.control.health()).attachments === 1);
      expect((await again.control.ledger()).accepted).toBe(2);
    },
  );

  it('the simulator waits for a while, and then ends too', async () => {
    const child = await service(1);
    const { pid } = readAddress(dataDir)!;
    await new Promise((done) => setTimeout(done, 2_500));
    expect(isRunning({ pid })).toBe(true);
    await kill(child, 'SIGKILL');
    await until(() => !isRunning({ pid }));
  });
});

describe('When the simulator is killed', () => {
  it('it is started again at the same address, and told again where receipts go', async () => {
    const sink = await ReceiptsSink.start(KEYS);
    const simulator = await attach({ behaviour: { receiptsDelayMs: 0 } });
    await simulator.reportTo(sink.url);
    const { url } = simulator;
    expect(await sendVia(url, 1)).toBe('accepted');
    const pid = await pidOf(simulator);
    process.kill(pid, 'SIGKILL');
    await until(async () => (await sendVia(url, 2)) === 'accepted');
    expect(simulator.url).toBe(url);
    await until(async () => (await simulator.control.health()).attachments === 1);
    expect(await pidOf(simulator)).not.toBe(pid);
    expect((await simulator.control.ledger()).accepted).toBe(2);
    await until(() => sink.seqs.includes(1) && sink.seqs.includes(2));
    await simulator.detach();
    await sink.stop();
  });

  it('a service that detaches at that moment does not wait for it, nor leaves one behind', async () => {
    const simulator = await attach();
    process.kill(await pidOf(simulator), 'SIGKILL');
    await simulator.detach();
    await until(() => readAddress(dataDir) === undefined || !isRunning({ pid: readAddress(dataDir)!.pid }));
  });
});

describe('Delivery receipts', () => {
  it('that were owed when the last service detached come after the next start', async () => {
    const sink = await ReceiptsSink.start(KEYS);
    sink.isDown = true;
    const first = await attach({ behaviour: { receiptsDelayMs: 0 }, receiptsUrl: sink.url });
    expect(await sendVia(first.url, 1)).toBe('accepted');
    await until(() => sink.refused > 0);
    await first.detach();
    sink.isDown = false;
    await attach({ receiptsUrl: sink.url });
    await until(() => sink.seqs.includes(1));
    await sink.stop();
  });
});

describe('Whoever is about to remove a data folder', () => {
  it('ends its simulator first, attached services or not', async () => {
    const simulator = await attach();
    const pid = await pidOf(simulator);
    const detached = simulator.detach.bind(simulator);
    attached.length = 0;
    expect(await stopSimulator(dataDir)).toBe(true);
    expect(isRunning({ pid })).toBe(false);
    await detached();
    await until(async () => !(await stopSimulator(dataDir)));
  });

  it('finds none to end where none runs', async () => {
    expect(await stopSimulator(dataDir)).toBe(false);
  });
});
