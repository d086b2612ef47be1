import { damagedWorkbook, tooManyColumns, tooManyMergedCells } from '../read-faults';
import { BatchSize, isBlank, type ReadLimits, type SheetRow } from '../sheet-row';
import { MAX_TALL_CELLS, type TallCell, TallCellFiller } from '../xlsx/merged-cells';
import type { XmlAttributes, XmlHandler } from '../xlsx/xml-feed';
import { odsCellText } from './ods-cell';
import { OdsText } from './ods-text';
import { RowGate } from './row-gate';

/** A row that may stand for many equal ones below each other. */
interface RepeatedRow {
  readonly rowNumber: number;
  readonly times: number;
  readonly cells: readonly string[];
}

const CELLS = new Set(['table-cell', 'covered-table-cell']);

/** Turns the events of `content.xml` into the rows of one of its tables. */
export class OdsRows implements XmlHandler {
  finished = false;
  private rows: RepeatedRow[] = [];
  private size = new BatchSize();
  private readonly tallCells: TallCell[] = [];
  private readonly gate: RowGate;
  private readonly shown: OdsText;
  private tables = 0;
  /** Of nested tables: those within a cell are no tables of the workbook. */
  private depthOfTables = 0;
  private nextRow = 1;
  private times = 1;
  private cells: string[] = [];
  private column = 0;
  private cell: XmlAttributes | undefined;

  /** @param wanted the place of the table in the workbook */
  constructor(
    private readonly wanted: number,
    private readonly limits: ReadLimits,
  ) {
    this.gate = new RowGate(limits, new TallCellFiller(this.tallCells));
    this.shown = new OdsText(limits.maxCellLength);
  }

  get isBatchFull(): boolean {
    return this.size.isFull;
  }

  /** The rows so far, in batches. */
  *take(): Generator<SheetRow[]> {
    const { rows } = this;
    this.rows = [];
    this.size = new BatchSize();
    let size = new BatchSize();
    let batch: SheetRow[] = [];
    for (const { rowNumber, times, cells } of rows) {
      for (let repeated = 0; repeated < times; repeated += 1) {
        const row = this.gate.pass(rowNumber + repeated, [...cells]);
        if (!row) continue;
        batch.push(row);
        size.add(row.cells);
        if (!size.isFull) continue;
        yield batch;
        batch = [];
        size = new BatchSize();
      }
    }
    if (batch.length > 0) yield batch;
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'table') {
      this.depthOfTables += 1;
      if (this.depthOfTables === 1) this.tables += 1;
    } else if (!this.isInTable) return;
    else if (this.cell) this.shown.open(name, attributes);
    else if (name === 'table-row') this.beginRow(attributes);
    else if (CELLS.has(name)) this.cell = attributes;
  }

  text(content: string): void {
    if (this.isInTable && this.cell) this.shown.content(content);
  }

  close(name: string): void {
    if (name === 'table') {
      if (this.isInTable) this.finished = true;
      this.depthOfTables -= 1;
    } else if (!this.isInTable) return;
    else if (CELLS.has(name)) this.endCell();
    else if (name === 'table-row') this.endRow();
    else if (this.cell) this.shown.close(name);
  }

  private get isInTable(): boolean {
    return this.depthOfTables === 1 && this.tables - 1 === this.wanted;
  }

  private beginRow(attributes: XmlAttributes): void {
    this.times = timesOf(attributes['table:number-rows-repeated']);
    this.cells = [];
    this.column = 0;
  }

  private endCell(): void {
    const attributes = this.cell ?? {};
    this.cell = undefined;
    const text = odsCellText(attributes, this.shown.take());
    const times = timesOf(attributes['table:number-columns-repeated']);
    if (!isBlank(text)) this.fill(text, times, timesOf(attributes['table:number-rows-spanned']));
    this.column += times;
  }

  private fill(text: string, times: number, height: number): void {
    const { maxColumns } = this.limits;
    if (this.column + times > maxColumns) throw tooManyColumns({ row: this.nextRow, maxColumns });
    while (this.cells.length < this.column) this.cells.push('');
    for (let repeated = 0; repeated < times; repeated += 1) this.cells.push(text);
    if (height === 1) return;
    if (this.tallCells.length >= MAX_TALL_CELLS) throw tooManyMergedCells();
    this.tallCells.push({ column: this.column, top: this.nextRow, bottom: this.nextRow + height - 1 });
  }

  private endRow(): void {
    if (this.cells.length > 0) {
      this.rows.push({ rowNumber: this.nextRow, times: this.times, cells: this.cells });
      this.size.add(this.cells);
    }
    this.nextRow += this.times;
  }
}

function timesOf(value: string | undefined): number {
  if (value === undefined) return 1;
  const times = Number(value);
  if (!(Number.isSafeInteger(times) && times >= 1 && times < 2 ** 31)) throw damagedWorkbook();
  return times;
}
