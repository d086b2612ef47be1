import { toUSVString } from 'node:util';

export type CopyValue = string | number | boolean | Buffer | Date | null | undefined;

const SPECIAL = /[\\\n\r\t]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** About this many characters a piece: large enough that COPY is not bound by calls, small enough to stay unnoticed. */
const PIECE_CHARACTERS = 64 * 1024;

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
function encodeCopyRow(row: readonly CopyValue[]): string {
  let line = encodeValue(row[0]);
  for (let at = 1; at < row.length; at += 1) line += `\t${encodeValue(row[at])}`;
  return `${line}\n`;
}

/** Rows of a COPY as text in pieces, gathered while they come: of a million rows only so many texts are garbage. */
export class CopyText {
  rows = 0;
  private readonly pieces: string[] = [];
  private piece = '';

  add(row: readonly CopyValue[]): void {
    this.rows += 1;
    this.piece += encodeCopyRow(row);
    if (this.piece.length > PIECE_CHARACTERS) this.endPiece();
  }

  /** The pieces so far; nothing is added afterwards. */
  take(): readonly string[] {
    this.endPiece();
    return this.pieces;
  }

  private endPiece(): void {
    if (this.piece !== '') this.pieces.push(this.piece);
    this.piece = '';
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

/** A text as PostgreSQL can store it: without NUL and without halves of surrogate pairs. */
export function storableText(text: string): string {
  return toUSVString(text).replaceAll('\0', '');
}
