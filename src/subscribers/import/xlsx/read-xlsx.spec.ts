import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Parts,
  textWorkbook,
  type WorkbookSource,
  workbookParts,
  writeZip,
} from '../../../../test/subscribers/make-xlsx';
import type { ReadLimits, SheetRow } from '../sheet-row';
import { OfficePackage } from './package';
import { openXlsx } from './read-xlsx';

const LIMITS: ReadLimits = {
  maxRows: 1000,
  maxCellLength: 500,
  maxColumns: 20,
  maxUncompressedBytes: 20 * 1024 * 1024,
};

async function* readXlsx(path: string, limits: ReadLimits, useless: () => Error): AsyncGenerator<SheetRow[]> {
  const zip = await OfficePackage.open(path, limits.maxUncompressedBytes);
  try {
    const { first, rest } = await openXlsx(zip, limits, { fontsBelieved: true }, useless);
    yield first;
    yield* rest;
  } finally {
    zip.close();
  }
}

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tinluat-xlsx-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(parts: Parts): Promise<string> {
  files += 1;
  const path = join(folder, `${files}.xlsx`);
  await writeZip(path, parts);
  return path;
}

async function read(source: WorkbookSource | Parts | string, limits: Partial<ReadLimits> = {}): Promise<SheetRow[]> {
  const path =
    typeof source === 'string'
      ? source
      : await fileOf('sheets' in source ? workbookParts(source as WorkbookSource) : source);
  const rows: SheetRow[] = [];
  const useless = (): Error => Object.assign(new Error('useless'), { code: 'useless' });
  for await (const batch of readXlsx(path, { ...LIMITS, ...limits }, useless)) rows.push(...batch);
  return rows;
}

/** The cells of the only row of a sheet. */
async function cells(row: string, rest: Partial<WorkbookSource> = {}): Promise<readonly string[]> {
  const rows = await read({ sheets: [{ rows: `<row r="1">${row}</row>` }], ...rest });
  return rows[0]!.cells;
}

const code = (value: string): { code: string } => ({ code: value });

