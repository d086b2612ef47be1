import { tooManyMergedCells } from '../read-faults';

/** A cell drawn over several rows; its value stands in the top row only. Columns are 0-based, rows 1-based. */
export interface TallCell {
  readonly column: number;
  readonly top: number;
  readonly bottom: number;
}

export const MAX_TALL_CELLS = 100_000;
const END_OF_ROWS = Buffer.from('sheetData>');
const MERGE = /<(?:\w+:)?mergeCell\s[^>]*?\bref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})"/g;
const LONGEST_TAG = 256;
const LONGEST_END_TAG = 64;
const SLASH = 0x2f;

/**
 * The cells that a sheet merges over rows, in the order of their top rows. A sheet lists them behind its rows, so it has
 * to be run through once before its rows can be read; without parsing that takes half a second for a million rows.
 *
 * @throws tooManyMergedCells
 */
export async function findTallCells(sheet: AsyncIterable<Buffer>): Promise<TallCell[]> {
  const cells: TallCell[] = [];
  const seek = new EndOfRows();
  let carried = '';
  for await (const chunk of sheet) {
    const behind = seek.behindRows(chunk);
    if (behind.length === 0) continue;
    const text = carried + behind.toString('latin1');
    const complete = text.lastIndexOf('>') + 1;
    for (const [, column, top, bottom] of text.slice(0, complete).matchAll(MERGE)) {
      if (Number(bottom) <= Number(top)) continue;
      if (cells.length >= MAX_TALL_CELLS) throw tooManyMergedCells();
      cells.push({ column: columnIndex(column!), top: Number(top), bottom: Number(bottom) });
    }
    carried = text.slice(complete).slice(-LONGEST_TAG);
  }
  return cells.sort((a, b) => a.top - b.top);
}

/** Finds the end tag of the rows, `</sheetData>` or `</x:sheetData>`, in a stream, also where two chunks share it. */
class EndOfRows {
  private found = false;
  private last: Buffer = Buffer.alloc(0);

  behindRows(chunk: Buffer): Buffer {
    if (this.found) return chunk;
    const joined = Buffer.concat([this.last, chunk]);
    for (let at = joined.indexOf(END_OF_ROWS); at >= 0; at = joined.indexOf(END_OF_ROWS, at + 1)) {
      this.found = joined[joined.lastIndexOf('<', at) + 1] === SLASH;
      if (this.found) return joined.subarray(at);
    }
    this.last = Buffer.from(joined.subarray(-LONGEST_END_TAG));
    return Buffer.alloc(0);
  }
}

/** @example columnIndex('A') === 0; columnIndex('AB12') === 27; -1 where no letters stand */
export function columnIndex(reference: string): number {
  let index = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    index = index * 26 + letter;
  }
  return index - 1;
}

/** While rows are read from top to bottom, fills the cells below a merged one with its value. */
export class TallCellFiller {
  private next = 0;
  private open: { cell: TallCell; value: string }[] = [];

  constructor(private readonly cells: readonly TallCell[]) {}

  /** Mends one row in place. Rows must come in the order of their numbers. */
  fill(rowNumber: number, cells: string[]): void {
    if (this.next >= this.cells.length && this.open.length === 0) return;
    this.open = this.open.filter(({ cell }) => cell.bottom >= rowNumber);
    for (const { cell, value } of this.open) {
      while (cells.length <= cell.column) cells.push('');
      if (cells[cell.column] === '') cells[cell.column] = value;
    }
    while (this.next < this.cells.length && this.cells[this.next]!.top <= rowNumber) {
      const cell = this.cells[this.next]!;
      const value = cell.top === rowNumber ? (cells[cell.column] ?? '') : '';
      if (value !== '' && cell.bottom > rowNumber) this.open.push({ cell, value });
      this.next += 1;
    }
  }
}
