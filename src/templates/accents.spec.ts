import fc from 'fast-check';
import { hasPlainForm, stripAccents } from './accents';
import { countSegments } from './segments';

const LOWER = 'aăâeêioôơuưyđ';
const TONES = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'];
/** Every letter Vietnamese is written with, composed. */
const LETTERS = [...'bcdghklmnpqrstvxfjwz', ...LOWER]
  .flatMap((letter) => (LOWER.includes(letter) && letter !== 'đ' ? TONES.map((tone) => letter + tone) : [letter]))
  .flatMap((letter) => [letter, letter.toUpperCase()])
  .map((letter) => letter.normalize('NFC'));

const vietnamese = fc.string({ unit: fc.constantFrom(...LETTERS, ' ', ',', '.', '1'), maxLength: 300 });

describe('a text without accents', () => {
  it('reads as people write it', () => {
    expect(stripAccents('Sở Tư pháp An Giang: Kính mời cử tri Nguyễn Thị Ngọc Phượng đi bầu cử ĐBQH khóa XV')).toBe(
      'So Tu phap An Giang: Kinh moi cu tri Nguyen Thi Ngoc Phuong di bau cu DBQH khoa XV',
    );
  });

  it('turns each of the 186 Vietnamese letters into one ASCII letter of the same case', () => {
    expect(new Set(LETTERS).size).toBe(186);
    for (const letter of LETTERS) {
      const plain = stripAccents(letter);
      expect(plain).toMatch(/^[A-Za-z]$/);
      expect(plain === plain.toUpperCase()).toBe(letter === letter.toUpperCase());
    }
  });

  it('knows the look-alikes of Đ that old files hold', () => {
    expect(stripAccents('Đồng \u00d0ồng \u0189ồng đi \u00f0i \u0256i')).toBe('Dong Dong Dong di di di');
  });

  it.each([
    ['“quy định” ‘mới’ «luật»', '"quy dinh" \'moi\' "luat"'],
    ['7–19 giờ — hằng ngày − nghỉ', '7-19 gio - hang ngay - nghi'],
    ['vân vân…', 'van van...'],
    ['1\u00a0triệu\u202fđồng\u3000phạt\ttiền', '1 trieu dong phat tien'],
    ['phạt 5.000₫, ₫ là đồng', 'phat 5.000 dong, dong la dong'],
    ['Hà\u200b\u00ad Nội\ufeff', 'Ha Noi'],
    ['50m² × 2', '50m2 x 2'],
    ['dấu `huyền´', "dau 'huyen'"],
  ])('writes %j as %j', (text, plain) => {
    expect(stripAccents(text)).toBe(plain);
  });

  it('is the same whether the letters came composed or decomposed', () => {
    fc.assert(fc.property(vietnamese, (text) => stripAccents(text.normalize('NFD')) === stripAccents(text)));
  });

  it('keeps the length of any Vietnamese text, is plain ASCII, and always fits GSM-7', () => {
    fc.assert(
      fc.property(vietnamese, (text) => {
        const plain = stripAccents(text);
        expect(plain).toHaveLength(text.length);
        expect(plain).toMatch(/^[ -~]*$/);
        expect(countSegments(plain).encoding).toBe('GSM-7');
      }),
    );
  });

  it('changes nothing the second time, whatever the text', () => {
    const tricky = [
      '\u0301',
      '\u0306',
      '\u200b',
      '\u00ad',
      'и',
      'e',
      '₫',
      '5',
      '…',
      'ᄀ',
      'ᅡ',
      '`',
      '\t',
      '\u212b',
      '\u0340',
    ];
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...tricky) }));
    fc.assert(
      fc.property(texts, (text) => {
        const once = stripAccents(text);
        expect(stripAccents(once)).toBe(once);
        expect(once).toBe(once.normalize('NFC'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves what it does not know as it is', () => {
    expect(stripAccents('ភាសាខ្មែរ й ß ł 😀 €')).toBe('ភាសាខ្មែរ й ß ł 😀 €');
  });

  it('does not exist in the scripts of Khmer, Chăm and Jawi', () => {
    expect(['Kính mời', 'сми 😀', 'ភាសាខ្មែរ', 'ꨌꩌ', 'چم'].map(hasPlainForm)).toEqual([true, true, false, false, false]);
  });

  it('leaves plain text to the letter', () => {
    fc.assert(fc.property(fc.stringMatching(/^[ -_a-~\n]*$/), (text) => stripAccents(text) === text));
  });
});
