import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseReference, type Behaviour, SimulatorControl, simulatorFiles, simulatorKeys } from '../src/gateways';
import { parseEntry } from '../src/gateways/simulator/server/ledger-entry';
import { Secrets } from '../src/platform/secrets';
import { IN_INSTANCE } from './instance';
import { OwnProcess } from './own-process';

const MOST_TRIES = 12;

/** One acceptance. */
export interface Taken {
  readonly batchId: number;
  readonly seq: number;
  readonly attempt: number;
  readonly phone: string;
  readonly atMs: number;
}

/** The simulated carrier in a process of its own, which is never harmed: what it took is on its disk before it answers. */
export class Witness {
  private readonly control: SimulatorControl;
  private readonly ledgerFile: string;

  private constructor(
    private readonly process: OwnProcess,
    readonly url: string,
    token: string,
    folder: string,
  ) {
    this.control = new SimulatorControl(url, token);
    this.ledgerFile = simulatorFiles(folder).ledger;
  }

  static async start(dist: string, folder: string, secret: string): Promise<Witness> {
    let heard: (line: string) => void = () => undefined;
    const said = new Promise<string>((resolve) => (heard = resolve));
    const log = join(folder, 'simulator.log');
    const process_ = new OwnProcess({
      file: process.execPath,
      args: ['-r', IN_INSTANCE, join(dist, 'gateways/simulator/main.js'), '--data-dir', folder],
      env: { SECRET: secret, LOG_LEVEL: 'warn' },
      log,
      onOutput: heard,
    });
    const line = await Promise.race([said, process_.ended.then(() => undefined)]);
    if (line === undefined) throw new Error(`the simulator did not start, see ${log}`);
    const { url } = JSON.parse(line) as { url: string };
    return new Witness(process_, url, simulatorKeys(new Secrets(secret)).token, folder);
  }

  get isRunning(): boolean {
    return this.process.isRunning;
  }

  behave(behaviour: Partial<Behaviour>): Promise<Behaviour> {
    return this.patiently(() => this.control.setBehaviour(behaviour));
  }

  health(): ReturnType<SimulatorControl['health']> {
    return this.patiently(() => this.control.health());
  }

  deeds(): ReturnType<SimulatorControl['deeds']> {
    return this.patiently(() => this.control.deeds());
  }

  ledger(): ReturnType<SimulatorControl['ledger']> {
    return this.patiently(() => this.control.ledger());
  }

  /** Every acceptance there was. */
  read(): Taken[] {
    const lines = readFileSync(this.ledgerFile, 'latin1').split('\n');
    return lines.flatMap((line) => {
      const entry = parseEntry(line);
      const reference = entry && parseReference(entry.reference);
      return reference ? [{ ...reference, phone: entry.number, atMs: entry.acceptedAtMs }] : [];
    });
  }

  stop(): Promise<void> {
    return this.process.end('SIGTERM');
  }

  /** On a machine that is busy beyond all measure an answer may take its time. */
  private async patiently<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask();
      } catch (error) {
        if (tries === MOST_TRIES || !this.isRunning) throw error;
      }
    }
  }
}
