import { fromTcvn3 } from '../legacy/from-tcvn3';
import { fromVni } from '../legacy/from-vni';
import { guessCoding } from '../legacy/guess-coding';
import type { Coding, CodingGuess, FontCoding } from '../legacy/text-coding';
import type { SheetRow } from '../sheet-row';

/** What the fonts of the first rows told: texts they were right about, by coding, and texts that are Unicode for sure. */
export interface FontsTold {
  readonly told: Readonly<Record<FontCoding, number>>;
  readonly contradicted: number;
}

export interface WorkbookCoding {
  readonly coding: Coding;
  readonly codingGuesses: readonly CodingGuess<Coding>[];
  /** Whether cells are Unicode already where their font is of a font coding. */
  readonly fontsBelieved: boolean;
  /** What makes Unicode of every cell, whatever its font. */
  readonly convert?: (text: string) => string;
}

const CONVERT: Readonly<Record<FontCoding, (text: string) => string>> = {
  tcvn3: (text) => fromTcvn3(text),
  vni: (text) => fromVni(text),
};
const NOTHING_TOLD: FontsTold = { told: { tcvn3: 0, vni: 0 }, contradicted: 0 };

/**
 * The coding of the text in a workbook, by its first rows. What the fonts say goes before what the letters look like,
 * unless most text in such fonts is Unicode: people convert their lists and leave the fonts. Where a person chooses what
 * was guessed, the same comes out as without the choice.
 *
 * @param first rows as they were read with the fonts believed
 */
export function workbookCoding(
  first: readonly SheetRow[],
  { told, contradicted }: FontsTold = NOTHING_TOLD,
  chosen?: Coding,
): WorkbookCoding {
  const choice = chosen === undefined || chosen === 'tcvn3' || chosen === 'vni' ? chosen : 'unicode';
  const right = told.tcvn3 + told.vni;
  if (right + contradicted === 0) {
    const codingGuesses = guessCoding(first);
    const coding = choice ?? codingGuesses[0]!.coding;
    // Rows further down may be in such a font yet.
    return coding === 'unicode' ? { coding, codingGuesses, fontsBelieved: true } : allAlike(coding, codingGuesses);
  }
  const codingGuesses = guessesOfFonts(told, contradicted);
  const best = codingGuesses[0]!.coding;
  const coding = choice ?? best;
  if (coding === best && coding !== 'unicode') return { coding, codingGuesses, fontsBelieved: true };
  return allAlike(coding, codingGuesses);
}

function guessesOfFonts({ tcvn3, vni }: FontsTold['told'], contradicted: number): CodingGuess<Coding>[] {
  const share = (tcvn3 + vni) / (tcvn3 + vni + contradicted);
  const ofFonts: CodingGuess<Coding> = { coding: vni > tcvn3 ? 'vni' : 'tcvn3', share };
  const ofUnicode: CodingGuess<Coding> = { coding: 'unicode', share: 1 - share };
  return share >= 0.5 ? [ofFonts, ofUnicode] : [ofUnicode, ofFonts];
}

function allAlike(coding: Coding, codingGuesses: WorkbookCoding['codingGuesses']): WorkbookCoding {
  const convert = coding === 'tcvn3' || coding === 'vni' ? CONVERT[coding] : undefined;
  return { coding, codingGuesses, fontsBelieved: false, convert };
}
