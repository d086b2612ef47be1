/** One row of a table as the office sees it. */
export interface SheetRow {
  /** 1-based, as Excel numbers it; a line break inside a quoted CSV cell does not count. */
  readonly rowNumber: number;
  /** Text of the cells from column A on; trailing empty cells are left off. */
  readonly cells: readonly string[];
}

/** What a reader gives up at; nothing is read past any of them. */
export interface ReadLimits {
  /** Rows with content, titles and header included. */
  readonly maxRows: number;
  /** Characters. */
  readonly maxCellLength: number;
  /** Columns with content. */
  readonly maxColumns: number;
  /** All that is unpacked from one file, counted while it is unpacked; for a text file its size. */
  readonly maxUncompressedBytes: number;
}

/** The last row of a sheet. @see https://support.microsoft.com/office/excel-specifications-and-limits */
export const LAST_ROW = 1_048_576;

/** Rows handed over at a time: large enough to make a database step worth while, small enough to hold in memory. */
export const ROWS_PER_BATCH = 1_000;

/** Rows of long texts are handed over earlier: a small file may repeat a long one in every cell. */
export const CHARACTERS_PER_BATCH = 2_000_000;

/** Counts what waits to be handed over. */
export class BatchSize {
  private rows = 0;
  private characters = 0;

  get isFull(): boolean {
    return this.rows >= ROWS_PER_BATCH || this.characters >= CHARACTERS_PER_BATCH;
  }

  add(cells: readonly string[]): void {
    this.rows += 1;
    for (const cell of cells) this.characters += cell.length;
  }
}

/** @example columnName(0) === 'A'; columnName(27) === 'AB' */
export function columnName(index: number): string {
  let name = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}

/** Drops the empty cells at the end, in place; a row without content ends up without cells. */
export function dropTrailingBlanks(cells: string[]): string[] {
  let length = cells.length;
  while (length > 0 && isBlank(cells[length - 1]!)) length -= 1;
  cells.length = length;
  return cells;
}

export function isBlank(cell: string): boolean {
  return cell === '' || cell.trim() === '';
}
