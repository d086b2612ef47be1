import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { mostInDoubt } from '../src/delivery/step-size';
import { OwnProcess } from './own-process';

export const IN_INSTANCE = resolve(__dirname, 'in-instance.cjs');
const READY_WITHIN_MS = 90_000;
const POLL_MS = 50;
/** A start may meet a database that is away: then it ends, and whoever watches over services starts it again. */
const START_AGAIN_MS = 500;

/** How the gateway may be used, which decides how an unknown text is settled. */
export const CONTRACTS = {
  /** It proves by a look-up what it has and what it will never send. */
  'look-ups': { sockets: 20, list: 0, answersLookUps: true, isIdempotent: false },
  /** A text sent again reaches the citizen once. */
  idempotent: { sockets: 20, list: 0, answersLookUps: false, isIdempotent: true },
  /** It tells nothing: what is unknown stays so until a receipt or a person. */
  silent: { sockets: 20, list: 0, answersLookUps: false, isIdempotent: false },
  /** It takes lists. */
  lists: { sockets: 4, list: 10, answersLookUps: true, isIdempotent: false },
} as const;
export type ContractName = keyof typeof CONTRACTS;

/** Texts that the death of an instance that sends may leave `unknown`, from the configuration. */
export function doubtOfOne(contract: ContractName): number {
  const { sockets, list } = CONTRACTS[contract];
  return mostInDoubt(sockets, list || null);
}

/** Texts of which an instance does not hear the answer while it is frozen. */
export function unheardOfOne(contract: ContractName): number {
  const { sockets, list } = CONTRACTS[contract];
  return sockets * Math.max(1, list);
}

export type Role = 'web' | 'worker' | 'all';

export interface InstanceSettings {
  /** The built service: dist/, or that of a copy. */
  readonly dist: string;
  readonly folder: string;
  readonly databaseUrl: string;
  readonly simulatorUrl: string;
  readonly secret: string;
  readonly leaseSeconds: number;
  readonly contract: ContractName;
}

/** One instance of the built service. States: down -> starting -> up -> down; frozen now and then. */
export class Instance {
  /** Ends that nobody caused. */
  readonly surprises: string[] = [];
  private process: OwnProcess | undefined;
  private isReady = false;
  private isFrozen = false;
  private isWanted = false;

  constructor(
    readonly name: string,
    readonly role: Role,
    private readonly port: number,
    private readonly settings: InstanceSettings,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get isUp(): boolean {
    return this.isReady && !this.isFrozen;
  }

  /** Whether a process of it is there, be it still starting. */
  get isAlive(): boolean {
    return this.process?.isRunning ?? false;
  }

  get sends(): boolean {
    return this.role !== 'web';
  }

  get takesRequests(): boolean {
    return this.role !== 'worker';
  }

  /** Begins at once and goes on in the background until it is up, or no longer wanted. */
  start(): void {
    if (this.isWanted) return;
    this.isWanted = true;
    void this.keepUp();
  }

  async whenUp(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (!this.isReady) {
      if (performance.now() > deadline) throw new Error(`instance ${this.name} was not ready in time`);
      await sleep(POLL_MS);
    }
  }

  /** As a machine that loses its power. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** In order. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  freeze(): void {
    this.isFrozen = true;
    this.process?.signal('SIGSTOP');
  }

  thaw(): void {
    this.process?.signal('SIGCONT');
    this.isFrozen = false;
  }

  /** @param ms ahead of the machine's clock; negative: behind */
  shiftClock(ms: number): void {
    this.process?.tell(`clock ${ms}`);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    this.isWanted = false;
    this.isReady = false;
    this.thaw();
    await this.process?.end(signal);
  }

  /** Where it ends although nobody asked for it, that is noted, and it is started again. */
  private async keepUp(): Promise<void> {
    while (this.isWanted) {
      const process = this.spawn();
      this.process = process;
      await Promise.race([process.ended, this.untilReady(process)]);
      this.isReady = this.isWanted && process.isRunning;
      const wasReady = this.isReady;
      await process.ended;
      this.isReady = false;
      if (!this.isWanted) return;
      if (wasReady) this.surprises.push(`${this.name} ended by itself (${process.exitCode ?? 'by a signal'})`);
      await sleep(START_AGAIN_MS);
    }
  }

  private async untilReady(process: OwnProcess): Promise<void> {
    while (process.isRunning) {
      const answer = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(5_000) }).catch(
        () => undefined,
      );
      await answer?.body?.cancel();
      if (answer?.ok) return;
      await sleep(POLL_MS);
    }
  }

  private spawn(): OwnProcess {
    const { dist, folder, databaseUrl, simulatorUrl, secret, leaseSeconds, contract } = this.settings;
    const { sockets, list, answersLookUps, isIdempotent } = CONTRACTS[contract];
    // A lease must exceed twice the gateway's time-out.
    const timeoutSeconds = Math.floor((leaseSeconds - 1) / 2);
    return new OwnProcess({
      file: process.execPath,
      args: ['--max-old-space-size=256', '-r', IN_INSTANCE, join(dist, 'main.js')],
      env: {
        ...{ ROLE: this.role, HOST: '127.0.0.1', PORT: String(this.port), LOG_LEVEL: 'info' },
        ...{ DATA_DIR: join(folder, this.name), DATABASE_URL: databaseUrl, SECRET: secret, SESSION_HOURS: '720' },
        ...{ GATEWAYS: 'simulator', SIMULATOR_URL: simulatorUrl, GATEWAY_SOCKETS: String(sockets) },
        ...{ SIMULATOR_BATCH: String(list), SIMULATOR_LOOK_UP: String(answersLookUps) },
        ...{ SIMULATOR_IDEMPOTENT: String(isIdempotent) },
        ...{ GATEWAY_TIMEOUT_SECONDS: String(timeoutSeconds), LEASE_SECONDS: String(leaseSeconds) },
      },
      log: join(folder, `${this.name}.log`),
    });
  }
}
