import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { decode } from 'iconv-lite';

/** What bytes mean which letters; text of the font codings was saved as windows-1252, or is Unicode. */
export type ByteCoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1258' | 'windows-1252';

const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;
/** What a decoder writes for bytes that are no letter. */
const NO_LETTER = '\uFFFD';

/** Bytes that are no text of the encoding the file claims; all lines before them have been handed over. */
export class UndecodableBytes extends Error {}

/**
 * The text of a file as UTF-8 bytes, cut between characters, decoded strictly: nothing is ever replaced by U+FFFD, because
 * a name that lost a letter cannot be told from a name that never had it.
 *
 * @param start where the text begins, after a byte order mark
 * @throws UndecodableBytes
 */
export async function* decodeText(path: string, coding: ByteCoding, start: number): AsyncGenerator<Buffer> {
  const bytes = createReadStream(path, { start, highWaterMark: CHUNK_BYTES });
  if (coding === 'utf-8') yield* checkedUtf8(bytes);
  else if (coding === 'utf-16le' || coding === 'utf-16be') yield* fromUtf16(bytes, coding);
  else yield* fromSingleBytes(bytes, coding);
}

/** The text at the beginning of a file, as well as it can be decoded, without a last letter that was cut in two. */
export function decodeSample(sample: Buffer, coding: ByteCoding): string {
  if (coding === 'utf-8') return new TextDecoder(coding).decode(sample, { stream: true });
  if (coding === 'utf-16le' || coding === 'utf-16be') return new TextDecoder(coding).decode(sample, { stream: true });
  return decode(sample, coding);
}

async function* checkedUtf8(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const joined = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = lastCharacterBoundary(joined);
    const whole = joined.subarray(0, end);
    if (!isUtf8(whole)) {
      yield whole.subarray(0, endOfLastReadableLine(whole));
      throw new UndecodableBytes();
    }
    if (whole.length > 0) yield whole;
    rest = joined.subarray(end);
  }
  if (rest.length > 0) throw new UndecodableBytes();
}

async function* fromUtf16(bytes: AsyncIterable<Buffer>, coding: 'utf-16le' | 'utf-16be'): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(coding, { fatal: true, ignoreBOM: true });
  for await (const chunk of bytes) {
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch (cause) {
      yield readableLines(new TextDecoder(coding, { ignoreBOM: true }).decode(chunk));
      throw new UndecodableBytes('not the encoding of its byte order mark', { cause });
    }
    if (text !== '') yield Buffer.from(text, 'utf8');
  }
  try {
    decoder.decode();
  } catch (cause) {
    throw new UndecodableBytes('ends within a letter', { cause });
  }
}

async function* fromSingleBytes(bytes: AsyncIterable<Buffer>, coding: ByteCoding): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) {
    const text = decode(chunk, coding);
    if (text.includes(NO_LETTER)) {
      yield readableLines(text);
      throw new UndecodableBytes();
    }
    yield Buffer.from(text, 'utf8');
  }
}

function readableLines(text: string): Buffer {
  return Buffer.from(text.slice(0, text.lastIndexOf('\n', text.indexOf(NO_LETTER)) + 1), 'utf8');
}

/** Where in UTF-8 the last character that may be cut in two begins; the length if the buffer ends with a whole character. */
export function lastCharacterBoundary(buffer: Buffer): number {
  for (let back = 1; back <= 3 && back <= buffer.length; back += 1) {
    const byte = buffer[buffer.length - back]!;
    if (byte < 0x80) return buffer.length;
    if (byte >= 0xc0) {
      const expected = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return expected > back ? buffer.length - back : buffer.length;
    }
  }
  return buffer.length;
}

function endOfLastReadableLine(buffer: Buffer): number {
  let end = 0;
  for (let at = buffer.indexOf(LINE_FEED); at >= 0; at = buffer.indexOf(LINE_FEED, at + 1)) {
    if (!isUtf8(buffer.subarray(end, at + 1))) break;
    end = at + 1;
  }
  return end;
}
