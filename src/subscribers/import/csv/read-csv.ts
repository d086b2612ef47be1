import { CsvError, type Options, Parser } from 'csv-parse';
import { cellTooLong, emptyFile, quoteNotClosed, tooManyColumns, tooManyRows, undecodableText } from '../read-faults';
import { columnName, dropTrailingBlanks, type ReadLimits, ROWS_PER_BATCH, type SheetRow } from '../sheet-row';
import { decodeText, UndecodableBytes } from './decode-text';
import { findDelimiter, sepLine } from './delimiter';
import type { TextEncodingName } from '../file-kind';

const SAMPLE_CHARACTERS = 64 * 1024;
/** A record longer than this many longest cells is no record but the rest of a file after a stray quotation mark. */
const LONGEST_RECORD_IN_CELLS = 8;
const FORCED_TEXT = /^="([^"]*)"$/;

interface TextFile {
  readonly path: string;
  readonly encoding: TextEncodingName;
  readonly bomBytes: number;
}

/**
 * Rows of a CSV or TSV file in batches, with the row numbers that Excel would show. The file is never in memory whole.
 *
 * @throws emptyFile, undecodableText, quoteNotClosed, tooManyRows, tooManyColumns, cellTooLong
 */
export async function* readCsv(file: TextFile, limits: ReadLimits): AsyncGenerator<SheetRow[]> {
  const rows = new CsvRows(limits);
  try {
    for await (const text of decodeText(file.path, file.encoding, file.bomBytes)) {
      await rows.write(text);
      if (rows.waiting >= ROWS_PER_BATCH) yield rows.take();
    }
    await rows.end();
  } catch (error) {
    throw error instanceof UndecodableBytes ? undecodableText({ row: (await rows.rowsSoFar()) + 1 }) : error;
  }
  if (rows.waiting > 0) yield rows.take();
  if (rows.total === 0) throw emptyFile();
}

/**
 * Takes records where the parser pushes them: through its stream of objects each record costs as much again as parsing it.
 * What the taker throws is kept until the piece of text is parsed, because a stream turns it into an uncaught error.
 */
class RecordParser extends Parser {
  refusal: unknown;

  constructor(
    options: Options,
    private readonly taker: (cells: string[]) => void,
  ) {
    super(options);
    this.on('error', () => undefined); // each write and the end report it to their caller
  }

  override push(cells: string[] | null): boolean {
    if (cells === null) return super.push(null);
    if (this.refusal !== undefined) return true;
    try {
      this.taker(cells);
    } catch (error) {
      this.refusal = error;
    }
    return true;
  }
}

/** Text in, rows out. Until the beginning of the text has shown the delimiter, text is only gathered. */
class CsvRows {
  lastRowNumber = 0;
  total = 0;
  private parser?: RecordParser;
  private beginning: Buffer[] = [];
  private batch: SheetRow[] = [];
  private delimiter = '\t';
  private columns = 0;

  constructor(private readonly limits: ReadLimits) {}

  get waiting(): number {
    return this.batch.length;
  }

  take(): SheetRow[] {
    const taken = this.batch;
    this.batch = [];
    return taken;
  }

  async write(text: Buffer): Promise<void> {
    if (this.parser) return this.parse(this.parser, text);
    this.beginning.push(text);
    if (this.beginning.reduce((bytes, part) => bytes + part.length, 0) >= SAMPLE_CHARACTERS) await this.begin(false);
  }

  async end(): Promise<void> {
    if (!this.parser) await this.begin(true);
    const parser = this.parser!;
    await new Promise<void>((resolve, reject) => {
      parser.once('error', (error) => reject(this.explain(error)));
      parser.end(resolve);
    });
    if (parser.refusal) throw parser.refusal;
  }

  /** How many rows the text so far holds, when no more of it will come; whatever else is wrong with them. */
  async rowsSoFar(): Promise<number> {
    await this.end().catch(() => undefined);
    return this.lastRowNumber;
  }

  private async begin(wholeFile: boolean): Promise<void> {
    const text = Buffer.concat(this.beginning);
    this.beginning = [];
    const sample = text.toString('utf8');
    const told = sepLine(sample);
    this.delimiter = told?.delimiter ?? findDelimiter(sample, wholeFile);
    this.parser = this.newParser();
    await this.parse(this.parser, text.subarray(Buffer.byteLength(sample.slice(0, told?.length ?? 0))));
  }

  private newParser(): RecordParser {
    const options = {
      delimiter: this.delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: this.limits.maxCellLength * LONGEST_RECORD_IN_CELLS,
    };
    return new RecordParser(options, (cells) => this.add(cells));
  }

  private async parse(parser: RecordParser, text: Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      parser.write(text, (error) => (error ? reject(this.explain(error)) : resolve()));
    });
    if (parser.refusal) throw parser.refusal;
  }

  private add(record: string[]): void {
    this.lastRowNumber += 1;
    const row = this.lastRowNumber;
    const cells = dropTrailingBlanks(record);
    if (cells.length === 0) return;
    this.total += 1;
    if (this.total > this.limits.maxRows) throw tooManyRows({ maxRows: this.limits.maxRows });
    if (cells.length > this.limits.maxColumns) throw tooManyColumns({ row, maxColumns: this.limits.maxColumns });
    cells.forEach((cell, column) => {
      if (cell.includes('\n') && this.swallowsRows(cell)) throw quoteNotClosed({ row });
      if (cell.length > this.limits.maxCellLength) {
        throw cellTooLong({ cell: `${columnName(column)}${row}`, maxCellLength: this.limits.maxCellLength });
      }
      if (cell.startsWith('="')) cells[column] = FORCED_TEXT.exec(cell)?.[1] ?? cell;
    });
    this.columns = Math.max(this.columns, cells.length);
    this.batch.push({ rowNumber: row, cells });
  }

  /** Whether a cell of several lines holds lines that are rows themselves: as many columns, and a phone number. */
  private swallowsRows(cell: string): boolean {
    const lines = cell.split(/\r?\n/).slice(1);
    return lines.some((line) => line.split(this.delimiter).length >= Math.max(2, this.columns) && /\d{9}/.test(line));
  }

  private explain(error: Error): Error {
    const ofQuote = error instanceof CsvError && /^CSV_(QUOTE_NOT_CLOSED|MAX_RECORD_SIZE)/.test(error.code);
    return ofQuote ? quoteNotClosed({ row: this.lastRowNumber + 1 }) : error;
  }
}