describe('cells of a workbook', () => {
  it.each([
    ['912345678', '912345678'],
    ['9.12345678E8', '912345678'],
    ['9.12345678E+8', '912345678'],
    ['84912345678', '84912345678'],
    ['912345678.0', '912345678'],
    ['0', '0'],
    ['-5', '-5'],
    ['0.30000000000000004', '0.3'],
    ['1.5', '1.5'],
    ['1E21', '1e+21'],
    ['rubbish', 'rubbish'],
  ])('the number %s is read as %s', async (written, text) => {
    expect(await cells(`<c r="A1"><v>${written}</v></c>`)).toEqual([text]);
  });

  it('texts are read shared, inline, in several fonts and without the reading aids of Chinese names', async () => {
    const strings = [
      'Nguyễn Văn An & <Ba>',
      '<si><r><rPr><b/></rPr><t>Trần </t></r><r><t>Thị Bé</t></r></si>',
      '<si><t>課長</t><rPh sb="0" eb="2"><t>カチョウ</t></rPh></si>',
      'hai_x000D_\ndòng, _x005F_x0041_',
    ];
    const row = strings.map((_, at) => `<c r="${'ABCD'[at]}1" t="s"><v>${at}</v></c>`).join('');
    const inline =
      '<c r="E1" t="inlineStr"><is><r><t>Lê </t></r><r><t>Văn</t></r></is></c><c r="F1" t="inlineStr"><is><t>Tám</t></is></c>';
    expect(await cells(row + inline, { strings })).toEqual([
      'Nguyễn Văn An & <Ba>',
      'Trần Thị Bé',
      '課長',
      'hai\r\ndòng, _x0041_',
      'Lê Văn',
      'Tám',
    ]);
  });

  it('formulas give their results, errors and truth values their names; a formula without result gives itself', async () => {
    const row =
      '<c r="A1" t="str"><f>"0"&amp;B1</f><v>0912345678</v></c><c r="B1"><f>1+1</f><v>2</v></c><c r="C1" t="e"><v>#N/A</v></c>' +
      '<c r="D1" t="b"><v>1</v></c><c r="E1"><f>CONCAT(A1,B1)</f></c><c r="F1" t="d"><v>2021-05-23</v></c>';
    expect(await cells(row)).toEqual(['0912345678', '2', '#N/A', 'TRUE', '=CONCAT(A1,B1)', '2021-05-23']);
  });

  it('formulas whose result is a text without a letter are empty', async () => {
    const row =
      '<c r="A1" t="str"><f>IF(B1="","",B1)</f><v></v></c><c r="C1" t="str"><f>""</f><v/></c><c r="D1"><v>1</v></c>';
    expect(await cells(row)).toEqual(['', '', '', '1']);
  });

  const styles =
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="[$-42A]dd/mm/yyyy;@"/><numFmt numFmtId="165" formatCode="0000&quot; d &quot;000"/>' +
    '<numFmt numFmtId="166" formatCode="[h]:mm"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
    '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="49"/></cellXfs>';

  it.each([
    [1, '44339', '2021-05-23'],
    [3, '44339', '2021-05-23'],
    [2, '44339.3125', '2021-05-23T07:30:00'],
    [2, '44339.9999999', '2021-05-24'],
    [5, '0.5', '12:00:00'],
    [1, '1', '1900-01-01'],
    [1, '59', '1900-02-28'],
    [1, '60', '1900-02-29'],
    [1, '61', '1900-03-01'],
    [1, '2958465', '9999-12-31'],
    [1, '912345678', '912345678'], // a phone number in a column formatted as date
    [4, '44339', '44339'],
    [6, '44339', '44339'],
    [0, '44339', '44339'],
  ])('a number in style %s, %s, is read as %s', async (style, written, text) => {
    expect(await cells(`<c r="A1" s="${style}"><v>${written}</v></c>`, { styles })).toEqual([text]);
  });

  it('dates of a workbook that counts from 1904 are read right', async () => {
    const row = '<c r="A1" s="1"><v>42877</v></c>';
    expect(await cells(row, { styles, workbookPr: '<workbookPr date1904="1"/>' })).toEqual(['2021-05-23']);
  });

  it('stand in their columns, with or without references; formatted cells without content are none', async () => {
    const numbered = '<c r="B1"><v>1</v></c><c r="D1"><v>2</v></c><c r="E1" s="3"/><c r="XFD1" s="3"/>';
    expect(await cells(numbered)).toEqual(['', '1', '', '2']);
    expect(await cells('<c><v>1</v></c><c/><c><v>2</v></c>')).toEqual(['1', '', '2']);
  });
});

