import { isUnicodeAlready } from './text-coding';

/**
 * Letters of TCVN 5712:1993 by their code from 0xA1 on. Its third set (VN3, "TCVN3", "ABC") is what the fonts .VnTime hold:
 * small letters with tones and seven capitals. The capitals with tones at the codes between them belong to the second set
 * (VN2); no font uses these codes for anything else. Five tone marks (0xB0 to 0xB4) are left alone: nobody types them.
 */
const LETTERS =
  'ĂÂÊÔƠƯĐăâêôơưđẰ\u00B0\u00B1\u00B2\u00B3\u00B4àảãáạẲằẳẵắẴẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ';
const FIRST_CODE = 0xa1;
const CODED = /[\u00A1-\u00AF\u00B5-\u00FF]/;
const ALL_CODED = new RegExp(CODED, 'g');
/** Small letters of which TCVN3 has no capital: in a word typed in capitals they stay as they are. */
const WITHOUT_CAPITAL = /[àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]/g;
const WORD = /\p{L}+/gu;
const CAPITAL_WITHIN = /\p{L}\p{Lu}/u;

/**
 * Text of the fonts .VnTime, .VnArial … as Unicode (NFC).
 *
 * In a text typed in capitals, "NGUYÔN V¡N Tý", the letters with tones came out small, since the coding has no others; they
 * are put in capitals with the rest. Whether a single capital was meant ("ấn" for "Ấn") cannot be known.
 *
 * @param text of one cell, whose code points to 255 are codes of TCVN3, the soft hyphen (ư) among them; others are kept, and
 * so is text that is Unicode already
 * @example fromTcvn3('NguyÔn V¨n Ph\u00ADîng') === 'Nguyễn Văn Phượng'
 */
export function fromTcvn3(text: string): string {
  if (!CODED.test(text) || isUnicodeAlready(text)) return text.normalize('NFC');
  const letters = text.replace(ALL_CODED, (sign) => LETTERS[sign.charCodeAt(0) - FIRST_CODE]!).normalize('NFC');
  return CAPITAL_WITHIN.test(letters) ? withCapitals(letters) : letters;
}

function withCapitals(text: string): string {
  const isTypedInCapitals = (word: string): boolean => CAPITAL_WITHIN.test(word) && !hasTypedSmallLetter(word);
  const shouted = text.match(WORD)?.some((word) => word.length > 2 && isTypedInCapitals(word)) ?? false;
  if (shouted && !hasTypedSmallLetter(text)) return text.toUpperCase();
  return text.replace(WORD, (word) => (isTypedInCapitals(word) ? word.toUpperCase() : word));
}

/** Whether it has a small letter that could have been typed as a capital. */
function hasTypedSmallLetter(text: string): boolean {
  return /\p{Ll}/u.test(text.replace(WITHOUT_CAPITAL, ''));
}
