import { tidyName } from '../vietnamese-text';
import { titleMeaning } from './column-titles';
import type { SheetRow } from './sheet-row';

/**
 * Joins a row of groups with the row of titles below it. A group reaches over the columns to its right as long as they
 * have a title of their own and no other group; a title that stands in the upper row alone counts as title.
 *
 * @example groups ['Họ tên', 'Địa chỉ', ''], titles ['', 'Xã', 'Ấp'] give 'Họ tên', 'Địa chỉ – Xã', 'Địa chỉ – Ấp'
 */
export function titlesUnderGroups(groups: readonly string[], titles: readonly string[]) {
  const joined: { titles: string[]; meanings: string[] } = { titles: [], meanings: [] };
  let group = '';
  for (let column = 0; column < Math.max(groups.length, titles.length); column += 1) {
    const own = tidyName(titles[column] ?? '');
    const above = tidyName(groups[column] ?? '');
    if (above !== '') group = above;
    else if (own === '') group = '';
    const hasGroup = group !== '' && own !== '' && group !== own;
    joined.titles.push(hasGroup ? `${group} – ${own}` : own || above);
    joined.meanings.push(meaningfulTitle(hasGroup ? group : '', own || above));
    if (own === '') group = '';
  }
  return joined;
}

/** "Cố định" says nothing alone, and under "Điện thoại" that it is a landline; "Xã" says enough under any group. */
function meaningfulTitle(group: string, title: string): string {
  return group === '' || titleMeaning(title) ? title : `${group} ${title}`;
}

/** A row that numbers the columns: "(1) (2) (3)", "A B 1 2", "1 2 3=1+2". */
export function isColumnNumbering(row: SheetRow | undefined): boolean {
  const cells = (row?.cells ?? []).map((cell) => cell.trim()).filter((cell) => cell !== '');
  if (cells.length < 2 || !cells.every((cell) => /^\(?(?:\d{1,2}|[A-Za-z])\)?(?:\s*=.*)?$/.test(cell))) return false;
  const numbers = cells.map((cell) => /\d+/.exec(cell)?.[0]).filter((number) => number !== undefined);
  const ascending = numbers.every((number, at) => at === 0 || Number(number) === Number(numbers[at - 1]) + 1);
  return ascending && numbers.length > 0;
}

/**
 * Whether the row after the header only repeats its titles or names parts of a group, such as "Nam" and "Nữ" below "Năm
 * sinh": all that is new in it stands below a group's title and the untitled columns that the group reaches over.
 */
export function continuesHeader(header: SheetRow, next: SheetRow | undefined, titles: readonly string[]): boolean {
  if (!next || next.rowNumber !== header.rowNumber + 1) return false;
  for (const [column, cell] of next.cells.entries()) {
    const text = tidyName(cell);
    if (text === '' || text === titles[column]) continue;
    if (/\d/.test(text) || text.length > 30) return false;
    const isUntitled = (titles[column] ?? '') === '';
    const beginsGroup = !isUntitled && (titles[column + 1] ?? '') === '' && (next.cells[column + 1] ?? '') !== '';
    if (!isUntitled && !beginsGroup) return false;
  }
  return true;
}
