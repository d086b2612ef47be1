import { isUnicodeAlready } from './text-coding';

/* VNI-Windows writes most accented letters as a letter and a sign for its accents, some as one sign. */

/** Signs after a, e and o for circumflex or breve, with or without a tone; each list in the order of its signs. */
const CIRCUMFLEX = 'âáàåãä';
const BREVE = 'êéèúüë';
const TONES = 'ùøûõï';
const PAIRS: readonly (readonly [letter: string, signs: string, meant: string])[] = [
  ['a', CIRCUMFLEX, 'âấầẩẫậ'],
  ['a', BREVE, 'ăắằẳẵặ'],
  ['a', TONES, 'áàảãạ'],
  ['e', CIRCUMFLEX, 'êếềểễệ'],
  ['e', TONES, 'éèẻẽẹ'],
  ['o', CIRCUMFLEX, 'ôốồổỗộ'],
  ['o', TONES, 'óòỏõọ'],
  ['u', TONES, 'úùủũụ'],
  ['y', TONES, 'ýỳỷỹỵ'],
  ['ô', TONES, 'ớờởỡợ'],
  ['ö', TONES, 'ứừửữự'],
];
const SINGLES: readonly (readonly [sign: string, meant: string])[] = [...'ôơ,öư,ìì,íí,æỉ,óĩ,òị,îỵ,ñđ'.split(',')].map(
  (pair) => [pair[0]!, pair[1]!],
);

/** What is written to the letter meant, in small letters and capitals; the case of a pair is that of its letter. */
const MEANT = new Map<string, string>(
  [
    ...SINGLES,
    ...PAIRS.flatMap(([letter, signs, meant]) => [...signs].map((sign, at) => [letter + sign, meant[at]!] as const)),
  ].flatMap(([written, meant]) => {
    const [letter, sign = ''] = [...written];
    const [capital, meantCapital] = [letter!.toUpperCase(), meant.toUpperCase()];
    return [
      [letter! + sign, meant],
      [letter! + sign.toUpperCase(), meant],
      [capital + sign.toUpperCase(), meantCapital],
      [capital + sign, meantCapital],
    ];
  }),
);
const WESTERN = /[À-ÿ]/;
/** What the table holds, pairs first, or else any sign. Only whole pairs: in "Ngöôøi" the signs ö and ô are letters. */
const WRITTEN = new RegExp(`${[...MEANT.keys()].sort((a, b) => b.length - a.length).join('|')}|[À-ÿ]`, 'g');

/**
 * Text of the fonts VNI-Times, VNI-Helve … as Unicode (NFC). The coding uses no code from 0x80 to 0xBF.
 *
 * @param text whose code points from 0xC0 to 0xFF are codes of VNI-Windows; others are kept, and so is text that is Unicode
 * already
 * @param unmeant what to write for such a code where it means nothing; itself if not given
 * @example fromVni('Nguyeãn Vaên Phöôïng') === 'Nguyễn Văn Phượng'
 */
export function fromVni(text: string, unmeant?: string): string {
  if (!WESTERN.test(text) || isUnicodeAlready(text)) return text.normalize('NFC');
  return text.replace(WRITTEN, (written) => MEANT.get(written) ?? unmeant ?? written).normalize('NFC');
}
