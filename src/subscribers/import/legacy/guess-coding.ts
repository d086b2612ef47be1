import { decode } from 'iconv-lite';
import type { SheetRow } from '../sheet-row';
import { isFamiliar } from './familiar-words';
import { fromTcvn3 } from './from-tcvn3';
import { fromVni } from './from-vni';
import { type Coding, type CodingGuess, isUnicodeAlready } from './text-coding';
import { isVietnameseSyllable } from './vietnamese-syllable';

/** Words are counted once, and no more of them than this: they come in the same proportions ever after. */
const MOST_WORDS = 4_000;
const FAMILIAR_POINTS = 3;
/** Points by which a font coding must be ahead of the text as it stands: "où" and "Loïc" are syllables in VNI. */
const LEAST_LEAD = 3;
const LEAST_SHARE = 0.6;
/** Letters, and the signs that TCVN3 uses as letters. */
const WORD = /[\p{L}\p{M}\u00A1-\u00BF\u00D7\u00F7]+/gu;
const BEYOND_ASCII = /[^\u0000-\u007F]/;
const NO_LETTER = /^[^\p{L}]+|[^\p{L}\p{M}]+$/gu;
const UNMEANT = '\uFFFD';

interface Score<C extends Coding> extends CodingGuess<C> {
  readonly points: number;
}

const FONT_CODINGS = [
  { coding: 'tcvn3' as const, convert: fromTcvn3 },
  { coding: 'vni' as const, convert: (word: string) => fromVni(word, UNMEANT) },
];
const UNICODE = { coding: 'unicode' as const, convert: (word: string) => word.replace(NO_LETTER, '') };
const WINDOWS_1258 = {
  coding: 'windows-1258' as const,
  convert: (word: string) =>
    decode(Buffer.from(word, 'latin1'), 'windows-1258').normalize('NFC').replace(NO_LETTER, ''),
};

/**
 * Whether the text of a sheet is Unicode or hides a font coding, the likeliest first. It is Unicode if it has a single
 * letter that only Vietnamese uses, or none beyond ASCII; else the words are tried in each coding. A sheet of both, whose
 * titles are Unicode and whose names are in an old font, is Unicode, and the font coding is proposed after it.
 *
 * @param rows a sample with the header, as it was read
 */
export function guessCoding(rows: readonly SheetRow[]): CodingGuess<'unicode' | 'tcvn3' | 'vni'>[] {
  const cells = rows.flatMap((row) => row.cells).filter((cell) => BEYOND_ASCII.test(cell));
  const doubtful = cells.filter((cell) => !isUnicodeAlready(cell));
  const words = wordsBeyondAscii(doubtful.join('\n').normalize('NFC'));
  const asItStands = score(UNICODE, words);
  const legacy = bestFirst(FONT_CODINGS.map((coding) => score(coding, words)));
  const likely = legacy.filter(({ points, share }) => share >= LEAST_SHARE && points >= asItStands.points + LEAST_LEAD);
  const unlikely = legacy.filter((candidate) => !likely.includes(candidate));
  if (words.length > 0 && doubtful.length === cells.length) {
    return [...likely, asItStands, ...unlikely].map(({ coding, share }) => ({ coding, share }));
  }
  const ofUnicode = likely.length === 0 ? 1 : 1 - doubtful.length / cells.length;
  return [{ coding: 'unicode', share: ofUnicode }, ...likely.map(({ coding, share }) => ({ coding, share }))];
}

/**
 * The coding of bytes that are not Unicode, the likeliest first.
 *
 * @param text the bytes as Latin-1
 */
export function guessByteCoding(text: string): CodingGuess<'windows-1258' | 'tcvn3' | 'vni'>[] {
  const words = wordsBeyondAscii(text);
  const scores = [WINDOWS_1258, ...FONT_CODINGS].map((coding) => score(coding, words));
  return bestFirst(scores).map(({ coding, share }) => ({ coding, share }));
}

function wordsBeyondAscii(text: string): string[] {
  const words = new Set<string>();
  for (const [word] of text.matchAll(WORD)) {
    if (word.length > 1 && BEYOND_ASCII.test(word)) words.add(word);
    if (words.size === MOST_WORDS) break;
  }
  return [...words];
}

function score<C extends Coding>(
  { coding, convert }: { coding: C; convert: (word: string) => string },
  words: readonly string[],
): Score<C> {
  const legal = words.map(convert).filter(isVietnameseSyllable);
  const points = legal.reduce((sum, word) => sum + (isFamiliar(word) ? FAMILIAR_POINTS : 1), 0);
  return { coding, share: words.length === 0 ? 0 : legal.length / words.length, points };
}

function bestFirst<S extends { points: number }>(scores: readonly S[]): S[] {
  return [...scores].sort((a, b) => b.points - a.points);
}
