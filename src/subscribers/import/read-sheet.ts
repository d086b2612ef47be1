import { stat } from 'node:fs/promises';
import { readCsv } from './csv/read-csv';
import { contradictsName, fileKind, uselessContent } from './file-kind';
import type { Coding } from './legacy/text-coding';
import { unpackedTooLarge } from './read-faults';
import type { ReadLimits, SheetRow } from './sheet-row';
import type { SheetInfo, WorkbookSheet } from './workbook/workbook-sheet';
import { openXlsx } from './xlsx/read-xlsx';

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
  readonly codingGuesses: readonly { readonly coding: Coding; readonly share: number }[];
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
 * is done with the rows must be undone then. An XLSX file is checked whole, size and checksums, before its first row.
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
  const found = await fileKind(path, fileName);
  if (contradictsName(found, fileName)) throw uselessContent(fileName);
  const { size } = await stat(path);
  if (size > limits.maxUncompressedBytes) {
    throw unpackedTooLarge({ maxMegabytes: Math.floor(limits.maxUncompressedBytes / 1024 / 1024) });
  }
  if (found.kind === 'zip') {
    const opened = await openXlsx(path, limits, choice.sheet, () => uselessContent(fileName));
    return workbook('xlsx', opened);
  }
  const rows = readCsv({ path, ...found }, limits);
  return {
    format: 'csv',
    sheet: null,
    sheets: [],
    coding: found.encoding,
    codingGuesses: [{ coding: found.encoding, share: 1 }],
    delimiter: null,
    rows: () => rows,
    close: async () => void (await rows.return(undefined)),
  };
}

function workbook(format: 'xlsx', { name, sheets, first, rest, close }: WorkbookSheet): OpenedSheet {
  async function* rows(): AsyncGenerator<SheetRow[]> {
    yield first;
    yield* rest;
  }
  return {
    format,
    sheet: name,
    sheets,
    coding: 'unicode',
    codingGuesses: [{ coding: 'unicode', share: 1 }],
    delimiter: null,
    rows,
    close,
  };
}

/** All rows of the sheet that is found without any choice. */
export async function* readSheet(path: string, fileName: string, limits: ReadLimits): AsyncGenerator<SheetRow[]> {
  const opened = await openSheet(path, fileName, limits, {});
  try {
    yield* opened.rows();
  } finally {
    await opened.close();
  }
}
