import { damagedWorkbook } from '../read-faults';
import type { XmlAttributes, XmlHandler } from '../xlsx/xml-feed';
import type { SheetInfo } from './workbook-sheet';

const MAX_SHEETS = 10_000;
const MAX_STYLES = 100_000;

/**
 * The tables of an OpenDocument spreadsheet in their order. Whether one is hidden is said by its style, which stands before
 * all tables.
 */
export class OdsSheets implements XmlHandler {
  readonly sheets: SheetInfo[] = [];
  isSpreadsheet = false;
  private readonly hiddenStyles = new Set<string>();
  private styles = 0;
  private style = '';
  private depthOfTables = 0;

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'spreadsheet') this.isSpreadsheet = true;
    else if (name === 'style') this.style = this.nameOf(attributes);
    else if (name === 'table-properties') this.noteDisplay(attributes);
    else if (name === 'table') this.beginTable(attributes);
  }

  close(name: string): void {
    if (name === 'table') this.depthOfTables -= 1;
  }

  text(): void {}

  private nameOf(attributes: XmlAttributes): string {
    this.styles += 1;
    if (this.styles > MAX_STYLES) throw damagedWorkbook();
    return attributes['style:family'] === 'table' ? (attributes['style:name'] ?? '') : '';
  }

  private noteDisplay(attributes: XmlAttributes): void {
    if (attributes['table:display'] === 'false') this.hiddenStyles.add(this.style);
  }

  private beginTable(attributes: XmlAttributes): void {
    this.depthOfTables += 1;
    if (this.depthOfTables > 1) return; // a table within a cell
    if (this.sheets.length >= MAX_SHEETS) throw damagedWorkbook();
    const hidden = this.hiddenStyles.has(attributes['table:style-name'] ?? '');
    this.sheets.push({ name: attributes['table:name'] ?? '', hidden });
  }
}
