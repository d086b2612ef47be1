import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client, Pool, PoolClient, types } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, EntityManager, EntityTarget, ObjectLiteral, Repository } from 'typeorm';
import { CopyValue, encodeCopyRows } from './copy-text';
import { RowStream } from './row-stream';

/** Counts and ids stay below 2^53; a larger one is a fault, not a silently rounded number. */
types.setTypeParser(types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error('bigint beyond 2^53 read from the database');
  return value;
});
/** A calendar day has no time zone: it stays the text `2021-05-23`. */
types.setTypeParser(types.builtins.DATE, (text) => text);

/** What both a connection of the pool and an open transaction can do: one statement at a time. */
export interface Queries {
  rows<T>(sql: string, values?: readonly unknown[]): Promise<T[]>;
  /** The only row, or undefined. More than one row is a bug in the statement. */
  row<T>(sql: string, values?: readonly unknown[]): Promise<T | undefined>;
  /** Runs a statement and returns how many rows it touched. */
  run(sql: string, values?: readonly unknown[]): Promise<number>;
  /**
   * The same as `rows` for a statement that runs hundreds of times a second: each connection plans it once, which for the
   * gate of delivery takes four times as long as running it. Behind a pooler, which hands out other connections all the
   * time, it is planned each time.
   *
   * @param name one statement's own for ever
   */
  prepared<T>(name: string, sql: string, values: readonly unknown[]): Promise<T[]>;
}

