import { emptyChosenSheet, emptySheet } from '../read-faults';
import type { ReadLimits, SheetRow } from '../sheet-row';
import { sheetsToRead } from '../workbook/sheets-to-read';
import type { WorkbookSheet } from '../workbook/workbook-sheet';
import { type CellStyles, readCellStyles } from './cell-styles';
import { LegacyFonts } from './legacy-fonts';
import { findTallCells, TallCellFiller } from './merged-cells';
import type { OfficePackage } from './package';
import { readSharedStrings, SharedStrings } from './shared-strings';
import { SheetRows } from './sheet-rows';
import { openWorkbook } from './workbook';
import { XmlFeed } from './xml-feed';

const NO_STYLES: CellStyles = { dates: [] };

interface XlsxChoice {
  /** A sheet by its name. */
  readonly sheet?: string;
  /** Whether text in the fonts .VnTime, VNI-Times … is made Unicode. */
  readonly fontsBelieved: boolean;
}

/**
 * Opens an .xlsx at the sheet of that name, or at the first visible one that has any rows. The file is read part by part as
 * a stream; only the shared strings stay in memory, as bytes. The sheet is unpacked twice: first to count it, to compare its
 * checksum and to find its merged cells, then for its rows. So a damaged file or a zip bomb is refused before its first row.
 *
 * @param zip stays open; it must be until the last row
 * @param useless the refusal for a zip file that is no workbook
 * @throws the faults of read-faults.ts
 */
export async function openXlsx(
  zip: OfficePackage,
  limits: ReadLimits,
  { sheet: wanted, fontsBelieved }: XlsxChoice,
  useless: () => Error,
): Promise<WorkbookSheet> {
  const { sheets, sharedStringsPart, stylesPart, date1904 } = await openWorkbook(zip, useless);
  const candidates = sheetsToRead(sheets, wanted);
  const styles = stylesPart ? await readCellStyles(zip, stylesPart) : NO_STYLES;
  const strings = sharedStringsPart
    ? await readSharedStrings(zip, sharedStringsPart, limits.maxCellLength, styles.fonts !== undefined)
    : new SharedStrings();
  for (const { name, part } of candidates) {
    const tallCells = new TallCellFiller(await findTallCells(zip.read(part)));
    const fonts = new LegacyFonts(fontsBelieved);
    const rest = rowsOf(zip, part, new SheetRows({ strings, styles, fonts, date1904, tallCells, limits }));
    const { done, value: first } = await rest.next();
    if (done) continue;
    const close = async (): Promise<void> => void (await rest.return(undefined));
    return { name, sheets: sheets.map(({ name, hidden }) => ({ name, hidden })), first, rest, fonts, close };
  }
  throw wanted === undefined ? emptySheet() : emptyChosenSheet({ sheet: wanted });
}

async function* rowsOf(zip: OfficePackage, sheetPart: string, rows: SheetRows): AsyncGenerator<SheetRow[]> {
  const feed = new XmlFeed(rows);
  for await (const chunk of zip.read(sheetPart, { again: true })) {
    feed.write(chunk);
    if (rows.isBatchFull) yield rows.take();
    if (rows.finished) break;
  }
  if (!rows.finished) feed.end();
  const last = rows.take();
  if (last.length > 0) yield last;
}
