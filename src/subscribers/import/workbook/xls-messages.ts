import type { ReadLimits, SheetRow } from '../sheet-row';
import type { SheetInfo } from './workbook-sheet';

/** A cell merged over several rows, as TallCellFiller takes it. */
export interface MergedRows {
  readonly column: number;
  readonly top: number;
  readonly bottom: number;
}

/** What the reading process is given first: the stream `Workbook` of an .xls. */
export interface XlsFile {
  readonly stream: Uint8Array;
  readonly limits: ReadLimits;
}

/** Its answer: the sheets that are tables, or that nothing can be made of the file. */
export type XlsContents = { readonly sheets: readonly SheetInfo[] } | { readonly damaged: true };

/** Rows of a sheet by its place among the tables, from the row after so many (0 for all). */
export interface XlsQuestion {
  readonly sheet: number;
  readonly afterRow: number;
}

/** Of a row or a text past a limit only so much comes that it is seen to be past it. */
export interface XlsAnswer {
  readonly rows: readonly SheetRow[];
  /** What to ask for next. */
  readonly nextRow: number;
  /** Told with the first rows of a sheet. */
  readonly merged: readonly MergedRows[];
  readonly isLast: boolean;
}
