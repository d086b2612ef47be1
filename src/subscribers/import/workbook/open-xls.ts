import { readFile, stat } from 'node:fs/promises';
import { emptyChosenSheet, emptySheet, tooLargeXls, tooManyMergedCells } from '../read-faults';
import type { ReadLimits, SheetRow } from '../sheet-row';
import { MAX_TALL_CELLS, TallCellFiller } from '../xlsx/merged-cells';
import { checkRecords } from './biff-records';
import { compoundStream } from './compound-stream';
import { RowGate } from './row-gate';
import { sheetsToRead } from './sheets-to-read';
import type { WorkbookSheet } from './workbook-sheet';
import type { XlsAnswer } from './xls-messages';
import { XlsProcess } from './xls-process';

/** Unlike .xlsx it is read whole. A full sheet of 65,536 rows with ten columns has some 10 MB. */
const MAX_BYTES = 20 * 1024 * 1024;
const MEGABYTE = 1024 * 1024;

/**
 * Opens an .xls of Excel 97 to 2003 (or of Excel 5 and 95) at the sheet of that name, or at the first visible one that has
 * any rows. The file is checked for completeness here and read by a library in a process with limits.
 *
 * @param useless the refusal for a compound file that is no workbook
 * @throws the faults of read-faults.ts
 */
export async function openXls(
  path: string,
  limits: ReadLimits,
  wanted: string | undefined,
  useless: () => Error,
): Promise<WorkbookSheet> {
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw tooLargeXls({ maxMegabytes: MAX_BYTES / MEGABYTE });
  const stream = compoundStream(await readFile(path), ['workbook', 'book']);
  if (!stream) throw useless();
  checkRecords(stream);
  const { reader, sheets } = await XlsProcess.start({ stream, limits });
  try {
    for (const sheet of sheetsToRead(sheets, wanted)) {
      const rest = rowsOf(reader, sheets.indexOf(sheet), limits);
      const { done, value: first } = await rest.next();
      if (done) continue;
      return { name: sheet.name, sheets, first, rest, close: () => reader.close() };
    }
    throw wanted === undefined ? emptySheet() : emptyChosenSheet({ sheet: wanted });
  } catch (error) {
    await reader.close();
    throw error;
  }
}

async function* rowsOf(reader: XlsProcess, sheet: number, limits: ReadLimits): AsyncGenerator<SheetRow[]> {
  let gate: RowGate | undefined;
  for (let afterRow = 0, isLast = false; !isLast;) {
    const answer: XlsAnswer = await reader.ask({ sheet, afterRow });
    gate ??= new RowGate(limits, fillerOf(answer));
    const rows = answer.rows.flatMap(({ rowNumber, cells }) => gate!.pass(rowNumber, [...cells]) ?? []);
    if (rows.length > 0) yield rows;
    afterRow = answer.nextRow;
    isLast = answer.isLast;
  }
}

function fillerOf({ merged }: XlsAnswer): TallCellFiller {
  if (merged.length > MAX_TALL_CELLS) throw tooManyMergedCells();
  return new TallCellFiller([...merged].sort((a, b) => a.top - b.top));
}
