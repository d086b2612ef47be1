const COUNT = new Intl.NumberFormat('vi-VN');

/** @example formatCount(140200) === '140.200' */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** Marks that stand on the letter before them, and marks that cannot be seen, take no room; CJK letters take two. */
const NO_WIDTH = /[\p{M}\p{Cf}]/u;
const DOUBLE_WIDTH = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/;

/** How many columns of a terminal a text takes, whether its accents are composed or not. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text.normalize('NFC')) {
    if (!NO_WIDTH.test(character)) width += DOUBLE_WIDTH.test(character) ? 2 : 1;
  }
  return width;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Lines of at most so many columns, broken between words only: a longer word has a line of its own. */
export function wrapWords(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && displayWidth(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** @example formatDuration(95) === '1 phút 35 giây' */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  return minutes === 0 ? `${whole} giây` : `${minutes} phút ${whole % 60} giây`;
}
