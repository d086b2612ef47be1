import { utils, write } from '@e965/xlsx';
import { type CellValue, Workbook } from 'exceljs';
import { encodeTcvn3, encodeVni } from '../../../../test/subscribers/old-codings';
import { faultOf, Workbooks } from '../../../../test/subscribers/open-workbook';

const workbooks = new Workbooks();
afterAll(() => workbooks.remove());

interface Styled {
  readonly font: string;
  readonly value: CellValue;
}

const inFont = (font: string, value: CellValue): Styled => ({ font, value });
const tcvn3 = (text: string): Styled => inFont('.VnTime', encodeTcvn3(text));
const capitals = (text: string): Styled => inFont('.VnTimeH', encodeTcvn3(text.toLowerCase()));
const vni = (text: string): Styled => inFont('VNI-Times', encodeVni(text));
const unicode = (text: string | number): Styled => inFont('Times New Roman', text);

async function xlsx(rows: readonly (readonly Styled[])[]): Promise<Buffer> {
  const book = new Workbook();
  const sheet = book.addWorksheet('Danh sách');
  rows.forEach((cells, row) =>
    cells.forEach(({ font, value }, column) => {
      const cell = sheet.getCell(row + 1, column + 1);
      cell.value = value;
      cell.font = { name: font };
    }),
  );
  return Buffer.from(await book.xlsx.writeBuffer());
}

const open = async (rows: readonly (readonly Styled[])[], choice = {}) =>
  workbooks.open(await xlsx(rows), 'ds.xlsx', choice);
const NAMES = ['Nguyễn Văn Phượng', 'Trần Thị Bé', 'Đặng Hữu Nghĩa', 'Lê Quốc Thắng', 'Huỳnh Mỹ Ngọc'];

