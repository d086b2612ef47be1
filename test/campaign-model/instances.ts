import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour } from '../../src/gateways';
import { freePort } from '../../src/platform/database/embedded/free-port';
import { TEST_SECRET } from '../harness/test-database';

const DIST = resolve(__dirname, '../../dist');
const READY_WITHIN_MS = 60_000;
const POLL_MS = 40;

/** The service is run as it is built, so what is built must be what is tested. By content: a checkout changes times. */
export function checkBuild(): void {
  const info = join(DIST, '.tsbuildinfo');
  if (!existsSync(info) || !existsSync(join(DIST, 'main.js'))) {
    throw new Error('dist/ is missing. Run "npm run build" first; "npm test" does so by itself.');
  }
  const { fileNames, fileInfos } = JSON.parse(readFileSync(info, 'utf8')) as {
    fileNames: string[];
    fileInfos: (string | { version: string })[];
  };
  for (const [index, name] of fileNames.entries()) {
    if (!name.startsWith('../src/')) continue;
    const built = fileInfos[index]!;
    const path = resolve(dirname(info), name);
    const now = existsSync(path) && createHash('sha256').update(readFileSync(path, 'utf8')).digest('hex');
    if (now !== (typeof built === 'string' ? built : built.version)) {
      throw new Error(`dist/ is older than ${name.slice(3)}. Run "npm run build" first; "npm test" does so by itself.`);
    }
  }
}

/** Ends with this process, whatever happens to it. */
const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

function begin(args: readonly string[], env: NodeJS.ProcessEnv, log: string): ChildProcess {
  const { PATH, HOME, TMPDIR } = process.env;
  const output = openSync(log, 'a');
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, TMPDIR, ...env },
    stdio: ['ignore', 'pipe', output],
  });
  closeSync(output);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill(signal);
  await ended;
}

/** One simulated carrier for both instances. */
export class SharedSimulator {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(dataDir: string, behaviour: Partial<Behaviour>): Promise<SharedSimulator> {
    const args = [join(DIST, 'gateways/simulator/main.js'), '--data-dir', dataDir];
    const env = { SECRET: TEST_SECRET, LOG_LEVEL: 'warn' };
    const child = begin([...args, '--behaviour', JSON.stringify(behaviour)], env, join(dataDir, 'simulator.err'));
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
    });
    return new SharedSimulator(child, (JSON.parse(line) as { url: string }).url);
  }

  stop(): Promise<void> {
    return end(this.child, 'SIGTERM');
  }
}

export interface InstanceSettings {
  readonly databaseUrl: string;
  readonly simulatorUrl: string;
  /** Of both; each has a folder of its own in it. */
  readonly dataDir: string;
}

/** One instance of the built service. States: down → starting → up → down. */
export class Instance {
  /** What the service wrote, one JSON line each, of all its lives. */
  readonly lines: string[] = [];
  private child: ChildProcess | undefined;
  private url = '';
  private starting: Promise<void> = Promise.resolve();
  private isReady = false;

  constructor(
    readonly name: 'A' | 'B',
    private readonly settings: InstanceSettings,
  ) {}

  get isUp(): boolean {
    return this.isReady;
  }

  get isDown(): boolean {
    return this.child === undefined;
  }

  /** Begins at once, goes on in the background; `whenUp` tells how it went. */
  start(): void {
    if (this.child) return;
    this.starting = this.spawn();
    // Whoever waits for it hears of it.
    this.starting.catch(() => undefined);
  }

  whenUp(): Promise<void> {
    return this.starting;
  }

  /** As a machine that loses its power; or in order, at the end. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (!child) return;
    this.isReady = false;
    await end(child, signal);
    this.child = undefined;
  }

  fetch(path: string, init: RequestInit): Promise<Response> {
    return fetch(this.url + path, { ...init, signal: AbortSignal.timeout(30_000) });
  }

  private async spawn(): Promise<void> {
    const { databaseUrl, simulatorUrl, dataDir } = this.settings;
    const port = await freePort(0);
    const env = {
      ...{ HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'warn', DATA_DIR: join(dataDir, this.name) },
      ...{ DATABASE_URL: databaseUrl, SECRET: TEST_SECRET, DATABASE_POOL_SIZE: '6' },
      ...{ GATEWAYS: 'simulator', SIMULATOR_URL: simulatorUrl },
      // Slow enough to be killed and paused half-way; what a dead instance held is taken over after three seconds.
      ...{ GATEWAY_SOCKETS: '4', GATEWAY_TIMEOUT_SECONDS: '1', LEASE_SECONDS: '3' },
    };
    const heap = '--max-old-space-size=256';
    const child = begin([heap, join(DIST, 'main.js')], env, join(dataDir, `${this.name}.err`));
    this.child = child;
    createInterface({ input: child.stdout! }).on('line', (line) => this.lines.push(line));
    this.url = `http://127.0.0.1:${port}`;
    const deadline = performance.now() + READY_WITHIN_MS;
    while (performance.now() < deadline) {
      if (this.child !== child) return;
      if (child.exitCode !== null) throw new Error(`instance ${this.name} ended while starting: ${this.lines.at(-1)}`);
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (answer?.ok && this.child === child) {
        this.isReady = true;
        return;
      }
      await sleep(POLL_MS);
    }
    throw new Error(`instance ${this.name} was not ready in time`);
  }
}
