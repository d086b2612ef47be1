import { encode } from 'iconv-lite';

/* Vietnamese text as the programs of the nineties wrote it, by rules of letters and marks; the service reads by tables. */

const TONES = { '\u0301': 0, '\u0300': 1, '\u0309': 2, '\u0303': 3, '\u0323': 4 } as const;
const TONE = /[\u0301\u0300\u0309\u0303\u0323]/;

interface Letter {
  /** With its circumflex, breve or horn. */
  readonly vowel: string;
  /** Place in the order acute, grave, hook, tilde, dot. */
  readonly tone: number | undefined;
}

function divide(letter: string): Letter {
  const marked = letter.normalize('NFD');
  const tone = TONE.exec(marked)?.[0] as keyof typeof TONES | undefined;
  return { vowel: marked.replace(TONE, '').normalize('NFC'), tone: tone === undefined ? undefined : TONES[tone] };
}

/** VNI-Windows, as text of Latin-1: its bytes are `Buffer.from(text, 'latin1')`. */
export function encodeVni(text: string): string {
  return [...text.normalize('NFC')]
    .map((letter) => {
      const small = letter.toLowerCase();
      const written = smallVni(small);
      return small === letter ? written : written.toUpperCase();
    })
    .join('');
}

function smallVni(letter: string): string {
  const { vowel, tone } = divide(letter);
  const plain = vowel.normalize('NFD')[0]!;
  if (letter === 'đ') return 'ñ';
  if (letter === 'ỵ') return 'î';
  if (vowel === 'i') return ['í', 'ì', 'æ', 'ó', 'ò'][tone ?? 9] ?? 'i';
  if ('âêô'.includes(vowel)) return plain + (tone === undefined ? 'â' : 'áàåãä'[tone]!);
  if (vowel === 'ă') return plain + (tone === undefined ? 'ê' : 'éèúüë'[tone]!);
  const written = vowel === 'ơ' ? 'ô' : vowel === 'ư' ? 'ö' : vowel;
  return tone === undefined ? written : written + 'ùøûõï'[tone]!;
}

/** TCVN3 (ABC), as text of Latin-1: it has no capitals with tones, so that they come out small, as its fonts show them. */
export function encodeTcvn3(text: string): string {
  const inFont = [...text.normalize('NFC')].map((letter) =>
    divide(letter).tone === undefined ? letter : letter.toLowerCase(),
  );
  return encode(inFont.join(''), 'tcvn').toString('latin1');
}

/** Windows-1258 writes most tones as a sign after the letter. */
export function encodeWindows1258(text: string): Buffer {
  const letters = [...text.normalize('NFC')].map((letter) => {
    const whole = encode(letter, 'windows-1258');
    if (letter === '?' || whole.toString('latin1') !== '?') return whole;
    const { vowel, tone } = divide(letter);
    return encode(vowel + (tone === undefined ? '' : Object.keys(TONES)[tone]!), 'windows-1258');
  });
  return Buffer.concat(letters);
}
