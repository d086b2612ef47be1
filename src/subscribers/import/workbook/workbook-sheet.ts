import type { SheetRow } from '../sheet-row';
import type { LegacyFonts } from '../xlsx/legacy-fonts';

/** A sheet of a workbook as its tab shows it. */
export interface SheetInfo {
  readonly name: string;
  /** Not shown to whoever opens the file: never read unless it is unhidden. */
  readonly hidden: boolean;
}

/** A workbook opened at one of its sheets, at its first rows. */
export interface WorkbookSheet {
  readonly name: string;
  /** All that are tables, in their order. */
  readonly sheets: readonly SheetInfo[];
  readonly first: SheetRow[];
  readonly rest: AsyncGenerator<SheetRow[]>;
  /** Where the fonts of the cells are known. */
  readonly fonts?: LegacyFonts;
  close(): Promise<void>;
}
