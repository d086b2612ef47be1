import type { OfficePackage } from './package';
import { unpackedFault } from './package';
import { unescapeControls } from './cell-text';
import { readXml, type XmlHandler } from './xml-feed';

const BLOCK_BYTES = 1024 * 1024;
const INDEX_BLOCK = 64 * 1024;
/** A million rows with a name, a number and an area of their own take some 40 MB. */
const MAX_TABLE_BYTES = 160 * 1024 * 1024;
const INDEX_BYTES_PER_STRING = 8;
const MAX_BYTES_PER_CHARACTER = 3;

/**
 * The table of texts that most cells of an .xlsx point into. As UTF-8 in large blocks, with the place of each text in
 * typed arrays, a million texts take 30–40 MB; as JavaScript strings they took over a gigabyte with the usual reader.
 */
export class SharedStrings {
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
): Promise<SharedStrings> {
  const strings = new SharedStrings();
  const text = new RichText(Math.min(maxCellLength, Math.floor(BLOCK_BYTES / MAX_BYTES_PER_CHARACTER) - 1) + 1);
  const handler: XmlHandler = {
    open: (name) => text.open(name),
    close: (name) => {
      text.close(name);
      if (name === 'si') strings.add(text.take());
    },
    text: (content) => text.add(content),
  };
  await readXml(zip.read(part), handler);
  return strings;
}

/** Joins the runs of a text in several fonts; the reading aids of East Asian texts (`rPh`) are no part of it. */
export class RichText {
  private text = '';
  private inText = false;
  private inPhonetic = false;

  constructor(private readonly maxLength: number) {}

  open(name: string): void {
    if (name === 't') this.inText = !this.inPhonetic;
    else if (name === 'rPh') this.inPhonetic = true;
  }

  close(name: string): void {
    if (name === 't') this.inText = false;
    else if (name === 'rPh') this.inPhonetic = false;
  }

  add(content: string): void {
    if (this.inText && this.text.length < this.maxLength) this.text += content;
  }

  take(): string {
    const text = unescapeControls(this.text).slice(0, this.maxLength);
    this.text = '';
    return text;
  }
}
