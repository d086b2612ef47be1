import { ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { SimulatorControl, SimulatorKeys } from '../../src/gateways';
import type { Behaviour } from '../../src/gateways';
import type { SimulatorOptions } from '../../src/gateways/simulator/simulator-options';
import { SimulatorGateway } from '../../src/gateways/simulator/simulator.gateway';

export const KEYS: SimulatorKeys = { token: 'its-token', receiptsSecret: 'its-receipts-secret' };
const MAIN = resolve(__dirname, '../../dist/gateways/simulator/main.js');

/** A simulator as `npm run simulator` starts it. Tests that use it need `npm run build`. */
export class SimulatorProcess {
  readonly control: SimulatorControl;
  readonly exit: Promise<number | string>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.control = new SimulatorControl(url, KEYS.token);
    this.exit = exitOf(child);
  }

  static async start(
    dataDir: string,
    behaviour: Partial<Behaviour> = {},
    ...args: string[]
  ): Promise<SimulatorProcess> {
    const child = spawnSimulator('--data-dir', dataDir, '--behaviour', JSON.stringify(behaviour), ...args);
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout! }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`the simulator ended with ${code}`)));
    });
    return new SimulatorProcess(child, (JSON.parse(line) as { url: string }).url);
  }

  get pid(): number {
    return this.child.pid!;
  }

  gateway(options: Partial<SimulatorOptions> = {}): SimulatorGateway {
    return new SimulatorGateway({ url: this.url, ...KEYS, ...options });
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | string> {
    this.child.kill(signal);
    return this.exit;
  }
}

export function spawnSimulator(...args: string[]): ChildProcess {
  const env = { SIMULATOR_TOKEN: KEYS.token, SIMULATOR_RECEIPTS_SECRET: KEYS.receiptsSecret, LOG_LEVEL: 'warn' };
  return spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

export function exitOf(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? '')));
}

export const newDataDir = (): string => mkdtempSync(join(tmpdir(), 'tinluat-simulator-'));

export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
