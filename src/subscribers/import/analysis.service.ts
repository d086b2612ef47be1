import { Injectable } from '@nestjs/common';
import { loadAreaMatcher } from '../areas/area-matcher';
import { Clock, localDay } from '../../platform/clock';
import { Config } from '../../platform/config';
import { CopyBuffers, storableText } from '../../platform/database/copy-text';
import { Database, Transaction } from '../../platform/database/database';
import { Fault } from '../../platform/errors';
import { Secrets } from '../../platform/secrets';
import { RowAnalysis } from './analysis';
import { headerOf } from './chosen-header';
import { HEADER_SEARCH_ROWS, type Header } from './header';
import { fileGone, tooSlow } from './import-faults';
import { deleteRows, type ImportRecord, type KeptFault, showProgress } from './imports.store';
import { judgeAllAgain } from './merge.store';
import {
  countRows,
  fillFromRepeats,
  lookUpByIndex,
  openPage,
  type PageCounts,
  type StagedRow,
  writePage,
} from './import-rows.store';
import { noRows } from './read-faults';
import { readLimits } from './read-limits';
import { readingOf } from './reading';
import { type OpenedSheet, openSheet, type SheetRow } from './read-sheet';

/** One round of COPY and INSERT takes some 60 ms, while the next page is read. */
const PAGE_ROWS = 10_000;
const SAMPLE_ROWS = 10;
const LONGEST_SAMPLE_CELL = 200;
const MOST_MINUTES = 15;

const NO_ROWS: PageCounts = {
  added: 0,
  changed: 0,
  unchanged: 0,
  repeated: 0,
  rejected: 0,
  warned: 0,
  optedOut: 0,
};

/** Reads an uploaded file and says of every row what would become of it. Writes nothing but the import's own rows. */
@Injectable()
export class AnalysisService {
  constructor(
    private readonly database: Database,
    private readonly secrets: Secrets,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * In the caller's transaction: all rows and the reading, or nothing. What is wrong with the file only because of how it
   * is read (no column of numbers, another coding) is kept beside the reading, for a person to choose differently.
   *
   * @throws the faults of files that no choice mends
   */
  async run(tx: Transaction, record: ImportRecord, path: string): Promise<void> {
    await deleteRows(tx, record.id);
    await openPage(tx);
    await lookUpByIndex(tx);
    const { sheet: name, coding } = record.settings;
    const sheet = await openSheet(path, record.fileName, readLimits(this.config), { sheet: name, coding });
    try {
      const work = new SheetWork(this.database, tx, record, sheet);
      const fault = await this.stageAll(tx, work, record).catch(asKeptFault);
      await work.settled();
      if (fault) await deleteRows(tx, record.id);
      else if (work.counts.repeated > 0) await this.joinRepeats(tx, record, work);
      await keepAnalysis(tx, record, work, fault);
    } finally {
      await sheet.close();
    }
  }

  private async joinRepeats(tx: Transaction, record: ImportRecord, work: SheetWork): Promise<void> {
    if ((await fillFromRepeats(tx, record.id)) === 0) return;
    if ((await judgeAllAgain(tx, record)) > 0) work.counts = await countRows(tx, record.id);
  }

  private async stageAll(tx: Transaction, work: SheetWork, record: ImportRecord): Promise<undefined> {
    const { settings } = record;
    const areas = await loadAreaMatcher(tx, { asOf: settings.listDay ?? localDay(this.clock.now()) });
    let analysis: RowAnalysis | undefined;
    for await (const rows of work.pages()) {
      if (!analysis) {
        work.header = headerOf(rows, settings);
        analysis = new RowAnalysis({ header: work.header, rules: settings, areas, secrets: this.secrets });
      }
      const { firstDataRowNumber } = work.header!;
      for (const row of rows) {
        if (row.rowNumber < firstDataRowNumber) continue;
        const staged = analysis.stage(row);
        if (staged && work.take(staged, row)) await work.flush();
      }
    }
    await work.flush();
    if (work.rows === 0) throw noRows();
  }
}

/** One reading of one file: gathers rows into pages and writes a page while the next one is read. */
class SheetWork {
  header?: Header;
  beginning: SheetRow[] = [];
  readonly sample: SheetRow[] = [];
  rows = 0;
  counts = NO_ROWS;
  private page = new CopyBuffers();
  private writing: Promise<void> = Promise.resolve();
  private readonly startedAt = performance.now();

