import type { FileHandle } from 'node:fs/promises';

/** The first eight bytes of a compound file, the container of .xls, .doc and of every encrypted Office file. */
export const COMPOUND_FILE_SIGNATURE = Buffer.from('d0cf11e0a1b11ae1', 'hex');

const HEADER_BYTES = 512;
const ENTRY_BYTES = 128;
/** Office writes a few dozen entries; the bound keeps a made-up chain from being followed for ever. */
const MAX_DIRECTORY_SECTORS = 256;
const SECTORS_LISTED_IN_HEADER = 109;
const LAST_REGULAR_SECTOR = 0xfffffffa;

/**
 * Names of the streams in a compound file, as far as its directory can be read; none if it is damaged.
 * Source: [MS-CFB], sections 2.2 (header), 2.3 (FAT) and 2.6 (directory).
 */
export async function compoundFileEntries(file: FileHandle): Promise<string[]> {
  const header = await readAt(file, 0, HEADER_BYTES);
  if (header.length < HEADER_BYTES) return [];
  const sectorShift = header.readUInt16LE(30);
  if (sectorShift !== 9 && sectorShift !== 12) return [];
  const sectorBytes = 1 << sectorShift;
  const names: string[] = [];
  let sector = header.readUInt32LE(48);
  for (let read = 0; sector <= LAST_REGULAR_SECTOR && read < MAX_DIRECTORY_SECTORS; read += 1) {
    const directory = await readAt(file, (sector + 1) * sectorBytes, sectorBytes);
    for (let at = 0; at + ENTRY_BYTES <= directory.length; at += ENTRY_BYTES) {
      const name = entryName(directory.subarray(at, at + ENTRY_BYTES));
      if (name !== '') names.push(name);
    }
    sector = await nextSector(file, header, sector, sectorBytes);
  }
  return names;
}

function entryName(entry: Buffer): string {
  const bytes = entry.readUInt16LE(64);
  return bytes < 2 || bytes > 64 ? '' : entry.toString('utf16le', 0, bytes - 2);
}

/** The sector after `sector` in its chain; past the last regular one where the chain ends or cannot be followed. */
async function nextSector(file: FileHandle, header: Buffer, sector: number, sectorBytes: number): Promise<number> {
  const linksPerSector = sectorBytes / 4;
  const fatIndex = Math.floor(sector / linksPerSector);
  const end = LAST_REGULAR_SECTOR + 1;
  if (fatIndex >= SECTORS_LISTED_IN_HEADER) return end;
  const fatSector = header.readUInt32LE(76 + 4 * fatIndex);
  if (fatSector > LAST_REGULAR_SECTOR) return end;
  const link = await readAt(file, (fatSector + 1) * sectorBytes + (sector % linksPerSector) * 4, 4);
  return link.length === 4 ? link.readUInt32LE(0) : end;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