describe('a workbook in old fonts', () => {
  it('is read by the font of each cell, and says so', async () => {
    const opened = await open([
      [capitals('Danh sách cử tri'), unicode('Xã Vĩnh Hòa')],
      [tcvn3('Họ và tên'), unicode('Số điện thoại')],
      ...NAMES.map((name, at) => [tcvn3(name), inFont('.VnTime', 912345670 + at), vni(name), unicode(name)]),
    ]);
    expect(opened.cells).toEqual([
      ['DANH SÁCH CỬ TRI', 'Xã Vĩnh Hòa'],
      ['Họ và tên', 'Số điện thoại'],
      ...NAMES.map((name, at) => [name, String(912345670 + at), name, name]),
    ]);
    expect(opened.coding).toBe('tcvn3');
    expect(opened.codingGuesses[0]).toEqual({ coding: 'tcvn3', share: 1 });
  });

  it('is read by the font of each piece of a cell, and by that of the cell where a piece has none', async () => {
    const pieces = (...richText: { text: string; font?: { name: string } }[]): CellValue => ({ richText });
    const rows = [
      [inFont('.VnTime', pieces({ text: encodeTcvn3('Trần ') }, { text: 'Thị Bé', font: { name: 'Arial' } }))],
      [inFont('Arial', pieces({ text: 'Đặng ' }, { text: encodeVni('Hữu Nghĩa'), font: { name: 'VNI-Helve' } }))],
      [
        inFont(
          '.VnTime',
          pieces({ text: encodeTcvn3('Lê ') }, { text: encodeTcvn3('quốc'), font: { name: '.VnArialH' } }),
        ),
      ],
      [inFont('Arial', pieces({ text: 'Hà ' }, { text: 'Võ', font: { name: 'Calibri' } }))],
      [inFont('.VnTime', pieces({ text: encodeTcvn3('Mỹ ') }, { text: 'Hà à', font: { name: 'Calibri' } }))],
    ];
    const expected = [['Trần Thị Bé'], ['Đặng Hữu Nghĩa'], ['Lê QUỐC'], ['Hà Võ'], ['Mỹ Hà à']];
    expect((await open(rows)).cells).toEqual(expected);
  });

  it('is read by the font in results of formulas, too', async () => {
    const formula = inFont('.VnTime', { formula: 'A2&B2', result: encodeTcvn3('Nguyễn Phượng') });
    expect((await open([[formula]])).cells).toEqual([['Nguyễn Phượng']]);
  });

  it('is read whole or not at all, although its text has fewer letters in the end', async () => {
    const long = encodeVni('ườ'.repeat(250));
    expect(long).toHaveLength(750);
    const written = await xlsx([[inFont('VNI-Times', long)]]);
    const { cells } = await workbooks.open(written, 'ds.xlsx', {}, { maxCellLength: 750 });
    expect(cells[0]![0]).toBe('ườ'.repeat(250));
    const refused = workbooks.open(written, 'ds.xlsx', {}, { maxCellLength: 600 });
    expect(await faultOf(refused)).toBe('import.cell-too-long');
  });

  it('is Unicode where most text in such fonts is, because somebody converted the text and left the fonts', async () => {
    const typed = [...NAMES, 'Hà', 'Vân'].map((name) => [inFont('.VnTime', name)]);
    const opened = await open(typed);
    expect(opened.cells.flat()).toEqual([...NAMES, 'Hà', 'Vân']);
    expect(opened.coding).toBe('unicode');
  });

  it('is read otherwise by choice, and in the same way where the guess is chosen', async () => {
    const rows = [[capitals('Danh sách')], ...NAMES.map((name) => [tcvn3(name), unicode('Hà'), vni('Hòa')])];
    const guessed = await open(rows);
    expect(guessed.cells[1]).toEqual([NAMES[0], 'Hà', 'Hòa']);
    expect((await open(rows, { coding: guessed.coding })).cells).toEqual(guessed.cells);
    const asStored = await open(rows, { coding: 'unicode' });
    expect(asStored).toMatchObject({ coding: 'unicode', codingGuesses: guessed.codingGuesses });
    expect(asStored.cells[1]).toEqual([encodeTcvn3(NAMES[0]!), 'Hà', encodeVni('Hòa')]);
    expect((await open(rows, { coding: 'vni' })).cells.at(-1)![2]).toBe('Hòa');
  });

  it('only far down is read by the font there, also where the guess is chosen', async () => {
    const rows = [
      [inFont('.VnTimeH', 'stt')],
      ...Array.from({ length: 3_000 }, (_, at) => [unicode(`Nguyễn Văn An ${at}`)]),
      ...NAMES.map((name) => [tcvn3(name)]),
    ];
    for (const choice of [{}, { coding: 'unicode' }]) {
      const opened = await open(rows, choice);
      expect(opened.coding).toBe('unicode');
      expect(opened.cells[0]).toEqual(['STT']);
      expect(opened.cells.slice(-5).flat()).toEqual(NAMES);
    }
  });
});

describe('a workbook whose fonts tell nothing', () => {
  const list = (encode: (text: string) => string): string[][] => [
    ['Họ và tên', 'Số điện thoại', 'Ấp'].map(encode),
    ...NAMES.map((name, at) => [encode(name), `091234567${at}`, encode('ấp Vĩnh Phước')]),
  ];
  const files: readonly (readonly [string, 'biff8' | 'ods' | 'xlsx'])[] = [
    ['ds.xls', 'biff8'],
    ['ds.ods', 'ods'],
    ['ds.xlsx', 'xlsx'],
  ];
  const fileOf = (rows: string[][], bookType: 'biff8' | 'ods' | 'xlsx'): Buffer => {
    const book = utils.book_new();
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows), 'A');
    return write(book, { type: 'buffer', bookType }) as Buffer;
  };

  it.each(files)('%s is read by what its letters spell', async (name, type) => {
    for (const [coding, encode] of [
      ['tcvn3', encodeTcvn3],
      ['vni', encodeVni],
    ] as const) {
      const opened = await workbooks.open(fileOf(list(encode), type), name);
      expect(opened.coding).toBe(coding);
      expect(opened.cells.slice(1)).toEqual(list((text) => text).slice(1));
      const again = await workbooks.open(fileOf(list(encode), type), name, { coding });
      expect(again.cells).toEqual(opened.cells);
      const asStored = await workbooks.open(fileOf(list(encode), type), name, { coding: 'unicode' });
      expect(asStored.cells).toEqual(list(encode));
    }
    const plain = await workbooks.open(
      fileOf(
        list((text) => text),
        type,
      ),
      name,
    );
    expect(plain).toMatchObject({ coding: 'unicode', cells: list((text) => text) });
  });
});
