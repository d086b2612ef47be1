import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../src/platform/database/database';
import { openSheet, type SheetRow } from '../src/subscribers/import/read-sheet';
import { withBenchDatabase } from './bench-database';
import { BenchService, type Work } from './bench-service';
import { writeCsv, writeXlsx } from './import-files';
import { BenchResult, median, rounded, timed } from './report';

const SIZES = [37_400, 1_000_000] as const;
const KINDS = ['csv', 'xlsx'] as const;
/** Small files are soon read, and their times vary more. */
const ROUNDS: Readonly<Record<number, number>> = { 37_400: 7, 1_000_000: 3 };
const PAGE_ROWS = 10_000;
const SECRET = 'a secret for benchmarks only, 32 characters';
const LIMITS = { maxRows: 2_000_000, maxCellLength: 32_767, maxColumns: 200, maxUncompressedBytes: 4 * 2 ** 30 };

interface Measured {
  readonly importSeconds: number[];
  readonly bareSeconds: number[];
  readonly parseSeconds: number[];
  readonly peakRssMb: number[];
}

/**
 * From the upload to the finished report, over HTTP into an empty register, against the same reader whose rows go
 * straight into a table without indexes. Rounds alternate, so that a drift of the machine hits both.
 */
export async function benchImport(): Promise<BenchResult> {
  return withBenchDatabase(async ({ database, url, dataDir }) => {
    await database.run('create table bare (row_number integer, a text, b text, c text, d text)');
    const results = new Map<string, Measured>();
    for (const rows of SIZES) {
      for (const kind of KINDS) {
        const file = join(dataDir, `${rows}.${kind}`);
        await (kind === 'csv' ? writeCsv : writeXlsx)(file, rows);
        results.set(`${kind}_${rows}`, await measure(database, { databaseUrl: url, dataDir, file, rows }));
        await rm(file);
      }
    }
    return report(results);
  });
}

interface Task {
  readonly databaseUrl: string;
  readonly dataDir: string;
  readonly file: string;
  readonly rows: number;
}

async function measure(database: Database, task: Task): Promise<Measured> {
  const measured: Measured = { importSeconds: [], bareSeconds: [], parseSeconds: [], peakRssMb: [] };
  const service = await BenchService.start({ ...task, secret: SECRET, dataDir: join(task.dataDir, 'service') });
  try {
    await service.signIn(database);
    for (let round = 1; round <= ROUNDS[task.rows]!; round += 1) {
      measured.bareSeconds.push(await timed(() => readBare(database, task)));
      service.takePeakRssMb();
      measured.importSeconds.push(await importOnce(service, database, task));
      measured.peakRssMb.push(service.takePeakRssMb());
      measured.parseSeconds.push(await timed(() => parseOnly(task)));
      await emptyRegister(database);
      const [bare, whole] = [measured.bareSeconds.at(-1)!, measured.importSeconds.at(-1)!];
      console.log(
        `${task.file.split('/').at(-1)} round ${round}: bare ${bare.toFixed(2)} s, import ${whole.toFixed(2)} s, ` +
          `parse ${measured.parseSeconds.at(-1)!.toFixed(2)} s, peak ${measured.peakRssMb.at(-1)} MB`,
      );
    }
  } finally {
    await service.stop();
  }
  return measured;
}

/** Seconds from the upload to the finished report. */
async function importOnce(service: BenchService, database: Database, { file, rows }: Task): Promise<number> {
  const facts = { name: `Bench ${performance.now()}`, purpose: 'Bench', legalBasis: 'Luật 14/2012/QH13' };
  const list = await service.post<{ id: number }>('/api/v1/lists', facts);
  const seconds = await timed(async () => {
    const analysed = await service.settled(await service.upload<Work>(`/api/v1/lists/${list.id}/imports`, file));
    const { id, revision } = analysed;
    const done = await service.settled(await service.post<Work>(`/api/v1/imports/${id}/confirm`, { revision }));
    if (done.state !== 'done') throw new Error(`the import is not done: ${JSON.stringify(done)}`);
  });
  const found = await database.row<{ n: number }>('select count(*) as n from list_members where list_id = $1', [
    list.id,
  ]);
  if (found?.n !== rows) throw new Error(`${found?.n} of ${rows} rows were imported`);
  return seconds;
}

async function emptyRegister(database: Database): Promise<void> {
  await database.run(
    'truncate import_rows, import_files, imports, list_members, subscribers, subscriber_history, bare',
  );
  await database.run('checkpoint');
}

/** The next page is read while the one before is written, as the import does. */
async function readBare(database: Database, { file, rows }: Task): Promise<void> {
  await database.transaction(async (tx) => {
    let writing: Promise<void> = Promise.resolve();
    let page: SheetRow[] = [];
    const flush = async (): Promise<void> => {
      const full = page.map(({ rowNumber, cells: [a, b, c, d] }) => [rowNumber, a, b, c, d] as const);
      page = [];
      await writing;
      writing = tx.copy('bare', ['row_number', 'a', 'b', 'c', 'd'], full);
    };
    await readAll(file, async (batch) => {
      page.push(...batch);
      if (page.length >= PAGE_ROWS) await flush();
    });
    await flush();
    await writing;
  });
  const found = await database.row<{ n: number }>('select count(*) as n from bare');
  if (found!.n < rows) throw new Error('the bare reading lost rows');
}

function parseOnly({ file }: Task): Promise<void> {
  return readAll(file, async () => undefined);
}

async function readAll(file: string, take: (rows: SheetRow[]) => Promise<void>): Promise<void> {
  const sheet = await openSheet(file, file, LIMITS, {});
  try {
    for await (const rows of sheet.rows()) await take(rows);
  } finally {
    await sheet.close();
  }
}

function report(results: ReadonlyMap<string, Measured>): BenchResult {
  const medians: Record<string, number> = {};
  const ratios: Record<string, number> = {};
  for (const kind of KINDS) {
    const ratioBySize = SIZES.map((rows) => {
      const { importSeconds, bareSeconds, parseSeconds, peakRssMb } = results.get(`${kind}_${rows}`)!;
      medians[`${kind}_${rows}_rows_per_second`] = Math.round(rows / median(importSeconds));
      medians[`${kind}_${rows}_bare_rows_per_second`] = Math.round(rows / median(bareSeconds));
      medians[`${kind}_${rows}_parse_us_per_row`] = rounded((median(parseSeconds) * 1e6) / rows);
      medians[`${kind}_${rows}_peak_rss_mb`] = median(peakRssMb);
      return median(bareSeconds.map((bare, round) => bare / importSeconds[round]!));
    });
    ratios[`${kind}_vs_bare`] = rounded(Math.min(...ratioBySize));
  }
  medians.peak_rss_mb = Math.max(...KINDS.map((kind) => medians[`${kind}_1000000_peak_rss_mb`]!));
  return {
    settings: { rows: SIZES.join(' and '), rounds: Object.values(ROUNDS).join(' and '), fsync: 'on' },
    medians,
    ratios,
  };
}
