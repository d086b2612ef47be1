import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour } from './server/behaviour';
import { simulatorDoesNotStart } from './simulator-faults';
import { EXIT, readAddress, simulatorFiles } from './simulator-files';
import type { SimulatorKeys } from './simulator-keys';

export interface LaunchOptions {
  /** Absolute. */
  readonly dataDir: string;
  readonly keys: SimulatorKeys;
  readonly behaviour?: Partial<Behaviour>;
  readonly idleExitSeconds: number;
}

/** The same from src (jest) and from dist: both are three folders below the project's root. */
const MAIN = resolve(__dirname, '../../../dist/gateways/simulator/main.js');
const POLL_MS = 20;

/**
 * Starts a simulator that outlives us: detached, in a process group of its own (Ctrl-C does not reach it), its output
 * in `simulator.log`. Several may be started at once: one gets the folder, the others end.
 *
 * @param port 0 for a free one
 * @returns how it went: `listening`, or why this process has ended
 * @throws simulatorDoesNotStart
 */
export async function launchSimulator(
  options: LaunchOptions,
  port: number,
): Promise<'listening' | 'folderTaken' | 'portTaken'> {
  const files = simulatorFiles(options.dataDir);
  if (!existsSync(MAIN)) throw simulatorDoesNotStart({ reason: `${MAIN} is missing, run npm run build`, log: '-' });
  mkdirSync(files.folder, { recursive: true, mode: 0o700 });
  const output = openSync(files.log, 'a', 0o600);
  const child = spawn(process.execPath, [MAIN, ...argumentsOf(options, port)], {
    detached: true,
    cwd: files.folder,
    env: environmentOf(options.keys),
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  let ended: number | string | undefined;
  child.once('exit', (code, signal) => (ended = code ?? signal ?? 'unknown'));
  child.once('error', (error: NodeJS.ErrnoException) => (ended = error.code ?? 'unknown'));
  while (ended === undefined) {
    if (readAddress(options.dataDir)?.pid === child.pid) return 'listening';
    await sleep(POLL_MS);
  }
  if (ended === EXIT.folderTaken) return 'folderTaken';
  if (ended === EXIT.portTaken) return 'portTaken';
  throw simulatorDoesNotStart({ reason: `exit ${ended}`, log: files.log });
}

function argumentsOf({ dataDir, behaviour, idleExitSeconds }: LaunchOptions, port: number): string[] {
  const args = ['--data-dir', dataDir, '--port', String(port), '--idle-exit-seconds', String(idleExitSeconds)];
  return [...args, '--exit-on-last-detach', ...(behaviour ? ['--behaviour', JSON.stringify(behaviour)] : [])];
}

/** Nothing of ours but what it needs: the service's environment may hold the database's password. */
function environmentOf({ token, receiptsSecret }: SimulatorKeys): NodeJS.ProcessEnv {
  const { PATH, LOG_LEVEL } = process.env;
  return { PATH, LOG_LEVEL, SIMULATOR_TOKEN: token, SIMULATOR_RECEIPTS_SECRET: receiptsSecret };
}
