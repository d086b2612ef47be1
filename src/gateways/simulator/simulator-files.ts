import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const SIMULATOR_NAME = 'tinluat-simulator';

/** How the simulator's process ends when it cannot begin. */
export const EXIT = { badArguments: 2, folderTaken: 3, portTaken: 4 } as const;

/** What the simulator keeps below the service's data folder. */
export function simulatorFiles(dataDir: string) {
  const folder = join(dataDir, 'simulator');
  return {
    folder,
    /** Where the running simulator listens: a {@link SimulatorAddress}. */
    address: join(folder, 'simulator.json'),
    ledger: join(folder, 'ledger.log'),
    acknowledged: join(folder, 'receipts-acknowledged.log'),
    closedReferences: join(folder, 'closed-references.log'),
    receiptsAddress: join(folder, 'receipts-address.json'),
    log: join(folder, 'simulator.log'),
  };
}

export type SimulatorFiles = ReturnType<typeof simulatorFiles>;

/** simulator.json: readable by its owner only. */
export interface SimulatorAddress {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Drawn at each start; `GET /health` repeats it, so that a port taken over by another program is noticed. */
  readonly instance: string;
}

/** @returns undefined when there is none, or none that can be read: then no simulator runs there */
export function readAddress(dataDir: string): SimulatorAddress | undefined {
  const value = readJsonFile(simulatorFiles(dataDir).address) as Partial<SimulatorAddress> | undefined;
  const { url, port, pid, instance } = value ?? {};
  if (typeof url !== 'string' || typeof instance !== 'string') return undefined;
  return typeof port === 'number' && typeof pid === 'number' ? { url, port, pid, instance } : undefined;
}

/** Whole or not at all: a reader never sees half a file. */
export function writePrivateFile(path: string, value: unknown): void {
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(value)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

export function readJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
