import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededRandom } from '../src/demo/seeded-random';
import { identityEntities } from '../src/identity';
import { type Database, openDatabase } from '../src/platform/database/database';
import { freePort } from '../src/platform/database/embedded/free-port';
import { migrateUp } from '../src/platform/database/migrations';
import { FaultTally } from './faults';
import type { Fault } from './judge';
import { Instance, type Role } from './instance';
import { Office } from './office';
import type { Options } from './options';
import { OwnPostgres } from './own-postgres';
import { Witness } from './witness';

const INSTANCES: readonly (readonly [string, Role])[] = [
  ['web', 'web'],
  ['worker-a', 'worker'],
  ['worker-b', 'worker'],
  ['all', 'all'],
];
const TRY_AGAIN_MS = 100;
const PATIENCE_MS = 60_000;
const MOST_OF_A_KIND = 5;

/** What people did, at the database's own clock, as far as it forbids texts to leave. Times are PostgreSQL's, to the µs. */
export interface Confirmed {
  /** Noted once the service had confirmed it. */
  readonly optOuts: { readonly phone: string; readonly at: string }[];
  /** From when a pause or cancellation was confirmed until somebody asked to go on. */
  readonly stops: { readonly campaignId: number; readonly from: string; to: string | null }[];
}

type Parts = Pick<
  Stage,
  'options' | 'dist' | 'folder' | 'secret' | 'postgres' | 'database' | 'witness' | 'instances' | 'office'
>;

/** Everything a run has. */
export class Stage {
  readonly tally = new FaultTally();
  readonly acts: Confirmed = { optOuts: [], stops: [] };
  /** As it is seen. */
  readonly seen: Fault[] = [];
  /** What ends the run when it is seen; null: anything. */
  endsOn: readonly Fault['kind'][] | null = null;
  /** When something last happened that may leave leases behind, by the database's clock. */
  lastRiskAt = '-infinity';
  /** What was done, and when: printed where the run fails. */
  readonly events: string[] = [];
  samples = 0;

  readonly options: Options;
  readonly dist: string;
  readonly folder: string;
  readonly secret: string;
  readonly postgres: OwnPostgres;
  readonly database: Database;
  readonly witness: Witness;
  readonly instances: readonly Instance[];
  readonly office: Office;

  private constructor(
    parts: Parts,
    private readonly shut: () => Promise<void>,
  ) {
    Object.assign(this, parts);
  }

  /** @param dist the built service: dist/, or that of a copy */
  static async open(options: Options, dist: string): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'tinluat-chaos-'));
    // Root's PostgreSQL runs under another account, which has to get in.
    chmodSync(folder, 0o755);
    const opened: (() => Promise<unknown>)[] = [
      async () => (options.keeps ? undefined : rmSync(folder, { recursive: true, force: true, maxRetries: 5 })),
    ];
    const shut = async (): Promise<void> => {
      for (const close of opened.splice(0).reverse()) await close().catch((error: unknown) => console.error(error));
    };
    try {
      const secret = randomBytes(24).toString('hex');
      const postgres = await OwnPostgres.start(folder, !options.skipped.has('disk-full'));
      opened.push(() => postgres.close(options.keeps ? join(folder, 'cluster') : undefined));
      await migrateUp(postgres.url);
      const names = { entities: identityEntities, applicationName: 'chaos', onPoolError: () => undefined };
      const database = await openDatabase({ url: postgres.url, poolSize: 4, ...names });
      opened.push(() => database.close());
      const witness = await Witness.start(dist, folder, secret);
      opened.push(() => witness.stop());
      const instances = await makeInstances({
        dist,
        folder,
        secret,
        leaseSeconds: options.leaseSeconds,
        contract: options.contract,
        databaseUrl: postgres.url,
        simulatorUrl: witness.url,
      });
      opened.push(() => Promise.all(instances.map((instance) => instance.kill())));
      const office = await Office.open(database, instances, new SeededRandom(options.seed ^ 0x0ff1ce));
      return new Stage({ options, dist, folder, secret, postgres, database, witness, instances, office }, shut);
    } catch (error) {
      await shut();
      throw error;
    }
  }

  /** A stream of draws of its own for each who acts beside the others. */
  random(who: number): SeededRandom {
    return new SeededRandom(this.options.seed + who * 7_919);
  }

  /** The suite's own look into the database, which may be away at that moment. */
  async patiently<T>(work: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(TRY_AGAIN_MS);
      }
    }
  }

  rows<T>(sql: string, values: readonly unknown[] = []): Promise<T[]> {
    return this.patiently(() => this.database.rows<T>(sql, values));
  }

  async row<T>(sql: string, values: readonly unknown[] = []): Promise<T> {
    return (await this.rows<T>(sql, values))[0]!;
  }

  /** For people who look into a run afterwards. */
  say(event: string): void {
    const line = `${new Date().toISOString()} ${event}`;
    this.events.push(line);
    appendFileSync(join(this.folder, 'events.log'), `${line}\n`);
  }

  /** Whether every lease that is out was given or renewed after that moment: then its holder was alive by then. */
  async areLeasesNewerThan(moment: string): Promise<boolean> {
    const { older } = await this.row<{ older: number }>(
      `select count(*) as older from chunks
       where state = 'leased' and leased_until - make_interval(secs => $2) <= $1::timestamptz`,
      [moment, this.options.leaseSeconds],
    );
    return older === 0;
  }

  /** Texts that ran into the end of a lease. */
  async lost(): Promise<number> {
    const { lost } = await this.row<{ lost: number }>(
      `select count(*) as lost from outcomes where kind = 'unknown' and code = 'lease-expired'`,
    );
    return lost;
  }

  async databaseTime(): Promise<string> {
    return (await this.row<{ at: string }>('select clock_timestamp()::text as at')).at;
  }

  /** Nothing is to be sent, now or later. */
  async isQuiet(): Promise<boolean> {
    const { open } = await this.row<{ open: number }>(
      `select (select count(*) from batches where finished_at is null and state <> 'held')
         + (select count(*) from campaigns where state in ('scheduled', 'sending', 'paused')) as open`,
    );
    return open === 0;
  }

  see(kind: Fault['kind'], ...details: readonly string[]): void {
    const known = this.seen.filter((one) => one.kind === kind).length;
    this.seen.push(...details.slice(0, Math.max(0, MOST_OF_A_KIND - known)).map((detail) => ({ kind, detail })));
  }

  get hasFailed(): boolean {
    const { endsOn } = this;
    return endsOn === null ? this.seen.length > 0 : this.seen.some(({ kind }) => endsOn.includes(kind));
  }

  close(): Promise<void> {
    return this.shut();
  }
}

async function makeInstances(settings: ConstructorParameters<typeof Instance>[3]): Promise<Instance[]> {
  const instances: Instance[] = [];
  for (const [name, role] of INSTANCES) {
    mkdirSync(join(settings.folder, name));
    instances.push(new Instance(name, role, await freePort(), settings));
  }
  return instances;
}
