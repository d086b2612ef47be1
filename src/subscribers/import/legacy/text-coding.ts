/**
 * How letters are stored in a text file. `tcvn3` (ABC, the fonts .VnTime) and `vni` (VNI-Windows, the fonts VNI-Times) are
 * font codings: to a computer their text is Western European, and it may well come as UTF-8 or UTF-16 of those letters.
 */
export const TEXT_CODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1258', 'tcvn3', 'vni'] as const;
export type TextCoding = (typeof TEXT_CODINGS)[number];

/** In a workbook, whose text is always Unicode, only a font coding may hide below it. */
export type Coding = TextCoding | 'unicode';
export type FontCoding = 'tcvn3' | 'vni';

export interface CodingGuess<C extends Coding> {
  readonly coding: C;
  /** Of the words with letters beyond ASCII, the part that this coding turns into Vietnamese syllables; 0 to 1. */
  readonly share: number;
}

/** Letters (NFC) that Vietnamese shares with no Western language, and no font coding has. */
export const VIETNAMESE_ONLY = /[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]/;

/** Whether text in any normal form has such a letter: it is Unicode, whatever the font of its cell. */
export function isUnicodeAlready(text: string): boolean {
  return VIETNAMESE_ONLY.test(text.normalize('NFC'));
}
