import { open } from 'node:fs/promises';
import path from 'node:path';
import { closeSync } from 'node:fs';
import type { Binaries } from './binaries';
import { embeddedFault } from './embedded-fault';
import { freePort, LOOPBACK } from './free-port';
import { type PidFile, readPidFile, serverProcess } from './postmaster';
import type { Log, ServerHome } from './server-home';
import { launchSupervisor, type Launched } from './supervisor';
import type { Seat } from './users-fifo';
import { waitFor } from './wait-for';

export type Settings = Readonly<Record<string, string>>;

/** A running server that we are a user of. */
export interface SeatedServer {
  readonly seat: Seat;
  readonly pidFile: PidFile;
}

/**
 * What the server must be, whatever the caller's settings: on the loopback address alone. What it logs goes to a file
 * that nobody masks, so it logs no statement and no row, only what happens to itself.
 */
function serverCommand(home: ServerHome, binaries: Binaries, settings: Settings, port: number): string[] {
  const quiet = { log_min_messages: 'log', log_min_error_statement: 'panic', log_checkpoints: 'off' };
  const fixed = { listen_addresses: LOOPBACK, port: String(port), unix_socket_directories: '' };
  const all = Object.entries({ ...quiet, ...settings, ...fixed });
  return [
    path.join(binaries.folder, 'bin', 'postgres'),
    ...['-D', home.cluster],
    ...all.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/**
 * Starts the server and waits until it accepts connections.
 *
 * @param preferredPort of a server that crashed: services that still hold on to it find it again
 * @returns 'again' when another process took the port, or processes of a crashed server are still ending
 */
export async function startServer(
  home: ServerHome,
  binaries: Binaries,
  options: { settings: Settings; preferredPort?: number; timeoutMs: number; log: Log },
): Promise<SeatedServer | 'again'> {
  const port = await freePort(options.preferredPort);
  const launched = launchSupervisor(home, { command: serverCommand(home, binaries, options.settings, port) });
  const ended = watchEnd(launched);
  const pidFile = await waitFor(async () => ended.how() ?? (await readyPidFile(home, port)), options.timeoutMs);
  if (typeof pidFile === 'object') {
    launched.child.once('exit', (code) => options.log('The embedded PostgreSQL has stopped', { code }));
    options.log('The embedded PostgreSQL has started', { folder: home.folder, pid: pidFile.pid, port });
    return { seat: launched.seat, pidFile };
  }
  closeSync(launched.seat);
  const said = await readLog(home, launched.logOffset);
  if (pidFile === undefined) {
    throw embeddedFault(
      `it has not become ready within ${Math.round(options.timeoutMs / 1000)} s${said && `; it says: ${said}`}`,
      `See ${home.logFile} and try again (a recovery after a crash may take long)`,
    );
  }
  if (isPassing(said)) return 'again';
  throw embeddedFault(
    `the server ended at its start (${pidFile})${said && `: ${said}`}`,
    /No space left/.test(said) ? `Free at least 200 MB on the disk of ${home.folder}` : `See ${home.logFile}`,
  );
}

/** The file of a server that accepts connections, else undefined. */
export async function readyPidFile(home: ServerHome, port?: number): Promise<PidFile | undefined> {
  const pidFile = await readPidFile(home.pidFile);
  if (typeof pidFile === 'string' || pidFile.status !== 'ready') return undefined;
  if (port !== undefined && pidFile.port !== port) return undefined;
  return (await serverProcess(pidFile)) === 'postmaster' ? pidFile : undefined;
}

/** Failures that pass by themselves, by PostgreSQL's own words (its messages are English: LC_ALL=C). */
export function isPassing(said: string): boolean {
  return /could not create any TCP\/IP sockets|pre-existing shared memory block|lock file .* already exists/.test(said);
}

function watchEnd({ child }: Launched): { how(): string | undefined } {
  let how: string | undefined;
  child.once('error', (error) => (how ??= error.message));
  child.once('exit', (code, signal) => (how ??= signal ? `signal ${signal}` : `code ${code}`));
  return { how: () => how };
}

/** What the server has logged since it was launched, on one line, its last 2,000 characters. */
async function readLog(home: ServerHome, offset: number): Promise<string> {
  const file = await open(home.logFile, 'r');
  try {
    const text = (await file.readFile({ encoding: 'utf8' })).slice(offset);
    return text
      .trim()
      .replace(/\s*\n\s*/g, ' ')
      .slice(-2_000);
  } finally {
    await file.close();
  }
}
