import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apportion, DEMO_AREAS } from '../src/demo/an-giang-areas';
import { writeOfficeFile } from '../src/demo/office-file';
import { REPEATED_ROWS, USELESS_ROWS } from '../src/demo/office-rows';
import { FOOTER_ROWS } from '../src/demo/office-sheet';
import { findHeader, type Header, HEADER_SEARCH_ROWS } from '../src/subscribers/import/header';
import { openSheet, type SheetRow } from '../src/subscribers/import/read-sheet';
import { judgeRow } from '../src/subscribers/import/row-verdict';
import { searchKey } from '../src/subscribers/vietnamese-text';

const LIMITS = { maxRows: 200_000, maxCellLength: 2_000, maxColumns: 200, maxUncompressedBytes: 2 ** 30 };

interface Outcome {
  readonly header: Header;
  /** Key of the area by number: the first row that names one counts, as in the import. */
  readonly areaOf: ReadonlyMap<string, string | null>;
  readonly areaNames: ReadonlyMap<string, string>;
  readonly nameOf: ReadonlyMap<string, string | null>;
  readonly rows: number;
  readonly accepted: number;
  readonly refused: ReadonlyMap<string, number>;
  readonly warned: ReadonlySet<string>;
  /** Cells of the column of numbers, as the reader gives them. */
  readonly spellings: readonly string[];
}

/** Reads the file with the import's own reader and rules. */
async function judge(path: string): Promise<Outcome> {
  const all: SheetRow[] = [];
  const opened = await openSheet(path, 'danh-sach.xlsx', LIMITS, {});
  for await (const rows of opened.rows()) all.push(...rows);
  await opened.close();
  const header = findHeader(all.slice(0, HEADER_SEARCH_ROWS));
  const areaOf = new Map<string, string | null>();
  const nameOf = new Map<string, string | null>();
  const areaNames = new Map<string, string>();
  const refused = new Map<string, number>();
  const warned = new Set<string>();
  let rows = 0;
  let accepted = 0;
  for (const row of all.filter(({ rowNumber }) => rowNumber >= header.firstDataRowNumber)) {
    const verdict = judgeRow(row, header, { takeUnfamiliarRanges: false });
    if (!verdict) continue;
    rows += 1;
    if (verdict.kind === 'rejected') {
      refused.set(verdict.code, (refused.get(verdict.code) ?? 0) + 1);
      continue;
    }
    accepted += 1;
    verdict.warnings.forEach((warning) => warned.add(warning));
    const { phone, fullName, areaName } = verdict;
    const key = areaName === null ? null : searchKey(areaName);
    areaOf.set(phone, areaOf.get(phone) ?? key);
    nameOf.set(phone, nameOf.get(phone) ?? fullName);
    if (key !== null && !areaNames.has(key)) areaNames.set(key, areaName!);
  }
  const spellings = all.map(({ cells }) => cells[header.columns.phone] ?? '');
  return { header, areaOf, areaNames, nameOf, rows, accepted, refused, warned, spellings };
}

const affectedKeys = new Set(DEMO_AREAS.filter(({ isAffected }) => isAffected).map(({ name }) => searchKey(name)));
const livesInAffectedArea = (key: string | null): boolean => key !== null && affectedKeys.has(key);

let folder: string;
let once: Outcome;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tinluat-demo-file-'));
  await writeOfficeFile(join(folder, 'once.xlsx'), 1);
  once = await judge(join(folder, 'once.xlsx'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the subscriber file of the demonstration', () => {
  it('has about 39,000 rows, from which exactly 37,400 subscribers remain', () => {
    expect(once.rows).toBe(39_000 + FOOTER_ROWS);
    expect(once.areaOf.size).toBe(37_400);
    expect(once.accepted).toBeGreaterThanOrEqual(37_400 + REPEATED_ROWS);
  });

  it('has exactly 28,000 of them in the affected areas', () => {
    expect([...once.areaOf.values()].filter(livesInAffectedArea)).toHaveLength(28_000);
  });

  it('gives every subscriber a name and one of the sixty areas, so that every notice can be rendered for everybody', () => {
    expect([...once.nameOf.values()].filter((name) => name === null)).toEqual([]);
    expect([...once.areaOf.values()].filter((area) => area === null)).toEqual([]);
    expect([...once.areaNames.values()].sort()).toEqual(DEMO_AREAS.map(({ name }) => name).sort());
  });

  it('multiplies the audience with --scale 2', async () => {
    await writeOfficeFile(join(folder, 'twice.xlsx'), 2);
    const twice = await judge(join(folder, 'twice.xlsx'));
    expect(twice.areaOf.size).toBe(74_800);
    expect([...twice.areaOf.values()].filter(livesInAffectedArea)).toHaveLength(56_000);
    expect(twice.rows).toBe(78_000 + FOOTER_ROWS);
  });

  it('is always the same, byte by byte', async () => {
    await writeOfficeFile(join(folder, 'again.xlsx'), 1);
    const [first, second] = await Promise.all(
      ['once.xlsx', 'again.xlsx'].map(async (name) =>
        createHash('sha256')
          .update(await readFile(join(folder, name)))
          .digest('hex'),
      ),
    );
    expect(second).toBe(first);
  });

  it('has two header rows and a row of column numbers below the title of the document', () => {
    expect(once.header.headerRowNumber).toBe(8);
    expect(once.header.firstDataRowNumber).toBe(10);
    const { phone, fullName, area } = once.header.columns;
    const titles = [phone, fullName, area].map((column) => once.header.titles[column!]);
    expect(titles).toEqual(['Số điện thoại', 'Họ và tên', expect.stringMatching(/Xã, phường, thị trấn$/)]);
  });

  it.each([
    ['without the zero that Excel took', /^[3-9]\d{8}$/],
    ['with the country code', /^84\d{9}$/],
    ['with a plus', /^\+84\d{9}$/],
    ['in groups', /^0\d{3} \d{3} \d{3}$|^0\d{3}\.\d{3}\.\d{3}$/],
    ['in 11 digits, as before 2018', /^01[2689]\d{8}$/],
    ['as landlines', /^0296 3/],
    ['as scientific notation', /E\+08$/],
    ['as the error #N/A', /^#N\/A$/],
    ['two in one cell', /^09\d{8}\D+03\d{8}$/],
    ['of Cambodia', /^\+855/],
  ])('has numbers %s', (_, form) => {
    expect(once.spellings.filter((cell) => form.test(cell)).length).toBeGreaterThan(5);
  });

  it('has rows that are refused for every usual reason, and rows that only deserve a look', () => {
    expect([...once.refused.values()].reduce((sum, count) => sum + count, 0)).toBe(USELESS_ROWS + FOOTER_ROWS);
    const reasons = ['phone-missing', 'landline', 'excel-scientific', 'excel-error', 'several-numbers', 'text-damaged'];
    expect([...once.refused.keys()]).toEqual(expect.arrayContaining([...reasons, 'foreign-number', 'too-short']));
    expect([...once.warned]).toEqual(expect.arrayContaining(['converted-from-11-digits', 'letter-o-for-zero']));
  });
});

describe('sharing a whole number out', () => {
  it('gives whole parts that add up, whatever the weights', () => {
    expect(apportion(10, [1, 1, 1])).toEqual([4, 3, 3]);
    const weights = DEMO_AREAS.map(({ weight }) => weight);
    for (const total of [0, 1, 480, 37_400]) {
      const parts = apportion(total, weights);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      expect(parts.every((part) => Number.isInteger(part) && part >= 0)).toBe(true);
    }
  });
});
