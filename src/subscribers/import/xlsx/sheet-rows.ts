import { cellTooLong, damagedWorkbook, tooManyColumns, tooManyRows } from '../read-faults';
import {
  CHARACTERS_PER_BATCH,
  columnName,
  dropTrailingBlanks,
  type ReadLimits,
  ROWS_PER_BATCH,
  type SheetRow,
  LAST_ROW,
} from '../sheet-row';
import type { CellStyles } from './cell-styles';
import { dateText, numberText, unescapeControls } from './cell-text';
import { type LegacyFonts, withoutMarks } from './legacy-fonts';
import { columnIndex, type TallCellFiller } from './merged-cells';
import { RichText, type SharedStrings } from './shared-strings';
import type { XmlAttributes, XmlHandler } from './xml-feed';

/** What the cells of a sheet refer to. */
interface SheetContext {
  readonly strings: SharedStrings;
  readonly styles: CellStyles;
  readonly fonts: LegacyFonts;
  readonly date1904: boolean;
  readonly tallCells: TallCellFiller;
  readonly limits: ReadLimits;
}

/**
 * Turns the events of a sheet part into rows. Between `row` and `/row` cells are gathered, between `c` and `/c` the value
 * (`v`, or `t` of an inline text) and the formula (`f`); once `/sheetData` is read, nothing further counts.
 *
 * A formula whose result the file does not hold gives the formula itself, `=…`: it must not pass for an empty cell.
 */
export class SheetRows implements XmlHandler {
  finished = false;
  /** Rows with content so far. */
  total = 0;
  private rows: SheetRow[] = [];
  private inRows = false;
  private rowNumber = 0;
  private cells: string[] = [];
  private column = -1;
  private inCell = false;
  private type = '';
  private style = 0;
  private capturing: 'v' | 'f' | '' = '';
  private value = '';
  private hasValue = false;
  private formula: string | undefined;
  private characters = 0;
  private readonly inline: RichText;

  constructor(private readonly context: SheetContext) {
    this.inline = new RichText(context.limits.maxCellLength + 1, context.styles.fonts !== undefined);
  }

  get isBatchFull(): boolean {
    return this.rows.length >= ROWS_PER_BATCH || this.characters >= CHARACTERS_PER_BATCH;
  }

  take(): SheetRow[] {
    const taken = this.rows;
    this.rows = [];
    this.characters = 0;
    return taken;
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'sheetData') this.inRows = !this.finished;
    if (!this.inRows) return;
    if (this.inCell) this.openInCell(name, attributes);
    else if (name === 'row') this.beginRow(attributes);
    else if (name === 'c') this.beginCell(attributes);
  }

  text(content: string): void {
    if (!this.inCell) return;
    if (this.capturing === 'v') this.value = this.appended(this.value, content);
    else if (this.capturing === 'f') this.formula = this.appended(this.formula ?? '', content);
    else this.inline.add(content);
  }

  close(name: string): void {
    if (!this.inRows) return;
    if (name === 'c') this.endCell();
    else if (name === 'row') this.endRow();
    else if (name === 'sheetData') {
      this.inRows = false;
      this.finished = true;
    } else {
      this.capturing = '';
      this.inline.close(name);
    }
  }

  private beginRow({ r }: XmlAttributes): void {
    const number = r === undefined ? this.rowNumber + 1 : Number(r);
    if (!(Number.isSafeInteger(number) && number > this.rowNumber && number <= LAST_ROW)) throw damagedWorkbook();
    this.rowNumber = number;
    this.cells = [];
    this.column = -1;
  }

  private beginCell({ r, t = 'n', s }: XmlAttributes): void {
    this.inCell = true;
    this.column = r === undefined ? this.column + 1 : columnIndex(r);
    if (this.column < 0) throw damagedWorkbook();
    this.type = t;
    this.style = s === undefined ? 0 : Number(s);
    this.value = '';
    this.hasValue = false;
    this.formula = undefined;
    this.capturing = '';
  }

  private openInCell(name: string, attributes: XmlAttributes): void {
    if (name === 'v') {
      this.capturing = 'v';
      this.hasValue = true;
    } else if (name === 'f') {
      this.capturing = 'f';
      this.formula = '';
    } else this.inline.open(name, attributes);
  }

  private endCell(): void {
    this.inCell = false;
    const text = this.cellText();
    if (text === '') return;
    const { maxColumns, maxCellLength } = this.context.limits;
    if (this.column >= maxColumns) throw tooManyColumns({ row: this.rowNumber, maxColumns });
    if (text.length > maxCellLength) {
      throw cellTooLong({ cell: `${columnName(this.column)}${this.rowNumber}`, maxCellLength });
    }
    while (this.cells.length < this.column) this.cells.push('');
    this.cells[this.column] = text;
    this.characters += text.length;
  }

  private cellText(): string {
    if (this.type === 'inlineStr') return this.unicode(this.inline.take());
    if (this.value === '') return this.formula === undefined || this.hasEmptyResult ? '' : `=${this.formula}`;
    if (this.type === 's') return this.unicode(this.sharedText());
    if (this.type === 'n') {
      const isDate = this.context.styles.dates[this.style] === true;
      return isDate ? dateText(this.value, this.context.date1904) : numberText(this.value);
    }
    if (this.type === 'b') return this.value === '1' ? 'TRUE' : 'FALSE';
    // 'str', the text a formula gave; 'e', an error such as #N/A; 'd', a date in ISO 8601 already
    return this.unicode(unescapeControls(this.value));
  }

  /** A formula may give a text without a letter, such as `=IF(A1="","",B1)`. */
  private get hasEmptyResult(): boolean {
    return this.hasValue && this.type === 'str';
  }

  private unicode(text: string): string {
    const { styles, strings, fonts, limits } = this.context;
    if (styles.fonts === undefined && !strings.hasMarks && !this.inline.everMarked) return text;
    // A longer one was cut off where it was read, which its conversion could hide.
    const bare = withoutMarks(text);
    return bare.length > limits.maxCellLength ? bare : fonts.toUnicode(text, styles.fonts?.[this.style]);
  }

  private sharedText(): string {
    const text = this.context.strings.get(Number(this.value));
    if (text === undefined) throw damagedWorkbook();
    return text;
  }

  private endRow(): void {
    const { limits, tallCells } = this.context;
    if (dropTrailingBlanks(this.cells).length === 0) return;
    tallCells.fill(this.rowNumber, this.cells);
    this.total += 1;
    if (this.total > limits.maxRows) throw tooManyRows({ maxRows: limits.maxRows });
    this.rows.push({ rowNumber: this.rowNumber, cells: this.cells });
  }

  /** A value is kept just so long that the cell is found too long. */
  private appended(text: string, content: string): string {
    return text.length > this.context.limits.maxCellLength ? text : text + content;
  }
}
