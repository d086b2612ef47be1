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

/**
 * Rows in PostgreSQL's COPY text format, in pieces.
 *
 * @see https://www.postgresql.org/docs/current/sql-copy.html (Text Format)
 */
export function* encodeCopyRows(rows: Iterable<readonly CopyValue[]>): Generator<string> {
  let piece = '';
  for (const row of rows) {
    piece += `${row.map(encodeValue).join('\t')}\n`;
    if (piece.length > PIECE_CHARACTERS) {
      yield piece;
      piece = '';
    }
  }
  if (piece) yield piece;
}

/** A text as PostgreSQL can store it: without NUL and without halves of surrogate pairs. */
export function storableText(text: string): string {
  return toUSVString(text).replaceAll('\0', '');
}
