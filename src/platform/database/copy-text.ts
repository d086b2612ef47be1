import { toUSVString } from 'node:util';

export type CopyValue = string | number | boolean | Buffer | Date | null | undefined;

const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** About this many characters a piece: large enough that COPY is not bound by calls, small enough to stay unnoticed. */
const PIECE_CHARACTERS = 64 * 1024;
const PIECE_BYTES = 256 * 1024;
/** A UTF-16 unit is at most three bytes of UTF-8. */
const MOST_BYTES_PER_CHARACTER = 3;

function encodeValue(value: CopyValue): string {
  if (value === null || value === undefined) return '\\N';
  if (typeof value === 'string') {
    return SPECIAL.test(value) ? value.replace(/[\\\n\r\t]/g, (character) => ESCAPES[character]!) : value;
  }
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`;
  if (value instanceof Date) return value.toISOString();
  return String(value);
}

/** One row in PostgreSQL's COPY text format, its line end included. */
export function encodeCopyRow(row: readonly CopyValue[]): string {
  let line = encodeValue(row[0]);
  for (let at = 1; at < row.length; at += 1) line += `\t${encodeValue(row[at])}`;
  return `${line}\n`;
}

/**
 * Lines of a COPY, gathered in buffers while they come: half the time of texts that grow, and nothing for the garbage
 * collector to move.
 */
export class CopyBuffers {
  private full: Buffer[] = [];
  private buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  private used = 0;

  /** @param line as encodeCopyRow makes it */
  add(line: string): void {
    if (this.used + line.length * MOST_BYTES_PER_CHARACTER > this.buffer.length) this.begin(line.length);
    this.used += this.buffer.write(line, this.used);
  }

  /** The buffers that are full; with `rest` also the one that is not. */
  take(rest: 'rest' | 'full'): readonly Buffer[] {
    if (rest === 'rest') this.begin(0);
    const { full } = this;
    this.full = [];
    return full;
  }

  private begin(characters: number): void {
    if (this.used > 0) this.full.push(this.buffer.subarray(0, this.used));
    this.buffer = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, characters * MOST_BYTES_PER_CHARACTER));
    this.used = 0;
  }
}

/**
 * Rows in PostgreSQL's COPY text format, in pieces.
 *
 * @see https://www.postgresql.org/docs/current/sql-copy.html (Text Format)
 */
export function* encodeCopyRows(rows: Iterable<readonly CopyValue[]>): Generator<string> {
  let piece = '';
  for (const row of rows) {
    piece += encodeCopyRow(row);
    if (piece.length > PIECE_CHARACTERS) {
      yield piece;
      piece = '';
    }
  }
  if (piece) yield piece;
}

/** A bytea value from hexadecimal digits, for COPY. */
export function byteaText(hex: string): string {
  return `\\x${hex}`;
}

/** A text in COPY's text format; null for a missing one. */
export function copyTextOf(text: string | null): string {
  return encodeValue(text);
}

/** A text as PostgreSQL can store it: without NUL and without halves of surrogate pairs. */
export function storableText(text: string): string {
  return toUSVString(text).replaceAll('\0', '');
}

/** JSON as PostgreSQL can store it. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : part));
}
