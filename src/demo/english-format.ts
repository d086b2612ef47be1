const COUNT = new Intl.NumberFormat('en-US');

/** @example formatEnglishCount(140200) === '140,200' */
export function formatEnglishCount(count: number): string {
  return COUNT.format(count);
}
