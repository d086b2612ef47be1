import { DynamicModule, Global, Module } from '@nestjs/common';
import { Clock } from './clock';
import { Config } from './config';
import { Database } from './database/database';
import { LOG, Log } from './observability/log';
import { Secrets } from './secrets';

export interface Platform {
  readonly config: Config;
  readonly database: Database;
  readonly log: Log;
  readonly clock: Clock;
  readonly secrets: Secrets;
}

/** What every part may ask for in its constructor: Config, Database, Clock, Secrets, and the log as `@Inject(LOG)`. */
@Global()
@Module({})
export class PlatformModule {
  static of({ config, database, log, clock, secrets }: Platform): DynamicModule {
    const providers = [
      { provide: Config, useValue: config },
      { provide: Database, useValue: database },
      { provide: LOG, useValue: log },
      { provide: Clock, useValue: clock },
      { provide: Secrets, useValue: secrets },
    ];
    return { module: PlatformModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
