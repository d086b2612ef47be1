import { utils, write } from '@e965/xlsx';
import fc from 'fast-check';
import { faultOf, Workbooks } from '../../../../test/subscribers/open-workbook';
import { Fault } from '../../../platform/errors';
import { checkRecords } from './biff-records';
import { compoundStream } from './compound-stream';
import { XlsProcess } from './xls-process';

const workbooks = new Workbooks();
afterAll(() => workbooks.remove());

const STREAM = ['workbook', 'book'];
const LIMITS = { maxRows: 100_000, maxCellLength: 500, maxColumns: 50, maxUncompressedBytes: 2 ** 30 };

function xls(rows: readonly (readonly unknown[])[], sheets = 1): Buffer {
  const book = utils.book_new();
  for (let at = 1; at <= sheets; at += 1)
    utils.book_append_sheet(book, utils.aoa_to_sheet([...rows, [at]] as unknown[][]), `S${at}`);
  return write(book, { type: 'buffer', bookType: 'biff8' }) as Buffer;
}

const LIST = xls(Array.from({ length: 2_000 }, (_, at) => [at, `Nguyễn Thị Phượng ${at}`, `0${912_000_000 + at}`]));
/** So small that its stream lies in the sectors of 64 bytes. */
const SMALL = xls([['SĐT'], ['0912345678']]);

/** The first record of a type, within the file. */
function placeOfRecord(file: Buffer, type: number, length: number): number {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(type);
  head.writeUInt16LE(length, 2);
  return file.indexOf(head);
}

function changed(file: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(file);
  change(copy);
  return copy;
}

const endOf = async (reading: () => unknown): Promise<'read' | 'refused'> => {
  try {
    await reading();
    return 'read';
  } catch (error) {
    if (error instanceof Fault) return 'refused';
    throw error;
  }
};

describe('an .xls that is damaged', () => {
  it('is refused wherever it was cut off, and never read in part', async () => {
    for (const file of [LIST, SMALL]) {
      for (const share of [0.02, 0.3, 0.6, 0.9]) {
        const cut = file.subarray(0, Math.floor(file.length * share));
        expect(await faultOf(workbooks.open(cut, 'ds.xls'))).toMatch(
          /^import\.(?:damaged-file|not-what-its-name-says)$/,
        );
      }
    }
    const { all } = await workbooks.open(LIST, 'ds.xls');
    expect(all).toHaveLength(2_001);
  });

  it('is refused where a part of it has no end, or a sheet is not where it is said to be', async () => {
    const stream = compoundStream(LIST, STREAM)!;
    expect(() => checkRecords(stream)).not.toThrow();
    const end = stream.lastIndexOf(Buffer.from([0x0a, 0, 0, 0]));
    expect(await endOf(() => checkRecords(changed(stream, (copy) => copy.writeUInt16LE(0x0b, end))))).toBe('refused');
    const sheet = placeOfRecord(stream, 0x0085, stream.readUInt16LE(stream.indexOf(Buffer.from([0x85, 0])) + 2));
    const moved = changed(stream, (copy) => copy.writeUInt32LE(77, sheet + 4));
    expect(await endOf(() => checkRecords(moved))).toBe('refused');
  });

  it('is refused where its chains run in circles', async () => {
    const directory = LIST.readUInt32LE(48);
    const links = (LIST.readUInt32LE(76) + 1) * 512;
    const circles = [directory, 1, 2, 3].map((sector) =>
      changed(LIST, (copy) => copy.writeUInt32LE(sector, links + sector * 4)),
    );
    for (const file of circles) await endOf(() => workbooks.open(file, 'ds.xls'));
    const ownTable = changed(LIST, (copy) => copy.writeUInt32LE(0, 68)); // more tables of links, in sector 0 for ever
    expect(['read', 'refused']).toContain(await endOf(() => compoundStream(ownTable, STREAM)));
  });

  it('with any bytes after its signature is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4_000 }), async (bytes) => {
        const file = Buffer.concat([LIST.subarray(0, 8), bytes]);
        expect(await endOf(() => workbooks.open(file, 'ds.xls'))).toBe('refused');
      }),
      { numRuns: 100 },
    );
  });

  const flips = fc.array(fc.tuple(fc.nat(SMALL.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  const withFlips = (places: readonly (readonly [number, number])[]): Buffer =>
    changed(SMALL, (copy) => places.forEach(([at, byte]) => (copy[at] = byte)));

  it('with any bytes of it changed is read or refused, and taken apart in no time', () => {
    fc.assert(
      fc.property(flips, (places) => {
        try {
          const stream = compoundStream(withFlips(places), STREAM);
          if (stream) checkRecords(stream);
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('with any bytes of it changed does nothing but that to the library either', async () => {
    await fc.assert(
      fc.asyncProperty(flips, async (places) => {
        expect(['read', 'refused']).toContain(await endOf(() => workbooks.open(withFlips(places), 'ds.xls')));
      }),
      { numRuns: 25 },
    );
  });
});

describe('an .xls of an unusual kind', () => {
  it('behind a password is refused as such', async () => {
    const locked = changed(LIST, (copy) => copy.writeUInt16LE(0x002f, placeOfRecord(copy, 0x0042, 2)));
    expect(await faultOf(workbooks.open(locked, 'ds.xls'))).toBe('import.encrypted');
  });

  it('with 300 sheets is read at any of them', async () => {
    const file = xls([['SĐT']], 300);
    const { sheets, cells } = await workbooks.open(file, 'ds.xls', { sheet: 'S299' });
    expect(sheets).toHaveLength(300);
    expect(cells).toEqual([['SĐT'], ['299']]);
    await expect(workbooks.open(file, 'ds.xls', { sheet: 'S301' })).rejects.toMatchObject({
      details: { params: { sheets: expect.stringMatching(/^"S1", .*"S20", …$/) as string } },
    });
  });

  it('of more than 20 MB is refused before it is read', async () => {
    const file = Buffer.concat([LIST, Buffer.alloc(20 * 1024 * 1024)]);
    expect(await faultOf(workbooks.open(file, 'ds.xls', {}, { maxUncompressedBytes: 2 ** 30 }))).toBe(
      'import.xls-too-large',
    );
  });
});

describe('the process that reads an .xls', () => {
  const stream = compoundStream(LIST, STREAM)!;

  it('is ended when it takes too long or too much memory, and the service goes on', async () => {
    const slow = XlsProcess.start({ stream, limits: LIMITS }, { maxMs: 1 });
    expect(await faultOf(slow)).toBe('import.xls-too-heavy');
    const large = XlsProcess.start({ stream, limits: LIMITS }, { maxHeapMb: 10 });
    expect(await faultOf(large)).toBe('import.xls-too-heavy');
    const { reader, sheets } = await XlsProcess.start({ stream, limits: LIMITS });
    expect(sheets).toEqual([{ name: 'S1', hidden: false }]);
    await reader.close();
  });

  it('sends no more of a row or a text than shows that it is past a limit', async () => {
    const wide = xls([Array.from({ length: 200 }, () => 'x'.repeat(900))]);
    const limits = { ...LIMITS, maxColumns: 10, maxCellLength: 20 };
    const { reader } = await XlsProcess.start({ stream: compoundStream(wide, STREAM)!, limits });
    const { rows } = await reader.ask({ sheet: 0, afterRow: 0 });
    await reader.close();
    expect(rows[0]!.cells).toEqual(Array.from({ length: 11 }, () => 'x'.repeat(21)));
  });
});
