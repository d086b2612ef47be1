import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { encode } from 'iconv-lite';
import { encodeTcvn3, encodeVni, encodeWindows1258 } from '../../../../test/subscribers/old-codings';
import type { TextCoding } from '../legacy/text-coding';
import type { ReadLimits, SheetRow } from '../sheet-row';
import { openCsv } from './open-csv';

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
  folder = await mkdtemp(join(tmpdir(), 'tinluat-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Buffer, coding?: TextCoding) {
  files += 1;
  const path = join(folder, String(files));
  await writeFile(path, content);
  const opened = await openCsv(path, { coding }, LIMITS);
  const rows: SheetRow[] = [];
  for await (const batch of opened.rows()) rows.push(...batch);
  return { ...opened, again: opened.rows, cells: rows.map(({ cells }) => cells) };
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
/** A capital with a tone, which TCVN3 has not, stands in the area only where its coding has it. */
const office = (delimiter: string): string =>
  ['Họ và tên', 'Số điện thoại', 'Xã/phường'].join(delimiter) +
  `\r\n${['Nguyễn Văn Tấn', '0912345678', 'Vĩnh Hòa'].join(delimiter)}` +
  `\r\n${['Lê Phượng', '0387654321', 'Mỹ Đức'].join(delimiter)}` +
  `\r\n${['Đặng Thị Mỹ', '0987654321', 'Ô Lâm'].join(delimiter)}\r\n`;
const OFFICE_ROWS = office(';')
  .trim()
  .split('\r\n')
  .map((line) => line.split(';'));

const CODINGS: readonly (readonly [TextCoding, string, (text: string) => Buffer])[] = [
  ['utf-8', 'UTF-8', (text) => Buffer.from(text)],
  ['utf-8', 'UTF-8 with its mark', (text) => Buffer.from(BOM + text)],
  ['utf-16le', 'UTF-16, as Excel saves "Unicode text"', (text) => encode(BOM + text, 'utf16le')],
  ['utf-16be', 'UTF-16 with the high byte first', (text) => encode(BOM + text, 'utf16be')],
  ['utf-16le', 'UTF-16 without its mark', (text) => encode(text, 'utf16le')],
  ['utf-16be', 'UTF-16 with the high byte first, without its mark', (text) => encode(text, 'utf16be')],
  ['windows-1258', 'windows-1258, the "ANSI" of a Vietnamese Windows', encodeWindows1258],
  ['tcvn3', 'TCVN3', (text) => latin1(encodeTcvn3(text))],
  ['vni', 'VNI', (text) => latin1(encodeVni(text))],
  ['tcvn3', 'TCVN3 that Excel saved as "CSV UTF-8"', (text) => Buffer.from(BOM + encodeTcvn3(text))],
  ['vni', 'VNI that Excel saved as "CSV UTF-8"', (text) => Buffer.from(BOM + encodeVni(text))],
  ['tcvn3', 'TCVN3 that Excel saved as "Unicode text"', (text) => encode(BOM + encodeTcvn3(text), 'utf16le')],
  ['vni', 'VNI in UTF-16 without its mark', (text) => encode(encodeVni(text), 'utf16le')],
];

describe.each(CODINGS)('a file in %s: %s', (coding, _, encoded) => {
  it.each([';', '\t', ','])('is read and told, divided by %j', async (delimiter) => {
    const file = await read(encoded(office(delimiter)));
    expect(file.cells).toEqual(OFFICE_ROWS);
    expect(file).toMatchObject({ coding, delimiter });
    expect(file.codingGuesses[0]).toEqual({ coding, share: 1 });
  });

  it('is read below a line that tells the delimiter', async () => {
    const file = await read(encoded(`sep=|\r\n${office('|')}`));
    expect(file.cells).toEqual(OFFICE_ROWS);
    expect(file.delimiter).toBe('|');
  });

  it('of many pieces is read to its last letter', async () => {
    const lines = Array.from({ length: 6_000 }, (_, at) => `${at};nguyễn phượng ưu ${'ệ'.repeat(at % 7)};0912345678`);
    const file = await read(encoded(`Số;Họ và tên;Điện thoại\n${lines.join('\n')}`));
    expect(file.cells.slice(1).map((cells) => cells.join(';'))).toEqual(lines);
  });

  it('has its coding guessed right and its names exactly, whatever they are', async () => {
    const word = fc.constantFrom(
      ...(
        'Nguyễn Trần Lê Phạm Huỳnh Hoàng Võ Vũ Phan Trương Bùi Đặng Đỗ Ngô Hồ Dương Đinh Thị Văn Hữu Đức Ngọc Bích Tuyết ' +
        'Hồng Mỹ Thùy Phượng Hằng Hạnh Tuấn Dũng Hùng Cường Khuê Quý Giàu Nghĩa Thủy Trọng Khải Việt Hiếu Bảy Chín Mười'
      ).split(' '),
    );
    const name = fc.array(word, { minLength: 2, maxLength: 4 }).map((words) => words.join(' '));
    const names = fc.array(name, { minLength: 20, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(names, async (list) => {
        const file = await read(encoded(`Ten;SDT\n${list.map((each) => `${each};0912345678`).join('\n')}`));
        expect(file.coding).toBe(coding);
        expect(file.cells.slice(1).map(([each]) => each)).toEqual(list);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a capital with a tone', () => {
  it.each(CODINGS.filter(([coding]) => coding !== 'tcvn3'))('is kept by %s: %s', async (_, __, encoded) => {
    expect((await read(encoded('Họ và tên;SĐT\nNguyễn Văn Ấn;0912345678\n'))).cells[1]).toEqual([
      'Nguyễn Văn Ấn',
      '0912345678',
    ]);
  });

  it('is lost in TCVN3, unless all the name was typed in capitals', async () => {
    const file = await read(latin1(encodeTcvn3('Họ và tên;SĐT\nNguyễn Văn Ấn;0912345678\nĐẶNG THỊ TỴ;0387654321\n')));
    expect(file.cells.slice(1).map(([name]) => name)).toEqual(['Nguyễn Văn ấn', 'ĐẶNG THỊ TỴ']);
  });
});

describe('the guess', () => {
  it('of plain letters is UTF-8, and nothing else is proposed', async () => {
    const file = await read('Ho ten;SDT\nNguyen Van An;0912345678\n');
    expect(file.codingGuesses).toEqual([{ coding: 'utf-8', share: 1 }]);
  });

  it('names the other codings of its bytes, the likeliest first', async () => {
    const file = await read(encodeWindows1258(office(';')));
    expect(file.codingGuesses.map(({ coding }) => coding).sort()).toEqual(['tcvn3', 'vni', 'windows-1258']);
    const shares = file.codingGuesses.map(({ share }) => share);
    expect(shares).toEqual([...shares].sort((a, b) => b - a));
  });

  it('is the same wherever the bytes that are looked at end, be it within a letter', async () => {
    const lines = `${encodeTcvn3('Nguyễn Thị Đặng Phượng')}\n`.repeat(2_600);
    const letters = Array.from({ length: 28 }, (_, at) => `${'a'.repeat(at)}\n${lines}`);
    for (const text of letters) expect((await read(text)).coding).toBe('tcvn3');
  });

  it('is not asked where a person chose', async () => {
    const bytes = latin1(encodeVni('Ten;SDT\nMĩ;0387654321\n'));
    expect((await read(bytes, 'vni')).cells[1]).toEqual(['Mĩ', '0387654321']);
    expect((await read(bytes, 'windows-1258')).coding).toBe('windows-1258');
    const inUtf8 = await read(Buffer.from(BOM + encodeTcvn3(office(';'))), 'utf-8');
    expect(inUtf8.coding).toBe('utf-8');
    expect(inUtf8.cells[0]![0]).toBe(encodeTcvn3('Họ và tên'));
    expect(inUtf8.codingGuesses[0]!.coding).toBe('tcvn3');
  });

  it('keeps what is Unicode already in a file of two codings, when the old one is chosen', async () => {
    const content = `Họ và tên;SĐT;Phường\n${encodeTcvn3('Nguyễn Phượng')};0912345678;Mỹ Đức\n`;
    expect((await read(content)).codingGuesses.map(({ coding }) => coding)).toEqual(['utf-8', 'tcvn3']);
    const file = await read(content, 'tcvn3');
    expect(file.cells).toEqual([
      ['Họ và tên', 'SĐT', 'Phường'],
      ['Nguyễn Phượng', '0912345678', 'Mỹ Đức'],
    ]);
  });

  it('does not hinder rows from being read twice', async () => {
    const file = await read(latin1(encodeVni(office(';'))));
    const again: SheetRow[] = [];
    for await (const batch of file.again()) again.push(...batch);
    expect(again.map(({ cells }) => cells)).toEqual(file.cells);
  });
});

describe('a file with bytes that are no letter of its coding', () => {
  const lines = (count: number): string => 'Nguyễn Văn Ân;0912345678\n'.repeat(count);
  const fault = (row: number) => ({ code: 'import.undecodable', details: { params: { row } } });

  it('is refused at the row where they are, not before', async () => {
    const utf8 = Buffer.concat([Buffer.from(lines(9_000)), latin1('Lê\n'), Buffer.from(lines(9_000))]);
    await expect(read(utf8)).rejects.toMatchObject(fault(9_001));
    const ansi = Buffer.concat([encodeWindows1258(lines(9_000)), Buffer.from([0x41, 0x8a, 0x0a])]);
    await expect(read(ansi)).rejects.toMatchObject(fault(9_001));
    const vni = Buffer.concat([latin1(encodeVni(lines(9_000))), Buffer.from([0x41, 0x81, 0x0a])]);
    await expect(read(vni)).rejects.toMatchObject(fault(9_001));
    const utf16 = Buffer.concat([encode(lines(9_000), 'utf16le'), Buffer.from([0x00, 0xd8, 0x41, 0x00])]);
    await expect(read(utf16)).rejects.toMatchObject(fault(9_001));
  });

  it('near its beginning is refused there too, and not taken for an old coding', async () => {
    const bytes = Buffer.concat([Buffer.from(lines(3)), latin1('Lê\n'), Buffer.from(lines(3))]);
    await expect(read(bytes)).rejects.toMatchObject(fault(4));
    await expect(read(encodeWindows1258(office(';')), 'utf-8')).rejects.toMatchObject(fault(1));
  });
});

it('an apostrophe and dashes of Word stay what they are beside letters of the old fonts', async () => {
  const bytes = Buffer.concat([
    latin1(encodeVni('Họ và tên;Ghi chú\nĐặng Mỹ;ấp ')),
    Buffer.from([0x93, 0x31, 0x94, 0x96]),
  ]);
  expect((await read(bytes)).cells[1]).toEqual(['Đặng Mỹ', 'ấp “1”–']);
});
