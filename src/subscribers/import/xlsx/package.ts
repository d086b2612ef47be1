import { posix } from 'node:path';
import { pipeline } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { Fault } from '../../../platform/errors';
import { damagedWorkbook, encryptedFile, unpackedTooLarge } from '../read-faults';

/** Larger pieces are no faster to parse, and a million rows then leave 35 MB more for the collector to find. */
const INFLATE_CHUNK_BYTES = 32 * 1024;
/** A workbook has a few dozen parts, with pictures some hundreds. */
const MAX_PARTS = 10_000;
const STORED = 0;
const DEFLATED = 8;

interface ReadPartOptions {
  /** A second reading of a part that was counted and checked the first time. */
  readonly again?: boolean;
}

/**
 * The zip file that an .xlsx is, part by part, as a stream. Bytes are counted while they are inflated, so that sizes that
 * the file claims for itself do not matter, and compared with their checksum at the end.
 *
 * @throws damagedWorkbook, encryptedFile, unpackedTooLarge
 */
export class OfficePackage {
  private unpackedBytes = 0;

  private constructor(
    private readonly zip: ZipFile,
    private readonly parts: ReadonlyMap<string, Entry>,
    private readonly maxUncompressedBytes: number,
  ) {}

  static async open(path: string, maxUncompressedBytes: number): Promise<OfficePackage> {
    const zip = await openPromise(path, { autoClose: false }).catch(asDamage);
    try {
      const parts = new Map<string, Entry>();
      for await (const entry of zip.eachEntry()) {
        if (parts.size >= MAX_PARTS) throw damagedWorkbook();
        const name = partKey(entry.fileName);
        if (!parts.has(name)) parts.set(name, entry);
      }
      return new OfficePackage(zip, parts, maxUncompressedBytes);
    } catch (error) {
      zip.close();
      return asDamage(error);
    }
  }

  close(): void {
    this.zip.close();
  }

  has(name: string): boolean {
    return this.parts.has(partKey(name));
  }

  async *read(name: string, { again = false }: ReadPartOptions = {}): AsyncGenerator<Buffer> {
    const entry = this.parts.get(partKey(name));
    if (!entry) throw damagedWorkbook();
    if (entry.isEncrypted()) throw encryptedFile();
    let checksum = 0;
    try {
      for await (const chunk of await this.inflated(entry)) {
        if (!again) {
          this.count(chunk.length);
          checksum = crc32(chunk, checksum);
        }
        yield chunk;
      }
    } catch (error) {
      asDamage(error);
    }
    if (!again && checksum !== entry.crc32) throw damagedWorkbook();
  }

  private async inflated(entry: Entry): Promise<AsyncIterable<Buffer>> {
    const raw = await this.zip.openReadStreamPromise(entry, { decodeFileData: false });
    if (entry.compressionMethod === STORED) return raw;
    if (entry.compressionMethod !== DEFLATED) throw damagedWorkbook();
    // Errors reach the reader through the stream it reads; a reader that leaves early is no error.
    return pipeline(raw, createInflateRaw({ chunkSize: INFLATE_CHUNK_BYTES }), () => undefined);
  }

  private count(bytes: number): void {
    this.unpackedBytes += bytes;
    if (this.unpackedBytes > this.maxUncompressedBytes) throw unpackedFault(this.maxUncompressedBytes);
  }
}

export function unpackedFault(maxBytes: number): Fault {
  return unpackedTooLarge({ maxMegabytes: Math.floor(maxBytes / 1024 / 1024) });
}

/** @example resolvePart('xl/workbook.xml', 'worksheets/sheet1.xml') === 'xl/worksheets/sheet1.xml' */
export function resolvePart(source: string, target: string): string {
  return posix.join('/', target.startsWith('/') ? '' : posix.dirname(source), target).slice(1);
}

/** The part that holds the relations of another. Source: ECMA-376 part 2, section 6.5.2. */
export function relationsPart(source: string): string {
  return posix.join(posix.dirname(source), '_rels', `${posix.basename(source)}.rels`);
}

/** Part names are compared without regard to case (ECMA-376 part 2, section 6.2.2). */
function partKey(name: string): string {
  return name.replace(/^\//, '').toLowerCase();
}

/** Whatever the zip reader, the inflater or the disk says of a file that is no sound zip is damage to its sender. */
function asDamage(error: unknown): never {
  if (error instanceof Fault) throw error;
  if (isSystemError(error)) throw error;
  throw damagedWorkbook();
}

/** A disk or a file that cannot be read is our trouble, not the file's. Inflate errors have a code that begins with Z_. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
