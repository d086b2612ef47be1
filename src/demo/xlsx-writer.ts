import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Cell, OfficeSheet } from './office-sheet';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
/** The day the office finished the list: the same content gives the same file, byte by byte. */
const WRITTEN_AT = new Date('2021-05-04T01:00:00Z');
const ROWS_PER_CHUNK = 500;

const PARTS: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    `<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>` +
    `<Override PartName="/xl/sharedStrings.xml" ContentType="${TYPE}.sharedStrings+xml"/></Types>`,
  '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
  'xl/_rels/workbook.xml.rels': relations([
    ['worksheet', 'worksheets/sheet1.xml'],
    ['styles', 'styles.xml'],
    ['sharedStrings', 'sharedStrings.xml'],
  ]),
  // Cell formats: 0 plain, 1 bold and centred.
  'xl/styles.xml':
    `<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="12"/><name val="Times New Roman"/></font>` +
    `<font><b/><sz val="12"/><name val="Times New Roman"/></font></fonts>` +
    `<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
    `<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
    `<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
    `<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
    `<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1">` +
    `<alignment horizontal="center" vertical="center" wrapText="1"/></xf></cellXfs></styleSheet>`,
};

/**
 * Writes one sheet as an Office Open XML workbook (ECMA-376), streamed, with a table of shared strings as Excel itself
 * writes it. The file appears whole or not at all.
 */
export async function writeWorkbook(path: string, sheet: OfficeSheet): Promise<void> {
  const zip = new ZipFile();
  const options = { mtime: WRITTEN_AT };
  for (const [name, xml] of Object.entries(PARTS)) zip.addBuffer(Buffer.from(XML + xml), name, options);
  zip.addBuffer(Buffer.from(workbookXml(sheet.name)), 'xl/workbook.xml', options);
  const strings = new SharedStrings();
  zip.addReadStream(Readable.from(sheetXml(sheet, strings)), 'xl/worksheets/sheet1.xml', options);
  // Opened when the sheet is through, and all its texts are known.
  zip.addReadStreamLazy('xl/sharedStrings.xml', options, (give) => give(null, Readable.from(strings.xml())));
  zip.end();
  const draft = `${path}.draft`;
  try {
    await pipeline(zip.outputStream, createWriteStream(draft));
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

class SharedStrings {
  private readonly places = new Map<string, number>();
  private uses = 0;

  placeOf(text: string): number {
    this.uses += 1;
    const known = this.places.get(text);
    if (known !== undefined) return known;
    this.places.set(text, this.places.size);
    return this.places.size - 1;
  }

  *xml(): Generator<string> {
    yield `${XML}<sst xmlns="${MAIN}" count="${this.uses}" uniqueCount="${this.places.size}">`;
    const items = [...this.places.keys()];
    for (let at = 0; at < items.length; at += ROWS_PER_CHUNK) {
      const chunk = items.slice(at, at + ROWS_PER_CHUNK);
      yield chunk.map((text) => `<si><t xml:space="preserve">${escapeXml(text)}</t></si>`).join('');
    }
    yield '</sst>';
  }
}

function* sheetXml({ widths, merged, headRows, rows }: OfficeSheet, strings: SharedStrings): Generator<string> {
  const columns = widths.map((width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`);
  yield `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"/></sheetViews>`;
  yield `<cols>${columns.join('')}</cols><sheetData>`;
  let number = 0;
  let chunk = '';
  for (const cells of rows()) {
    number += 1;
    chunk += rowXml(number, cells, number <= headRows, strings);
    if (number % ROWS_PER_CHUNK !== 0) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}</sheetData><mergeCells count="${merged.length}">`;
  yield `${merged.map((range) => `<mergeCell ref="${range}"/>`).join('')}</mergeCells></worksheet>`;
}

function rowXml(number: number, cells: readonly Cell[], isHead: boolean, strings: SharedStrings): string {
  const style = isHead ? ' s="1"' : '';
  const filled = cells.map((cell, column) => {
    if (cell === undefined) return '';
    const start = `<c r="${String.fromCharCode(65 + column)}${number}"${style}`;
    if (typeof cell === 'number') return `${start}><v>${cell}</v></c>`;
    if (typeof cell === 'string') return `${start} t="s"><v>${strings.placeOf(cell)}</v></c>`;
    return `${start} t="e"><v>${cell.error}</v></c>`;
  });
  return `<row r="${number}">${filled.join('')}</row>`;
}

function workbookXml(sheetName: string): string {
  const sheet = `<sheet name="${escapeXml(sheetName)}" sheetId="1" r:id="rId1"/>`;
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><sheets>${sheet}</sheets></workbook>`;
}

function relations(targets: readonly (readonly [string, string])[]): string {
  const items = targets.map(
    ([type, target], at) => `<Relationship Id="rId${at + 1}" Type="${RELATIONSHIPS}/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${items.join('')}</Relationships>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
