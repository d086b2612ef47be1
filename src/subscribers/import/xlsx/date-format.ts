/**
 * Whether a number format shows days or times: a letter of d, m, y, h or s outside of quotation marks, escapes, colours
 * and conditions. Only the first section counts, which is the one for positive numbers.
 */
export function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').split(';')[0]!;
  return !/general/i.test(bare) && /[dmyhs]/i.test(bare);
}
