import { hiddenSheet, noSuchSheet, noVisibleSheet } from '../read-faults';
import type { SheetInfo } from './workbook-sheet';

/** Names told in a fault; a workbook may have hundreds. */
const MOST_NAMES = 20;

/**
 * The sheets that may be read, in their order: the one chosen, or all that are visible. A hidden sheet is read by nobody's
 * choice, because whoever hid it may not have meant to send it: it must be unhidden in the file.
 *
 * @param wanted the name of a sheet, as its tab shows it
 * @throws noSuchSheet, hiddenSheet, noVisibleSheet
 */
export function sheetsToRead<Sheet extends SheetInfo>(sheets: readonly Sheet[], wanted?: string): readonly Sheet[] {
  const visible = sheets.filter(({ hidden }) => !hidden);
  if (wanted === undefined) {
    if (visible.length === 0) throw noVisibleSheet();
    return visible;
  }
  const chosen = sheets.find(({ name }) => name === wanted);
  if (!chosen) throw noSuchSheet({ sheet: wanted, sheets: listed(visible) });
  if (chosen.hidden) throw hiddenSheet({ sheet: wanted });
  return [chosen];
}

function listed(sheets: readonly SheetInfo[]): string {
  const names = sheets.slice(0, MOST_NAMES).map(({ name }) => `"${name}"`);
  return names.join(', ') + (sheets.length > MOST_NAMES ? ', …' : '');
}
