import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { TextEncodingName } from '../file-kind';

const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/** Bytes that are no text of the encoding the file claims; all lines before them have been handed over. */
export class UndecodableBytes extends Error {}

/**
 * The text of a file as UTF-8 bytes without its byte order mark, cut between characters, decoded strictly: nothing is
 * ever replaced by U+FFFD, because a name that lost a letter cannot be told from a name that never had it.
 *
 * @throws UndecodableBytes
 */
export async function* decodeText(path: string, encoding: TextEncodingName, bomBytes: number): AsyncGenerator<Buffer> {
  const bytes = createReadStream(path, { start: bomBytes, highWaterMark: CHUNK_BYTES });
  yield* encoding === 'utf-8' ? checkedUtf8(bytes) : fromUtf16(bytes, encoding);
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

async function* fromUtf16(bytes: AsyncIterable<Buffer>, encoding: TextEncodingName): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  for await (const chunk of bytes) {
    const text = decodeOrThrow(() => decoder.decode(chunk, { stream: true }));
    if (text !== '') yield Buffer.from(text, 'utf8');
  }
  const last = decodeOrThrow(() => decoder.decode());
  if (last !== '') yield Buffer.from(last, 'utf8');
}

function decodeOrThrow(decode: () => string): string {
  try {
    return decode();
  } catch (cause) {
    throw new UndecodableBytes('not the encoding of its byte order mark', { cause });
  }
}

/** Where the last character that may be cut in two begins; the length if the buffer ends with a whole character. */
function lastCharacterBoundary(buffer: Buffer): number {
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
