import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OwnProcess } from '../../chaos/own-process';
import { locateBinaries, usableBinaries } from '../../src/platform/database/embedded/binaries';
import { ensureCluster } from '../../src/platform/database/embedded/cluster';
import { databaseUrl, ensureDatabase } from '../../src/platform/database/embedded/database';
import { freePort, LOOPBACK } from '../../src/platform/database/embedded/free-port';
import { openServerHome } from '../../src/platform/database/embedded/server-home';
import { until } from './office';

const DATABASE = 'tinluat';

/**
 * A PostgreSQL that also listens to a network, which that of the service never does.
 *
 * @param folder must be open to the account PostgreSQL runs as
 * @param address its own, besides the loopback one
 * @param network who may come from there, `198.18.0.0/15`
 */
export async function startOpenPostgres(
  folder: string,
  address: string,
  network: string,
): Promise<{ process: OwnProcess; loopbackUrl: string; url: string }> {
  const silent = (): void => undefined;
  const home = await openServerHome(folder, silent);
  const binaries = await usableBinaries(await locateBinaries(), home, silent);
  const password = await ensureCluster(home, binaries, false, silent);
  const port = await freePort();
  const access = join(folder, 'pg_hba.conf');
  const rules = [`${LOOPBACK}/32`, network].map((from) => `host all all ${from} scram-sha-256\n`);
  await writeFile(access, rules.join(''), { mode: 0o644 });
  const settings = {
    ...{ listen_addresses: `${LOOPBACK},${address}`, port: String(port), unix_socket_directories: '' },
    ...{ hba_file: access, log_checkpoints: 'off', log_min_error_statement: 'panic' },
  };
  const log = join(folder, 'postgres.log');
  const server = new OwnProcess({
    file: join(binaries.folder, 'bin', 'postgres'),
    args: ['-D', home.cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    env: { LC_ALL: 'C', TZ: 'UTC' },
    identity: home.account.identity,
    cwd: '/',
    log,
    lastSignal: 'SIGQUIT',
  });
  await until('PostgreSQL', 60, async () => {
    if (!server.isRunning) throw new Error(`PostgreSQL ended at its start, see ${log}`);
    return ensureDatabase(port, password, DATABASE).catch(() => false);
  });
  const loopbackUrl = databaseUrl(port, password, DATABASE);
  const url = new URL(loopbackUrl);
  url.hostname = address;
  return { process: server, loopbackUrl, url: url.href };
}
