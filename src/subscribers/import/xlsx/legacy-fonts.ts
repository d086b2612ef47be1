import { fromTcvn3 } from '../legacy/from-tcvn3';
import { fromVni } from '../legacy/from-vni';
import { type FontCoding, isUnicodeAlready } from '../legacy/text-coding';

/** A font that draws Vietnamese letters at the codes of Western ones. */
export interface LegacyFont {
  readonly coding: FontCoding;
  /** It draws small letters as capitals. */
  readonly upperCase: boolean;
}

/*
 * A text in several fonts keeps them as signs before each of its runs, code points that are no characters and stand in no
 * text. A run without a font of its own is in that of the cell.
 */
export const OF_CELL = '\uFDD0';
export const UNICODE = '\uFDD1';
const TCVN3 = '\uFDD2';
const TCVN3_CAPITALS = '\uFDD3';
const VNI = '\uFDD4';
const FONTS: Readonly<Record<string, LegacyFont | undefined>> = {
  [TCVN3]: { coding: 'tcvn3', upperCase: false },
  [TCVN3_CAPITALS]: { coding: 'tcvn3', upperCase: true },
  [VNI]: { coding: 'vni', upperCase: false },
};
const MARKED_RUN = /[\uFDD0-\uFDD4]?[^\uFDD0-\uFDD4]+/g;
const MARK = /[\uFDD0-\uFDD4]/;
const MARKS = /[\uFDD0-\uFDD4]/g;
const BEYOND_ASCII = /[^\u0000-\u007F]/;

/** The sign before a run of the font. */
export function markOfFont(font: LegacyFont | undefined): string {
  if (!font) return UNICODE;
  if (font.coding === 'vni') return VNI;
  return font.upperCase ? TCVN3_CAPITALS : TCVN3;
}

export function withoutMarks(text: string): string {
  return text.replace(MARKS, '');
}

/** Makes Unicode of texts by their fonts, and counts which fonts were right about their texts. */
export class LegacyFonts {
  /** Texts with letters beyond ASCII that a font told the coding of. */
  readonly told: Record<FontCoding, number> = { tcvn3: 0, vni: 0 };
  /** Texts in such a font that hold letters which only Unicode has: typed as Unicode, the font is of no meaning. */
  contradicted = 0;
  /** Whether any text came in such a font. */
  used = false;

  /** @param believed without it texts stay as they are stored */
  constructor(private readonly believed: boolean) {}

  /** @param font that of the cell */
  toUnicode(text: string, font: LegacyFont | undefined): string {
    if (!MARK.test(text)) return font ? this.convert(text, font) : text;
    const runs = text.match(MARKED_RUN) ?? [];
    return runs.map((run) => this.runToUnicode(run, font)).join('');
  }

  private runToUnicode(run: string, fontOfCell: LegacyFont | undefined): string {
    const mark = run[0]!;
    const text = MARK.test(mark) ? run.slice(1) : run;
    const font = MARK.test(mark) && mark !== OF_CELL ? FONTS[mark] : fontOfCell;
    return font ? this.convert(text, font) : text;
  }

  private convert(text: string, { coding, upperCase }: LegacyFont): string {
    if (!this.believed) return text;
    this.used = true;
    if (BEYOND_ASCII.test(text)) {
      if (isUnicodeAlready(text)) {
        this.contradicted += 1;
        return text;
      }
      this.told[coding] += 1;
    }
    const converted = coding === 'tcvn3' ? fromTcvn3(text) : fromVni(text);
    return upperCase ? converted.toUpperCase() : converted;
  }
}
