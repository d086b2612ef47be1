import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OwnProcess } from '../../chaos/own-process';

const DIST = resolve(__dirname, '../../dist');
const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;

/** Short, so that what an instance leaves behind is taken over while the check looks. */
export const LEASE_SECONDS = 5;
export const TIMEOUT_SECONDS = 2;
export const SECRET = 'a secret for this check only, 32 characters';

/** Another way to run a program: in a network namespace. */
type Wrap = (command: readonly string[]) => readonly string[];

const asIs: Wrap = (command) => command;

export interface InstanceOptions {
  readonly name: string;
  readonly role: 'web' | 'worker' | 'all';
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly wrap?: Wrap;
}

/** One instance of the built service, in a process of its own. */
export class RunningInstance {
  private constructor(
    readonly process: OwnProcess,
    readonly url: string,
    /** The file of what it logs: warnings and worse. */
    readonly log: string,
  ) {}

  static async start({ name, role, host, port, folder, env, wrap = asIs }: InstanceOptions): Promise<RunningInstance> {
    const log = join(folder, `${name}.log`);
    const [file = '', ...args] = wrap([process.execPath, '--max-old-space-size=256', join(DIST, 'main.js')]);
    const settings = {
      ...{ ROLE: role, HOST: host, PORT: String(port), LOG_LEVEL: 'warn', DATA_DIR: join(folder, name), SECRET },
      ...{ GATEWAYS: 'simulator', GATEWAY_TIMEOUT_SECONDS: String(TIMEOUT_SECONDS) },
      ...{ LEASE_SECONDS: String(LEASE_SECONDS), ...env },
    };
    const instance = new RunningInstance(
      new OwnProcess({ file, args, env: settings, log }),
      `http://${host}:${port}`,
      log,
    );
    await instance.whenReady();
    return instance;
  }

  private async whenReady(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (performance.now() < deadline && this.process.isRunning) {
      const signal = AbortSignal.timeout(2_000);
      const answer = await fetch(`${this.url}/health/ready`, { signal }).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      await sleep(POLL_MS);
    }
    throw new Error(`an instance was not ready in time, see ${this.log}`);
  }
}

/** The simulated carrier. @returns its address */
export async function startSimulator(
  folder: string,
  host: string,
  behaviour: object,
): Promise<{ process: OwnProcess; url: string }> {
  let heard: (line: string) => void = () => undefined;
  const said = new Promise<string>((done) => (heard = done));
  const started = new OwnProcess({
    file: process.execPath,
    args: [
      ...[join(DIST, 'gateways/simulator/main.js'), '--data-dir', folder, '--host', host],
      ...['--behaviour', JSON.stringify(behaviour)],
    ],
    env: { SECRET, LOG_LEVEL: 'warn' },
    log: join(folder, 'simulator.log'),
    onOutput: heard,
  });
  const line = await Promise.race([said, started.ended]);
  if (line === undefined) throw new Error(`the simulator did not start, see ${folder}/simulator.log`);
  return { process: started, url: (JSON.parse(line) as { url: string }).url };
}
