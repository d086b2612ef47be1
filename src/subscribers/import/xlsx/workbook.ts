import { damagedWorkbook, xlsbNotSupported } from '../read-faults';
import type { SheetInfo } from '../workbook/workbook-sheet';
import { type OfficePackage, relationsPart, resolvePart } from './package';
import { attributeNamed, readXml, type XmlAttributes } from './xml-feed';

/** Where the parts of a workbook are that its tables need. */
export interface Workbook {
  /** The sheets that are tables, in their order. */
  readonly sheets: readonly WorksheetPart[];
  readonly sharedStringsPart?: string;
  readonly stylesPart?: string;
  /** Days are counted from 1904 instead of 1900, as Excel for the Macintosh did. */
  readonly date1904: boolean;
}

interface WorksheetPart extends SheetInfo {
  readonly part: string;
}

interface Relation {
  readonly id: string;
  /** The last segment of the relation's type: the rest differs between the transitional and the strict format. */
  readonly type: string;
  readonly part: string;
}

interface Sheet extends SheetInfo {
  readonly relationId: string;
}

/** Other values are none of the format, but written: `show`, for one. */
const HIDDEN = new Set(['hidden', 'veryHidden']);
const MAX_RELATIONS = 10_000;

/**
 * Finds the sheets of an .xlsx. Sheets of charts and macros are passed over.
 *
 * @param useless the refusal for a zip file that holds no spreadsheet at all
 * @throws xlsbNotSupported, damagedWorkbook
 */
export async function openWorkbook(zip: OfficePackage, useless: () => Error): Promise<Workbook> {
  if (!zip.has(relationsPart(''))) throw useless();
  const workbookPart = (await readRelations(zip, '')).find(({ type }) => type === 'officeDocument')?.part;
  if (!workbookPart) throw useless();
  if (/\.bin$/i.test(workbookPart)) throw xlsbNotSupported();
  if (!zip.has(workbookPart)) throw damagedWorkbook();
  const { sheets, date1904, isWorkbook } = await readWorkbook(zip, workbookPart);
  if (!isWorkbook) throw useless();
  const relations = zip.has(relationsPart(workbookPart)) ? await readRelations(zip, workbookPart) : [];
  const partOf = (wanted: string): string | undefined =>
    relations.find(({ type, part }) => type === wanted && zip.has(part))?.part;
  const worksheets = new Map(relations.filter(({ type }) => type === 'worksheet').map(({ id, part }) => [id, part]));
  const tables = sheets.flatMap(({ name, hidden, relationId }) => {
    const part = worksheets.get(relationId);
    return part === undefined ? [] : [{ name, hidden, part }];
  });
  return { sheets: tables, sharedStringsPart: partOf('sharedStrings'), stylesPart: partOf('styles'), date1904 };
}

async function readRelations(zip: OfficePackage, source: string): Promise<Relation[]> {
  const relations: Relation[] = [];
  await readXml(zip.read(relationsPart(source)), {
    open(name, { Id: id, Type: type = '', Target: target, TargetMode: mode }) {
      if (name !== 'Relationship' || id === undefined || target === undefined || mode === 'External') return;
      if (relations.length >= MAX_RELATIONS) throw damagedWorkbook();
      relations.push({ id, type: type.slice(type.lastIndexOf('/') + 1), part: resolvePart(source, target) });
    },
    close: ignore,
    text: ignore,
  });
  return relations;
}

async function readWorkbook(zip: OfficePackage, part: string) {
  const sheets: Sheet[] = [];
  let date1904 = false;
  let isWorkbook = false;
  await readXml(zip.read(part), {
    open(name, attributes) {
      if (name === 'workbook') isWorkbook = true;
      if (name === 'workbookPr') date1904 = isTrue(attributes.date1904);
      if (name === 'sheet' && sheets.length < MAX_RELATIONS) sheets.push(sheetOf(attributes));
    },
    close: ignore,
    text: ignore,
  });
  return { sheets, date1904, isWorkbook };
}

function sheetOf(attributes: XmlAttributes): Sheet {
  return {
    relationId: attributeNamed(attributes, 'id') ?? '',
    name: attributes.name ?? '',
    hidden: HIDDEN.has(attributes.state ?? ''),
  };
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

function ignore(): void {}
