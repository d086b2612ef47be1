import { Config } from '../config';
import { Log } from '../observability/log';
import { secretOfDataFolder, Secrets } from '../secrets';
import { startEmbeddedPostgres } from './embedded';

export interface ServiceDatabase {
  /** Carries a password: never log it. */
  readonly url: string;
  /** The same server past the pooler that `url` leads through. */
  readonly directUrl?: string;
  readonly secrets: Secrets;
  /** Leaves the server of the data folder (its last user stops it); nothing to do for a server of the user's own. */
  stop(): Promise<void>;
}

/** The configured server, or else the service's own PostgreSQL in DATA_DIR, started or joined. */
export async function openServiceDatabase(config: Config, log: Log): Promise<ServiceDatabase> {
  if (config.DATABASE_URL) {
    return {
      url: config.DATABASE_URL,
      directUrl: config.DATABASE_DIRECT_URL,
      secrets: new Secrets(config.SECRET!),
      stop: async () => undefined,
    };
  }
  const secrets = new Secrets(config.SECRET ?? (await secretOfDataFolder(config.DATA_DIR)));
  const server = await startEmbeddedPostgres({
    dataDir: config.DATA_DIR,
    database: 'tinluat',
    log: (message, facts) => log.info({ ...facts }, message),
  });
  return { url: server.url, secrets, stop: () => server.stop() };
}
