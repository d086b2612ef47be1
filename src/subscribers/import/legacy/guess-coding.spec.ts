import fc from 'fast-check';
import { encodeTcvn3, encodeVni } from '../../../../test/subscribers/old-codings';
import { guessCoding } from './guess-coding';

const guess = (...lines: string[]): string =>
  guessCoding(lines.map((line, at) => ({ rowNumber: at + 1, cells: line.split(';') })))[0]!.coding;

describe('the coding of a sheet', () => {
  it.each([
    ['a list of one', ['Hoàng']],
    ['names with tones as in the old fonts', ['Hòa', 'Hoà', 'Thùy', 'Lê Bé', 'Mai Hà', 'Tô Hoài Nam']],
    ['a header without a letter of Vietnamese only', ['STT;Tên;SĐT'.replace('Đ', 'D'), '1;Lê Văn Hòa;0912345678']],
    ['names in full', ['Họ và tên;Số điện thoại', 'Nguyễn Văn Ấn;0912345678']],
    ['decomposed letters', ['Nguyễn Văn Hoàng'.normalize('NFD')]],
    ['no accents at all', ['Ho va ten;SDT', 'Nguyen Van An;0912345678']],
    ['nothing', []],
    ['French', ['Où est Loïc ?', 'Noël à Haïti, été', 'François Lefèvre, né à Besançon', 'goût, août, naïf']],
    ['French with words that VNI makes Vietnamese', ['Loïc où Aïn Noël été François goût naïf']],
    ['one French name', ['Loïc']],
    ['German', ['Jürgen Müller, Köln', 'Käthe Größ']],
    ['Portuguese', ['São João, Avô, Conceição']],
    ['double encoding', ['Nguyá»…n VÄƒn An', 'TrÃ¢Ì€n ThÃ¡Â»â€¹']],
  ])('is Unicode for %s', (_, lines) => {
    expect(guess(...lines)).toBe('unicode');
  });

  it.each([
    ['tcvn3', encodeTcvn3],
    ['vni', encodeVni],
  ] as const)('is %s for names of its fonts, be they few', (coding, encode) => {
    expect(guess(encode('Nguyễn Văn Ấn'))).toBe(coding);
    expect(guess(encode('Họ và tên;SĐT'), encode('Đặng Thị Mỹ;0912345678'))).toBe(coding);
    expect(guess(encode('TRẦN THỊ PHƯỢNG'), encode('HUỲNH VĂN BẢY'))).toBe(coding);
  });

  it('is told with the share of words that each reading makes Vietnamese', () => {
    const guesses = guessCoding([{ rowNumber: 1, cells: [`${encodeTcvn3('Nguyễn Văn Phượng')} Müller`] }]);
    expect(guesses.map(({ coding }) => coding)).toEqual(['tcvn3', 'unicode', 'vni']);
    expect(guesses[0]!.share).toBeCloseTo(0.75);
    expect(guessCoding([{ rowNumber: 1, cells: ['Nguyễn'] }])).toEqual([{ coding: 'unicode', share: 1 }]);
    expect(guessCoding([{ rowNumber: 1, cells: ['Lê Bé'] }])).toContainEqual({ coding: 'vni', share: 0 });
  });

  it.each([
    ['tcvn3', encodeTcvn3],
    ['vni', encodeVni],
  ] as const)('is Unicode for titles in Unicode above names in %s, which is proposed next', (coding, encode) => {
    const lines = [
      'Họ và tên;Số điện thoại',
      `${encode('Nguyễn Văn Ấn')};0912345678`,
      `${encode('Đặng Mỹ')};0387654321`,
    ];
    const guesses = guessCoding(lines.map((line, at) => ({ rowNumber: at, cells: line.split(';') })));
    expect(guesses.map((each) => each.coding)).toEqual(['unicode', coding]);
    expect(guesses[0]!.share).toBeCloseTo(0.5);
    expect(guesses[1]!.share).toBe(1);
  });

  it('is Unicode for any Vietnamese names in Unicode, whichever and however few', () => {
    const word = fc.constantFrom(
      ...'Hoàng Hòa Hoà Thúy Thuý Lê Bé Tô Hà Mai Lan Bích Công Thành Quí Út Cúc Án Ân Tèo Lài Nhàn Sáu Bá Võ Hùng Đỗ Vũ'.split(
        ' ',
      ),
    );
    const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 30 }), (names) => expect(guess(...names)).toBe('unicode')),
      { numRuns: 2_000 },
    );
  });
});
