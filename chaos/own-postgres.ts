import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { locateBinaries, usableBinaries } from '../src/platform/database/embedded/binaries';
import { ensureCluster } from '../src/platform/database/embedded/cluster';
import { databaseUrl, ensureDatabase } from '../src/platform/database/embedded/database';
import { freePort, LOOPBACK } from '../src/platform/database/embedded/free-port';
import { openServerHome, type ServerHome } from '../src/platform/database/embedded/server-home';
import { OwnProcess } from './own-process';

const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;
/** Holds a long run; small enough to be filled in half a second. */
const DISK_MEGABYTES = 900;
const FILLED_AT_ONCE = Buffer.alloc(4 * 1024 * 1024);

const SETTINGS: Readonly<Record<string, string>> = {
  ...{ log_min_messages: 'log', log_checkpoints: 'off', log_min_error_statement: 'panic' },
  ...{ shared_buffers: '64MB', max_wal_size: '128MB', min_wal_size: '32MB', max_connections: '100' },
};

/** The disk is a file system of its own, which only root can make. */
export class NoDiskOfItsOwn extends Error {}

/**
 * A PostgreSQL server that the suite itself starts, so that it can end it as it likes and start it again at the same address.
 * States: running <-> down; closed at the end.
 */
export class OwnPostgres {
  private process!: OwnProcess;

  private constructor(
    readonly url: string,
    private readonly parts: {
      readonly home: ServerHome;
      readonly binaries: string;
      readonly port: number;
      readonly adminUrl: string;
      /** Where its disk is mounted; undefined: it has none of its own. */
      readonly disk: string | undefined;
      readonly log: string;
    },
  ) {}

  /**
   * @param folder must be open to the account PostgreSQL runs as
   * @param hasOwnDisk whether its disk is to be filled up
   * @throws NoDiskOfItsOwn
   */
  static async start(folder: string, hasOwnDisk: boolean): Promise<OwnPostgres> {
    const dataDir = join(folder, 'database');
    mkdirSync(dataDir, { mode: 0o755 });
    const disk = hasOwnDisk ? dataDir : undefined;
    if (disk) mountDisk(disk);
    const silent = (): void => undefined;
    const found = await locateBinaries();
    const home = await openServerHome(dataDir, silent);
    const binaries = await usableBinaries(found, home, silent);
    const password = await ensureCluster(home, binaries, false, silent);
    const port = await freePort();
    const [url, adminUrl] = ['chaos', 'postgres'].map((name) => databaseUrl(port, password, name));
    const log = join(folder, 'postgres.log');
    const server = new OwnPostgres(url!, { home, binaries: binaries.folder, port, adminUrl: adminUrl!, disk, log });
    await server.up();
    await ensureDatabase(port, password, 'chaos');
    return server;
  }

  /** As after a power cut: no checkpoint, recovery at the start. */
  async restartImmediately(): Promise<void> {
    await this.process.end('SIGQUIT');
    await this.up();
  }

  /** Cuts every connection of the instances. @returns how many there were */
  async cutConnections(): Promise<number> {
    return this.ask(async (client) => {
      const { rowCount } = await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'tinluat%'`,
      );
      return rowCount ?? 0;
    });
  }

  /** Not a byte is free for so long; then it is again, and the server runs again. */
  async fillDisk(forMs: number): Promise<void> {
    if (!this.parts.disk) throw new NoDiskOfItsOwn('the database has no disk of its own');
    const filler = join(this.parts.disk, 'filler');
    try {
      await fillUp(filler);
      await sleep(forMs);
    } finally {
      rmSync(filler, { force: true });
    }
    // A full disk may have ended it: https://www.postgresql.org/docs/18/disk-full.html
    await this.up();
  }

  /** @param keptIn a folder that gets a copy of the cluster */
  async close(keptIn?: string): Promise<void> {
    await this.process?.end('SIGINT');
    if (keptIn !== undefined) cpSync(this.parts.home.cluster, keptIn, { recursive: true });
    if (this.parts.disk) unmountDisk(this.parts.disk);
  }

  private async up(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (performance.now() < deadline) {
      // Processes of the one before may still be ending: then this one ends at once, and is started again.
      if (!this.process?.isRunning) this.process = this.spawn();
      const answers = await this.ask((client) => client.query('select 1')).catch(() => undefined);
      if (answers) return;
      await sleep(POLL_MS);
    }
    throw new Error(`PostgreSQL was not ready in time, see ${this.parts.log}`);
  }

  private spawn(): OwnProcess {
    const fixed = { listen_addresses: LOOPBACK, port: String(this.parts.port), unix_socket_directories: '' };
    const settings = Object.entries({ ...SETTINGS, ...fixed }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return new OwnProcess({
      file: join(this.parts.binaries, 'bin', 'postgres'),
      args: ['-D', this.parts.home.cluster, ...settings],
      env: { LC_ALL: 'C', TZ: 'UTC' },
      identity: this.parts.home.account.identity,
      cwd: '/',
      log: this.parts.log,
      lastSignal: 'SIGQUIT',
    });
  }

  private async ask<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = new Client({ connectionString: this.parts.adminUrl, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await work(client);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

function mountDisk(folder: string): void {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MEGABYTES}m,mode=755`, 'tmpfs', folder], {
      stdio: 'pipe',
    });
  } catch (error) {
    throw new NoDiskOfItsOwn((error as Error).message.trim());
  }
  process.once('exit', () => unmountDisk(folder));
}

const unmounted = new Set<string>();

function unmountDisk(folder: string): void {
  if (unmounted.has(folder)) return;
  unmounted.add(folder);
  // Lazily: at a hasty end the server is still ending.
  execFileSync('umount', ['-l', folder], { stdio: 'ignore' });
}

async function fillUp(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let size = FILLED_AT_ONCE.length; size > 0;) {
      try {
        await file.write(FILLED_AT_ONCE, 0, size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size = Math.floor(size / 2);
      }
    }
  } finally {
    await file.close();
  }
}
