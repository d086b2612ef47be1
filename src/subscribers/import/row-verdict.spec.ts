import fc from 'fast-check';
import { findHeader } from './header';
import { REJECTION_TEXTS, rejectionText, WARNING_TEXTS } from './rejection-texts';
import { judgeRow } from './row-verdict';

const header = findHeader([
  { rowNumber: 1, cells: ['STT', 'Họ và tên', 'Số điện thoại', 'Xã/phường', 'Ghi chú'] },
  { rowNumber: 2, cells: ['1', 'Nguyễn Văn An', '0912345678', 'Vĩnh Hòa'] },
]);
const STRICT = { takeUnfamiliarRanges: false };
const judge = (...cells: string[]) => judgeRow({ rowNumber: 7, cells }, header, STRICT);
const withName = (name: string) => judge('1', name, '0912345678', 'Vĩnh Hòa');

describe('a row of a list', () => {
  it('is taken with its number, name and area in the spelling of the register', () => {
    expect(judge('1', ' nguyễn   Văn An'.normalize('NFD'), '0912.345.678', 'Xã Vĩnh Hòa ', 'x')).toEqual({
      kind: 'accepted',
      rowNumber: 7,
      phone: '+84912345678',
      fullName: 'nguyễn Văn An',
      areaName: 'Xã Vĩnh Hòa',
      district: null,
      hamlet: null,
      language: null,
      warnings: [],
    });
  });

  it('is taken with what should be known about it', () => {
    expect(judge('1', '', '01689123456')).toMatchObject({
      kind: 'accepted',
      phone: '+84389123456',
      fullName: null,
      areaName: null,
      warnings: ['converted-from-11-digits', 'name-missing', 'area-missing'],
    });
    expect(withName('0987654321')).toMatchObject({ warnings: ['name-has-digits'] });
  });

  it('warns of no name where the list has no column for it', () => {
    const onlyPhones = findHeader([{ rowNumber: 1, cells: ['SĐT'] }]);
    expect(judgeRow({ rowNumber: 2, cells: ['0912345678'] }, onlyPhones, STRICT)).toMatchObject({
      fullName: null,
      warnings: [],
    });
  });

  it('joins a name that stands in two columns', () => {
    const split = findHeader([{ rowNumber: 1, cells: ['Họ và chữ đệm', 'Tên', 'SĐT'] }]);
    const name = (...cells: string[]) => judgeRow({ rowNumber: 2, cells: [...cells, '0912345678'] }, split, STRICT);
    expect(name('Nguyễn Văn', 'An')).toMatchObject({ fullName: 'Nguyễn Văn An' });
    expect(name('', 'An')).toMatchObject({ fullName: 'An' });
    expect(name('Nguyễn Văn', '')).toMatchObject({ fullName: 'Nguyễn Văn' });
  });

  it('says in which language the person wishes to be texted; what cannot be understood keeps nobody out', () => {
    const withLanguage = findHeader([{ rowNumber: 1, cells: ['Họ tên', 'SĐT', 'Ngôn ngữ nhận tin'] }]);
    const said = (language: string) =>
      judgeRow({ rowNumber: 2, cells: ['An', '0912345678', language] }, withLanguage, STRICT);
    expect(said('tiếng Chăm')).toMatchObject({ language: 'cja', warnings: [] });
    expect(said('Tiếng Việt')).toMatchObject({ language: 'vi', warnings: [] });
    expect(said('')).toMatchObject({ language: null, warnings: [] });
    expect(said('Tày')).toMatchObject({ kind: 'accepted', language: null, warnings: ['language-unknown'] });
    expect(said('Kh?me')).toMatchObject({ kind: 'accepted', language: null, warnings: ['language-unknown'] });
    expect(said('=B1')).toMatchObject({ kind: 'accepted', language: null, warnings: ['language-unknown'] });
    expect(said('Kinh')).toMatchObject({ kind: 'accepted', language: null, warnings: ['language-is-ethnicity'] });
  });

  it('without content is nothing at all', () => {
    expect(judge()).toBeNull();
    expect(judge('', '  ', '\u00A0')).toBeNull();
  });

  it('with a number of a range not known to be in use is taken only by choice', () => {
    expect(judge('1', 'An', '0951234567')).toMatchObject({ kind: 'rejected', code: 'unfamiliar-range' });
    const row = { rowNumber: 7, cells: ['1', 'An', '0951234567', 'Vĩnh Hòa'] };
    expect(judgeRow(row, header, { takeUnfamiliarRanges: true })).toMatchObject({
      kind: 'accepted',
      phone: '+84951234567',
      warnings: ['unfamiliar-range'],
    });
  });

  it('is rejected with its number, the column and the reason', () => {
    expect(judge('1', 'Nguyễn Văn An', '0912345678; 0987654321')).toEqual({
      kind: 'rejected',
      rowNumber: 7,
      column: 2,
      code: 'several-numbers',
    });
    expect(judge('Người lập biểu')).toMatchObject({ kind: 'rejected', code: 'phone-missing' });
  });

  it.each([
    ['Nguy?n Văn An', 'text-damaged'],
    ['Nguyễn V?n An', 'text-damaged'],
    ['Tr?n Th? Bé', 'text-damaged'],
    ['?ặng Văn Tám', 'text-damaged'],
    ['Nguy\uFFFDn Văn An', 'text-damaged'],
    ['NguyÔn V¨n An', 'text-legacy-encoding'],
    ['TrÇn ThÞ Ph­îng'.replace('Ç', 'Ç¬'), 'text-legacy-encoding'],
    ['Phaïm Thò Loan', 'text-legacy-encoding'],
    ['Nguyá»…n VÄƒn An', 'text-legacy-encoding'],
    ['=VLOOKUP(A1;B:C;2)', 'formula-without-result'],
    ['#N/A', 'excel-error'],
    ['a'.repeat(121), 'text-too-long'],
  ])('is rejected for the name %j: %s', (name, code) => {
    expect(withName(name)).toMatchObject({ kind: 'rejected', column: 1, code });
  });

  it.each([
    'Nguyễn Văn An',
    'Hoàng Thị Hòa',
    'Y Moan Êñuôl',
    "K'Brêu",
    'Lê Văn Tám (Ba)',
    'Thạch Sô Phia',
    'Đỗ Thị Ước',
    'An ?',
  ])('is taken with the name %s', (name) => {
    expect(withName(name)).toMatchObject({ kind: 'accepted', fullName: name });
  });

  it('is rejected for damage in its area too, naming that column', () => {
    expect(judge('1', 'An', '0912345678', 'V?nh Hòa')).toMatchObject({ column: 3, code: 'text-damaged' });
    expect(judge('1', 'An', '="0912345678"', '=B1')).toMatchObject({
      column: 3,
      code: 'formula-without-result',
    });
    expect(judge('1', 'An', '=B1', 'Vĩnh Hòa')).toMatchObject({
      column: 2,
      code: 'formula-without-result',
    });
  });

  it('that repeats the header, as on each page of a printed list, is told from a wrong number', () => {
    expect(judge('STT', 'Họ và tên', 'Số điện thoại')).toMatchObject({ kind: 'rejected', code: 'repeated-header' });
    expect(judge('1', 'An', 'chưa rõ')).toMatchObject({ code: 'not-a-number' });
  });

  it('gets exactly one verdict whatever it holds, with texts that can be stored', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('0912345678', '', 'Nguyễn Văn An'),
    );
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 6 }), (cells) => {
        const verdict = judge(...cells);
        if (verdict === null) return expect(cells.join('').trim()).toBe('');
        const texts = verdict.kind === 'accepted' ? [verdict.fullName ?? '', verdict.areaName ?? ''] : [];
        for (const text of texts) expect(text).not.toMatch(/\p{Cc}/u);
        if (verdict.kind === 'rejected') expect(REJECTION_TEXTS[verdict.code]).toBeDefined();
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the sentence for a code', () => {
  it('exists in both languages, ends as a sentence and says what to do', () => {
    for (const { vi, en } of [...Object.values(REJECTION_TEXTS), ...Object.values(WARNING_TEXTS)]) {
      expect(vi).toBe(vi.normalize('NFC'));
      expect(vi).toMatch(/[.]$/);
      expect(en).toMatch(/[.]$/);
    }
    for (const { vi } of Object.values(REJECTION_TEXTS)) expect(vi).toMatch(/Hãy|Không cần/);
  });

  it('is the code itself where a stored code is no longer known', () => {
    expect(rejectionText('landline').vi).toContain('cố định');
    expect(rejectionText('of-long-ago')).toEqual({ vi: 'of-long-ago', en: 'of-long-ago' });
    expect(rejectionText('constructor').vi).toBe('constructor');
  });
});
