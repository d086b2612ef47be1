import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import type TestAgent from 'supertest/lib/agent';
import { createApp } from '../../src/create-app';
import { Gateway, GatewayRegistry } from '../../src/gateways';
import { Clock, SystemClock } from '../../src/platform/clock';
import { Config } from '../../src/platform/config';
import type { Database } from '../../src/platform/database/database';
import { createLog } from '../../src/platform/observability/log';
import { FakeGateway } from './fake-gateway';
import { People, peopleOf } from './people';
import { ShiftedClock } from './shifted-clock';
import { openTestDatabase } from './test-database';

export interface TestApp extends People {
  readonly app: NestExpressApplication;
  readonly database: Database;
  readonly config: Config;
  /** Everything the service logged, one JSON line each. */
  readonly logged: string[];
  /** An agent of nobody: keeps the cookies it is given. */
  request(): TestAgent;
  /** Moves service and database to another instant; only with `at`. See ShiftedClock.moveTo. Sessions last an hour. */
  moveTo(at: Date): Promise<void>;

  stop(): Promise<void>;
}

export interface TestAppOptions {
  readonly config?: Partial<Config>;
  readonly gateway?: Gateway;
  /** Several of them, in place of `gateway`; the first one is the default. */
  readonly gateways?: readonly Gateway[];
  readonly clock?: Clock;
  /** The service and its database believe it is this instant when they start; see ShiftedClock. */
  readonly at?: Date;
  /** The service's own acts each second: on where a test waits for texts to be sent. */
  readonly bells?: boolean;
}

/** The real application on a database of its own, with a gateway in memory. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const shifted = options.at && new ShiftedClock(options.at);
  const { database, secrets, close } = await openTestDatabase(shifted);
  const dataDir = await mkdtemp(join(tmpdir(), 'tinluat-app-'));
  const config = Object.assign(new Config(), { DATA_DIR: dataDir, GATEWAYS: ['fake'], ...options.config });
  const logged: string[] = [];
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  const gateways = new GatewayRegistry(options.gateways ?? [options.gateway ?? new FakeGateway()]);
  const platform = { config, database, log, clock: shifted ?? options.clock ?? new SystemClock(), secrets };
  const app = await createApp(platform, gateways, { bells: options.bells ?? false });
  await app.listen(0, '127.0.0.1');
  const stop = async (): Promise<void> => {
    await app.close();
    await close();
    await rm(dataDir, { recursive: true });
  };
  const agent = (): TestAgent => request.agent(app.getHttpServer());
  return {
    app,
    database,
    config,
    logged,
    request: agent,
    ...peopleOf({ database, request: agent, now: shifted && (() => shifted.now()) }),
    moveTo: async (at) => {
      if (!shifted) throw new Error('start the application with `at` to move its time');
      await shifted.moveTo(database, at);
    },
    stop,
  };
}
