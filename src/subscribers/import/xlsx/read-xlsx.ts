import { emptyChosenSheet, emptySheet } from '../read-faults';
import { type ReadLimits, ROWS_PER_BATCH, type SheetRow } from '../sheet-row';
import { readDateStyles } from './date-styles';
import { findTallCells, TallCellFiller } from './merged-cells';
import { OfficePackage } from './package';
import { readSharedStrings, SharedStrings } from './shared-strings';
import { SheetRows } from './sheet-rows';
import { openWorkbook } from './workbook';
import { sheetsToRead } from '../workbook/sheets-to-read';
import type { WorkbookSheet } from '../workbook/workbook-sheet';
import { XmlFeed } from './xml-feed';

/**
 * Opens an .xlsx at the sheet of that name, or at the first visible one that has any rows. The file is read part by part as
 * a stream; only the shared strings stay in memory, as bytes. The sheet is unpacked twice: first to count it, to compare its
 * checksum and to find its merged cells, then for its rows. So a damaged file or a zip bomb is refused before its first row.
 *
 * @param useless the refusal for a zip file that is no workbook
 * @throws the faults of read-faults.ts
 */
export async function openXlsx(
  path: string,
  limits: ReadLimits,
  wanted: string | undefined,
  useless: () => Error,
): Promise<WorkbookSheet> {
  const zip = await OfficePackage.open(path, limits.maxUncompressedBytes);
  try {
    const { sheets, sharedStringsPart, stylesPart, date1904 } = await openWorkbook(zip, useless);
    const candidates = sheetsToRead(sheets, wanted);
    const strings = sharedStringsPart
      ? await readSharedStrings(zip, sharedStringsPart, limits.maxCellLength)
      : new SharedStrings();
    const dateStyles = stylesPart ? await readDateStyles(zip, stylesPart) : [];
    for (const { name, part } of candidates) {
      const tallCells = new TallCellFiller(await findTallCells(zip.read(part)));
      const rest = rowsOf(zip, part, new SheetRows({ strings, dateStyles, date1904, tallCells, limits }));
      const { done, value: first } = await rest.next();
      if (done) continue;
      const close = async (): Promise<void> => {
        await rest.return(undefined);
        zip.close();
      };
      return { name, sheets: sheets.map(({ name, hidden }) => ({ name, hidden })), first, rest, close };
    }
    throw wanted === undefined ? emptySheet() : emptyChosenSheet({ sheet: wanted });
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function* rowsOf(zip: OfficePackage, sheetPart: string, rows: SheetRows): AsyncGenerator<SheetRow[]> {
  const feed = new XmlFeed(rows);
  for await (const chunk of zip.read(sheetPart, { again: true })) {
    feed.write(chunk);
    if (rows.waiting >= ROWS_PER_BATCH) yield rows.take();
    if (rows.finished) break;
  }
  if (!rows.finished) feed.end();
  if (rows.waiting > 0) yield rows.take();
}
