import { ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createUser, type Role } from '../src/identity';
import { Database } from '../src/platform/database/database';
import { freePort } from '../src/platform/database/embedded/free-port';
import { SYSTEM } from '../src/platform/http/actor';

const MAIN = resolve(__dirname, '../dist/main.js');
/** As `npm start` does. */
const HEAP_LIMIT = '--max-old-space-size=1024';
const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;
/** Where test sends go: no subscriber of `prepare` has it. */
const TEST_PHONE = '0903000111';

export interface Work {
  readonly id: number;
  readonly state: string;
  readonly revision: number;
}

export interface BenchServiceOptions {
  readonly databaseUrl: string;
  readonly secret: string;
  readonly dataDir: string;
  /** Further settings of the service, by their names. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly nodeArguments?: readonly string[];
}

/** The built service as a process of its own, and a person at its REST API. */
export class BenchService {
  private cookie = '';

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  get pid(): number {
    return this.child.pid!;
  }

  /** What a browser sends along, of whoever has signed in. */
  get cookies(): string {
    return this.cookie;
  }

  static async start(options: BenchServiceOptions): Promise<BenchService> {
    const { PATH, HOME, TMPDIR } = process.env;
    const port = await freePort(0);
    const env = {
      ...{ PATH, HOME, TMPDIR, HOST: '127.0.0.1', PORT: String(port), LOG_LEVEL: 'warn', UPLOAD_MAX_MB: '512' },
      ...{ DATABASE_URL: options.databaseUrl, SECRET: options.secret, DATA_DIR: options.dataDir },
      ...options.settings,
    };
    const nodeArguments = [HEAP_LIMIT, ...(options.nodeArguments ?? []), MAIN];
    const child = spawn(process.execPath, nodeArguments, { env, stdio: ['ignore', 'inherit', 'inherit'] });
    const service = new BenchService(child, `http://127.0.0.1:${port}`);
    await service.whenReady();
    return service;
  }

  async signIn(database: Database, role: Role = 'admin'): Promise<void> {
    const username = `bench.${randomBytes(4).toString('hex')}`;
    const password = randomBytes(16).toString('hex');
    await createUser(database, SYSTEM, { username, fullName: 'Bench', role, password, phone: TEST_PHONE });
    const response = await this.send('POST', '/api/v1/session', JSON.stringify({ username, password }));
    this.cookie = response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0]!)
      .join('; ');
  }

  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    return (await (await this.send('POST', path, JSON.stringify(body))).json()) as Answer;
  }

  async get<Answer>(path: string): Promise<Answer> {
    return (await (await this.send('GET', path)).json()) as Answer;
  }

  async patch<Answer>(path: string, body: unknown): Promise<Answer> {
    return (await (await this.send('PATCH', path, JSON.stringify(body))).json()) as Answer;
  }

  async upload<Answer>(path: string, file: string, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.uploadBytes(path, basename(file), await readFile(file), fields);
  }

  async uploadBytes<Answer>(
    path: string,
    name: string,
    bytes: Buffer,
    fields: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    form.set('file', new Blob([bytes]), name);
    return (await (await this.send('POST', path, form)).json()) as Answer;
  }

  /** The import once the service is through with its present work. */
  async settled(seen: Work): Promise<Work> {
    let view = seen;
    while (['uploaded', 'confirmed', 'undoing'].includes(view.state))
      view = await this.get(`/api/v1/imports/${view.id}?wait=60`);
    return view;
  }

  /** The most memory the process had since the last call (VmHWM of proc_pid_status(5)), in megabytes. */
  takePeakRssMb(): number {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'latin1'))?.[1];
    // 5 resets the high-water mark (proc_pid_clear_refs(5)).
    writeFileSync(`/proc/${this.child.pid}/clear_refs`, '5');
    return Math.ceil(Number(kilobytes) / 1024);
  }

  /** As a machine that loses its power. */
  async kill(): Promise<void> {
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((done) => this.child.once('exit', done));
    this.child.kill('SIGTERM');
    await ended;
  }

  private async whenReady(): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    while (performance.now() < deadline) {
      if (this.child.exitCode !== null) throw new Error('the service ended while starting');
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(POLL_MS);
    }
    throw new Error('the service was not ready in time');
  }

  private async send(method: string, path: string, body?: string | FormData): Promise<Response> {
    const headers: Record<string, string> = { cookie: this.cookie, 'sec-fetch-site': 'same-origin' };
    if (typeof body === 'string') headers['content-type'] = 'application/json';
    const response = await fetch(this.url + path, { method, headers, body });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
