import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readlink, realpath, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { embeddedFault, errorCode, inFolder } from './embedded-fault';
import { accountForNewFolder, accountOf, canEnter, type ServerAccount, weAreRoot } from './server-account';

/** Where the server lives when its account cannot enter the data folder (a root-owned 0700 folder above it). */
const FALLBACK_PARENT = '/var/lib/embedded-postgres';

/** The folder of one server, 0700 and owned by its account, and what lies in it. */
export interface ServerHome {
  readonly folder: string;
  readonly account: ServerAccount;
  /** Held (flock) by whoever starts, joins, leaves or removes the server. */
  readonly lockFile: string;
  /** The FIFO whose writers are the services using the server. */
  readonly usersFifo: string;
  readonly passwordFile: string;
  readonly cluster: string;
  readonly pidFile: string;
  readonly logFile: string;
}

export type Log = (message: string, facts?: Record<string, unknown>) => void;

/**
 * Finds or makes the folder `postgres` in the data folder. Where the server's account cannot enter that, `postgres` is
 * a link to a folder of its own in /var/lib; what was chosen once stays, so that a change of rights never makes an
 * empty database appear in the place of a full one.
 */
export async function openServerHome(dataDir: string, log: Log): Promise<ServerHome> {
  const named = path.resolve(dataDir);
  await inFolder(named, () => mkdir(named, { recursive: true }));
  const parent = await inFolder(named, () => realpath(named));
  const folder = path.join(parent, 'postgres');
  const fallback = path.join(FALLBACK_PARENT, createHash('sha256').update(parent).digest('hex').slice(0, 16));
  if (await inFolder(parent, () => exists(folder))) return existingHome(folder);

  const account = await accountForNewFolder();
  const usesFallback = weAreRoot() && ((await isFolder(fallback)) || (await pointsAt(folder, fallback)));
  if (!usesFallback && (await makeHome(folder, account))) return existingHome(folder);
  await inFolder(FALLBACK_PARENT, () => mkdir(FALLBACK_PARENT, { recursive: true, mode: 0o755 }));
  if (!(await isFolder(fallback)) && !(await makeHome(fallback, account))) {
    throw embeddedFault(`neither ${folder} nor ${fallback} can be entered by the server`, 'Name another folder');
  }
  await linkTo(fallback, folder);
  log('The data folder is closed to the account of the embedded PostgreSQL; its data is kept elsewhere', {
    dataDir: parent,
    keptIn: fallback,
  });
  return existingHome(folder);
}

async function existingHome(link: string): Promise<ServerHome> {
  const folder = await inFolder(link, () => realpath(link));
  const facts = await stat(folder);
  if (!facts.isDirectory()) throw embeddedFault(`${folder} is not a folder`, 'Move it away, name another folder');
  const account = await accountOf(folder);
  if (weAreRoot() && !(await canEnter(folder, account))) {
    throw embeddedFault(
      `the folder ${folder} holds a database, but its owner (account ${account.uid}) can no longer enter it`,
      `Open the folders above it to that account (chmod o+x ${path.dirname(folder)})`,
    );
  }
  if ((facts.mode & 0o077) !== 0) await inFolder(folder, () => chmod(folder, 0o700));
  const inside = (name: string): string => path.join(folder, name);
  return {
    folder,
    account,
    lockFile: inside('lock'),
    usersFifo: inside('users'),
    passwordFile: inside('password'),
    cluster: inside('cluster'),
    pidFile: inside('cluster/postmaster.pid'),
    logFile: inside('server.log'),
  };
}

/**
 * Makes the folder under another name and renames it, so that of two first starts at once one wins and both use the
 * same; the lock file in it keeps a rename from replacing a folder that is in use.
 *
 * @returns false when the account cannot enter it; nothing is left behind then
 */
async function makeHome(folder: string, account: ServerAccount): Promise<boolean> {
  const draft = `${folder}.new-${randomBytes(6).toString('hex')}`;
  return inFolder(path.dirname(folder), async () => {
    await mkdir(draft, { mode: 0o700 });
    try {
      await giveTo(account, draft);
      if (weAreRoot() && !(await canEnter(draft, account))) return false;
      await writeFile(path.join(draft, 'lock'), '', { mode: 0o600 });
      await giveTo(account, path.join(draft, 'lock'));
      await rename(draft, folder);
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) throw error;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    return true;
  });
}

/** Hands a file or folder to the server's account; needed only where root made it. */
export async function giveTo(account: ServerAccount, file: string): Promise<void> {
  if (weAreRoot()) await chown(file, account.uid, account.gid);
}

async function linkTo(target: string, link: string): Promise<void> {
  await symlink(target, link).catch(async (error: unknown) => {
    if (errorCode(error) !== 'EEXIST' || !(await pointsAt(link, target))) throw error;
  });
}

/** Follows a link: a link to nothing does not exist. */
async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

async function isFolder(file: string): Promise<boolean> {
  return (await exists(file)) && (await lstat(file)).isDirectory();
}

async function pointsAt(link: string, target: string): Promise<boolean> {
  return readlink(link).then(
    (found) => found === target,
    () => false,
  );
}
