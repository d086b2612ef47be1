import { guessCoding } from './legacy/guess-coding';
import { VIETNAMESE_ONLY } from './legacy/text-coding';
import type { RowRejection } from './rejection-texts';

/** Nothing but Vietnamese letters, digits and the signs of names: as good as every cell, and needs no further tests. */
const PLAIN_TEXT = /^[ A-Za-z0-9À-ÃÈ-ÊÌÍÒ-ÕÙÚÝà-ãè-êìíò-õùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ'.,/()-]*$/;
/** "Nguy?n", "Tr?n": a letter was lost when the file was saved in a code page without it. */
const LOST_LETTERS = /\p{L}\?|\?\p{L}|\uFFFD/u;
/** Signs inside a word that only the fonts .VnTime (TCVN3) and VNI show as Vietnamese letters. */
const LEGACY_FONT = /\p{L}[¨©ª«¬®µ¶·¸¹»¼½¾¦§]|[¨©ª«¬®µ¶·¸¹»¼½¾¦§]\p{L}|[aeiouyôö][øûïåäëü]/iu;
/**
 * Two letters that no Vietnamese word has side by side and VNI has in most: "Leâ", "Vaên", "Myõ", "Haèng". A breve with
 * acute counts only before the consonants that may follow it: there is a Raúl, and a Páez.
 */
const VNI_PAIR = /a[âêáàãùõ]|e[âáàãùõ]|o[âùõ]|[uyô][ùõ]|a[éèú][cmnpt]/i;
/** A capital after a small letter, as ễ and ị look in TCVN3: "NguyÔn", "ThÞ". But somebody may have left out a space. */
const CAPITAL_WITHIN = /[a-zà-ÿ][À-Þ]/;
/** UTF-8 read as windows-1252: "Nguyá»…n", "Trầ" as "Tráº§". */
const DOUBLE_ENCODED = /á[»º]|Ã[\u0080-\u00BF]|Æ[°¡]|Ä[‘\u0091\u0090]/;

type TextFault = Extract<
  RowRejection,
  'formula-without-result' | 'excel-error' | 'text-damaged' | 'text-legacy-encoding' | 'text-too-long'
>;

/**
 * What makes the text of a cell unfit to be stored and shown to the person it names; undefined for a good one.
 *
 * @param text tidied, see tidyName
 * @param maxLength characters
 */
export function faultOfText(text: string, maxLength: number): TextFault | undefined {
  if (PLAIN_TEXT.test(text) && isAboveSuspicion(text)) return text.length > maxLength ? 'text-too-long' : undefined;
  if (isFormula(text)) return 'formula-without-result';
  if (/^#(?:N\/A|[A-Z]+[!?]|DIV\/0!)$/.test(text)) return 'excel-error';
  if (LOST_LETTERS.test(text)) return 'text-damaged';
  if (isOfOldFont(text) || DOUBLE_ENCODED.test(text)) return 'text-legacy-encoding';
  return text.length > maxLength ? 'text-too-long' : undefined;
}

/** Names have an ễ or đ early on as a rule, and no old font has those letters. */
function isAboveSuspicion(plain: string): boolean {
  return VIETNAMESE_ONLY.test(plain) || !(VNI_PAIR.test(plain) || CAPITAL_WITHIN.test(plain));
}

function isOfOldFont(text: string): boolean {
  if (LEGACY_FONT.test(text) || VNI_PAIR.test(text)) return true;
  return guessCoding([{ rowNumber: 1, cells: [text] }])[0]!.coding !== 'unicode';
}

/** A formula whose result the file does not hold; the phone rule takes `="0912…"`, the way to keep a zero, by itself. */
export function isFormula(cell: string): boolean {
  return cell.startsWith('=') && !/^=\s*\(?"/.test(cell);
}
