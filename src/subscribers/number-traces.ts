import { PREFIX_AFTER_2018 } from './phone-prefixes';

/**
 * The runs of digits by which a number is recognised in a cell or a text, whatever its spelling: without country code and
 * trunk 0, as it is today and as it was with 11 digits before 15/9/2018.
 *
 * @param phone E.164
 * @example digitTraces('+84369123456') // ['369123456', '1669123456']
 */
export function digitTraces(phone: string): string[] {
  const national = phone.slice('+84'.length);
  const former = Object.entries(PREFIX_AFTER_2018)
    .filter(([, now]) => national.startsWith(now))
    .map(([before, now]) => before + national.slice(now.length));
  return [national, ...former];
}

/** Whether a text names the number: blanks, points, brackets, letters O for zeros and full-width digits do not matter. */
export function mentionsNumber(text: string, traces: readonly string[]): boolean {
  const plain = text.normalize('NFKC');
  return [plain, plain.replace(/o/gi, '0')]
    .map((spelling) => spelling.replace(/[^0-9]+/g, ''))
    .some((digits) => traces.some((trace) => digits.includes(trace)));
}

/**
 * JSON without what it tells of a number's owner: in a list of texts, as a row of a spreadsheet is one, nothing stays of
 * the whole row; elsewhere the text itself goes. Everything else, and the shape, stays as it is.
 */
export function withoutNumber(value: unknown, traces: readonly string[]): unknown {
  const names = (inner: unknown): boolean => typeof inner === 'string' && mentionsNumber(inner, traces);
  if (Array.isArray(value)) {
    const isHis = value.some(names);
    return value.map((inner) => (isHis && typeof inner === 'string' ? '' : withoutNumber(inner, traces)));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutNumber(inner, traces)]));
  }
  return names(value) ? '' : value;
}

const FULL_WIDTH_ZERO = 0xff10;

/**
 * The same for PostgreSQL, as the pattern of `cell ~ $1`: one pass, 2 µs for a row of six cells, where taking the digits
 * out first costs 35. Null, which matches nothing, where there are no traces.
 */
export function tracePattern(traces: readonly string[]): string | null {
  const digit = (each: string): string => {
    const fullWidth = String.fromCharCode(FULL_WIDTH_ZERO + Number(each));
    return each === '0' ? `[0oO${fullWidth}]` : `[${each}${fullWidth}]`;
  };
  const patterns = traces.map((trace) => [...trace].map(digit).join('[^0-9０-９]*'));
  return patterns.length === 0 ? null : patterns.join('|');
}
