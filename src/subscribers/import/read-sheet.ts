import { stat } from 'node:fs/promises';
import { readCsv } from './csv/read-csv';
import { contradictsName, fileKind, uselessContent } from './file-kind';
import { unpackedTooLarge } from './read-faults';
import type { ReadLimits, SheetRow } from './sheet-row';
import { readXlsx } from './xlsx/read-xlsx';

export type { ReadLimits, SheetRow } from './sheet-row';

/**
 * The rows of a subscriber file: XLSX, CSV or TSV by its content, which its name must not contradict. Yields about 1,000 rows at a time and
 * holds no more; rows without content are left out, the others keep the number that Excel shows.
 *
 * A fault may come after rows were yielded (bytes that are no text in the middle of a CSV file, a row too many), so what
 * is done with the rows must be undone then. An XLSX file is checked whole, size and checksums, before its first row.
 *
 * @param path where the file lies
 * @param fileName the name it came with
 * @throws the faults of read-faults.ts
 */
export async function* readSheet(path: string, fileName: string, limits: ReadLimits): AsyncGenerator<SheetRow[]> {
  const found = await fileKind(path, fileName);
  if (contradictsName(found, fileName)) throw uselessContent(fileName);
  const { size } = await stat(path);
  if (size > limits.maxUncompressedBytes) {
    throw unpackedTooLarge({ maxMegabytes: Math.floor(limits.maxUncompressedBytes / 1024 / 1024) });
  }
  if (found.kind === 'zip') yield* readXlsx(path, limits, () => uselessContent(fileName));
  else yield* readCsv({ path, ...found }, limits);
}
