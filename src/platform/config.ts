import { plainToInstance, Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsJSON,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  validateSync,
} from 'class-validator';

const toNumber = (): PropertyDecorator =>
  Transform(({ value }) => (/^\d+$/.test(String(value)) ? Number(value) : value));
const toBoolean = (): PropertyDecorator =>
  Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : value));
const toNames = (): PropertyDecorator =>
  Transform(({ value }) => (typeof value === 'string' ? value.split(',').map((name) => name.trim()) : value));
const aUrl = (...protocols: string[]): PropertyDecorator =>
  IsUrl(
    { protocols, require_protocol: true, require_tld: false },
    { message: `must be an address (${protocols.join(', ')})` },
  );

export const ROLES = ['all', 'web', 'worker'] as const;
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/**
 * Every setting there is, by the name of its environment variable. README.md has the same table; a test compares them.
 * Secrets have no default: without DATABASE_URL they are made once and kept in DATA_DIR, with it they must be given.
 */
export class Config {
  /** `web` answers requests, `worker` sends, `all` does both. */
  @IsIn(ROLES)
  ROLE: (typeof ROLES)[number] = 'all';

  @IsString()
  HOST = '127.0.0.1';

  /** 0 takes a free port. */
  @toNumber()
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT = 3000;

  /** The address citizens' gateways and browsers reach the service at; receipts are signed for it. */
  @IsOptional()
  @aUrl('http', 'https')
  PUBLIC_URL?: string;

  /** Set only behind a reverse proxy that sets X-Forwarded-For itself. */
  @toBoolean()
  @IsBoolean()
  TRUST_PROXY = false;

  @IsOptional()
  @aUrl('postgres', 'postgresql')
  DATABASE_URL?: string;

  /** The server's own address, for migrations and LISTEN; says that DATABASE_URL leads through a pooler. */
  @IsOptional()
  @aUrl('postgres', 'postgresql')
  DATABASE_DIRECT_URL?: string;

  @toNumber()
  @IsInt()
  @Min(4)
  @Max(100)
  DATABASE_POOL_SIZE = 12;

  /** The service's own PostgreSQL, the simulator's ledger, uploads while they are read, and generated secrets. */
  @IsString()
  @MinLength(1)
  DATA_DIR = './data';

  /** Keys the digests of phone numbers and of receipts. Keep it for ever: without it opt-outs no longer match. */
  @IsOptional()
  @MinLength(32, { message: 'must have at least 32 characters' })
  SECRET?: string;

  @IsIn(LOG_LEVELS)
  LOG_LEVEL: (typeof LOG_LEVELS)[number] = 'info';

  @toNumber()
  @IsInt()
  @Min(1)
  @Max(720)
  SESSION_HOURS = 12;

  /** Whose communes and wards the service knows: a code of Decision 19/2025/QĐ-TTg; 91 is An Giang. */
  @Matches(/^\d{2}$/, { message: 'must be the two digits of a province, such as 91' })
  PROVINCE_CODE = '91';

  @toNumber()
  @IsInt()
  @Min(1)
  @Max(2048)
  UPLOAD_MAX_MB = 64;

  @toNumber()
  @IsInt()
  @Min(1)
  @Max(5_000_000)
  IMPORT_MAX_ROWS = 1_000_000;

  /** Texts undelivered in a row after which a number is shown for somebody to verify. */
  @toNumber()
  @IsInt()
  @Min(1)
  @Max(100)
  NUMBER_FLAGGED_AFTER = 3;

  /** Texts undelivered in a row after which a number gets none any more, until somebody verifies it. 0: never. */
  @toNumber()
  @IsInt()
  @Min(0)
  @Max(100)
  NUMBER_LEFT_OUT_AFTER = 0;

  /** After an import is done its rows can be seen, and the import undone, for so many days. */
  @toNumber()
  @IsInt()
  @Min(1)
  @Max(3_650)
  IMPORT_ROWS_KEPT_DAYS = 90;

  /** An import that was analysed and that nobody confirms is discarded after so many days. */
  @toNumber()
  @IsInt()
  @Min(1)
  @Max(365)
  UNCONFIRMED_IMPORT_KEPT_DAYS = 7;

  /** Numbers and texts of messages are deleted so many days after their batch ended; 0 keeps them. Figures stay. */
  @toNumber()
  @IsInt()
  @Min(0)
  @Max(36_500)
  MESSAGES_KEPT_DAYS = 0;

  /** The gateways a campaign may use, the first one is the default. */
  @toNames()
  @Matches(/^[a-z]+$/, { each: true, message: 'must be names such as simulator,twilio' })
  GATEWAYS: string[] = ['simulator'];

  /** Requests in flight to one gateway at once, by each instance. */
  @toNumber()
  @IsInt()
  @Min(1)
  @Max(2_000)
  GATEWAY_SOCKETS = 100;

