import { stat } from 'node:fs/promises';
import { embeddedFault, errorCode } from './embedded-fault';
import { type Identity, runCommand } from './run-command';

/** PostgreSQL refuses to run as root: a service started by root hands its server to one of these, in this order. */
const ACCOUNTS_FOR_ROOT = ['postgres', 'nobody'] as const;
const COMMAND_TIMEOUT_MS = 10_000;

/** The account that PostgreSQL runs as and that owns its files. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
  readonly identity: Identity;
}

export function weAreRoot(): boolean {
  return process.getuid!() === 0;
}

/** The account for a folder that is still to be made: our own, or for root the first of postgres and nobody. */
export async function accountForNewFolder(): Promise<ServerAccount> {
  if (!weAreRoot()) return { uid: process.getuid!(), gid: process.getgid!(), identity: {} };
  for (const name of ACCOUNTS_FOR_ROOT) {
    const uid = await numericId('-u', name);
    const gid = await numericId('-g', name);
    if (uid && gid) return { uid, gid, identity: { uid, gid } };
  }
  throw embeddedFault(
    'PostgreSQL does not run as root, and there is neither an account postgres nor nobody',
    'Run the service as an ordinary user',
  );
}

/** The account of a folder made earlier: its owner, who must be us unless we are root. */
export async function accountOf(folder: string): Promise<ServerAccount> {
  const { uid, gid } = await stat(folder);
  if (!weAreRoot()) {
    if (uid === process.getuid!()) return { uid, gid, identity: {} };
    throw embeddedFault(
      `the folder ${folder} belongs to the account with number ${uid}, and this service runs as ${process.getuid!()}`,
      'Run the service as the owner of the folder, name another folder',
    );
  }
  if (uid !== 0) return { uid, gid, identity: { uid, gid } };
  throw embeddedFault(
    `the folder ${folder} belongs to root, as which PostgreSQL does not run`,
    `Give it and all in it to an ordinary account (chown -R postgres ${folder})`,
  );
}

/** Whether the account can go into the folder and write there, every folder above it included. */
export async function canEnter(folder: string, account: ServerAccount): Promise<boolean> {
  try {
    const { code } = await runCommand('/bin/sh', ['-c', 'cd "$0" && [ -w . ]', folder], {
      identity: account.identity,
      timeoutMs: COMMAND_TIMEOUT_MS,
    });
    return code === 0;
  } catch (error) {
    if (errorCode(error) !== 'EPERM') throw error;
    throw embeddedFault(
      `root may not switch to the account with number ${account.uid} here (a container without SETUID and SETGID)`,
      'Run the service as an ordinary user',
      error,
    );
  }
}

/** The number behind a name, asked of the system (which may know accounts from elsewhere than /etc/passwd). */
async function numericId(kind: '-u' | '-g', name: string): Promise<number | undefined> {
  const { code, stdout } = await runCommand('id', [kind, name], { timeoutMs: COMMAND_TIMEOUT_MS });
  const id = Number(stdout.trim());
  return code === 0 && Number.isInteger(id) && id > 0 ? id : undefined;
}
