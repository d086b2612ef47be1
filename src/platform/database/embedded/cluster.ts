import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Binaries, majorVersion } from './binaries';
import { embeddedFault, errorCode, inFolder } from './embedded-fault';
import { runCommand } from './run-command';
import { giveTo, type Log, type ServerHome } from './server-home';

const INITDB_TIMEOUT_MS = 120_000;
const DRAFT = 'cluster.new-';

/** The superuser of the cluster, as whom the service connects. */
export const DATABASE_USER = 'postgres';

/**
 * Makes the cluster where there is none, under another name until it is whole. A cluster of another major version is
 * refused: its files mean something else.
 *
 * @param durable false where the settings give up durability anyway (tests): initdb then does not wait for the disk
 * @returns the password of the cluster, never to be logged
 */
export async function ensureCluster(home: ServerHome, binaries: Binaries, durable: boolean, log: Log): Promise<string> {
  return inFolder(home.folder, async () => {
    const version = await clusterVersion(home);
    if (version === undefined) return makeCluster(home, binaries, durable, log);
    if (version !== majorVersion(binaries.version)) {
      throw embeddedFault(
        `${home.cluster} was made by PostgreSQL ${version}, and this release brings PostgreSQL ${binaries.version}`,
        `Export the data with the earlier release (pg_dump of PostgreSQL ${version}) and import it into a new folder`,
      );
    }
    return readPassword(home);
  });
}

/** @returns the major version, or undefined where there is no cluster */
async function clusterVersion(home: ServerHome): Promise<string | undefined> {
  try {
    return (await readFile(path.join(home.cluster, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const something = await stat(home.cluster).catch(() => undefined);
  if (!something) return undefined;
  throw embeddedFault(`${home.cluster} exists, but is no database folder`, 'Move it away or put the backup back whole');
}

async function readPassword(home: ServerHome): Promise<string> {
  try {
    return (await readFile(home.passwordFile, 'utf8')).trim();
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    throw embeddedFault(`the file ${home.passwordFile} is missing`, 'Put it back from the backup of the folder', error);
  }
}

async function makeCluster(home: ServerHome, binaries: Binaries, durable: boolean, log: Log): Promise<string> {
  for (const name of await readdir(home.folder)) {
    // Left by a first start that was killed. Its initdb may still run: then files come back while we delete.
    if (name.startsWith(DRAFT)) await rm(path.join(home.folder, name), { recursive: true, force: true, maxRetries: 5 });
  }
  const password = randomBytes(24).toString('hex');
  await writeFile(home.passwordFile, `${password}\n`, { mode: 0o600 });
  await giveTo(home.account, home.passwordFile);

  const draft = path.join(home.folder, DRAFT + randomBytes(6).toString('hex'));
  log('Making the database folder of the embedded PostgreSQL', { folder: home.cluster, version: binaries.version });
  try {
    await runInitdb(home, binaries, draft, durable);
    await rename(draft, home.cluster);
  } catch (error) {
    await rm(draft, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
  return password;
}

/** Names the encoding and the locale: left alone, initdb takes them from the environment, SQL_ASCII for LC_ALL=C. */
async function runInitdb(home: ServerHome, binaries: Binaries, folder: string, durable: boolean): Promise<void> {
  const args = [
    ...['-D', folder, '-U', DATABASE_USER, `--pwfile=${home.passwordFile}`, '--auth=scram-sha-256'],
    ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...['--no-instructions', ...(durable ? [] : ['--no-sync'])],
  ];
  const { code, stdout, stderr, timedOut } = await runCommand(path.join(binaries.folder, 'bin', 'initdb'), args, {
    identity: home.account.identity,
    timeoutMs: INITDB_TIMEOUT_MS,
  });
  if (code === 0 && !timedOut) return;
  if (timedOut) {
    throw embeddedFault(
      `initdb has not made the database folder within ${INITDB_TIMEOUT_MS / 1000} s`,
      `See whether the disk of ${home.folder} works`,
    );
  }
  const said = (stderr.trim() || stdout.trim()).replace(/\s*\n\s*/g, ' ').slice(-1_000);
  throw embeddedFault(
    `initdb could not make a database folder in ${home.folder}: ${said}`,
    /No space left|quota/i.test(stderr) ? 'Free at least 200 MB on that disk' : 'Put right what it says',
  );
}
