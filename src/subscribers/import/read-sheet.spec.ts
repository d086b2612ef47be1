import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utils, write } from '@e965/xlsx';
import { textWorkbook, type WorkbookSource, workbookParts, writeZip } from '../../../test/subscribers/make-xlsx';
import type { Fault } from '../../platform/errors';
import { openSheet, type OpenedSheet, type ReadChoice, type ReadLimits, type SheetRow } from './read-sheet';

const LIMITS: ReadLimits = {
  maxRows: 100_000,
  maxCellLength: 1_000,
  maxColumns: 50,
  maxUncompressedBytes: 50 * 1024 * 1024,
};
const BOM = '\uFEFF';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tinluat-sheets-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileWith(content: string | Buffer): Promise<string> {
  files += 1;
  const path = join(folder, String(files));
  await writeFile(path, content);
  return path;
}

async function xlsxWith(source: WorkbookSource): Promise<string> {
  files += 1;
  const path = join(folder, String(files));
  await writeZip(path, workbookParts(source));
  return path;
}

/** What is said of an opened file, with all of its rows. */
async function opening(
  path: string,
  fileName: string,
  choice: ReadChoice = {},
): Promise<OpenedSheet & { all: SheetRow[] }> {
  const opened = await openSheet(path, fileName, LIMITS, choice);
  const all: SheetRow[] = [];
  for await (const rows of opened.rows()) all.push(...rows);
  await opened.close();
  return { ...opened, all };
}

async function* readSheet(path: string, fileName: string, limits: ReadLimits): AsyncGenerator<SheetRow[]> {
  const opened = await openSheet(path, fileName, limits, {});
  try {
    yield* opened.rows();
  } finally {
    await opened.close();
  }
}

async function rowsOf(path: string, fileName = 'danh sách.csv', limits: Partial<ReadLimits> = {}): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const batch of readSheet(path, fileName, { ...LIMITS, ...limits })) rows.push(...batch);
  return rows;
}

async function cellsOf(content: string | Buffer): Promise<(readonly string[])[]> {
  return (await rowsOf(await fileWith(content))).map(({ cells }) => cells);
}

/** The code of the fault; its Vietnamese sentence must have every parameter filled in. */
async function faultOf(reading: Promise<unknown>): Promise<string> {
  const fault = (await reading.then(
    () => undefined,
    (error: unknown) => error,
  )) as Fault | undefined;
  if (!fault?.text) throw fault ?? new Error('was read without a fault');
  expect(fault.text.vi).not.toMatch(/[{}]/);
  expect(fault.text.en).not.toMatch(/[{}]/);
  return fault.code;
}

const faultOfContent = async (content: string | Buffer, name?: string): Promise<string> =>
  faultOf(rowsOf(await fileWith(content), name));

