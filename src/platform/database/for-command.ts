import { Config } from '../config';
import { createLog } from '../observability/log';
import { checkSecretFitsDatabase, Secrets } from '../secrets';
import { Database, openDatabase } from './database';
import { migrateUp } from './migrations';
import { openServiceDatabase } from './service-database';

/** The database for a command that a person runs, while the service runs or not. Only warnings are shown. */
export async function openDatabaseForCommand(
  config: Config,
): Promise<{ database: Database; secrets: Secrets; close(): Promise<void> }> {
  const log = createLog('warn', process.stderr);
  const { url, directUrl, secrets, stop } = await openServiceDatabase(config, log);
  try {
    await migrateUp(directUrl ?? url);
    const database = await openDatabase({
      url,
      directUrl,
      poolSize: 4,
      entities: [],
      applicationName: 'tinluat-command',
      onPoolError: (error) => log.warn({ err: error }, 'a database connection broke'),
    });
    await checkSecretFitsDatabase(database, secrets).catch(async (error: unknown) => {
      await database.close();
      throw error;
    });
    const close = async (): Promise<void> => {
      await database.close();
      await stop();
    };
    return { database, secrets, close };
  } catch (error) {
    await stop();
    throw error;
  }
}
