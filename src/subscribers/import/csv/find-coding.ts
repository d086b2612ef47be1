import { isUtf8 } from 'node:buffer';
import { fromTcvn3 } from '../legacy/from-tcvn3';
import { fromVni } from '../legacy/from-vni';
import { guessByteCoding, guessCoding } from '../legacy/guess-coding';
import type { CodingGuess, TextCoding } from '../legacy/text-coding';
import { type ByteCoding, decodeSample, lastCharacterBoundary } from './decode-text';

/** How a text file is to be read. */
export interface FoundCoding {
  readonly coding: TextCoding;
  /** Best first. */
  readonly codingGuesses: readonly CodingGuess<TextCoding>[];
  readonly bytes: ByteCoding;
  readonly bomBytes: number;
  /** What makes Unicode of a cell after its bytes were decoded; undefined if they are Unicode already. */
  readonly convert?: (cell: string) => string;
}

type UnicodeBytes = 'utf-8' | 'utf-16le' | 'utf-16be';
interface UnicodeFile {
  readonly bytes: UnicodeBytes;
  readonly bomBytes: number;
}

const BYTE_ORDER_MARKS: readonly { bytes: UnicodeBytes; mark: Buffer }[] = [
  { bytes: 'utf-8', mark: Buffer.from('efbbbf', 'hex') },
  { bytes: 'utf-16le', mark: Buffer.from('fffe', 'hex') },
  { bytes: 'utf-16be', mark: Buffer.from('feff', 'hex') },
];
/** In Vietnamese text of two bytes a letter, at least half of the letters are of ASCII. */
const LEAST_ZEROS = 1 / 8;
const MOST_STRAY_ZEROS = 1 / 50;
/** A byte that begins a letter of UTF-8 and those it needs; the codings of one byte a letter hardly ever have them so. */
const UTF8_LETTERS =
  /[\u00C2-\u00DF][\u0080-\u00BF]|[\u00E0-\u00EF][\u0080-\u00BF]{2}|[\u00F0-\u00F4][\u0080-\u00BF]{3}/g;
/** What may divide cells, since the delimiter is found in text of a known coding only. */
const CELL_ENDS = /[;\t,|]/;
const HIGH_BYTES = /[\u0080-\u00FF]/g;

/**
 * The coding of a text file by its beginning: its byte order mark, else UTF-16 if zero bytes stand at every other place,
 * else UTF-8 if it is nothing but UTF-8, else that of the old codings of Vietnam in which most words are syllables of the
 * language. Text that is Unicode may hold the letters of a font coding, as Excel saves cells of the font .VnTime; it is
 * looked into as well.
 *
 * @param sample the first bytes of the file
 * @param isWhole whether they are all of them
 * @param chosen what a person chose instead of the guess; the letters of a font coding are taken from Unicode bytes too
 */
export function findCoding(sample: Buffer, isWhole: boolean, chosen?: TextCoding): FoundCoding {
  const unicode = unicodeFile(sample, isWhole);
  const codingGuesses = unicode ? guessesOfUnicode(sample, unicode) : guessesOfBytes(sample);
  const coding = chosen ?? codingGuesses[0]!.coding;
  const found = { coding, codingGuesses };
  if (coding === 'tcvn3' || coding === 'vni') {
    const convert = coding === 'tcvn3' ? fromTcvn3 : (cell: string): string => fromVni(cell);
    return { ...found, ...(unicode ?? { bytes: 'windows-1252', bomBytes: 0 }), convert };
  }
  if (coding === 'windows-1258') return { ...found, bytes: coding, bomBytes: 0, convert: composed };
  const marked = markOf(sample);
  return { ...found, bytes: coding, bomBytes: marked?.bytes === coding ? marked.bomBytes : 0 };
}

function unicodeFile(sample: Buffer, isWhole: boolean): UnicodeFile | undefined {
  const marked = markOf(sample);
  if (marked) return marked;
  const twoBytes = bytesOfTwoByteLetters(sample);
  if (twoBytes) return { bytes: twoBytes, bomBytes: 0 };
  const characters = isWhole ? sample : sample.subarray(0, lastCharacterBoundary(sample));
  return isUtf8(characters) ? { bytes: 'utf-8', bomBytes: 0 } : undefined;
}

/** UTF-16 without its mark: its zero bytes all stand at odd, or all at even places. To UTF-8 they would be letters. */
function bytesOfTwoByteLetters(sample: Buffer): UnicodeBytes | undefined {
  const zeros = [0, 0];
  for (let at = sample.indexOf(0); at >= 0; at = sample.indexOf(0, at + 1)) zeros[at % 2]! += 1;
  const [most, least] = [Math.max(...zeros), Math.min(...zeros)];
  if (most <= sample.length * LEAST_ZEROS || least > most * MOST_STRAY_ZEROS) return undefined;
  return zeros[1] === most ? 'utf-16le' : 'utf-16be';
}

function markOf(sample: Buffer): UnicodeFile | undefined {
  const found = BYTE_ORDER_MARKS.find(({ mark }) => sample.subarray(0, mark.length).equals(mark));
  return found && { bytes: found.bytes, bomBytes: found.mark.length };
}

function guessesOfUnicode(sample: Buffer, { bytes, bomBytes }: UnicodeFile): CodingGuess<TextCoding>[] {
  const text = decodeSample(sample.subarray(bomBytes), bytes);
  const rows = text.split(/[\r\n]+/).map((line, at) => ({ rowNumber: at + 1, cells: line.split(CELL_ENDS) }));
  return guessCoding(rows).map(({ coding, share }) => ({
    coding: coding === 'unicode' ? bytes : coding,
    share,
  }));
}

/** UTF-8 with a few bytes that are none is a damaged file, whose reading shall end where the damage is. */
function guessesOfBytes(sample: Buffer): CodingGuess<TextCoding>[] {
  const text = sample.toString('latin1');
  const old = guessByteCoding(text);
  const ofUtf8 = (text.match(UTF8_LETTERS) ?? []).join('').length;
  const share = ofUtf8 / Math.max(1, text.match(HIGH_BYTES)?.length ?? 0);
  const utf8 = { coding: 'utf-8' as const, share };
  return share >= 0.5 ? [utf8, ...old] : old;
}

function composed(cell: string): string {
  return cell.normalize('NFC');
}
