import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../platform/database/embedded/free-port';
import type { DemoFolder } from './data-folder';
import { notBuilt, serviceDied, serviceNotReady } from './demo-faults';
import { endProcess, knownProcess, writeKnownProcess } from './known-process';

/** The built service: the same from src and from dist. */
const MAIN = resolve(__dirname, '../../dist/main.js');
/**
 * Without a limit Node lets garbage pile up by the size of the machine: 330 MB resident with 24 GB of memory, of which
 * 50 MB are in use; with it 235 MB, at the same speed.
 */
const HEAP_LIMIT = '--max-old-space-size=1024';
/** README's tour uses it; where it is taken, any other does. */
const PREFERRED_PORT = 3000;
/** The simulated carrier refuses 0.5 % for good, always the same numbers. */
const BEHAVIOUR = { refuseShare: 0.005, seed: 2021 };
const READY_WITHIN_MS = 120_000;
const POLL_MS = 50;
/** The service ends itself after a minute. */
const STOP_GRACE_MS = 70_000;

/**
 * What the service and its commands get of the environment: nothing of the user's own service, whose database must not
 * become the demo's.
 */
export function serviceEnvironment(folder: DemoFolder): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return {
    PATH,
    HOME,
    TMPDIR,
    DATA_DIR: folder.path,
    LOG_LEVEL: 'info',
    GATEWAYS: 'simulator',
    SIMULATOR_BEHAVIOUR: JSON.stringify(BEHAVIOUR),
  };
}

/**
 * The service as a process of its own. States: starting → ready → ended; it may end at any time, which {@link died}
 * tells. It runs in a process group of its own, so that Ctrl-C reaches the demo, which then stops it in order.
 */
export class ServiceProcess {
  /** Rejects with `serviceDied` when it ends before it was told to. */
  readonly died: Promise<never>;
  private readonly ended: Promise<string>;
  private isStopping = false;

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: DemoFolder,
    readonly url: string,
  ) {
    this.ended = new Promise((done) => {
      child.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
      child.once('exit', (code, signal) => done(signal ?? `exit ${code}`));
    });
    this.died = this.ended.then((how) => {
      if (this.isStopping) return new Promise<never>(() => undefined);
      throw serviceDied({ how, log: folder.serviceLog, resume: folder.resumeCommand });
    });
    // Whoever waits for it hears of it; if nobody does at that moment, it is no crash of ours.
    this.died.catch(() => undefined);
  }

  /** @throws notBuilt */
  static async spawn(folder: DemoFolder): Promise<ServiceProcess> {
    if (!existsSync(MAIN)) throw notBuilt({ path: MAIN });
    const port = await freePort(PREFERRED_PORT);
    const log = openSync(folder.serviceLog, 'a', 0o600);
    const child = spawn(process.execPath, [HEAP_LIMIT, MAIN], {
      env: { ...serviceEnvironment(folder), HOST: '127.0.0.1', PORT: String(port) },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    if (child.pid !== undefined) writeKnownProcess(folder.serviceProcess, knownProcess(child.pid));
    return new ServiceProcess(child, folder, `http://127.0.0.1:${port}`);
  }

  /** @throws serviceNotReady, serviceDied */
  async whenReady(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (performance.now() < deadline) {
      if (await Promise.race([isReady(this.url), this.died])) return;
      await sleep(POLL_MS);
    }
    throw serviceNotReady({ seconds: READY_WITHIN_MS / 1_000, log: this.folder.serviceLog });
  }

  /** Whether it ended by itself, or does within so long: an answer that failed is then explained by that. */
  async hasDiedWithin(ms: number): Promise<boolean> {
    const timer = new AbortController();
    const ended = await Promise.race([
      this.ended.then(() => !this.isStopping),
      sleep(ms, false, { signal: timer.signal }).catch(() => false),
    ]);
    timer.abort();
    return ended;
  }

  /** The most memory it ever had (VmHWM of proc_pid_status(5)), in megabytes; null where the system does not say. */
  peakRssMb(): number | null {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'latin1');
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
      return kilobytes === undefined ? null : Math.ceil(Number(kilobytes) / 1024);
    } catch {
      return null; // Not Linux, or it has ended.
    }
  }

  /** Told to end once, waited for; ended the hard way only when it does not within its own limit. */
  async stop(): Promise<void> {
    this.isStopping = true;
    if (this.child.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    await endProcess(knownProcess(this.child.pid), STOP_GRACE_MS);
    await this.ended;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false; // It does not listen yet.
  }
}
