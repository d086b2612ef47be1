import { CsvError, type Options, Parser } from 'csv-parse';
import { cellTooLong, quoteNotClosed, tooManyColumns, tooManyRows } from '../read-faults';
import { columnName, dropTrailingBlanks, type ReadLimits, type SheetRow } from '../sheet-row';

/** A record longer than this many longest cells is no record but the rest of a file after a stray quotation mark. */
const LONGEST_RECORD_IN_CELLS = 8;
const FORCED_TEXT = /^="([^"]*)"$/;

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

/** Text in, rows out. */
export class CsvRows {
  lastRowNumber = 0;
  total = 0;
  private readonly parser: RecordParser;
  private batch: SheetRow[] = [];
  private columns = 0;

  /** @param convert what makes Unicode of the text of a cell, if it is not yet */
  constructor(
    private readonly delimiter: string,
    private readonly limits: ReadLimits,
    private readonly convert?: (cell: string) => string,
  ) {
    this.parser = this.newParser();
  }

  get waiting(): number {
    return this.batch.length;
  }

  take(): SheetRow[] {
    const taken = this.batch;
    this.batch = [];
    return taken;
  }

  async write(text: Buffer): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.parser.write(text, (error) => (error ? reject(this.explain(error)) : resolve()));
    });
    if (this.parser.refusal) throw this.parser.refusal;
  }

  async end(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.parser.once('error', (error) => reject(this.explain(error)));
      this.parser.end(resolve);
    });
    if (this.parser.refusal) throw this.parser.refusal;
  }

  /** How many rows the text so far holds, when no more of it will come; whatever else is wrong with them. */
  async rowsSoFar(): Promise<number> {
    await this.end().catch(() => undefined);
    return this.lastRowNumber;
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
      const text = this.convert ? this.convert(cell) : cell;
      cells[column] = text.startsWith('="') ? (FORCED_TEXT.exec(text)?.[1] ?? text) : text;
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
