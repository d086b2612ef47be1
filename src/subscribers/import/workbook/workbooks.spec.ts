import { type BookType, type CellObject, utils, type WorkBook, write } from '@e965/xlsx';
import { faultOf, Workbooks } from '../../../../test/subscribers/open-workbook';

const workbooks = new Workbooks();
afterAll(() => workbooks.remove());

type Value = string | number | boolean | null | CellObject;

function bookOf(
  sheets: Readonly<Record<string, readonly (readonly Value[])[]>>,
  hidden: readonly string[] = [],
): WorkBook {
  const book = utils.book_new();
  for (const [name, rows] of Object.entries(sheets)) {
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows as Value[][]), name);
  }
  const about = Object.keys(sheets).map((name) => ({
    name,
    Hidden: hidden.includes(name) ? (1 as const) : (0 as const),
  }));
  book.Workbook = { Sheets: about };
  return book;
}

const written = (book: WorkBook, bookType: BookType): Buffer => write(book, { type: 'buffer', bookType }) as Buffer;
const NAME_OF: Partial<Record<BookType, string>> = { biff8: 'ds.xls', biff5: 'ds.xls', ods: 'ds.ods', xlsx: 'ds.xlsx' };
const FORMATS: readonly (readonly [BookType, string])[] = [
  ['biff8', 'xls'],
  ['ods', 'ods'],
  ['xlsx', 'xlsx'],
];

const date = (v: number): CellObject => ({ t: 'n', v, z: '[$-42A]dd/mm/yyyy;@' });
const HEADER = ['STT', 'Họ và tên', 'Số điện thoại', 'Ngày sinh'];

describe.each(FORMATS)('a workbook written as %s', (type, format) => {
  const open = (book: WorkBook, choice = {}) => workbooks.open(written(book, type), NAME_OF[type]!, choice);

  it('keeps the row numbers that Excel shows, without the empty rows, and titles merged over columns once', async () => {
    const book = bookOf({ A: [['DANH SÁCH CỬ TRI'], [], HEADER, [], [1, 'An', '0912345678']] });
    book.Sheets.A!['!merges'] = [utils.decode_range('A1:D1')];
    expect((await open(book)).all).toEqual([
      { rowNumber: 1, cells: ['DANH SÁCH CỬ TRI'] },
      { rowNumber: 3, cells: HEADER },
      { rowNumber: 5, cells: ['1', 'An', '0912345678'] },
    ]);
  });

  it('repeats the value of a cell merged over several rows', async () => {
    const book = bookOf({
      A: [
        ['Xã', 'SĐT'],
        ['Vĩnh Hòa', '0912345678'],
        [null, '0912345679'],
        ['Phú Hữu', '0912345670'],
      ],
    });
    book.Sheets.A!['!merges'] = [utils.decode_range('A2:A3')];
    expect((await open(book)).cells.slice(1)).toEqual([
      ['Vĩnh Hòa', '0912345678'],
      ['Vĩnh Hòa', '0912345679'],
      ['Phú Hữu', '0912345670'],
    ]);
  });

  it('is read at the first sheet with content, or at the one that is chosen', async () => {
    const book = bookOf({ Trống: [], 'Ấp 1': [['một']], 'Ấp 2': [['hai']] });
    const found = await open(book);
    expect(found).toMatchObject({ format, sheet: 'Ấp 1', coding: 'unicode', delimiter: null, cells: [['một']] });
    expect(found.sheets.map(({ name }) => name)).toEqual(['Trống', 'Ấp 1', 'Ấp 2']);
    expect(await open(book, { sheet: 'Ấp 2' })).toMatchObject({ sheet: 'Ấp 2', cells: [['hai']] });
    await expect(open(book, { sheet: 'Ấp 3' })).rejects.toMatchObject({
      code: 'import.no-such-sheet',
      details: { field: 'sheet', params: { sheets: '"Trống", "Ấp 1", "Ấp 2"' } },
    });
    expect(await faultOf(open(book, { sheet: 'Trống' }))).toBe('import.empty-chosen-sheet');
    expect(await faultOf(open(bookOf({ A: [], B: [[' ']] })))).toBe('import.empty-sheet');
  });

  it('is refused past the limits of rows, columns and length of a cell, naming the place', async () => {
    const book = written(bookOf({ A: [HEADER, ['1', 'An', 'x'.repeat(100)]] }), type);
    const opening = (limits: object) => faultOf(workbooks.open(book, NAME_OF[type]!, {}, limits));
    expect(await opening({ maxRows: 1 })).toBe('import.too-many-rows');
    expect(await opening({ maxColumns: 3 })).toBe('import.too-many-columns');
    expect(await opening({ maxCellLength: 99 })).toBe('import.cell-too-long');
    expect(
      (await workbooks.open(book, NAME_OF[type]!, {}, { maxRows: 2, maxColumns: 4, maxCellLength: 100 })).all,
    ).toHaveLength(2);
  });

  it('is read in batches, every row of thousands right', async () => {
    const rows = Array.from({ length: 5_000 }, (_, at) => [at, `Nguyễn Thị Phượng ${at}`, `0${912_000_000 + at}`]);
    const { cells } = await open(bookOf({ A: rows }));
    expect(cells).toEqual(rows.map((row) => row.map(String)));
  });

  it('of another name than its kind is refused as text and read as a workbook', async () => {
    const content = written(bookOf({ A: [['một']] }), type);
    expect(await faultOf(workbooks.open(content, 'ds.csv'))).toBe('import.not-what-its-name-says');
    expect((await workbooks.open(content, 'danh sách')).format).toBe(format);
  });
});

