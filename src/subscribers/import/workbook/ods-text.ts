import type { XmlAttributes } from '../xlsx/xml-feed';

/** What stands within the text of a cell and is none of it: comments, notes, pictures, reading aids. */
const NOT_TEXT = new Set(['annotation', 'note', 'frame', 'ruby-text']);

/**
 * Gathers the paragraphs of one OpenDocument cell, without its comments and pictures. Blanks in a row count as one, those
 * that are meant are elements (OpenDocument 1.3 part 3, section 6.1.2).
 */
export class OdsText {
  private text = '';
  private paragraphs = 0;
  private inParagraph = false;
  private skipped = 0;

  /** @param maxLength text is kept just so long that the cell is found too long */
  constructor(private readonly maxLength: number) {}

  open(name: string, attributes: XmlAttributes): void {
    if (this.skipped > 0 || NOT_TEXT.has(name)) this.skipped += 1;
    else if (name === 'p') this.beginParagraph();
    else if (name === 's') this.addBlanks(Number(attributes['text:c'] ?? 1));
    else if (name === 'tab') this.add('\t');
    else if (name === 'line-break') this.add('\n');
  }

  close(name: string): void {
    if (this.skipped > 0) this.skipped -= 1;
    else if (name === 'p') this.inParagraph = false;
  }

  content(text: string): void {
    if (this.skipped === 0) this.add(text.replace(/[ \t\r\n]+/g, ' '));
  }

  take(): string {
    const { text } = this;
    this.text = '';
    this.paragraphs = 0;
    this.inParagraph = false;
    this.skipped = 0;
    return text;
  }

  private beginParagraph(): void {
    this.inParagraph = true;
    this.paragraphs += 1;
    if (this.paragraphs > 1) this.add('\n');
  }

  private addBlanks(count: number): void {
    if (count > 0) this.add(' '.repeat(Math.min(count, this.maxLength + 1)));
  }

  private add(text: string): void {
    if (this.inParagraph && this.text.length <= this.maxLength) this.text += text;
  }
}