  /** After this long without an answer the outcome of a text is unknown. */
  @toNumber()
  @IsInt()
  @Min(1)
  @Max(120)
  GATEWAY_TIMEOUT_SECONDS = 10;

  /** A worker that was silent for so long is taken for dead. Must exceed twice GATEWAY_TIMEOUT_SECONDS. */
  @toNumber()
  @IsInt()
  @Min(2)
  @Max(600)
  LEASE_SECONDS = 30;

  /** A simulator run by hand; without it the service starts one of its own. */
  @IsOptional()
  @aUrl('http')
  SIMULATOR_URL?: string;

  /** The simulator's behaviour as JSON, such as {"refuseShare":0.005,"seed":2021}. */
  @IsOptional()
  @IsJSON({ message: 'must be JSON' })
  SIMULATOR_BEHAVIOUR?: string;

  /** Texts that go to the simulator in one request; 0 sends each by itself. */
  @toNumber()
  @IsInt()
  @Min(0)
  @Max(500)
  SIMULATOR_BATCH = 0;

  /** Whether the simulator is asked what became of a text whose answer was lost. */
  @toBoolean()
  @IsBoolean()
  SIMULATOR_LOOK_UP = true;

  /** Whether texts are sent so that the simulator takes each once, however often it comes: then unknown ones are sent again. */
  @toBoolean()
  @IsBoolean()
  SIMULATOR_IDEMPOTENT = false;

  @IsOptional()
  @Matches(/^AC[0-9a-f]{32}$/, { message: 'must be AC and 32 hexadecimal digits' })
  TWILIO_ACCOUNT_SID?: string;

  @IsOptional()
  @MinLength(1)
  TWILIO_AUTH_TOKEN?: string;

  @aUrl('http', 'https')
  TWILIO_BASE_URL = 'https://api.twilio.com';
}

/** Rules that need more than one setting. Returns `NAME: what is wrong`. */
function crossChecks(config: Config): string[] {
  const faults: string[] = [];
  if (config.LEASE_SECONDS <= 2 * config.GATEWAY_TIMEOUT_SECONDS) {
    faults.push('LEASE_SECONDS: must exceed twice GATEWAY_TIMEOUT_SECONDS');
  }
  if (config.NUMBER_LEFT_OUT_AFTER > 0 && config.NUMBER_LEFT_OUT_AFTER < config.NUMBER_FLAGGED_AFTER) {
    // Whoever is left out must stand on the list that people look at.
    faults.push('NUMBER_LEFT_OUT_AFTER: must be 0 or at least NUMBER_FLAGGED_AFTER');
  }
  if (config.DATABASE_DIRECT_URL && !config.DATABASE_URL) {
    faults.push('DATABASE_DIRECT_URL: is the way past a pooler that DATABASE_URL leads through; set that too');
  }
  if (config.DATABASE_URL && !config.SECRET) faults.push('SECRET: is needed when DATABASE_URL is set');
  if (config.GATEWAYS.includes('twilio')) {
    if (!config.TWILIO_ACCOUNT_SID) faults.push('TWILIO_ACCOUNT_SID: is needed by the gateway twilio');
    if (!config.TWILIO_AUTH_TOKEN) faults.push('TWILIO_AUTH_TOKEN: is needed by the gateway twilio');
    if (!config.PUBLIC_URL) faults.push('PUBLIC_URL: is needed by the gateway twilio, which signs receipts for it');
  }
  if (config.SIMULATOR_URL && !config.SECRET) faults.push('SECRET: is needed when SIMULATOR_URL is set, by both sides');
  return faults;
}

/**
 * Reads and checks the whole configuration.
 *
 * @throws ConfigError naming every fault at once, by name and never by value.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const known = Object.keys(new Config()).concat(OPTIONAL_SETTINGS);
  const given = Object.fromEntries(
    known
      .filter((name) => environment[name] !== undefined && environment[name] !== '')
      .map((name) => [name, environment[name]]),
  );
  const config = plainToInstance(Config, given, { exposeDefaultValues: true });
  const faults = validateSync(config, { validationError: { target: false, value: false } }).map(
    ({ property, constraints }) =>
      `${property}: ${Object.values(constraints ?? {})
        .map((sentence) => sentence.replace(`${property} `, ''))
        .join('; ')}`,
  );
  const all = faults.length > 0 ? faults : crossChecks(config);
  if (all.length > 0) throw new ConfigError(all);
  return config;
}

/** Settings without a default, which `new Config()` therefore does not list. */
export const OPTIONAL_SETTINGS = [
  'PUBLIC_URL',
  'DATABASE_URL',
  'DATABASE_DIRECT_URL',
  'SECRET',
  'SIMULATOR_URL',
  'SIMULATOR_BEHAVIOUR',
  'TWILIO_ACCOUNT_SID',
  'TWILIO_AUTH_TOKEN',
];

export class ConfigError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`The configuration has ${faults.length} fault(s):\n- ${faults.join('\n- ')}`);
    this.name = 'ConfigError';
  }
}
