import fc from 'fast-check';
import { LANGUAGE_NAMES, readLanguage, SAID_LANGUAGES } from './text-language';

describe('the language a cell says', () => {
  it.each([
    ['vi', ['Tiếng Việt', 'Việt', 'VIỆT', 'viet', 'tieng viet', 'Việt Nam', 'vi', 'Vietnamese', 'chữ Việt']],
    [
      'km',
      [
        'Khmer',
        'KHMER',
        'Khơ-me',
        'Khơ me',
        'khơme',
        'Kho me',
        'Khơ-Me.',
        'tiếng Khmer',
        'km',
        'Khmêr',
        "Kh'mer",
        'ខ្មែរ',
      ],
    ],
    ['cja', ['Chăm', 'Chàm', 'CHĂM', 'cham', 'Tiếng Chăm', 'tieng cham', 'cja', ' Chăm ', 'Ngôn ngữ: Chăm']],
  ])('is %s in any spelling', (code, spellings) => {
    for (const spelling of spellings) {
      for (const form of ['NFC', 'NFD'])
        expect([spelling, readLanguage(spelling.normalize(form))]).toEqual([spelling, code]);
    }
  });

  it.each(['Kinh', 'KINH', 'tiếng Kinh', 'người Khmer', 'Dân tộc Chăm'])('%s is a people, and no language', (cell) => {
    expect(readLanguage(cell)).toBe('language-is-ethnicity');
  });

  it.each(['Hoa', 'Tày', 'Việt, Khmer', 'Khmer?/Chăm', 'Kh?me', '???', '=A1', 'x', 'constructor', 'tiếng'])(
    '%s is none that texts are sent in',
    (cell) => {
      expect(readLanguage(cell)).toBe('language-unknown');
    },
  );

  it('is nothing in an empty cell', () => {
    for (const cell of ['', '  ', '\u00A0\t']) expect(readLanguage(cell)).toBeNull();
  });

  it('is understood as this service itself writes it, in both tongues', () => {
    for (const code of SAID_LANGUAGES) {
      for (const name of [code, ...Object.values(LANGUAGE_NAMES[code])]) expect(readLanguage(name)).toBe(code);
    }
  });

  it('depends neither on case nor on accents', () => {
    const cell = fc.constantFrom('Tiếng Việt', 'Khơ me', 'Chăm', 'Chàm', 'Kinh', 'Tày', 'Khmer');
    const respelt = fc.constantFrom<(text: string) => string>(
      (text) => text.toUpperCase(),
      (text) => text.normalize('NFD').replace(/\p{M}/gu, ''),
      (text) => ` ${text.toLowerCase().replaceAll(' ', '  ')}.`,
    );
    fc.assert(
      fc.property(cell, respelt, (text, respell) => expect(readLanguage(respell(text))).toBe(readLanguage(text))),
    );
  });
});
