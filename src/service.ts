import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from './create-app';
import { openGateways, OpenGateways } from './gateways';
import { identityEntities } from './identity';
import { SystemClock } from './platform/clock';
import type { Config } from './platform/config';
import { Database, openDatabase } from './platform/database/database';
import { migrateUp } from './platform/database/migrations';
import { openServiceDatabase, ServiceDatabase } from './platform/database/service-database';
import type { Log } from './platform/observability/log';
import { checkSecretFitsDatabase } from './platform/secrets';
import { SubscriberList } from './subscribers';

/** A running service: one instance, whatever its role. */
export interface Service {
  /** Where it listens, `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Stops in the order that loses nothing: requests, sending, gateways, connections, the database's server. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts everything one instance needs: its PostgreSQL (unless DATABASE_URL names one), the schema, the gateways, the
 * application. What fails is taken down again before the error is thrown.
 */
export async function startService(config: Config, log: Log): Promise<Service> {
  const opened: (() => Promise<void>)[] = [];
  const stopAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) {
      await close().catch((error: unknown) => log.error({ err: error }, 'a part did not stop cleanly'));
    }
  };
  try {
    const server = await openServiceDatabase(config, log);
    opened.push(() => server.stop());
    const database = await openMigrated(config, log, server);
    opened.push(() => database.close());
    const gateways = await openGateways(config, server.secrets, log);
    opened.push(() => gateways.close());
    const platform = { config, database, log, clock: new SystemClock(), secrets: server.secrets };
    const app = await createApp(platform, gateways.registry);
    opened.push(() => app.close());
    const url = await listen(app, config, gateways);
    log.info({ address: url, role: config.ROLE, gateways: gateways.registry.names }, 'listening');
    return { url, stop: stopAll };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function openMigrated(config: Config, log: Log, server: ServiceDatabase): Promise<Database> {
  const applied = await migrateUp(server.directUrl ?? server.url);
  if (applied.length > 0) log.info({ applied }, 'migrations applied');
  const database = await openDatabase({
    url: server.url,
    directUrl: server.directUrl,
    poolSize: config.DATABASE_POOL_SIZE,
    entities: [...identityEntities, SubscriberList],
    applicationName: `tinluat-${config.ROLE}`,
    onPoolError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  await checkSecretFitsDatabase(database, server.secrets).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  return database;
}

/** Gateways report to the port that was really taken, which is known only now. */
async function listen(app: NestExpressApplication, config: Config, gateways: OpenGateways): Promise<string> {
  await app.listen(config.PORT, config.HOST);
  const { port } = app.getHttpServer().address() as { port: number };
  const url = `http://${config.HOST.includes(':') ? `[${config.HOST}]` : config.HOST}:${port}`;
  // A worker takes no receipts: the instances that do say where.
  if (config.ROLE !== 'worker') await gateways.reportTo(config.PUBLIC_URL ?? url);
  return url;
}
