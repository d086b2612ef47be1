import { createHash, hash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { copyTextOf } from '../platform/database/copy-text';

/** One recipient's message, rendered: what will be sent, to the letter. */
export interface PreparedMessage {
  readonly subscriberId: number;
  /** 0 for no area. */
  readonly areaId: number;
  /** E.164. */
  readonly phone: string;
  /** The keyed digest of the number, 16 bytes. */
  readonly phoneKey: Buffer;
  readonly text: string;
  readonly segments: number;
}

export const MESSAGE_COLUMNS = [
  'batch_id',
  'seq',
  'subscriber_id',
  'area_id',
  'segments',
  'phone',
  'phone_key',
  'text',
  'digest',
] as const;

/** So many bytes of messages are made before PostgreSQL gets them and the rest of the program its turn: some milliseconds. */
const PIECE_BYTES = 128 * 1024;
/** What one message takes at most: a text of 1,600 UTF-16 units, escaped, and the rest of the row. */
const MOST_BYTES = 16 * 1024;
/** Digests are hashed into the batch's own so many at a time. */
const DIGESTS_AT_ONCE = 1_024;
const DIGEST_BYTES = 32;
const TAB = 9;
const LINE_END = 10;
const HEX = Buffer.from('0123456789abcdef');

/**
 * Numbers the messages of a batch, sums them up and writes them as COPY reads them, byte by byte: a row of text costs as much
 * again to put together from strings.
 */
export class MessageRows {
  size = 0;
  segments = 0;
  private readonly whole = createHash('sha256');
  private readonly digests = Buffer.allocUnsafeSlow(DIGESTS_AT_ONCE * DIGEST_BYTES);
  /** The key and the text of one message, to be digested. */
  private readonly digested = Buffer.allocUnsafeSlow(MOST_BYTES);
  private piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  private used = 0;

  constructor(private readonly batchId: number) {}

  /** SHA-256 over the messages' digests in order; once. */
  digest(): Buffer {
    this.whole.update(this.digests.subarray(0, (this.size % DIGESTS_AT_ONCE) * DIGEST_BYTES));
    return this.whole.digest();
  }

  async *encode(messages: Iterable<PreparedMessage>): AsyncGenerator<Buffer> {
    for (const message of messages) {
      if (this.used + MOST_BYTES > PIECE_BYTES) {
        yield this.take();
        await setImmediate();
      }
      this.write(message);
    }
    if (this.used > 0) yield this.take();
  }

  /** COPY may still be reading the piece when the next one is written. */
  private take(): Buffer {
    const piece = this.piece.subarray(0, this.used);
    this.piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    this.used = 0;
    return piece;
  }

  private write({ subscriberId, areaId, segments, phone, phoneKey, text }: PreparedMessage): void {
    const { piece, digested } = this;
    const place = this.size % DIGESTS_AT_ONCE;
    this.size += 1;
    this.segments += segments;
    const facts = `${this.batchId}\t${this.size}\t${subscriberId}\t${areaId}\t${segments}\t${phone}\t\\\\x`;
    this.used += piece.write(facts, this.used, 'latin1');
    this.writeHex(phoneKey);
    piece[this.used++] = TAB;
    const length = phoneKey.copy(digested) + digested.write(text, phoneKey.length);
    if (text.includes('\\')) this.used += piece.write(copyTextOf(text), this.used);
    else this.used += digested.copy(piece, this.used, phoneKey.length, length);
    const digest = hash('sha256', digested.subarray(0, length), 'buffer');
    digest.copy(this.digests, place * DIGEST_BYTES);
    if (place === DIGESTS_AT_ONCE - 1) this.whole.update(this.digests);
    this.used += piece.write('\t\\\\x', this.used, 'latin1');
    this.writeHex(digest);
    piece[this.used++] = LINE_END;
  }

  private writeHex(bytes: Buffer): void {
    const { piece } = this;
    let at = this.used;
    for (let index = 0; index < bytes.length; index += 1) {
      const byte = bytes[index]!;
      piece[at++] = HEX[byte >> 4]!;
      piece[at++] = HEX[byte & 15]!;
    }
    this.used = at;
  }
}
