import type { Coding, CodingGuess } from './legacy/text-coding';
import type { SheetRow } from './sheet-row';
import type { SheetInfo } from './workbook/workbook-sheet';

/** What a person chose about a file; what is left out is found by its content. */
export interface ReadChoice {
  /** A sheet by its name. */
  readonly sheet?: string;
  readonly coding?: Coding;
}

/** A subscriber file whose first rows have been read. */
export interface OpenedSheet {
  readonly format: 'csv' | 'xlsx' | 'xls' | 'ods';
  /** The one that is read; null for a text file. */
  readonly sheet: string | null;
  /** All of the workbook in their order, hidden ones too; none for a text file. */
  readonly sheets: readonly SheetInfo[];
  /** The one used: guessed, or chosen. */
  readonly coding: Coding;
  /** Best first, with the share of the text that reads as Vietnamese. */
  readonly codingGuesses: readonly CodingGuess<Coding>[];
  /** What divides the columns of a text file; null for a workbook. */
  readonly delimiter: string | null;
  /** From the first row on, about 1,000 at a time; to be called once. */
  rows(): AsyncGenerator<SheetRow[]>;
  /** Lets go of the file; whoever opened it must call this, also after a fault. */
  close(): Promise<void>;
}
