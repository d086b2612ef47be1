import { cellTooLong, tooManyColumns, tooManyRows } from '../read-faults';
import { columnName, dropTrailingBlanks, LAST_ROW, type ReadLimits, type SheetRow } from '../sheet-row';
import type { TallCellFiller } from '../xlsx/merged-cells';

/** Lets rows through that have content and keep the limits, with the values of merged cells filled in. */
export class RowGate {
  private total = 0;

  constructor(
    private readonly limits: ReadLimits,
    private readonly tallCells: TallCellFiller,
  ) {}

  /**
   * Rows must come in the order of their numbers.
   *
   * @param cells become the row's own
   * @returns undefined for a row without content
   * @throws tooManyRows, tooManyColumns, cellTooLong
   */
  pass(rowNumber: number, cells: string[]): SheetRow | undefined {
    if (dropTrailingBlanks(cells).length === 0) return undefined;
    const { maxRows, maxColumns, maxCellLength } = this.limits;
    if (rowNumber > LAST_ROW) throw tooManyRows({ maxRows: LAST_ROW });
    if (cells.length > maxColumns) throw tooManyColumns({ row: rowNumber, maxColumns });
    const long = cells.findIndex((cell) => cell.length > maxCellLength);
    if (long >= 0) throw cellTooLong({ cell: `${columnName(long)}${rowNumber}`, maxCellLength });
    this.tallCells.fill(rowNumber, cells);
    this.total += 1;
    if (this.total > maxRows) throw tooManyRows({ maxRows });
    return { rowNumber, cells };
  }
}