describe('a CSV file', () => {
  const rows = [
    ['STT', 'Họ và tên', 'Số điện thoại'],
    ['1', 'Nguyễn Văn An', '0912345678'],
    ['2', 'Trần Thị Bé', '0387654321'],
  ];
  const written = (delimiter: string, lineEnd = '\r\n'): string =>
    rows.map((cells) => cells.join(delimiter)).join(lineEnd) + lineEnd;

  it.each([
    ['as Excel writes it on a Vietnamese Windows', BOM + written(';')],
    ['without a byte order mark', written(';')],
    ['with commas', written(',', '\n')],
    ['with tabs', written('\t')],
    ['of an old Macintosh', written(';', '\r')],
    ['whose first line tells the delimiter', `${BOM}sep=;\r\n${written(';')}`],
    ['whose first line tells an unusual delimiter', `sep=|\r\n${written('|')}`],
    ['in UTF-16 as Excel writes "Unicode text"', Buffer.from(BOM + written('\t'), 'utf16le')],
    ['in UTF-16 with the high byte first', Buffer.from(BOM + written('\t'), 'utf16le').swap16()],
  ])('is read %s', async (_, content) => {
    expect(await cellsOf(content)).toEqual(rows);
  });

  it('has the row numbers that Excel shows', async () => {
    const content = 'sep=;\r\nDANH SÁCH;;\r\n;;\r\n\r\nHọ tên;SĐT\r\n"Nguyễn\nVăn An";0912345678\r\nBé;0387654321\r\n';
    expect(await rowsOf(await fileWith(content))).toEqual([
      { rowNumber: 1, cells: ['DANH SÁCH'] },
      { rowNumber: 4, cells: ['Họ tên', 'SĐT'] },
      { rowNumber: 5, cells: ['Nguyễn\nVăn An', '0912345678'] },
      { rowNumber: 6, cells: ['Bé', '0387654321'] },
    ]);
  });

  it('keeps delimiters, quotation marks and line ends that stand between quotation marks', async () => {
    const content = 'Họ tên;SĐT;Ghi chú\r\n"An ""Ba""";"0912345678";"ấp 1; xã B\r\nnhà số 2"\r\n';
    expect((await cellsOf(content))[1]).toEqual(['An "Ba"', '0912345678', 'ấp 1; xã B\r\nnhà số 2']);
  });

  it('takes a quotation mark within a word as it is', async () => {
    expect((await cellsOf('Họ tên;SĐT\r\nAn "Ba" Lúa;0912345678\r\n'))[1]).toEqual(['An "Ba" Lúa', '0912345678']);
  });

  it('unwraps ="0912345678", by which Excel is kept from dropping the zero', async () => {
    expect((await cellsOf('Họ tên;SĐT\r\nAn;="0912345678"\r\nBé;"=""0387654321"""\r\n')).slice(1)).toEqual([
      ['An', '0912345678'],
      ['Bé', '0387654321'],
    ]);
  });

  it('is divided by semicolons although its addresses hold more commas', async () => {
    const content =
      'Họ tên;SĐT;Địa chỉ\nAn;0912345678;số 1, ấp 2, xã 3, tỉnh 4\nBé;0387654321;số 2, ấp 2, xã 3, tỉnh 4\n';
    expect((await cellsOf(content))[1]).toEqual(['An', '0912345678', 'số 1, ấp 2, xã 3, tỉnh 4']);
  });

  it('of one column keeps two numbers of a line in one cell, where they can be refused', async () => {
    expect(await cellsOf('SĐT\n0912345678\n0912345678;0987654321\n0912345678, 0987654321\n')).toEqual([
      ['SĐT'],
      ['0912345678'],
      ['0912345678;0987654321'],
      ['0912345678, 0987654321'],
    ]);
  });

  it('finds its delimiter below titles that are not divided', async () => {
    const content = 'UBND XÃ VĨNH HÒA\nDANH SÁCH CỬ TRI\n\nHọ tên,SĐT\nAn,0912345678\n';
    expect((await cellsOf(content)).at(-1)).toEqual(['An', '0912345678']);
  });

  it('of 30,000 rows is read in batches, with letters of several bytes across any of its pieces', async () => {
    const lines = Array.from({ length: 30_000 }, (_, at) => `${at};Nguyễn Thị Phượng Ưu ${at};0${912_000_000 + at}`);
    const path = await fileWith(`${BOM}STT;Họ tên;SĐT\r\n${lines.join('\r\n')}`);
    const sizes: number[] = [];
    let last: SheetRow | undefined;
    for await (const batch of readSheet(path, 'a.csv', LIMITS)) {
      sizes.push(batch.length);
      last = batch.at(-1);
      expect(
        batch.every(({ cells, rowNumber }) => rowNumber === 1 || cells[1]?.startsWith('Nguyễn Thị Phượng Ưu ')),
      ).toBe(true);
    }
    expect(sizes.reduce((a, b) => a + b)).toBe(30_001);
    expect(Math.max(...sizes)).toBeLessThan(5_000);
    expect(last).toEqual({ rowNumber: 30_001, cells: ['29999', 'Nguyễn Thị Phượng Ưu 29999', '0912029999'] });
  });

  it.each([
    ['', 'import.empty-file'],
    [BOM, 'import.empty-file'],
    ['\r\n ; ;\r\n\r\n', 'import.empty-file'],
    ['Họ tên;SĐT\r\n"Nguyễn Văn An;0912345678\r\n', 'import.quote-not-closed'],
  ])('%j is refused with %s', async (content, code) => {
    expect(await faultOfContent(content)).toBe(code);
  });

  it('is refused where a stray quotation mark would swallow rows without a trace', async () => {
    const content = 'Họ tên;SĐT\r\n"An;0912345678\r\nBé;0387654321\r\nTám";0387654322\r\nTư;0387654323\r\n';
    await expect(rowsOf(await fileWith(content))).rejects.toMatchObject({
      code: 'import.quote-not-closed',
      details: { params: { row: 2 } },
    });
    const long = `Họ tên;SĐT\r\n"An;0912345678\r\n${'Bé;0387654321\r\n'.repeat(50_000)}`;
    expect(await faultOfContent(long)).toBe('import.quote-not-closed');
  });

  it('is refused where bytes in its middle are no text, naming the row', async () => {
    const start = Buffer.from(`Ho ten;SDT\r\n${'An;0912345678\r\n'.repeat(20_000)}`);
    const windows1258 = Buffer.from([0x4e, 0x67, 0x75, 0x79, 0xea, 0xde, 0x6e, 0x3b, 0x30, 0x0d, 0x0a]);
    await expect(rowsOf(await fileWith(Buffer.concat([start, windows1258])))).rejects.toMatchObject({
      code: 'import.undecodable',
      details: { params: { row: 20_002 } },
    });
    expect(await faultOfContent(Buffer.from([0xff, 0xfe, 0x41, 0x00, 0x00, 0xd8, 0x41, 0x00]))).toBe(
      'import.undecodable',
    );
  });

  it('says how it was read, and is read otherwise by choice', async () => {
    const path = await fileWith(
      Buffer.from([...Buffer.from('Ho ten;SDT\r\nNguy'), 0xea, 0xde, 0x6e, ...Buffer.from(' An;0912345678\r\n')]),
    );
    const opened = await opening(path, 'ds.csv');
    expect(opened).toMatchObject({ format: 'csv', sheet: null, sheets: [], coding: 'windows-1258', delimiter: ';' });
    expect(opened.all.at(-1)!.cells).toEqual(['Nguyễn An', '0912345678']);
    expect((await opening(path, 'ds.csv', { coding: 'tcvn3' })).coding).toBe('tcvn3');
  });

  it('past a limit is refused', async () => {
    const path = await fileWith(`Họ tên;SĐT\n${'An;0912345678\n'.repeat(10)}`);
    expect(await rowsOf(path, 'a.csv', { maxRows: 11 })).toHaveLength(11);
    expect(await faultOf(rowsOf(path, 'a.csv', { maxRows: 10 }))).toBe('import.too-many-rows');
    expect(await faultOf(rowsOf(path, 'a.csv', { maxColumns: 1 }))).toBe('import.too-many-columns');
    expect(await faultOf(rowsOf(path, 'a.csv', { maxUncompressedBytes: 100 }))).toBe('import.unpacked-too-large');
    await expect(rowsOf(path, 'a.csv', { maxCellLength: 9 })).rejects.toMatchObject({
      code: 'import.cell-too-long',
      details: { params: { cell: 'B2' } },
    });
  });
});

