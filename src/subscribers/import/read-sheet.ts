import { stat } from 'node:fs/promises';
import { openCsv } from './csv/open-csv';
import { contradictsName, fileKind, uselessContent } from './file-kind';
import type { OpenedSheet, ReadChoice } from './opened-sheet';
import type { ReadLimits } from './sheet-row';
import { openDecodedWorkbook } from './workbook/open-workbook';
import { unpackedFault } from './xlsx/package';

export type { OpenedSheet, ReadChoice } from './opened-sheet';
export type { ReadLimits, SheetRow } from './sheet-row';

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
