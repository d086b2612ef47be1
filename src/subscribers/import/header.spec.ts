import fc from 'fast-check';
import type { Fault } from '../../platform/errors';
import { headerOf } from './chosen-header';
import { titleMeaning } from './column-titles';
import { findHeader, type Header } from './header';
import { DEFAULT_SETTINGS } from './import-settings';
import type { SheetRow } from './sheet-row';

/** Rows numbered from 1; an empty array is a row that is left out because it has no content. */
function sheet(...rows: string[][]): SheetRow[] {
  return rows.map((cells, at) => ({ rowNumber: at + 1, cells })).filter(({ cells }) => cells.length > 0);
}

const PERSON = ['1', 'Nguyễn Văn An', '0912345678', 'Vĩnh Hòa'];
const brief = ({ headerRowNumber, firstDataRowNumber, columns }: Header) => ({
  headerRowNumber,
  firstDataRowNumber,
  columns,
});

describe('the header of a list', () => {
  it.each([
    ['Số điện thoại'],
    ['SỐ ĐIỆN THOẠI'],
    ['So dien thoai'],
    ['SĐT'],
    ['S.Đ.T'],
    ['sdt'],
    ['Điện thoại'],
    ['Đ.thoại'],
    ['Điện thoại (di động)'],
    ['ĐTDĐ'],
    ['Số ĐTDĐ'],
    ['Di động'],
    ['Số thuê bao'],
    ['Thuê bao'],
    ['Số điện thoại\nliên hệ'],
    ['Số điện thoại của cử tri'],
    ['SĐT chủ hộ'],
    ['Phone'],
    ['Phone Number'],
    ['Mobile'],
    ['Số điện thoại'.normalize('NFD')],
    ['*Số điện thoại:'],
  ])('has its phone column under %j', (title) => {
    expect(findHeader(sheet(['STT', 'Họ tên', title], PERSON)).columns.phone).toBe(2);
  });

  it.each([
    ['Điện thoại cố định'],
    ['Điện thoại bàn'],
    ['Số điện thoại cơ quan'],
    ['Loại thuê bao'],
    ['Nhà mạng di động'],
    ['Danh sách số điện thoại'],
    ['Số lượng điện thoại'],
    ['Ghi chú'],
    ['Telex'],
  ])('has no phone column under %j', (title) => {
    expect(() => findHeader(sheet(['STT', 'Họ tên', title], PERSON))).toThrow('import.no-phone-column');
  });

  it.each([
    ['Họ tên', 'fullName'],
    ['Họ và tên', 'fullName'],
    ['HỌ VÀ TÊN CỬ TRI', 'fullName'],
    ['Tên thuê bao', 'fullName'],
    ['Họ và tên chủ hộ', 'fullName'],
    ['Full name', 'fullName'],
    ['Xã/phường', 'area'],
    ['Xã, phường, thị trấn', 'area'],
    ['Xã/Phường/Đặc khu', 'area'],
    ['Phường (xã)', 'area'],
    ['Địa bàn', 'area'],
    ['Ấp/khóm', 'hamlet'],
    ['Khóm - ấp', 'hamlet'],
    ['Ngôn ngữ', 'language'],
    ['NGÔN NGỮ NHẬN TIN', 'language'],
    ['Tiếng', 'language'],
    ['language', 'language'],
    ['Huyện/TX/TP', 'district'],
    ['Địa chỉ', 'address'],
    ['Ghi chú', 'note'],
  ])('knows the title %j as %s', (title, field) => {
    expect(titleMeaning(title)?.field).toBe(field);
  });

  it('is found below the letterhead and titles of the document', () => {
    const rows = sheet(
      ['UBND TỈNH AN GIANG', '', '', 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM'],
      ['SỞ TƯ PHÁP', '', '', 'Độc lập - Tự do - Hạnh phúc'],
      ['Điện thoại', '0296 3852 345'],
      [],
      ['DANH SÁCH SỐ ĐIỆN THOẠI CỬ TRI XÃ VĨNH HÒA'],
      ['(Kèm theo Công văn số 12/STP)'],
      [],
      ['STT', 'Họ và tên', 'Số điện thoại', 'Xã/phường', 'Ghi chú'],
      PERSON,
    );
    expect(brief(findHeader(rows))).toEqual({
      headerRowNumber: 8,
      firstDataRowNumber: 9,
      columns: { phone: 2, fullName: 1, area: 3, note: 4 },
    });
  });

  it('has two rows: titles under the groups above them, as they stand in a CSV file', () => {
    const rows = sheet(
      ['DANH SÁCH'],
      ['STT', 'Họ và tên', 'Điện thoại', '', 'Địa chỉ', '', 'Ghi chú'],
      ['', '', 'Cố định', 'Di động', 'Ấp/khóm', 'Xã/phường', ''],
      ['1', 'Nguyễn Văn An', '02963852345', '0912345678', 'Ấp 1', 'Vĩnh Hòa', ''],
    );
    const header = findHeader(rows);
    expect(brief(header)).toEqual({
      headerRowNumber: 3,
      firstDataRowNumber: 4,
      columns: { phone: 3, fullName: 1, hamlet: 4, area: 5, note: 6 },
    });
    expect(header.titles).toEqual([
      'STT',
      'Họ và tên',
      'Điện thoại – Cố định',
      'Điện thoại – Di động',
      'Địa chỉ – Ấp/khóm',
      'Địa chỉ – Xã/phường',
      'Ghi chú',
    ]);
  });

  it('has two rows whose tall cells were repeated in the second, as they stand in a workbook', () => {
    const rows = sheet(
      ['STT', 'Họ và tên', 'Liên lạc', '', 'Nơi ở', ''],
      ['STT', 'Họ và tên', 'SĐT', 'Email', 'Ấp', 'Xã'],
      ['1', 'Nguyễn Văn An', '0912345678', '', 'Ấp 1', 'Vĩnh Hòa'],
    );
    expect(brief(findHeader(rows))).toEqual({
      headerRowNumber: 2,
      firstDataRowNumber: 3,
      columns: { phone: 2, fullName: 1, hamlet: 4, area: 5 },
    });
  });

  it('does not take a landline under a group of phones for a mobile', () => {
    const rows = sheet(['Họ tên', 'Điện thoại', ''], ['', 'Cố định', 'Cơ quan'], ['An', '02963852345', '02963852346']);
    expect(findHeader(rows).columns.phone).toBe(1); // the row of groups alone says only "Điện thoại"
    const named = sheet(['Họ tên', 'Điện thoại cố định'], ['An', '02963852345']);
    expect(() => findHeader(named)).toThrow('import.no-phone-column');
  });

  it('may end in parts of a group that mean nothing here, and in numbers of the columns', () => {
    const rows = sheet(
      ['STT', 'Họ và tên', 'Năm sinh', '', 'Số điện thoại'],
      ['', '', 'Nam', 'Nữ', ''],
      ['(1)', '(2)', '(3)', '(4)', '(5)'],
      ['1', 'Nguyễn Văn An', '1980', '', '0912345678'],
    );
    expect(brief(findHeader(rows))).toMatchObject({ headerRowNumber: 1, firstDataRowNumber: 4 });
    const lettered = sheet(['STT', 'Họ tên', 'SĐT'], ['A', 'B', '1'], PERSON);
    expect(findHeader(lettered).firstDataRowNumber).toBe(3);
  });

  it('may stand there twice', () => {
    const titles = ['STT', 'Họ tên', 'SĐT'];
    expect(brief(findHeader(sheet(titles, titles, PERSON)))).toMatchObject({
      headerRowNumber: 1,
      firstDataRowNumber: 3,
    });
  });

  it('is the row above the phone numbers, not a table about those who made the list', () => {
    const rows = sheet(
      ['Đơn vị lập', 'Người lập', 'Điện thoại', 'Email', 'Ghi chú'],
      ['Xã Vĩnh Hòa', 'Trần Văn Bá', '', '', ''],
      ['Họ tên', 'SĐT'],
      ['Nguyễn Văn An', '0912345678'],
    );
    expect(brief(findHeader(rows))).toEqual({
      headerRowNumber: 3,
      firstDataRowNumber: 4,
      columns: { phone: 1, fullName: 0 },
    });
  });

  it('does not swallow the first person, whose number or name may be missing', () => {
    for (const first of [['1', 'Nguyễn Văn An', '', 'Vĩnh Hòa'], ['', '', '', 'Ấp Bình An'], ['1'], ['Ấp 1']]) {
      expect(findHeader(sheet(['STT', 'Họ tên', 'SĐT', 'Xã'], first, PERSON)).firstDataRowNumber).toBe(2);
    }
  });

  it('names the columns of a name in two parts, whether titled or drawn over both', () => {
    const split = sheet(['Họ và chữ đệm', 'Tên', 'SĐT'], ['Nguyễn Văn', 'An', '0912345678']);
    expect(findHeader(split).columns).toEqual({ phone: 2, fullName: 0, givenName: 1 });
    const grouped = sheet(['Họ và tên', '', 'SĐT'], ['Họ', 'Tên', ''], ['Nguyễn Văn', 'An', '0912345678']);
    expect(findHeader(grouped).columns).toEqual({ phone: 2, fullName: 0, givenName: 1 });
    const drawnOver = sheet(
      ['Họ và tên', '', 'SĐT'],
      ['Nguyễn Văn', 'An', '0912345678'],
      ['Trần Thị', 'Bé', '0912345679'],
    );
    expect(findHeader(drawnOver).columns).toEqual({ phone: 2, fullName: 0, givenName: 1 });
    const english = sheet(['Last name', 'First name', 'Phone'], ['Nguyễn', 'An', '0912345678']);
    expect(findHeader(english).columns).toEqual({ phone: 2, fullName: 0, givenName: 1 });
  });

  it('leaves an untitled column beside the name alone if it does not go on with it', () => {
    const rows = sheet(
      ['Họ và tên', '', 'SĐT'],
      ['Nguyễn Văn An', '', '0912345678'],
      ['Trần Thị Bé', '12', '0912345679'],
    );
    expect(findHeader(rows).columns).toEqual({ phone: 2, fullName: 0 });
  });

  it('takes the mobile of several phone columns, and says which others there are', () => {
    const header = findHeader(sheet(['Họ tên', 'Điện thoại', 'Di động', 'Zalo'], ['An', '', '0912345678', '']));
    expect(header.columns.phone).toBe(2);
    expect(header.otherPhoneColumns).toEqual([1, 3]);
  });

  it('may be one column', () => {
    expect(brief(findHeader(sheet(['SĐT'], ['0912345678'])))).toEqual({
      headerRowNumber: 1,
      firstDataRowNumber: 2,
      columns: { phone: 0 },
    });
  });

  it('never takes an ethnicity for a language, not even where somebody says so', () => {
    const rows = sheet(['Họ tên', 'SĐT', 'Dân tộc'], ['Thạch Bé', '0912345678', 'Khmer']);
    expect(findHeader(rows).columns).toEqual({ fullName: 0, phone: 1 });
    const columns = { fullName: 'A', phone: 'B', language: 'C' };
    for (const choice of [{ columns }, { columns, headerRow: 1 }]) {
      expect(() => headerOf(rows, { ...DEFAULT_SETTINGS, ...choice })).toThrow('import.language-not-ethnicity');
    }
    const said = sheet(['Họ tên', 'SĐT', 'Nói tiếng'], ['Thạch Bé', '0912345678', 'Khmer']);
    expect(headerOf(said, { ...DEFAULT_SETTINGS, columns }).columns).toMatchObject({ language: 2 });
  });

  it('that is missing is a fault that names what was looked for', () => {
    try {
      findHeader(sheet(PERSON, PERSON));
      throw new Error('found');
    } catch (fault) {
      expect((fault as Fault).code).toBe('import.no-phone-column');
      expect((fault as Fault).text.vi).toContain('Số điện thoại');
      expect((fault as Fault).text.vi).not.toMatch(/[{}]/);
    }
    const tooFar = sheet(...Array.from({ length: 25 }, () => ['x']), ['Họ tên', 'SĐT'], ['An', '0912345678']);
    expect(() => findHeader(tooFar)).toThrow('import.no-phone-column');
  });

  it('is found or refused in any rows whatever, never another error', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('SĐT', 'Họ tên', 'Xã', 'Ấp', '', '(1)', '0912345678', 'Điện thoại'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 25 }), (rows) => {
        try {
          const header = findHeader(sheet(...rows));
          expect(header.firstDataRowNumber).toBeGreaterThan(header.headerRowNumber);
          expect(header.titles[header.columns.phone]).not.toBe('');
        } catch (error) {
          expect(error).toMatchObject({ code: 'import.no-phone-column' });
        }
      }),
    );
  });
});
