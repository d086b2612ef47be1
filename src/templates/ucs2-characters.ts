import type { Localised } from '../platform/errors';
import { stripAccents } from './accents';
import { gsm7Units } from './gsm7';
import { countSegments } from './segments';

/** One character that forces a text out of GSM-7 and so more than doubles its segments. */
export interface Ucs2Character {
  readonly character: string;
  /** Index of its first UTF-16 code unit in the text, from 0. */
  readonly position: number;
  /** As people look it up: `U+1EA1`. */
  readonly codePoint: string;
  /** What could stand instead; empty for an invisible character, absent when no replacement is known. */
  readonly replacement?: string;
}

/** One that nobody typed on purpose, mostly: office software and copying bring it in. */
export interface Surprise extends Ucs2Character {
  readonly name: Localised;
}

export interface Ucs2Characters {
  /** Letters of Vietnamese: what a text with accents is made of. Their replacement is the letter without accents. */
  readonly accentedLetters: readonly Ucs2Character[];
  /** Everything else: to be replaced in a text of either mode. */
  readonly surprises: readonly Surprise[];
}

const VIETNAMESE_LETTERS = new Set(
  [...'aăâeêioôơuưy']
    .flatMap((letter) => ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323'].map((tone) => letter + tone))
    .concat('đ')
    .flatMap((letter) => [letter.normalize('NFC'), letter.toUpperCase().normalize('NFC')]),
);
/** Where the text keeps its accents, these keep their sense too. */
const WITH_ACCENTS: Readonly<Record<string, string>> = { Ð: 'Đ', Ɖ: 'Đ', ð: 'đ', ɖ: 'đ', '₫': 'đồng' };

const NAMES: readonly (readonly [characters: RegExp, name: Localised])[] = [
  [/[“”„‟«»″]/, { vi: 'dấu ngoặc kép cong', en: 'curly quotation mark' }],
  [/[‘’‚‛‹›′´`ʼ]/, { vi: 'dấu nháy cong', en: 'curly apostrophe' }],
  [/[\u2010-\u2015−•·]/, { vi: 'dấu gạch dài hoặc dấu chấm đầu dòng', en: 'long dash or bullet' }],
  [/…/, { vi: 'dấu ba chấm viết liền', en: 'three dots in one character' }],
  [/\t/, { vi: 'dấu tab', en: 'tab' }],
  [/\p{Zs}/u, { vi: 'khoảng trắng đặc biệt', en: 'special space' }],
  [/₫/, { vi: 'ký hiệu tiền đồng', en: 'đồng sign' }],
  [/[ÐƉðɖ]/, { vi: 'chữ trông giống Đ', en: 'look-alike of Đ' }],
  [/\p{Cf}/u, { vi: 'ký tự vô hình', en: 'invisible character' }],
  [/\p{Extended_Pictographic}/u, { vi: 'biểu tượng cảm xúc', en: 'emoji' }],
  [/[\p{L}\p{M}]/u, { vi: 'chữ không thuộc tiếng Việt', en: 'letter that is not Vietnamese' }],
];
const OTHER: Localised = { vi: 'ký tự ngoài bảng mã GSM-7', en: 'character outside of GSM-7' };

/**
 * Every character that forces a text out of GSM-7, in order of appearance. A pair of surrogates is one character; a
 * decomposed letter shows its combining mark, so give it NFC.
 */
export function ucs2Characters(text: string): Ucs2Characters {
  const accentedLetters: Ucs2Character[] = [];
  const surprises: Surprise[] = [];
  const isAccented = Array.from(text).some(isAccentedLetter);
  let position = 0;
  for (const character of text) {
    if (isAccentedLetter(character)) accentedLetters.push(describe(character, position, stripAccents(character)));
    else if (character.length > 1 || gsm7Units(character.charCodeAt(0)) === 0) {
      const replacement = replacementOf(character, text.slice(0, position), isAccented);
      surprises.push({ ...describe(character, position, replacement), name: nameOf(character) });
    }
    position += character.length;
  }
  return { accentedLetters, surprises };
}

/** The text with every surprise replaced that has a replacement; its accents stay. NFC. */
export function withoutSurprises(text: string): string {
  let clean = '';
  let done = 0;
  for (const { character, position, replacement } of ucs2Characters(text).surprises) {
    clean += text.slice(done, position) + (replacement ?? character);
    done = position + character.length;
  }
  return (clean + text.slice(done)).normalize('NFC');
}

function isAccentedLetter(character: string): boolean {
  return VIETNAMESE_LETTERS.has(character) && gsm7Units(character.charCodeAt(0)) === 0;
}

function replacementOf(character: string, before: string, isAccented: boolean): string | undefined {
  const plain = stripAccents(character);
  const replacement = (isAccented ? WITH_ACCENTS[character] : undefined) ?? plain;
  if (countSegments(plain).encoding === 'UCS-2') return undefined;
  // "5.000₫" is written without a space, "5.000 đồng" with one.
  return character === '₫' && /\d$/.test(before) ? ` ${replacement}` : replacement;
}

function describe(character: string, position: number, replacement: string | undefined): Ucs2Character {
  const codePoint = `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  return { character, position, codePoint, ...(replacement !== undefined && { replacement }) };
}

function nameOf(character: string): Localised {
  return NAMES.find(([characters]) => characters.test(character))?.[1] ?? OTHER;
}
