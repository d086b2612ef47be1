import { damagedWorkbook, emptyChosenSheet, emptySheet, encryptedFile } from '../read-faults';
import type { ReadLimits, SheetRow } from '../sheet-row';
import type { OfficePackage } from '../xlsx/package';
import { readXml, XmlFeed } from '../xlsx/xml-feed';
import { OdsRows } from './ods-rows';
import { OdsSheets } from './ods-sheets';
import { sheetsToRead } from './sheets-to-read';
import type { WorkbookSheet } from './workbook-sheet';

const MIME_TYPE = 'application/vnd.oasis.opendocument.spreadsheet';
const MANIFEST = 'META-INF/manifest.xml';
const CONTENT = 'content.xml';

export async function isOds(zip: OfficePackage): Promise<boolean> {
  if (!zip.has('mimetype')) return false;
  for await (const chunk of zip.read('mimetype')) return chunk.toString('latin1').startsWith(MIME_TYPE);
  return false;
}

/**
 * Opens an .ods at the sheet of that name, or at the first visible one that has any rows. As with .xlsx its content is
 * unpacked first to be counted and checked and for the names of its sheets, then for the rows of one; it is never in
 * memory whole.
 *
 * @throws the faults of read-faults.ts
 */
export async function openOds(
  zip: OfficePackage,
  limits: ReadLimits,
  wanted: string | undefined,
): Promise<WorkbookSheet> {
  if (await isEncrypted(zip)) throw encryptedFile();
  const about = new OdsSheets();
  await readXml(zip.read(CONTENT), about);
  if (!about.isSpreadsheet) throw damagedWorkbook();
  const { sheets } = about;
  for (const sheet of sheetsToRead(sheets, wanted)) {
    const rest = rowsOf(zip, sheets.indexOf(sheet), limits);
    const { done, value: first } = await rest.next();
    if (done) continue;
    return { name: sheet.name, sheets, first, rest, close: async () => void (await rest.return(undefined)) };
  }
  throw wanted === undefined ? emptySheet() : emptyChosenSheet({ sheet: wanted });
}

/** Source: OpenDocument 1.3 part 2, section 4.4 (`manifest:encryption-data`). */
async function isEncrypted(zip: OfficePackage): Promise<boolean> {
  if (!zip.has(MANIFEST)) return false;
  let found = false;
  await readXml(zip.read(MANIFEST), {
    open: (name) => {
      if (name === 'encryption-data') found = true;
    },
    close: () => undefined,
    text: () => undefined,
  });
  return found;
}

async function* rowsOf(zip: OfficePackage, sheet: number, limits: ReadLimits): AsyncGenerator<SheetRow[]> {
  const rows = new OdsRows(sheet, limits);
  const feed = new XmlFeed(rows);
  for await (const chunk of zip.read(CONTENT, { again: true })) {
    feed.write(chunk);
    if (rows.isBatchFull) yield* rows.take();
    if (rows.finished) break;
  }
  yield* rows.take();
}