describe('rows of a workbook', () => {
  it('have the numbers that Excel shows, and those without content are left out', async () => {
    const rows =
      '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"/><row r="5"><c r="A5" t="str"><v> </v></c></row><row r="9"><c r="A9"><v>2</v></c></row><row><c><v>3</v></c></row>';
    expect(await read({ sheets: [{ rows }] })).toEqual([
      { rowNumber: 2, cells: ['1'] },
      { rowNumber: 9, cells: ['2'] },
      { rowNumber: 10, cells: ['3'] },
    ]);
  });

  it('come from the first visible sheet that is a table and has content', async () => {
    const sheet = (text: string) => `<row r="1"><c r="A1" t="str"><v>${text}</v></c></row>`;
    const source: WorkbookSource = {
      sheets: [
        { state: 'hidden', rows: sheet('ẩn') },
        { state: 'veryHidden', rows: sheet('ẩn kỹ') },
        { type: 'chartsheet' },
        { rows: '<row r="1"><c r="A1" s="0"/></row>' },
        { rows: sheet('danh sách') },
        { rows: sheet('khác') },
      ],
    };
    expect((await read(source))[0]?.cells).toEqual(['danh sách']);
    await expect(read({ sheets: source.sheets.slice(0, 3) })).rejects.toMatchObject(code('import.no-visible-sheet'));
    await expect(read({ sheets: source.sheets.slice(0, 4) })).rejects.toMatchObject(code('import.empty-sheet'));
    const shown = workbookParts({ sheets: [{ state: 'hidden', rows: sheet('hiện') }] });
    shown['xl/workbook.xml'] = String(shown['xl/workbook.xml']).replace('"hidden"', '"show"'); // as some libraries write
    expect((await read(shown))[0]?.cells).toEqual(['hiện']);
  });

  it('repeat the value of a cell that is merged over them, for as far as they have content of their own', async () => {
    const rows =
      '<row r="1"><c r="A1" t="str"><v>Xã Vĩnh Hòa</v></c><c r="B1"><v>1</v></c></row><row r="2"><c r="A2" s="1"/><c r="B2"><v>2</v></c></row>' +
      '<row r="3"><c r="A3" s="1"/></row><row r="4"><c r="B4"><v>4</v></c></row><row r="5"><c r="B5"><v>5</v></c></row>';
    const after =
      '<mergeCells count="3"><mergeCell ref="A1:A4"/><mergeCell ref="C1:D1"/><mergeCell ref="$B$5:$B$9"/></mergeCells>';
    expect(await read({ sheets: [{ rows, after }] })).toEqual([
      { rowNumber: 1, cells: ['Xã Vĩnh Hòa', '1'] },
      { rowNumber: 2, cells: ['Xã Vĩnh Hòa', '2'] },
      { rowNumber: 4, cells: ['Xã Vĩnh Hòa', '4'] },
      { rowNumber: 5, cells: ['', '5'] },
    ]);
  });

  it('are read from a file that writes prefixes before every name, absolute targets and stored parts', async () => {
    const parts = workbookParts({
      sheets: [
        {
          rows: '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>',
          after: '<mergeCells><mergeCell ref="A1:A2"/></mergeCells>',
        },
      ],
      strings: ['xã'],
    });
    for (const name of ['xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml', 'xl/workbook.xml']) {
      parts[name] = String(parts[name])
        .replace(/<(\/?)(\w)/g, '<$1x:$2')
        .replace('xmlns=', 'xmlns:x=');
    }
    parts['xl/_rels/workbook.xml.rels'] = String(parts['xl/_rels/workbook.xml.rels']).replace(
      'worksheets/',
      '/xl/worksheets/',
    );
    expect(await read(parts)).toEqual([
      { rowNumber: 1, cells: ['xã'] },
      { rowNumber: 2, cells: ['xã', '2'] },
    ]);
  });

  it('are handed over some thousand at a time, texts right in every one of 40,000', async () => {
    const texts = Array.from({ length: 40_000 }, (_, at) => [`Nguyễn Thị Phượng ${at}`, `0${912_000_000 + at}`]);
    const path = await fileOf(workbookParts(textWorkbook(texts)));
    let next = 0;
    for await (const batch of readXlsx(path, { ...LIMITS, maxRows: 50_000 }, () => new Error())) {
      expect(batch.length).toBeLessThan(5_000);
      for (const row of batch) {
        if (row.cells[0] !== texts[next]![0] || row.cells[1] !== texts[next]![1]) throw new Error(`row ${next}`);
        next += 1;
      }
    }
    expect(next).toBe(40_000);
  });
});