/* What the library does not write into an .ods: see ods.spec.ts. */
describe.each(FORMATS.filter(([type]) => type !== 'ods'))('a workbook written as %s by Excel', (type) => {
  const open = (book: WorkBook, choice = {}) => workbooks.open(written(book, type), NAME_OF[type]!, choice);

  it('gives numbers in all their digits, days, results of formulas, truth values and errors', async () => {
    const book = bookOf({
      'Danh sách': [
        HEADER,
        [1, 'Nguyễn Văn Phượng', 912345678, date(44339)],
        [2.5, 'Trần Thị Bé', '0387654321', { t: 'n', v: 44339.3125, z: 'dd/mm/yyyy hh:mm' }],
        [3, { t: 's', v: 'Tám', f: '"T"&"ám"' }, 84912345678, true],
        [1e21, { t: 'n', v: 7, f: '3+4' }, { t: 'e', v: 0x2a, w: '#N/A' }, false],
      ],
    });
    expect((await open(book)).cells).toEqual([
      HEADER,
      ['1', 'Nguyễn Văn Phượng', '912345678', '2021-05-23'],
      ['2.5', 'Trần Thị Bé', '0387654321', '2021-05-23T07:30:00'],
      ['3', 'Tám', '84912345678', 'TRUE'],
      ['1e+21', '7', '#N/A', 'FALSE'],
    ]);
  });

  it('has hidden sheets, which are told and left alone, even where they are chosen', async () => {
    const book = bookOf({ Nháp: [['ẩn']], 'Danh sách': [['một']] }, ['Nháp']);
    expect(await open(book)).toMatchObject({
      sheet: 'Danh sách',
      sheets: [
        { name: 'Nháp', hidden: true },
        { name: 'Danh sách', hidden: false },
      ],
    });
    expect(await faultOf(open(book, { sheet: 'Nháp' }))).toBe('import.hidden-sheet');
    expect(await faultOf(open(book, { sheet: 'Khác' }))).toBe('import.no-such-sheet');
  });
});

it('a workbook of Excel 5 is read', async () => {
  const book = bookOf({
    A: [
      ['STT', 'SDT'],
      [1, 912345678],
    ],
  });
  expect(await workbooks.open(written(book, 'biff5'), 'ds.xls')).toMatchObject({
    format: 'xls',
    cells: [
      ['STT', 'SDT'],
      ['1', '912345678'],
    ],
  });
});

it('an .xls that counts its days from 1904 gives the days that Excel shows', async () => {
  const book = bookOf({ A: [[date(44339 - 1462)]] });
  book.Workbook!.WBProps = { date1904: true };
  expect((await workbooks.open(written(book, 'biff8'), 'ds.xls')).cells).toEqual([['2021-05-23']]);
});
