import { codingOfFont } from '../legacy/coding-of-font';
import { damagedWorkbook } from '../read-faults';
import { isDateFormat } from './date-format';
import type { LegacyFont } from './legacy-fonts';
import type { OfficePackage } from './package';
import { readXml, type XmlAttributes, type XmlHandler } from './xml-feed';

/** Excel allows 65,490 cell formats. */
const MAX_STYLES = 100_000;

/** Numbers of formats that mean dates or times without being spelt out (ECMA-376 part 1, section 18.8.30). */
const BUILT_IN_DATES: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** What the style of a cell says of its content, by the number of the style. */
export interface CellStyles {
  /** Whether its numbers are days and times. */
  readonly dates: readonly boolean[];
  /** The font coding of its text; undefined as a whole if no style has any. */
  readonly fonts?: readonly (LegacyFont | undefined)[];
}

export async function readCellStyles(zip: OfficePackage, part: string): Promise<CellStyles> {
  const styles = new Styles();
  await readXml(zip.read(part), styles);
  return styles.found();
}

class Styles implements XmlHandler {
  private readonly customDates = new Map<number, boolean>();
  private readonly fonts: (LegacyFont | undefined)[] = [];
  private readonly dates: boolean[] = [];
  private readonly fontOfStyle: number[] = [];
  private in: 'fonts' | 'cellXfs' | '' = '';

  open(name: string, attributes: XmlAttributes): void {
    if (this.customDates.size + this.dates.length + this.fonts.length > MAX_STYLES) throw damagedWorkbook();
    if (name === 'fonts' || name === 'cellXfs') this.in = name;
    else if (name === 'numFmt') {
      this.customDates.set(Number(attributes.numFmtId), isDateFormat(attributes.formatCode ?? ''));
    } else if (this.in === 'fonts') this.addFont(name, attributes);
    else if (this.in === 'cellXfs' && name === 'xf') {
      this.dates.push(this.isDate(Number(attributes.numFmtId ?? 0)));
      this.fontOfStyle.push(Number(attributes.fontId ?? 0));
    }
  }

  close(name: string): void {
    if (name === this.in) this.in = '';
  }

  text(): void {}

  found(): CellStyles {
    const fonts = this.fontOfStyle.map((font) => this.fonts[font]);
    return fonts.some((font) => font !== undefined) ? { dates: this.dates, fonts } : { dates: this.dates };
  }

  private addFont(name: string, { val = '' }: XmlAttributes): void {
    if (name === 'font') this.fonts.push(undefined);
    else if (name === 'name' && this.fonts.length > 0) this.fonts[this.fonts.length - 1] = codingOfFont(val);
  }

  private isDate(format: number): boolean {
    return this.customDates.get(format) ?? BUILT_IN_DATES.some(([from, to]) => format >= from && format <= to);
  }
}