it('rows of long texts are handed over before they fill the memory, although their file is small', async () => {
  const row = (at: number) => `<row r="${at}">${'<c t="s"><v>0</v></c>'.repeat(20)}</row>`;
  const rows = Array.from({ length: 5_000 }, (_, at) => row(at + 1)).join('');
  const path = await fileOf(workbookParts({ sheets: [{ rows }], strings: ['x'.repeat(2_000)] }));
  let read = 0;
  for await (const batch of readXlsx(path, { ...LIMITS, maxRows: 10_000, maxCellLength: 2_000 }, () => new Error())) {
    expect(batch.length).toBeLessThan(200);
    read += batch.length;
  }
  expect(read).toBe(5_000);
});

describe('a workbook past a limit', () => {
  const list = textWorkbook([
    ['Họ tên', 'SĐT'],
    ['An', '0912345678'],
    ['Bé', '0387654321'],
  ]);

  it('is refused by rows, columns and length of a cell', async () => {
    expect(await read(list, { maxRows: 3 })).toHaveLength(3);
    await expect(read(list, { maxRows: 2 })).rejects.toMatchObject(code('import.too-many-rows'));
    await expect(read(list, { maxColumns: 1 })).rejects.toMatchObject(code('import.too-many-columns'));
    await expect(read(list, { maxCellLength: 9 })).rejects.toMatchObject({
      code: 'import.cell-too-long',
      details: { params: { cell: 'B2' } },
    });
    const inline = `<c r="A1" t="inlineStr"><is>${'<r><t>0123456789</t></r>'.repeat(100)}</is></c>`;
    await expect(cells(inline)).rejects.toMatchObject(code('import.cell-too-long'));
    await expect(cells(`<c r="A1" t="str"><v>${'x'.repeat(501)}</v></c>`)).rejects.toMatchObject(
      code('import.cell-too-long'),
    );
    await expect(cells('<c r="A1" t="s"><v>0</v></c>', { strings: ['x'.repeat(501)] })).rejects.toMatchObject(
      code('import.cell-too-long'),
    );
  });

  it('is refused by its unpacked size, whatever size it claims and in whichever part', async () => {
    const bomb = '<x/>'.repeat(500_000);
    const limits = { maxUncompressedBytes: 1_000_000 };
    const parts = workbookParts(list);
    for (const name of ['xl/worksheets/sheet1.xml', 'xl/sharedStrings.xml', 'xl/workbook.xml']) {
      const path = await fileOf({ ...parts, [name]: String(parts[name]).replace(/<\/\w+>$/, `${bomb}$&`) });
      const zip = await readFile(path);
      expect(zip.length).toBeLessThan(100_000);
      await expect(read(path, limits)).rejects.toMatchObject(code('import.unpacked-too-large'));
      await writeFile(path, claimingSize(zip, 1000));
      await expect(read(path, limits)).rejects.toMatchObject(code('import.unpacked-too-large'));
    }
  });

  it('counts all parts together', async () => {
    const source = textWorkbook(Array.from({ length: 900 }, (_, at) => [`Tên ${at} `.repeat(20), `${at} `.repeat(40)]));
    const parts = workbookParts(source);
    const bytes = Object.values(parts).reduce((sum, part) => sum + part.length, 0);
    expect(await read(parts, { maxUncompressedBytes: bytes * 2 })).toHaveLength(900);
    await expect(read(parts, { maxUncompressedBytes: Math.floor(bytes * 0.8) })).rejects.toMatchObject(
      code('import.unpacked-too-large'),
    );
  });

  it('is refused where its XML would only fill the memory', async () => {
    const inSheet = (rows: string) => read({ sheets: [{ rows }] });
    await expect(inSheet('<a>'.repeat(500) + '</a>'.repeat(500))).rejects.toMatchObject(code('import.damaged-file'));
    await expect(
      inSheet(`<row r="1"><c r="A1" x="${'A'.repeat(9 * 1024 * 1024)}"><v>1</v></c></row>`),
    ).rejects.toMatchObject(code('import.damaged-file'));
    const merges = Array.from({ length: 100_001 }, (_, at) => `<mergeCell ref="A${at * 2 + 1}:A${at * 2 + 2}"/>`);
    const source = {
      sheets: [
        { rows: '<row r="1"><c r="A1"><v>1</v></c></row>', after: `<mergeCells>${merges.join('')}</mergeCells>` },
      ],
    };
    await expect(read(source)).rejects.toMatchObject(code('import.too-many-merged-cells'));
  });
});

