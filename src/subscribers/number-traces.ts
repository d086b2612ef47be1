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

/**
 * The same comparison in SQL, for a column of texts: `traces` is the parameter with '%369123456%', ….
 * A superset is enough where the rows found are looked at again.
 */
export function sqlMentions(column: string, traces: string): string {
  const digits = (text: string): string =>
    `regexp_replace(translate(${text}, '０１２３４５６７８９', '0123456789'), '[^0-9]+', '', 'g')`;
  return `(${digits(column)} like any(${traces}) or ${digits(`translate(${column}, 'oO', '00')`)} like any(${traces}))`;
}

/** The parameter of `sqlMentions`. */
export function likeTraces(traces: readonly string[]): string[] {
  return traces.map((trace) => `%${trace}%`);
}
