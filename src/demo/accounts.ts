import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DemoFolder } from './data-folder';
import { accountNotMade, notBuilt } from './demo-faults';
import { RestClient, RestRefusal } from './rest-client';
import { serviceEnvironment } from './service-process';

export const DEMO_ROLES = ['admin', 'staff', 'approver', 'auditor'] as const;
export type DemoRole = (typeof DEMO_ROLES)[number];

export interface Account {
  readonly role: DemoRole;
  readonly username: string;
  readonly fullName: string;
  readonly password: string;
}

/** Everybody of the story, signed in. */
export type People = Readonly<Record<DemoRole, RestClient>>;

const NAMES: Readonly<Record<DemoRole, { username: string; fullName: string }>> = {
  admin: { username: 'quan.tri', fullName: 'Quản trị viên' },
  staff: { username: 'can.bo', fullName: 'Cán bộ phổ biến pháp luật' },
  approver: { username: 'lanh.dao', fullName: 'Lãnh đạo phê duyệt' },
  auditor: { username: 'kiem.tra', fullName: 'Cán bộ kiểm tra' },
};

/** Where test sends go, in E.164. Nobody of the list has a number that begins with 0899 (phone-cells.ts). */
export const STAFF_PHONE = '+84899000111';

interface KnownAccount {
  readonly id: number;
  readonly username: string;
  readonly phone: string | null;
}

/** The command that `npm run user:create` runs. */
const USER_CREATE = resolve(__dirname, '../../dist/identity/user-create.main.js');

/** The accounts of this folder; passwords are kept before the accounts are made, so that a kill in between loses none. */
export async function openAccounts(folder: DemoFolder): Promise<readonly Account[]> {
  if (existsSync(folder.accounts)) return JSON.parse(await readFile(folder.accounts, 'utf8')) as Account[];
  const accounts = DEMO_ROLES.map((role) => ({ role, ...NAMES[role], password: randomBytes(10).toString('hex') }));
  const draft = `${folder.accounts}.draft`;
  await writeFile(draft, `${JSON.stringify(accounts, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, folder.accounts);
  return accounts;
}

/**
 * Signs everybody in. The administrator is made by the command, as on any new system, makes the others, and enters the number
 * to which test sends go, also where an earlier run made the account without it.
 */
export async function signEverybodyIn(folder: DemoFolder, url: string, accounts: readonly Account[]): Promise<People> {
  const adminAccount = accounts.find(({ role }) => role === 'admin')!;
  const admin =
    (folder.isResumed && (await tryToSignIn(url, adminAccount))) || (await makeAdmin(folder, url, adminAccount));
  const { items } = await admin.get<{ items: KnownAccount[] }>('/api/v1/users');
  const people: Partial<Record<DemoRole, RestClient>> = { admin };
  const others = accounts.filter(({ role }) => role !== 'admin');
  await Promise.all(
    others.map(async ({ role, username, fullName, password }) => {
      const known = items.find((item) => item.username === username);
      const number = role === 'staff' ? { phone: STAFF_PHONE } : {};
      if (!known) await admin.post('/api/v1/users', { role, username, fullName, password, ...number });
      else if (role === 'staff' && known.phone !== STAFF_PHONE) await admin.patch(`/api/v1/users/${known.id}`, number);
      people[role] = await RestClient.signIn(url, { username, password });
    }),
  );
  return people as People;
}

async function makeAdmin(folder: DemoFolder, url: string, account: Account): Promise<RestClient> {
  if (!existsSync(USER_CREATE)) throw notBuilt({ path: USER_CREATE });
  const { role, username, fullName, password } = account;
  const args = [USER_CREATE, '--role', role, '--username', username, '--full-name', fullName];
  const command = spawn(process.execPath, args, { env: serviceEnvironment(folder), stdio: ['pipe', 'ignore', 'pipe'] });
  // The password goes by standard input: arguments can be read by every user of the machine.
  command.stdin.on('error', () => undefined);
  command.stdin.end(`${password}\n`);
  const ended = new Promise<number | null>((done, failed) => command.once('close', done).once('error', failed));
  const said = await text(command.stderr);
  if ((await ended) !== 0) throw accountNotMade({ username, reason: said.trim().replaceAll('\n', ' ') });
  return RestClient.signIn(url, { username, password });
}

async function tryToSignIn(url: string, { username, password }: Account): Promise<RestClient | undefined> {
  try {
    return await RestClient.signIn(url, { username, password });
  } catch (error) {
    if (error instanceof RestRefusal && error.status === 401) return undefined;
    throw error;
  }
}
