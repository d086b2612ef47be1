import { emptySheet } from '../read-faults';
import { type ReadLimits, ROWS_PER_BATCH, type SheetRow } from '../sheet-row';
import { readDateStyles } from './date-styles';
import { findTallCells, TallCellFiller } from './merged-cells';
import { OfficePackage } from './package';
import { readSharedStrings, SharedStrings } from './shared-strings';
import { SheetRows } from './sheet-rows';
import { openWorkbook } from './workbook';
import { XmlFeed } from './xml-feed';

/**
 * Rows of the first visible sheet of an .xlsx that has any, in batches. The file is read part by part as a stream; only
 * the shared strings stay in memory, as bytes. The sheet is unpacked twice: first to count it, to compare its checksum and
 * to find its merged cells, then for its rows. So a damaged file or a zip bomb is refused before its first row.
 *
 * @param useless the refusal for a zip file that is no workbook
 * @throws the faults of read-faults.ts
 */
export async function* readXlsx(path: string, limits: ReadLimits, useless: () => Error): AsyncGenerator<SheetRow[]> {
  const zip = await OfficePackage.open(path, limits.maxUncompressedBytes);
  try {
    const { sheetParts, sharedStringsPart, stylesPart, date1904 } = await openWorkbook(zip, useless);
    const strings = sharedStringsPart
      ? await readSharedStrings(zip, sharedStringsPart, limits.maxCellLength)
      : new SharedStrings();
    const dateStyles = stylesPart ? await readDateStyles(zip, stylesPart) : [];
    for (const sheetPart of sheetParts) {
      const tallCells = new TallCellFiller(await findTallCells(zip.read(sheetPart)));
      const rows = new SheetRows({ strings, dateStyles, date1904, tallCells, limits });
      yield* rowsOf(zip, sheetPart, rows);
      if (rows.total > 0) return;
    }
    throw emptySheet();
  } finally {
    zip.close();
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