describe('a file that is not what its name says', () => {
  const rows = [
    ['Họ tên', 'SĐT'],
    ['An', '0912345678'],
  ];

  it('is refused when text calls itself a workbook, or a workbook calls itself text', async () => {
    const refused = { code: 'import.not-what-its-name-says' };
    await expect(rowsOf(await fileWith('Họ tên;SĐT\nAn;0912345678\n'), 'ds.xlsx')).rejects.toMatchObject(refused);
    await expect(rowsOf(await xlsxWith(textWorkbook(rows)), 'ds.csv')).rejects.toMatchObject(refused);
  });

  it('is read by its content when the name promises nothing', async () => {
    expect(await rowsOf(await fileWith('Họ tên;SĐT\nAn;0912345678\n'), 'danh sách')).toHaveLength(2);
    expect((await rowsOf(await xlsxWith(textWorkbook(rows)), 'ds')).map(({ cells }) => cells)).toEqual(rows);
  });

  it.each([
    [
      'a web page that calls itself a workbook',
      '<html><body><table><tr><td>SĐT</td></tr></table>',
      'ds.xls',
      'import.html-file',
    ],
    ['a table of a web page', '\uFEFF\r\n<TABLE border=1><tr><td>SĐT</td></tr>', 'ds.xlsx', 'import.html-file'],
    ['a saved web page', 'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n', 'ds.xls', 'import.html-file'],
    [
      'a workbook in XML of 2003',
      '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
      'ds.xls',
      'import.xml-spreadsheet',
    ],
    [
      'a flat OpenDocument table',
      '<?xml version="1.0"?>\n<office:document xmlns:office="x">',
      'ds.xml',
      'import.xml-spreadsheet',
    ],
    ['a SYLK table', 'ID;PWXL;N;E\r\nC;Y1;X1;K"SĐT"\r\n', 'ds.slk', 'import.not-a-spreadsheet'],
    ['other XML', '<?xml version="1.0"?><rss/>', 'rss.xml', 'import.not-a-spreadsheet'],
    ['a PDF', '%PDF-1.7\n', 'ds.pdf', 'import.not-a-spreadsheet'],
    ['a PDF that calls itself a workbook', '%PDF-1.7\n', 'ds.xlsx', 'import.not-what-its-name-says'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'ds.png', 'import.not-a-spreadsheet'],
    ['rubbish', Buffer.from([1, 2, 3, 0, 0, 7, 200, 255]), 'ds.csv', 'import.not-what-its-name-says'],
  ])('is refused: %s', async (_, content, name, code) => {
    expect(await faultOfContent(content, name)).toBe(code);
  });

  it.each([
    ['an old Excel workbook without any content', ['Root Entry', 'Workbook'], 'import.not-what-its-name-says'],
    [
      'a workbook behind a password, whose directory takes two sectors',
      ['Root Entry', '\u0006DataSpaces', 'Version', 'DataSpaceMap', 'EncryptionInfo', 'EncryptedPackage'],
      'import.encrypted',
    ],
    ['a Word document', ['Root Entry', 'WordDocument'], 'import.not-what-its-name-says'],
  ])('is refused: %s', async (_, entries, code) => {
    expect(await faultOfContent(compoundFile(entries), 'ds.xlsx')).toBe(code);
  });

  it('is refused: a compound file cut off after its header', async () => {
    expect(await faultOfContent(compoundFile(['Root Entry', 'Workbook']).subarray(0, 520), 'ds.xls')).toBe(
      'import.not-what-its-name-says',
    );
  });

  it.each([
    [
      'an OpenDocument table without any content',
      { mimetype: 'application/vnd.oasis.opendocument.spreadsheet' },
      'import.damaged-file',
    ],
    [
      'a Word document',
      { '_rels/.rels': relationTo('word/document.xml'), 'word/document.xml': '<document/>' },
      'import.not-what-its-name-says',
    ],
    [
      'a binary workbook',
      { '_rels/.rels': relationTo('xl/workbook.bin'), 'xl/workbook.bin': 'x' },
      'import.xlsb-not-supported',
    ],
    ['a zip file of something', { 'ds.xlsx': 'x' }, 'import.not-what-its-name-says'],
  ])('is refused: %s', async (_, parts, code) => {
    const path = join(folder, 'zip');
    await writeZip(path, parts as Record<string, string>);
    expect(await faultOf(rowsOf(path, 'ds.xlsx'))).toBe(code);
  });
});

