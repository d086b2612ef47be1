import { Readable } from 'node:stream';
import { toUSVString } from 'node:util';
import { StreamableFile } from '@nestjs/common';
import { ZipFile } from 'yazl';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
export const XLSX_TYPE = `${TYPE}.sheet`;
/** Excel's own limit. @see https://support.microsoft.com/office/excel-specifications-and-limits */
export const MOST_XLSX_ROWS = 1_048_576;
const LONGEST_CELL = 32_767;

const relation = (type: string, target: string): string =>
  `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" ` +
  `Type="${RELATIONSHIPS}/${type}" Target="${target}"/>`;

const PARTS: Readonly<Record<string, string>> = {
  '[Content_Types].xml':
    `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/>` +
    `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/></Types>`,
  '_rels/.rels': `${relation('officeDocument', 'xl/workbook.xml')}</Relationships>`,
  'xl/_rels/workbook.xml.rels':
    `${relation('worksheet', 'worksheets/sheet1.xml')}<Relationship Id="rId2" Type="${RELATIONSHIPS}/styles" ` +
    `Target="styles.xml"/></Relationships>`,
  'xl/workbook.xml':
    `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONSHIPS}"><sheets>` +
    `<sheet name="TinLuat" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  // Cell formats: 0 plain, 1 text (format 49, "@"), so that a number typed over keeps its zero; 2 bold.
  'xl/styles.xml':
    `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="12"/><name val="Times New Roman"/></font>` +
    `<font><b/><sz val="12"/><name val="Times New Roman"/></font></fonts>` +
    `<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
    `<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
    `<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
    `<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
    `<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
    `<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`,
};

/**
 * A workbook of one sheet, streamed (ECMA-376). Every cell is text, never a formula, so that nothing in it can run and no
 * phone number loses its zero.
 *
 * @param rows arrays of cells
 */
export function xlsxDownload(rows: Readable, titles: readonly string[], fileName: string): StreamableFile {
  const zip = new ZipFile();
  for (const [name, xml] of Object.entries(PARTS)) zip.addBuffer(Buffer.from(xml), name);
  const sheet = Readable.from(sheetXml(rows, titles));
  const output = zip.outputStream as Readable;
  // The source's failure must reach the response, and a caller who leaves must close the source's cursor.
  sheet.once('error', (error) => output.destroy(error));
  output.once('close', () => rows.destroy());
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml');
  zip.end();
  return new StreamableFile(output, { type: XLSX_TYPE, disposition: `attachment; filename="${fileName}"` });
}

async function* sheetXml(rows: AsyncIterable<readonly string[]>, titles: readonly string[]): AsyncGenerator<string> {
  yield (
    `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
    `<pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>` +
    `<sheetFormatPr defaultColWidth="24" defaultRowHeight="16"/><sheetData>${rowXml(titles, 1, 2)}`
  );
  let rowNumber = 1;
  for await (const cells of rows) {
    rowNumber += 1;
    yield rowXml(cells, rowNumber, 1);
  }
  yield '</sheetData></worksheet>';
}

/** Rows are numbered although the standard lets them go without: not every reader does. */
function rowXml(cells: readonly string[], rowNumber: number, style: number): string {
  const xml = cells.map((cell, column) => {
    if (cell === '') return '';
    const at = `${columnLetters(column)}${rowNumber}`;
    return `<c r="${at}" t="inlineStr" s="${style}"><is><t xml:space="preserve">${escapeXml(cell)}</t></is></c>`;
  });
  return `<row r="${rowNumber}">${xml.join('')}</row>`;
}

function columnLetters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnLetters(Math.floor(column / 26) - 1) + last;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Without the control characters that XML cannot hold. */
function escapeXml(text: string): string {
  return toUSVString(text.slice(0, LONGEST_CELL))
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replace(/[&<>]/g, (sign) => ESCAPES[sign]!);
}
