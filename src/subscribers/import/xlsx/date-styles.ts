import { damagedWorkbook } from '../read-faults';
import type { OfficePackage } from './package';
import { readXml } from './xml-feed';

/** Excel allows 65,490 cell formats. */
const MAX_STYLES = 100_000;

/** Numbers of formats that mean dates or times without being spelt out (ECMA-376 part 1, section 18.8.30). */
const BUILT_IN_DATES: readonly (readonly [number, number])[] = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
];

/** For each cell style of a workbook, whether its numbers are days and times. */
export async function readDateStyles(zip: OfficePackage, part: string): Promise<readonly boolean[]> {
  const customDates = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inCellFormats = false;
  await readXml(zip.read(part), {
    open(name, { numFmtId, formatCode = '' }) {
      if (customDates.size + styles.length > MAX_STYLES) throw damagedWorkbook();
      if (name === 'numFmt') customDates.set(Number(numFmtId), isDateFormat(formatCode));
      if (name === 'cellXfs') inCellFormats = true;
      if (name === 'xf' && inCellFormats) styles.push(isDate(Number(numFmtId ?? 0), customDates));
    },
    close(name) {
      if (name === 'cellXfs') inCellFormats = false;
    },
    text: () => undefined,
  });
  return styles;
}

function isDate(format: number, customDates: ReadonlyMap<number, boolean>): boolean {
  return customDates.get(format) ?? BUILT_IN_DATES.some(([from, to]) => format >= from && format <= to);
}

/**
 * Whether a number format shows days or times: a letter of d, m, y, h or s outside of quotation marks, escapes, colours
 * and conditions. Only the first section counts, which is the one for positive numbers.
 */
function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').split(';')[0]!;
  return !/general/i.test(bare) && /[dmyhs]/i.test(bare);
}