describe('reading that ends early', () => {
  it('leaves no file open', async () => {
    const openFiles = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
    const rows = Array.from({ length: 20_000 }, (_, at) => [`An ${at}`, '0912345678']);
    const old = utils.book_new();
    utils.book_append_sheet(old, utils.aoa_to_sheet(rows.slice(0, 3_000)), 'A');
    const paths = [
      await fileWith(write(old, { type: 'buffer', bookType: 'biff8' }) as Buffer),
      await xlsxWith(textWorkbook(rows)),
      await fileWith(rows.map((cells) => cells.join(';')).join('\n')),
      await fileWith((await readFile(await xlsxWith(textWorkbook(rows)))).subarray(0, 9_000)),
    ];
    const before = await openFiles();
    for (const path of paths.flatMap((path) => Array<string>(5).fill(path))) {
      await (async () => {
        for await (const batch of readSheet(path, 'ds', LIMITS)) if (batch.length > 0) break;
      })().catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await openFiles()).toBeLessThanOrEqual(before + 1);
  });
});

function relationTo(part: string): string {
  return `<Relationships><Relationship Id="rId1" Type="http://x/officeDocument" Target="${part}"/></Relationships>`;
}

/** A compound file with an empty stream for each name, directory sectors of four entries after one sector of links. */
function compoundFile(names: readonly string[]): Buffer {
  const sectors = Math.ceil(names.length / 4);
  const file = Buffer.alloc(512 * (2 + sectors), 0);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(file);
  file.writeUInt16LE(9, 30);
  file.writeUInt32LE(1, 48); // directory begins in sector 1
  file.fill(0xff, 76, 512);
  file.writeUInt32LE(0, 76); // links in sector 0
  file.fill(0xff, 512, 1024);
  for (let at = 1; at <= sectors; at += 1) file.writeUInt32LE(at === sectors ? 0xfffffffe : at + 1, 512 + 4 * at);
  names.forEach((name, at) => {
    const entry = 1024 + at * 128;
    file.write(name, entry, 'utf16le');
    file.writeUInt16LE(name.length * 2 + 2, entry + 64);
  });
  return file;
}