  constructor(
    private readonly database: Database,
    private readonly tx: Transaction,
    private readonly record: ImportRecord,
    readonly sheet: OpenedSheet,
  ) {}

  /** Batches of rows; the first one holds all rows among which the header is looked for. */
  async *pages(): AsyncGenerator<readonly SheetRow[]> {
    let begun = false;
    for await (const rows of this.sheet.rows()) {
      if (performance.now() - this.startedAt > MOST_MINUTES * 60_000) throw tooSlow({ minutes: MOST_MINUTES });
      if (begun) yield rows;
      else {
        this.beginning.push(...rows);
        if (this.beginning.length < HEADER_SEARCH_ROWS) continue;
        begun = true;
        yield this.beginning;
        this.beginning.length = Math.min(this.beginning.length, HEADER_SEARCH_ROWS);
      }
    }
    if (!begun) yield this.beginning;
  }

  /** Returns whether the page is full. */
  take(staged: StagedRow, row: SheetRow): boolean {
    this.rows += 1;
    if (this.sample.length < SAMPLE_ROWS) this.sample.push(row);
    this.page.add(staged);
    return this.page.rows >= PAGE_ROWS;
  }

  /** Hands the page over once the one before is written. */
  async flush(): Promise<void> {
    const page = this.page;
    this.page = new CopyBuffers();
    await this.writing;
    this.writing = page.rows > 0 ? this.write(page) : Promise.resolve();
    // Whoever waits next learns of a failure; until then it must not count as unheard.
    this.writing.catch(() => undefined);
  }

  /** Every page handed over is written. */
  async settled(): Promise<void> {
    await this.writing;
  }

  private async write(page: CopyBuffers): Promise<void> {
    const { id, settings } = this.record;
    const counts = await writePage(this.tx, id, settings.mergePolicy, page);
    const names = Object.keys(counts) as (keyof PageCounts)[];
    this.counts = Object.fromEntries(names.map((name) => [name, this.counts[name] + counts[name]])) as never;
    await showProgress(this.database, id, this.rows);
  }
}

async function keepAnalysis(
  tx: Transaction,
  record: ImportRecord,
  work: SheetWork,
  fault: KeptFault | undefined,
): Promise<void> {
  const { header, counts, beginning, sheet } = work;
  const { added, changed, unchanged, repeated, rejected, warned, optedOut } = fault ? NO_ROWS : counts;
  const sample = (fault ? beginning.slice(0, SAMPLE_ROWS) : work.sample).map(({ rowNumber, cells }) => ({
    rowNumber,
    cells: cells.map((cell) => storableText(cell.slice(0, LONGEST_SAMPLE_CELL))),
  }));
  const kept = await tx.run(
    `update imports set state = 'analysed', revision = revision + 1, tries = 0, analysed_at = now(), reading = $2, sample = $3,
       header_row = $4, fault = $5, rows = $6, progress_rows = $6, added = $7, changed = $8, unchanged = $9, repeated = $10,
       rejected = $11, warned = $12, opted_out = $13
     where id = $1 and state = 'uploaded'`,
    [
      record.id,
      JSON.stringify(readingOf(sheet, header, beginning, record.fileName)),
      JSON.stringify(sample),
      header?.headerRowNumber ?? null,
      fault ? JSON.stringify(fault) : null,
      fault ? 0 : work.rows,
      added,
      changed,
      unchanged,
      repeated,
      rejected,
      warned,
      optedOut,
    ],
  );
  // Somebody in the file had his data erased meanwhile: what was read of it must not be kept.
  if (kept === 0) throw fileGone();
}

/** A file that is too large stays too large whatever is chosen; other faults may be mended by another choice. */
function asKeptFault(error: unknown): KeptFault {
  if (!(error instanceof Fault) || error.kind === 'tooLarge') throw error;
  return { kind: error.kind, code: error.code, text: error.text };
}
