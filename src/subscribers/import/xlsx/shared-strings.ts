import { codingOfFont } from '../legacy/coding-of-font';
import { unescapeControls } from './cell-text';
import { markOfFont, OF_CELL, UNICODE, withoutMarks } from './legacy-fonts';
import { type OfficePackage, unpackedFault } from './package';
import { readXml, type XmlAttributes, type XmlHandler } from './xml-feed';

const BLOCK_BYTES = 1024 * 1024;
const INDEX_BLOCK = 64 * 1024;
/** A million rows with a name, a number and an area of their own take some 40 MB. */
const MAX_TABLE_BYTES = 160 * 1024 * 1024;
const INDEX_BYTES_PER_STRING = 8;
const MAX_BYTES_PER_CHARACTER = 3;
/** A text with signs of fonts in it may be twice as long. */
const LONGEST_TEXT = Math.floor(BLOCK_BYTES / MAX_BYTES_PER_CHARACTER / 2) - 1;

/**
 * The table of texts that most cells of an .xlsx point into. As UTF-8 in large blocks, with the place of each text in
 * typed arrays, a million texts take 30–40 MB; as JavaScript strings they took over a gigabyte with the usual reader.
 */
export class SharedStrings {
  /** Whether any of them tells the fonts of its runs. */
  hasMarks = false;
  private readonly blocks: Buffer[] = [];
  private readonly starts: Uint32Array[] = [];
  private readonly lengths: Uint32Array[] = [];
  private used = 0;
  private count = 0;

  /** @throws unpackedTooLarge */
  add(text: string): void {
    const slot = this.count % INDEX_BLOCK;
    if (slot === 0) {
      this.starts.push(new Uint32Array(INDEX_BLOCK));
      this.lengths.push(new Uint32Array(INDEX_BLOCK));
    }
    const block = this.blockFor(text.length * MAX_BYTES_PER_CHARACTER);
    const start = this.used;
    const bytes = block.write(text, start % BLOCK_BYTES, 'utf8');
    this.starts.at(-1)![slot] = start;
    this.lengths.at(-1)![slot] = bytes;
    this.used += bytes;
    this.count += 1;
    const held = this.blocks.length * BLOCK_BYTES + this.count * INDEX_BYTES_PER_STRING;
    if (held > MAX_TABLE_BYTES) throw unpackedFault(MAX_TABLE_BYTES);
  }

  /** The text at a place of the table; undefined past its end. */
  get(index: number): string | undefined {
    if (!(index >= 0 && index < this.count)) return undefined;
    const start = this.starts[Math.floor(index / INDEX_BLOCK)]![index % INDEX_BLOCK]!;
    const length = this.lengths[Math.floor(index / INDEX_BLOCK)]![index % INDEX_BLOCK]!;
    const from = start % BLOCK_BYTES;
    return this.blocks[Math.floor(start / BLOCK_BYTES)]!.toString('utf8', from, from + length);
  }

  /** The block with room for so many bytes; a text never lies across two. */
  private blockFor(bytes: number): Buffer {
    const free = this.blocks.length * BLOCK_BYTES - this.used;
    if (free < bytes) {
      this.used = this.blocks.length * BLOCK_BYTES;
      this.blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES));
    }
    return this.blocks.at(-1)!;
  }
}

/** Texts longer than a cell may be are kept just so long that the cell is found too long. */
export async function readSharedStrings(
  zip: OfficePackage,
  part: string,
  maxCellLength: number,
  cellsMayBeLegacy: boolean,
): Promise<SharedStrings> {
  const strings = new SharedStrings();
  const text = new RichText(Math.min(maxCellLength, LONGEST_TEXT) + 1, cellsMayBeLegacy);
  const handler: XmlHandler = {
    open: (name, attributes) => text.open(name, attributes),
    close: (name) => {
      text.close(name);
      if (name === 'si') strings.add(text.take());
    },
    text: (content) => text.add(content),
  };
  await readXml(zip.read(part), handler);
  strings.hasMarks = text.everMarked;
  return strings;
}

/**
 * Joins the runs of a text in several fonts, with a sign before each run where a font coding is about; the reading aids of
 * East Asian texts (`rPh`) are no part of it.
 */
export class RichText {
  /** Whether any text so far came with such signs. */
  everMarked = false;
  private text = '';
  private inText = false;
  private inPhonetic = false;
  /** The sign of the run that is read, and of the one before it. */
  private mark = OF_CELL;
  private lastMark = OF_CELL;
  private marks = 0;
  private hasLegacyRun = false;

  /** @param cellsMayBeLegacy whether a run in a font of Unicode must be told from the rest of its cell */
  constructor(
    private readonly maxLength: number,
    private readonly cellsMayBeLegacy: boolean,
  ) {}

  open(name: string, attributes: XmlAttributes): void {
    if (name === 't') this.inText = !this.inPhonetic;
    else if (name === 'r') this.mark = OF_CELL;
    else if (name === 'rPh') this.inPhonetic = true;
    else if (name === 'rFont') this.mark = markOfFont(codingOfFont(attributes.val ?? ''));
  }

  close(name: string): void {
    if (name === 't') this.inText = false;
    else if (name === 'rPh') this.inPhonetic = false;
  }

  add(content: string): void {
    if (!this.inText || this.text.length >= this.maxLength + this.marks) return;
    if (this.mark !== this.lastMark) this.addMark();
    this.text += content;
  }

  take(): string {
    const text = unescapeControls(this.text).slice(0, this.maxLength + this.marks);
    const isMarked = this.hasLegacyRun || (this.cellsMayBeLegacy && this.marks > 0);
    const taken = isMarked || this.marks === 0 ? text : withoutMarks(text);
    this.everMarked ||= isMarked;
    this.text = '';
    this.mark = OF_CELL;
    this.lastMark = OF_CELL;
    this.marks = 0;
    this.hasLegacyRun = false;
    return taken;
  }

  private addMark(): void {
    this.text += this.mark;
    this.marks += 1;
    this.lastMark = this.mark;
    if (this.mark !== OF_CELL && this.mark !== UNICODE) this.hasLegacyRun = true;
  }
}
