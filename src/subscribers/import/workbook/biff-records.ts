import { damagedWorkbook, encryptedFile } from '../read-faults';

/* Types of records of an .xls workbook. Source: [MS-XLS], section 2.3. */
const BOF = 0x0809;
const EOF = 0x000a;
const FILE_PASS = 0x002f;
const BOUND_SHEET = 0x0085;
const WORKSHEET = 0;

/**
 * Walks through the records of an .xls workbook, to see that all of it is there: every part that begins has its end, and
 * every worksheet in the table of contents is where it is said to be. The library that reads them leaves out in silence
 * what a damaged file does not hold.
 *
 * @throws damagedWorkbook, encryptedFile
 */
export function checkRecords(stream: Buffer): void {
  const promised = new Set<number>();
  const begun = new Set<number>();
  let depth = 0;
  let at = 0;
  while (at + 4 <= stream.length) {
    const type = stream.readUInt16LE(at);
    const end = at + 4 + stream.readUInt16LE(at + 2);
    if (depth === 0 && type !== BOF) break; // what stands behind the last part is padding
    if (end > stream.length) throw damagedWorkbook();
    if (type === FILE_PASS) throw encryptedFile();
    if (type === BOUND_SHEET && end >= at + 10 && stream.readUInt8(at + 9) === WORKSHEET) {
      promised.add(stream.readUInt32LE(at + 4));
    }
    if (type === BOF) {
      if (depth === 0) begun.add(at);
      depth += 1;
    }
    if (type === EOF) depth -= 1;
    at = end;
  }
  const isWhole = depth === 0 && begun.size > 0 && [...promised].every((place) => begun.has(place));
  if (!isWhole) throw damagedWorkbook();
}
