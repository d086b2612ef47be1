import { damagedWorkbook } from '../read-faults';

const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
const MINI_SECTOR_BYTES = 64;
const SECTORS_LISTED_IN_HEADER = 109;
const LAST_REGULAR_SECTOR = 0xfffffffa;
const STREAM = 2;

interface DirectoryEntry {
  readonly name: string;
  readonly type: number;
  readonly left: number;
  readonly right: number;
  readonly child: number;
  readonly start: number;
  readonly size: number;
}

/**
 * A stream of the outermost storage of a compound file, whole: where sectors of it are missing, because the file was cut
 * off, or its chain runs in a circle, the file is damaged. No more is copied than the file is long.
 *
 * Source: [MS-CFB], sections 2.2 (header), 2.3 (FAT), 2.4 (mini FAT), 2.5 (DIFAT) and 2.6 (directory).
 *
 * @param names of the stream, the best first, in small letters
 * @returns undefined if there is no such stream
 * @throws damagedWorkbook
 */
export function compoundStream(file: Buffer, names: readonly string[]): Buffer | undefined {
  const sectors = new Sectors(file);
  const entries = directoryEntries(sectors.chain(file.readUInt32LE(48)));
  const root = entries[0];
  if (!root) throw damagedWorkbook();
  const outermost = siblings(entries, root.child).filter(({ type }) => type === STREAM);
  const found = names.flatMap((name) => outermost.filter((entry) => entry.name.toLowerCase() === name))[0];
  if (!found) return undefined;
  const isMini = found.size < file.readUInt32LE(56);
  return isMini ? miniStream(sectors, root, found) : sectors.chain(found.start, found.size);
}

/** A file in sectors of equal size and the links between them. */
class Sectors {
  private readonly bytes: number;
  private readonly links: Buffer;

  constructor(private readonly file: Buffer) {
    if (file.length < HEADER_BYTES) throw damagedWorkbook();
    const shift = file.readUInt16LE(30);
    if (shift !== 9 && shift !== 12) throw damagedWorkbook();
    this.bytes = 1 << shift;
    this.links = Buffer.concat(this.linkSectors().map((sector) => this.sector(sector)));
  }

  get firstMiniLink(): number {
    return this.file.readUInt32LE(60);
  }

  /** Sectors from `start` to the end of their chain, or as many as hold so many bytes. */
  chain(start: number, size?: number): Buffer {
    const parts: Buffer[] = [];
    const most = Math.ceil(this.file.length / this.bytes);
    let missing = size ?? most * this.bytes;
    for (let sector = start; missing > 0; sector = linkOf(this.links, sector)) {
      if (sector > LAST_REGULAR_SECTOR && size === undefined) break;
      if (parts.length >= most) throw damagedWorkbook();
      const part = this.sector(sector, Math.min(missing, size === undefined ? 0 : this.bytes));
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts).subarray(0, size);
  }

  /** The last one of a file may be cut short, as long as the bytes that are needed are there. */
  private sector(index: number, needed = 0): Buffer {
    const start = (index + 1) * this.bytes;
    const part = this.file.subarray(start, start + this.bytes);
    if (part.length < needed || part.length === 0) throw damagedWorkbook();
    return part;
  }

  private linkSectors(): number[] {
    const listed = uint32s(this.file.subarray(76, 76 + 4 * SECTORS_LISTED_IN_HEADER));
    const most = Math.ceil(this.file.length / this.bytes);
    let next = this.file.readUInt32LE(68);
    while (next <= LAST_REGULAR_SECTOR) {
      if (listed.length > most + SECTORS_LISTED_IN_HEADER) throw damagedWorkbook();
      const more = uint32s(this.sector(next, this.bytes));
      next = more.pop()!;
      listed.push(...more);
    }
    return listed.filter((sector) => sector <= LAST_REGULAR_SECTOR);
  }
}

function miniStream(sectors: Sectors, root: DirectoryEntry, { start, size }: DirectoryEntry): Buffer {
  if (size === 0) return Buffer.alloc(0);
  const links = sectors.chain(sectors.firstMiniLink);
  const bytes = sectors.chain(root.start, root.size);
  const parts: Buffer[] = [];
  for (let sector = start; parts.length < Math.ceil(size / MINI_SECTOR_BYTES); sector = linkOf(links, sector)) {
    const part = bytes.subarray(sector * MINI_SECTOR_BYTES, (sector + 1) * MINI_SECTOR_BYTES);
    if (part.length === 0) throw damagedWorkbook();
    parts.push(part);
  }
  const stream = Buffer.concat(parts).subarray(0, size);
  if (stream.length < size) throw damagedWorkbook();
  return stream;
}

function linkOf(links: Buffer, sector: number): number {
  if (sector * 4 + 4 > links.length) throw damagedWorkbook();
  return links.readUInt32LE(sector * 4);
}

function directoryEntries(directory: Buffer): DirectoryEntry[] {
  const entries: DirectoryEntry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= directory.length; at += ENTRY_BYTES) {
    const nameBytes = Math.min(Math.max(directory.readUInt16LE(at + 64), 2), 64);
    entries.push({
      name: directory.toString('utf16le', at, at + nameBytes - 2),
      type: directory.readUInt8(at + 66),
      left: directory.readUInt32LE(at + 68),
      right: directory.readUInt32LE(at + 72),
      child: directory.readUInt32LE(at + 76),
      start: directory.readUInt32LE(at + 116),
      size: directory.readUInt32LE(at + 120),
    });
  }
  return entries;
}

/** The entries of one storage: a tree of left and right siblings. */
function siblings(entries: readonly DirectoryEntry[], first: number): DirectoryEntry[] {
  const seen = new Set<number>();
  const waiting = [first];
  while (waiting.length > 0) {
    const index = waiting.pop()!;
    const entry = entries[index];
    if (!entry || seen.has(index)) continue;
    seen.add(index);
    waiting.push(entry.left, entry.right);
  }
  return [...seen].map((index) => entries[index]!);
}

function uint32s(bytes: Buffer): number[] {
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readUInt32LE(at * 4));
}
