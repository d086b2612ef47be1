import { stat } from 'node:fs/promises';
import { openCsv } from './csv/open-csv';
import { contradictsName, fileKind, uselessContent } from './file-kind';
import type { Coding, CodingGuess } from './legacy/text-coding';
import type { ReadLimits, SheetRow } from './sheet-row';
import { openDecodedWorkbook } from './workbook/open-workbook';
import type { SheetInfo } from './workbook/workbook-sheet';
import { unpackedFault } from './xlsx/package';

export type { ReadLimits, SheetRow } from './sheet-row';
export type { SheetInfo } from './workbook/workbook-sheet';

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

/**
 * Opens a subscriber file: XLSX, XLS, ODS, CSV or TSV by its content, which its name must not contradict. No more than a few
 * thousand rows are held; rows without content are left out, the others keep the number that Excel shows.
 *
 * A fault may come after rows were yielded (bytes that are no text in the middle of a CSV file, a row too many), so what
 * is done with the rows must be undone then. A workbook is checked whole, size and checksums, before its first row. Where
 * this function throws, nothing is left to close.
 *
 * @param path where the file lies
 * @param fileName the name it came with
 * @throws the faults of read-faults.ts
 */
export async function openSheet(
  path: string,
  fileName: string,
  limits: ReadLimits,
  choice: ReadChoice,
): Promise<OpenedSheet> {
  const { kind } = await fileKind(path, fileName);
  if (contradictsName(kind, fileName)) throw uselessContent(fileName);
  const { size } = await stat(path);
  if (size > limits.maxUncompressedBytes) throw unpackedFault(limits.maxUncompressedBytes);
  if (kind === 'text') return openText(path, limits, choice);
  return openDecodedWorkbook({ path, kind, useless: () => uselessContent(fileName) }, limits, choice);
}

async function openText(path: string, limits: ReadLimits, { coding: chosen }: ReadChoice): Promise<OpenedSheet> {
  const coding = chosen === 'unicode' ? undefined : chosen;
  const { rows: fromBeginning, ...found } = await openCsv(path, { coding }, limits);
  const rows = fromBeginning();
  const close = async (): Promise<void> => void (await rows.return(undefined));
  return { ...found, format: 'csv', sheet: null, sheets: [], rows: () => rows, close };
}
