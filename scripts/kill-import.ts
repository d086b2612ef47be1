import 'reflect-metadata';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { BenchService, type Work } from '../bench/bench-service';
import { writeCsv } from '../bench/import-files';
import { Database, openDatabase } from '../src/platform/database/database';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../src/platform/database/embedded';
import { migrateUp } from '../src/platform/database/migrations';
import { SeededRandom } from '../src/demo/seeded-random';

/**
 * Imports and undoes a file again and again, and kills the service with -9 at random moments of the reading, the merging
 * and the undoing. After each kill, and after the restart that finishes what was begun, the register must be as before the
 * import or as after it, to the letter.
 */
const SECRET = 'a secret for this check only, 32 characters';
/** Of the people of the file so many are on the list before, under other names. */
const KNOWN_BEFORE = 0.2;

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
  },
});
const rows = Number(values.rows);
const kills = Number(values.kills);

type Step = 'reading' | 'merging' | 'undoing';
const STEPS: readonly Step[] = ['reading', 'merging', 'undoing'];

class Check {
  private service!: BenchService;
  private listId = 0;
  private before = '';
  private after = '';
  private readonly seconds: Record<Step, number> = { reading: 0, merging: 0, undoing: 0 };
  private readonly random = new SeededRandom(Number(values.seed));

  constructor(
    private readonly database: Database,
    private readonly databaseUrl: string,
    private readonly dataDir: string,
    private readonly file: string,
  ) {}

  /** Once without a kill, to know the register before and after, and how long each step takes. */
  async rehearse(): Promise<void> {
    await this.restart();
    const facts = { name: 'Danh sách', purpose: 'Thử', legalBasis: 'Luật 14/2012/QH13' };
    this.listId = (await this.service.post<{ id: number }>('/api/v1/lists', facts)).id;
    await this.runStep('reading');
    await this.runStep('merging');
    await this.database.run(
      `update subscribers set full_name = 'Người cũ', name_key = 'nguoi cu', import_id = null, revision = 2`,
    );
    await this.database.run('update list_members set import_id = null');
    await this.database.run('delete from list_members where subscriber_id % 10 >= $1', [KNOWN_BEFORE * 10]);
    await this.database.run('delete from subscribers where id % 10 >= $1', [KNOWN_BEFORE * 10]);
    await this.database.run('update imports set state = $1, emptied_at = now()', ['discarded']);
    await this.database.run('truncate import_rows, subscriber_history');
    this.before = await this.digest();
    for (const step of STEPS) {
      this.seconds[step] = await timed(() => this.runStep(step));
      if (step === 'merging') this.after = await this.digest();
    }
    const undone = await this.digest();
    if (undone !== this.before || this.after === this.before) throw new Error('the rehearsal did not lead back');
    console.log('seconds of each step without a kill:', this.seconds);
  }

  async kill(number: number): Promise<void> {
    const step = STEPS[(number - 1) % STEPS.length]!;
    const afterMs = Math.round(this.random.draw() * this.seconds[step] * 1_050);
    const running = this.runStep(step).catch(() => 'cut off');
    await sleep(afterMs);
    await this.service.kill();
    await running;
    const seen = await this.name(await this.digest());
    await this.restart();
    const { state } = await this.settleAll(step);
    const end = await this.name(await this.digest());
    console.log(
      `kill ${number} after ${afterMs} ms of ${step}: register ${seen}; after the restart ${state}, register ${end}`,
    );
    const expected = step === 'merging' ? 'after' : 'before';
    if (end !== expected) throw new Error(`expected the register ${expected}`);
  }

  async stop(): Promise<void> {
    await this.service.stop();
  }

  private async restart(): Promise<void> {
    const { databaseUrl, dataDir } = this;
    this.service = await BenchService.start({ databaseUrl, dataDir, secret: SECRET });
    await this.service.signIn(this.database);
  }

  private async runStep(step: Step): Promise<void> {
    if (step === 'reading') {
      const form = { mergePolicy: 'overwrite' };
      await this.service.settled(
        await this.service.upload<Work>(`/api/v1/lists/${this.listId}/imports`, this.file, form),
      );
      return;
    }
    const { id, revision } = await this.newest();
    const [act, body] = step === 'merging' ? ['confirm', { revision }] : ['undo', { reason: 'Thử' }];
    await this.service.settled(await this.service.post<Work>(`/api/v1/imports/${id}/${act as string}`, body));
  }

  /** Lets the restarted service finish; does what was killed before it was even asked for. */
  private async settleAll(step: Step): Promise<Work> {
    const found = await this.newest();
    const settled = await this.service.settled(found);
    const wanted = { reading: 'analysed', merging: 'done', undoing: 'undone' }[step];
    if (settled.state !== wanted) await this.runStep(step);
    return this.newest();
  }

  private async newest(): Promise<Work> {
    const { items } = await this.service.get<{ items: Work[] }>('/api/v1/imports?limit=1');
    return items[0]!;
  }

  private async name(digest: string): Promise<string> {
    if (digest === this.before) return 'before';
    if (digest === this.after) return 'after';
    throw new Error('the register is neither as before nor as after');
  }

  /** Everything people see of subscribers and lists; ids may differ. */
  private async digest(): Promise<string> {
    const row = await this.database.row<{ digest: string }>(
      `select concat_ws(' ', (select concat_ws(' ', count(*), sum(hashtextextended(
           concat_ws('|', phone, coalesce(full_name, '-'), coalesce(name_key, '-'), area_id, area_text, hamlet), 0)::numeric))
         from subscribers),
         (select concat_ws(' ', count(*), sum(hashtextextended(s.phone || m.list_id, 0)::numeric))
         from list_members m join subscribers s on s.id = m.subscriber_id)) as digest`,
    );
    return row!.digest;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

async function main(): Promise<void> {
  console.log(`kill-import: ${rows} rows, ${kills} kills, seed ${values.seed}`);
  const dataDir = await mkdtemp(join(tmpdir(), 'tinluat-kill-import-'));
  const server = await startEmbeddedPostgres({ dataDir, database: 'check', log: () => undefined });
  await migrateUp(server.url);
  const options = { url: server.url, poolSize: 2, entities: [], applicationName: 'kill-import' };
  const database = await openDatabase({ ...options, onPoolError: (error) => console.error(error.message) });
  try {
    const file = join(dataDir, 'danh-sach.csv');
    await writeCsv(file, rows);
    const check = new Check(database, server.url, join(dataDir, 'service'), file);
    await check.rehearse();
    for (let number = 1; number <= kills; number += 1) await check.kill(number);
    await check.stop();
    console.log(`${kills} kills: the register was always as before or as after the import`);
  } finally {
    await database.close();
    await server.stop();
    await removeEmbeddedPostgres({ dataDir, log: () => undefined });
    await rm(dataDir, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