interface RawClient {
  query(sql: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
  query(statement: { name?: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

class Statements implements Queries {
  constructor(
    private readonly client: RawClient,
    protected readonly isPooled: boolean,
  ) {}

  async rows<T>(sql: string, values: readonly unknown[] = []): Promise<T[]> {
    return (await this.client.query(sql, values as unknown[])).rows as T[];
  }

  async row<T>(sql: string, values: readonly unknown[] = []): Promise<T | undefined> {
    const rows = await this.rows<T>(sql, values);
    if (rows.length > 1) throw new Error('a statement meant for one row returned more');
    return rows[0];
  }

  async run(sql: string, values: readonly unknown[] = []): Promise<number> {
    return (await this.client.query(sql, values as unknown[])).rowCount ?? 0;
  }

  async prepared<T>(name: string, sql: string, values: readonly unknown[]): Promise<T[]> {
    const statement = { name: this.isPooled ? undefined : name, text: sql, values: values as unknown[] };
    return (await this.client.query(statement)).rows as T[];
  }
}

/** One open transaction. It is passed as a parameter and never kept. */
export class Transaction extends Statements {
  constructor(
    private readonly entities: EntityManager,
    private readonly connection: PoolClient,
    isPooled: boolean,
  ) {
    super(connection, isPooled);
  }

  repository<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> {
    return this.entities.getRepository(entity);
  }

  /** COPY … FROM STDIN: the fastest way in. `table` and `columns` are written by us, never taken from input. */
  async copy(table: string, columns: readonly string[], rows: Iterable<readonly CopyValue[]>): Promise<void> {
    await this.copyText(table, columns, encodeCopyRows(rows));
  }

  /** The same with rows encoded already, in pieces. */
  async copyText(
    table: string,
    columns: readonly string[],
    pieces: Iterable<string> | AsyncIterable<Buffer>,
  ): Promise<void> {
    const target = this.connection.query(copyFrom(`COPY ${table} (${columns.join(', ')}) FROM STDIN`));
    await pipeline(Readable.from(pieces, { objectMode: false }), target);
  }
}

export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ';

/** A connection of its own that hears what is notified. */
export interface Listener {
  /** Resolves when the connection is gone, cut or closed. */
  readonly ended: Promise<void>;
  close(): Promise<void>;
}

const CONNECT_WITHIN_MS = 10_000;
/** A connection nothing goes through any more is dropped rather than said goodbye to. */
const GOODBYE_WITHIN_MS = 1_000;

/** The one way to PostgreSQL: single statements on the pool, transactions as a parameter, streams for exports. */
export class Database extends Statements {
  private readonly pool: Pool;

  constructor(
    private readonly dataSource: DataSource,
    private readonly closing: { isClosing: boolean },
    private readonly options: DatabaseOptions,
  ) {
    const pool = (dataSource.driver as unknown as { master: Pool }).master;
    super(pool, options.directUrl !== undefined);
    this.pool = pool;
  }

  repository<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> {
    return this.dataSource.getRepository(entity);
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>, isolation: Isolation = 'READ COMMITTED'): Promise<T> {
    return this.dataSource.transaction(isolation, async (entities) => {
      const connection = (await entities.queryRunner!.connect()) as PoolClient;
      return work(new Transaction(entities, connection, this.isPooled));
    });
  }

  /** Streams the rows of a query as objects through a cursor; memory does not grow with the result. */
  async stream(sql: string, values: readonly unknown[] = []): Promise<Readable> {
    const client = await this.pool.connect();
    const stream = client.query(new RowStream(sql, values));
    let broken: Error | undefined;
    // Unheard, it would end the process.
    const onError = (error: Error): void => {
      broken ??= error;
      stream.connectionLost(broken);
    };
    const onEnd = (): void => onError(new Error('Connection terminated unexpectedly'));
    client.on('error', onError).once('end', onEnd);
    // Destroying the stream closes its cursor; the connection may go back only after that.
    stream.once('close', () => {
      client.off('error', onError).off('end', onEnd);
      client.release(broken);
    });
    return stream;
  }

  /**
   * Hears notifications, on a connection that leads past a pooler: behind one nobody could listen.
   *
   * @param channel written by us, never taken from input
   */
  async listen(channel: string, onNotified: () => void): Promise<Listener> {
    const client = new Client({
      connectionString: this.options.directUrl ?? this.options.url,
      application_name: `${this.options.applicationName}-listen`,
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      ...KEEP_ALIVE,
    });
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    // Its end follows.
    client.on('error', () => undefined);
    client.on('notification', onNotified);
    const close = async (): Promise<void> => {
      const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
      const drop = setTimeout(() => stream.destroy(), GOODBYE_WITHIN_MS);
      await client.end().finally(() => clearTimeout(drop));
    };
    try {
      await client.connect();
      await client.query(`listen ${channel}`);
    } catch (error) {
      await close();
      throw error;
    }
    return { ended, close };
  }

  async close(): Promise<void> {
    this.closing.isClosing = true;
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** A server that is gone is noticed within half a minute, where nothing is on its way to it. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };
/**
 * An instance that is cut off in the middle of a transaction must not keep its locks until the server's TCP gives it up,
 * which takes hours. A pooler has settings of its own for that and refuses these.
 */
export const SESSION_OPTIONS = [
  'idle_in_transaction_session_timeout=60s',
  'tcp_keepalives_idle=30',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=4',
  'tcp_user_timeout=50s',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

export interface DatabaseOptions {
  readonly url: string;
  readonly poolSize: number;
  /** TypeORM entities of the administrative tables. */
  readonly entities: readonly EntityTarget<ObjectLiteral>[];
  readonly applicationName: string;
  /** The server's own address, where `url` leads through a pooler that gives each transaction any connection. */
  readonly directUrl?: string;
  readonly onPoolError: (error: Error) => void;
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  // A server that stops right after us may cut connections that were ended but are not gone yet: no news then.
  const closing = { isClosing: false };
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    poolSize: options.poolSize,
    applicationName: options.applicationName,
    entities: [...options.entities] as never[],
    synchronize: false,
    migrationsRun: false,
    poolErrorHandler: (error: Error) => {
      if (!closing.isClosing) options.onPoolError(error);
    },
    connectTimeoutMS: CONNECT_WITHIN_MS,
    extra: { ...KEEP_ALIVE, ...(options.directUrl === undefined ? { options: SESSION_OPTIONS } : {}) },
  });
  await dataSource.initialize();
  return new Database(dataSource, closing, options);
}
