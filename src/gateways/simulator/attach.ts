import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../platform/observability/log';
import { launchSimulator } from './launch';
import { Behaviour, readBehaviour } from './server/behaviour';
import { FolderLock } from './server/folder-lock';
import { isRunning } from './server/process-identity';
import { ControlRefused, HeldAttachment, SimulatorControl } from './simulator-control';
import { simulatorDoesNotStart, simulatorRefusesToken } from './simulator-faults';
import { readAddress, SimulatorAddress, simulatorFiles } from './simulator-files';

export interface AttachOptions {
  /** The service's data folder; services that share it share the simulator. */
  readonly dataDir: string;
  readonly token: string;
  readonly receiptsSecret: string;
  /** Where this service takes delivery receipts, when it is known already; else see {@link AttachedSimulator.reportTo}. */
  readonly receiptsUrl?: string;
  /** Given to a running simulator too; without it that one keeps its own. */
  readonly behaviour?: Partial<Behaviour>;
  /** How long it waits for a service that was killed. @default 900 */
  readonly idleExitSeconds?: number;
  readonly log: Log;
}

export interface AttachedSimulator {
  readonly url: string;
  readonly control: SimulatorControl;
  /** Where this service takes delivery receipts. The last service to say so gets them all. */
  reportTo(receiptsUrl: string): Promise<void>;
  /** Ends the simulator too when this was the last service; what receipts it still owes, it sends after its next start. */
  detach(): Promise<void>;
}

/** A ledger of millions takes some seconds to read. */
const START_TIMEOUT_MS = 60_000;
const POLL_MS = 50;
const END_TIMEOUT_MS = 5_000;
const LAST_RETRY_MS = 10_000;

/**
 * Attaches to the simulator of a data folder, and starts it when none runs there. Any number of services may do so at
 * once. When the simulator dies, it is started again on the same port.
 *
 * @throws simulatorDoesNotStart | simulatorRefusesToken | Fault `simulator.bad-behaviour`
 */
export async function attachSimulator(options: AttachOptions): Promise<AttachedSimulator> {
  if (options.behaviour) readBehaviour(options.behaviour);
  const attachment = new Attachment({ ...options, dataDir: resolve(options.dataDir) });
  await attachment.begin();
  return attachment;
}

class Attachment implements AttachedSimulator {
  url: string;
  control: SimulatorControl;
  private held: HeldAttachment;
  private pid: number;
  private port = 0;
  private readonly givenUp = new AbortController();
  private reattaching?: Promise<void>;
  private detaching?: Promise<void>;
  private receiptsUrl?: string;

  constructor(private readonly options: AttachOptions) {
    this.receiptsUrl = options.receiptsUrl;
  }

  async begin(): Promise<void> {
    await this.connect();
    const { behaviour } = this.options;
    if (behaviour) await this.control.setBehaviour(behaviour);
  }

  async reportTo(receiptsUrl: string): Promise<void> {
    this.receiptsUrl = receiptsUrl;
    await this.reattaching;
    await this.control.setReceiptsAddress(receiptsUrl);
  }

  detach(): Promise<void> {
    return (this.detaching ??= this.end());
  }

  private async connect(): Promise<void> {
    const { dataDir } = this.options;
    const { folder, log } = simulatorFiles(dataDir);
    const deadline = performance.now() + START_TIMEOUT_MS;
    // A gateway was given the first address: it has to stay. Before that, the port of an earlier run is just a wish.
    let port = this.port || (readAddress(dataDir)?.port ?? 0);
    while (performance.now() < deadline) {
      const address = readAddress(dataDir);
      if (address && (!this.port || address.port === this.port) && (await this.holdOn(address))) return;
      if (FolderLock.holder(folder)) {
        await sleep(POLL_MS);
        continue;
      }
      if ((await launchSimulator(this.launchOptions(), port)) !== 'portTaken') continue;
      if (this.port) throw simulatorDoesNotStart({ reason: `port ${port} is taken`, log });
      port = 0;
    }
    throw simulatorDoesNotStart({ reason: `no answer within ${START_TIMEOUT_MS / 1000} s`, log });
  }

  private launchOptions() {
    const { dataDir, token, receiptsSecret, behaviour, idleExitSeconds = 900 } = this.options;
    return { dataDir, keys: { token, receiptsSecret }, behaviour, idleExitSeconds };
  }

  /** @returns false when it is not there, or about to end */
  private async holdOn({ url, port, pid, instance }: SimulatorAddress): Promise<boolean> {
    const control = new SimulatorControl(url, this.options.token);
    try {
      if ((await control.health()).instance !== instance) return false;
      this.held = await control.attach();
      if (this.receiptsUrl) await control.setReceiptsAddress(this.receiptsUrl);
    } catch (error) {
      if (error instanceof ControlRefused && error.status === 401) throw simulatorRefusesToken({ pid });
      if (error instanceof ControlRefused && error.status !== 503) throw error;
      this.options.log.debug({ err: error }, 'the simulator does not answer');
      return false;
    }
    Object.assign(this, { url, control, pid, port });
    void this.held.lost.then(() => this.onLost());
    return true;
  }

  private onLost(): void {
    if (this.detaching || this.reattaching) return;
    this.options.log.warn('the simulator is gone; it is started again');
    this.reattaching = this.reattach().finally(() => (this.reattaching = undefined));
  }

  private async reattach(): Promise<void> {
    for (let retryMs = POLL_MS; !this.detaching; retryMs = Math.min(LAST_RETRY_MS, retryMs * 4)) {
      try {
        return await this.connect();
      } catch (error) {
        this.options.log.warn({ err: error }, 'the simulator could not be started again');
      }
      await sleep(retryMs, undefined, { signal: this.givenUp.signal }).catch(() => undefined);
    }
  }

  private async end(): Promise<void> {
    this.givenUp.abort();
    await this.reattaching;
    try {
      const { isEnding } = await this.control.detach(this.held.id);
      this.held.close();
      if (isEnding) await waitForEnd(this.pid);
    } catch (error) {
      this.options.log.warn({ err: error }, 'the simulator was gone before the service detached');
    }
  }
}

/**
 * Ends the simulator of a data folder, attached services or not: for whoever is about to remove the folder.
 *
 * @returns whether there was one
 */
export async function stopSimulator(dataDir: string): Promise<boolean> {
  const holder = FolderLock.holder(simulatorFiles(resolve(dataDir)).folder);
  if (!holder) return false;
  process.kill(holder.pid, 'SIGTERM');
  await waitForEnd(holder.pid);
  return true;
}

async function waitForEnd(pid: number): Promise<void> {
  const deadline = performance.now() + END_TIMEOUT_MS;
  while (isRunning({ pid }) && performance.now() < deadline) await sleep(10);
}