describe('a damaged workbook', () => {
  const parts = workbookParts(
    textWorkbook(Array.from({ length: 500 }, (_, at) => [`Tên ${at}`, `0${912_000_000 + at}`])),
  );

  it('is refused wherever it was cut off', async () => {
    const zip = await readFile(await fileOf(parts));
    for (const share of [0.1, 0.5, 0.9, 0.999]) {
      const path = join(folder, 'cut.xlsx');
      await writeFile(path, zip.subarray(0, Math.floor(zip.length * share)));
      await expect(read(path)).rejects.toMatchObject(code('import.damaged-file'));
    }
  });

  it('is refused before its first row when a byte of it changed', async () => {
    const zip = await readFile(await fileOf(parts));
    const data = zip.indexOf('xl/worksheets/sheet1.xml') + 100;
    for (const at of [data, data + 500, data + 1500]) {
      const path = join(folder, 'flipped.xlsx');
      const changed = Buffer.from(zip);
      changed[at]! ^= 0x10;
      await writeFile(path, changed);
      const first = readXlsx(path, LIMITS, () => new Error())
        [Symbol.asyncIterator]()
        .next();
      await expect(first).rejects.toMatchObject(code('import.damaged-file'));
    }
  });

  it.each([
    ['XML that ends too early', { 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row r="1"><c r="A1"><v>1' }],
    ['XML that is none', { 'xl/worksheets/sheet1.xml': '<worksheet><sheetData></row></sheetData></worksheet>' }],
    ['bytes that are no text', { 'xl/sharedStrings.xml': Buffer.from('3c7373743ee1bb3c2f7373743e', 'hex') }],
    ['a text that is not in the table', { 'xl/sharedStrings.xml': '<sst><si><t>một</t></si></sst>' }],
    [
      'rows out of order',
      { 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row r="2"/><row r="1"/></sheetData></worksheet>' },
    ],
    [
      'a row without a number',
      { 'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row r="x"/></sheetData></worksheet>' },
    ],
    [
      'entities of its own',
      {
        'xl/worksheets/sheet1.xml':
          '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row r="1"><c r="A1" t="str"><v>&e;</v></c></row></sheetData></worksheet>',
      },
    ],
  ])('is refused for %s', async (_, changed) => {
    await expect(read({ ...parts, ...changed } as Parts)).rejects.toMatchObject(code('import.damaged-file'));
  });

  it('whose workbook is missing is refused, and a zip file without one is none', async () => {
    const { 'xl/workbook.xml': _, ...rest } = parts;
    await expect(read(rest)).rejects.toMatchObject(code('import.damaged-file'));
    await expect(read({ 'a.txt': 'a' })).rejects.toMatchObject(code('useless'));
  });

  it('whose parts are encrypted is refused as behind a password', async () => {
    const path = await fileOf(parts);
    const zip = await readFile(path);
    eachDirectoryEntry(zip, (at) => zip.writeUInt16LE(zip.readUInt16LE(at + 8) | 1, at + 8));
    await writeFile(path, zip);
    await expect(read(path)).rejects.toMatchObject(code('import.encrypted'));
  });
});

/** The zip file with another unpacked size in its directory. */
function claimingSize(zip: Buffer, bytes: number): Buffer {
  const changed = Buffer.from(zip);
  eachDirectoryEntry(changed, (at) => changed.writeUInt32LE(bytes, at + 24));
  return changed;
}

function eachDirectoryEntry(zip: Buffer, act: (at: number) => void): void {
  const signature = Buffer.from('504b0102', 'hex');
  for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 4)) act(at);
}
