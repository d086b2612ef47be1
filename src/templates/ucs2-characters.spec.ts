import fc from 'fast-check';
import { stripAccents } from './accents';
import { countSegments } from './segments';
import { ucs2Characters, withoutSurprises } from './ucs2-characters';

const vietnamese = fc.string({ unit: fc.constantFrom(...'bđĐạỜữ àéx,.1“”–…₫\u00a0\u200bÐð😀ក`\t'), maxLength: 200 });
const anyText = fc.oneof(vietnamese, fc.string({ unit: 'binary' })).map((text) => text.normalize('NFC'));

describe('the characters that force UCS-2', () => {
  it('are pointed out with their place: accented letters, and what nobody typed on purpose', () => {
    expect(ucs2Characters('Hạn: “7–19”\u00a0giờ')).toEqual({
      accentedLetters: [
        { character: 'ạ', position: 1, codePoint: 'U+1EA1', replacement: 'a' },
        { character: 'ờ', position: 14, codePoint: 'U+1EDD', replacement: 'o' },
      ],
      surprises: [
        expect.objectContaining({ character: '“', position: 5, codePoint: 'U+201C', replacement: '"' }),
        expect.objectContaining({ character: '–', position: 7, codePoint: 'U+2013', replacement: '-' }),
        expect.objectContaining({ character: '”', position: 10, codePoint: 'U+201D', replacement: '"' }),
        expect.objectContaining({ character: '\u00a0', position: 11, codePoint: 'U+00A0', replacement: ' ' }),
      ],
    });
  });

  it.each([
    ['“', 'curly quotation mark', '"'],
    ['’', 'curly apostrophe', "'"],
    ['—', 'long dash or bullet', '-'],
    ['…', 'three dots in one character', '...'],
    ['\t', 'tab', ' '],
    ['\u3000', 'special space', ' '],
    ['₫', 'đồng sign', 'dong'],
    ['Ð', 'look-alike of Đ', 'D'],
    ['\ufeff', 'invisible character', ''],
    ['😀', 'emoji', undefined],
    ['ក', 'letter that is not Vietnamese', undefined],
    ['∞', 'character outside of GSM-7', undefined],
  ])('%j is called %s and replaced by %j', (character, name, replacement) => {
    const [found] = ucs2Characters(`a${character}b`).surprises;
    expect([found!.character, found!.name.en, found!.replacement]).toEqual([character, name, replacement]);
    expect(found!.name.vi).not.toBe(found!.name.en);
  });

  it('are replaced in the sense of a text with accents where it has some, and plainly where not', () => {
    expect(withoutSurprises('Ðóng phạt “5.000₫”, tính bằng ₫')).toBe('Đóng phạt "5.000 đồng", tính bằng đồng');
    expect(withoutSurprises('Dong phat “5.000₫”, tinh bang ₫')).toBe('Dong phat "5.000 dong", tinh bang dong');
  });

  it('know all 134 letters that Vietnamese adds to the alphabet, but for the seven that GSM-7 has', () => {
    const accented = Array.from({ length: 0x1f00 }, (_, code) => String.fromCharCode(code))
      .filter((letter) => /^[A-Za-zĐđ]$/u.test(letter.normalize('NFD')[0]!) && letter > '\u007f')
      .filter(
        (letter) =>
          letter === 'đ' ||
          letter === 'Đ' ||
          /^[aeiouyAEIOUY][\u0302\u0306\u031b]?[\u0300\u0301\u0303\u0309\u0323]?$/.test(order(letter)),
      )
      .filter((letter) => ucs2Characters(letter).accentedLetters.length === 1);
    expect(new Set(accented).size).toBe(134 - 7);
    expect(ucs2Characters('àèéìòùÉ')).toEqual({ accentedLetters: [], surprises: [] });
  });

  it('come as one character for an emoji, without a replacement', () => {
    expect(ucs2Characters('a😀ក').surprises).toMatchObject([
      { character: '😀', position: 1, codePoint: 'U+1F600' },
      { character: 'ក', position: 3, codePoint: 'U+1780' },
    ]);
  });

  it('are absent exactly when the text is GSM-7', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { accentedLetters, surprises } = ucs2Characters(text);
        const found = [...accentedLetters, ...surprises];
        expect(found.length === 0).toBe(countSegments(text).encoding === 'GSM-7');
        for (const { character, position } of found) expect(text.startsWith(character, position)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  it('leave a text without accents in GSM-7 once each surprise that has a replacement is replaced', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const replaced = withoutSurprises(text);
        const left = ucs2Characters(stripAccents(replaced)).surprises;
        expect(left.filter(({ replacement }) => replacement !== undefined)).toEqual([]);
        expect(withoutSurprises(replaced)).toBe(replaced);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Decomposed with the marks of the letter before those of the tone. */
function order(letter: string): string {
  const [base, ...marks] = letter.normalize('NFD');
  return (
    base! +
    marks.sort((a, b) => Number(/[\u0302\u0306\u031b]/.test(b)) - Number(/[\u0302\u0306\u031b]/.test(a))).join('')
  );
}
