import type { AreaMatcher } from '../areas/area-matcher';
import { CopyBuffers } from '../../platform/database/copy-text';
import type { Secrets } from '../../platform/secrets';
import { RowAnalysis } from './analysis';
import { headerOf } from './chosen-header';
import { HEADER_SEARCH_ROWS, type Header } from './header';
import { tooSlow } from './import-faults';
import type { ImportCounts, ImportRecord } from './imports.store';
import { noRows } from './read-faults';
import type { OpenedSheet, SheetRow } from './read-sheet';

const SAMPLE_ROWS = 10;
const MOST_MINUTES = 15;
const ROWS_BETWEEN_PROGRESS = 25_000;

/** What is counted before anything is. */
export const NO_ROWS: Omit<ImportCounts, 'rows'> = {
  added: 0,
  changed: 0,
  unchanged: 0,
  repeated: 0,
  rejected: 0,
  warned: 0,
  optedOut: 0,
};

/** One reading of one file: its rows as lines of a COPY, and what was seen on the way. */
export class SheetReading {
  header?: Header;
  /** The rows among which the header was looked for. */
  beginning: SheetRow[] = [];
  /** The first rows of people. */
  readonly sample: SheetRow[] = [];
  rows = 0;
  counts = NO_ROWS;
  private analysis?: RowAnalysis;
  private readonly startedAt = performance.now();

  constructor(
    readonly sheet: OpenedSheet,
    private readonly record: ImportRecord,
    private readonly facts: { readonly areas: AreaMatcher; readonly secrets: Secrets },
  ) {}

  get repeats(): number {
    return this.analysis?.repeats ?? 0;
  }

  /**
   * @param show is told now and then how many rows were read
   * @throws the faults of the reader and of headerOf; noRows, tooSlow
   */
  async *lines(show: (rows: number) => void): AsyncGenerator<Buffer> {
    const buffers = new CopyBuffers();
    let shown = 0;
    for await (const rows of this.batches()) {
      this.stage(rows, buffers);
      yield* buffers.take('full');
      if (this.rows - shown < ROWS_BETWEEN_PROGRESS) continue;
      shown = this.rows;
      show(shown);
    }
    if (this.rows === 0) throw noRows();
    yield* buffers.take('rest');
  }

  /** Batches of rows; the first one holds all rows among which the header is looked for. */
  private async *batches(): AsyncGenerator<readonly SheetRow[]> {
    let begun = false;
    for await (const rows of this.sheet.rows()) {
      if (performance.now() - this.startedAt > MOST_MINUTES * 60_000) throw tooSlow({ minutes: MOST_MINUTES });
      if (begun) yield rows;
      else {
        this.beginning.push(...rows);
        if (this.beginning.length < HEADER_SEARCH_ROWS) continue;
        begun = true;
        yield this.beginning;
        this.beginning.length = HEADER_SEARCH_ROWS;
      }
    }
    if (!begun) yield this.beginning;
  }

  private stage(rows: readonly SheetRow[], buffers: CopyBuffers): void {
    const { id: importId, settings } = this.record;
    this.header ??= headerOf(rows, settings);
    this.analysis ??= new RowAnalysis({ ...this.facts, importId, header: this.header, rules: settings });
    for (const row of rows) {
      if (row.rowNumber < this.header.firstDataRowNumber) continue;
      const line = this.analysis.stage(row);
      if (line === null) continue;
      this.rows += 1;
      if (this.sample.length < SAMPLE_ROWS) this.sample.push(row);
      buffers.add(line);
    }
  }
}
