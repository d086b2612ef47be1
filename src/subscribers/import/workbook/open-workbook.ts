import type { OpenedSheet, ReadChoice } from '../opened-sheet';
import type { ReadLimits, SheetRow } from '../sheet-row';
import { OfficePackage } from '../xlsx/package';
import { openXlsx } from '../xlsx/read-xlsx';
import { isOds, openOds } from './open-ods';
import { openXls } from './open-xls';
import { workbookCoding } from './workbook-coding';
import type { WorkbookSheet } from './workbook-sheet';

interface WorkbookFile {
  readonly path: string;
  readonly kind: 'zip' | 'compound';
  /** The refusal for a file that is no workbook. */
  readonly useless: () => Error;
}

interface OpenedWorkbook extends WorkbookSheet {
  readonly format: 'xlsx' | 'xls' | 'ods';
}

/** Opens a workbook with its text in Unicode, whatever fonts or codes it is written in. */
export async function openDecodedWorkbook(
  file: WorkbookFile,
  limits: ReadLimits,
  choice: ReadChoice,
): Promise<OpenedSheet> {
  let opened = await openWorkbookFile(file, limits, choice.sheet, true);
  const found = workbookCoding(opened.first, opened.fonts, choice.coding);
  if (opened.fonts?.used && !found.fontsBelieved) {
    await opened.close();
    opened = await openWorkbookFile(file, limits, choice.sheet, false);
  }
  const { format, name: sheet, sheets, close } = opened;
  const { coding, codingGuesses, convert } = found;
  const rows = () => rowsOf(opened, convert);
  return { format, sheet, sheets, coding, codingGuesses, delimiter: null, rows, close };
}

async function* rowsOf(
  { first, rest }: WorkbookSheet,
  convert: ((text: string) => string) | undefined,
): AsyncGenerator<SheetRow[]> {
  const asMeant = (rows: SheetRow[]): SheetRow[] =>
    convert ? rows.map(({ rowNumber, cells }) => ({ rowNumber, cells: cells.map(convert) })) : rows;
  yield asMeant(first);
  for await (const rows of rest) yield asMeant(rows);
}

async function openWorkbookFile(
  { path, kind, useless }: WorkbookFile,
  limits: ReadLimits,
  sheet: string | undefined,
  fontsBelieved: boolean,
): Promise<OpenedWorkbook> {
  if (kind === 'compound') return { format: 'xls', ...(await openXls(path, limits, sheet, useless)) };
  const zip = await OfficePackage.open(path, limits.maxUncompressedBytes);
  try {
    const opened = (await isOds(zip))
      ? { format: 'ods' as const, ...(await openOds(zip, limits, sheet)) }
      : { format: 'xlsx' as const, ...(await openXlsx(zip, limits, { sheet, fontsBelieved }, useless)) };
    const close = async (): Promise<void> => {
      await opened.close();
      zip.close();
    };
    return { ...opened, close };
  } catch (error) {
    zip.close();
    throw error;
  }
}
