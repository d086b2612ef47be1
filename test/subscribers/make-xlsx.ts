import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const TYPES = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

export interface SheetSource {
  readonly name?: string;
  readonly state?: 'visible' | 'hidden' | 'veryHidden';
  readonly type?: 'worksheet' | 'chartsheet';
  /** Content of `<sheetData>`. */
  readonly rows?: string;
  /** What stands behind the rows, such as merged cells. */
  readonly after?: string;
}

export interface WorkbookSource {
  readonly sheets: readonly SheetSource[];
  /** `<si>` elements, or texts to be made into them. */
  readonly strings?: readonly string[];
  /** Content of `<styleSheet>`. */
  readonly styles?: string;
  readonly workbookPr?: string;
}

export type Parts = Record<string, string | Buffer>;

/** The parts of a workbook with the names, relations and order that Excel gives them. */
export function workbookParts({ sheets, strings = [], styles, workbookPr = '' }: WorkbookSource): Parts {
  const relations = sheets.map(({ type = 'worksheet' }, at) =>
    relation(`rId${at + 1}`, type, `${type}s/sheet${at + 1}.xml`),
  );
  if (styles !== undefined) relations.push(relation('rIdStyles', 'styles', 'styles.xml'));
  if (strings.length > 0) relations.push(relation('rIdStrings', 'sharedStrings', 'sharedStrings.xml'));
  const listed = sheets.map(({ name, state = 'visible' }, at) => {
    const shown = state === 'visible' ? '' : ` state="${state}"`;
    return `<sheet name="${name ?? `Sheet${at + 1}`}" sheetId="${at + 1}"${shown} r:id="rId${at + 1}"/>`;
  });
  const parts: Parts = {
    '[Content_Types].xml': `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': relationsOf([relation('rId1', 'officeDocument', 'xl/workbook.xml')]),
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${TYPES}">${workbookPr}<sheets>${listed.join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationsOf(relations),
  };
  sheets.forEach(({ type = 'worksheet', rows = '', after = '' }, at) => {
    parts[`xl/${type}s/sheet${at + 1}.xml`] =
      `${XML}<worksheet xmlns="${MAIN}" xmlns:r="${TYPES}"><sheetViews><sheetView workbookViewId="0"/></sheetViews>` +
      `<sheetData>${rows}</sheetData>${after}<pageMargins left="0.7" right="0.7"/></worksheet>`;
  });
  if (styles !== undefined) parts['xl/styles.xml'] = `${XML}<styleSheet xmlns="${MAIN}">${styles}</styleSheet>`;
  if (strings.length > 0) {
    const items = strings.map((text) =>
      text.startsWith('<si>') ? text : `<si><t xml:space="preserve">${escapeXml(text)}</t></si>`,
    );
    parts['xl/sharedStrings.xml'] = `${XML}<sst xmlns="${MAIN}" count="${items.length}">${items.join('')}</sst>`;
  }
  return parts;
}

/** Rows of texts as Excel writes them: every text once in the table of shared strings. */
export function textWorkbook(rows: readonly (readonly string[])[], extra: Partial<SheetSource> = {}): WorkbookSource {
  const strings: string[] = [];
  const places = new Map<string, number>();
  const place = (text: string): number => {
    if (!places.has(text)) places.set(text, strings.push(text) - 1);
    return places.get(text)!;
  };
  const xml = rows.map((cells, at) => {
    const filled = cells.map((text, column) =>
      text === '' ? '' : `<c r="${String.fromCharCode(65 + column)}${at + 1}" t="s"><v>${place(text)}</v></c>`,
    );
    return `<row r="${at + 1}" spans="1:${cells.length}">${filled.join('')}</row>`;
  });
  return { sheets: [{ rows: xml.join(''), ...extra }], strings };
}

export async function writeZip(path: string, parts: Parts): Promise<void> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content as string), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(path));
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function relation(id: string, type: string, target: string): string {
  return `<Relationship Id="${id}" Type="${TYPES}/${type}" Target="${target}"/>`;
}

function relationsOf(relations: readonly string[]): string {
  return `${XML}<Relationships xmlns="${RELATIONS}">${relations.join('')}</Relationships>`;
}
