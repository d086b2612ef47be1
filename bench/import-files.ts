import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { SeededRandom } from '../src/demo/seeded-random';
import { drawName } from '../src/demo/vietnamese-names';
import { writeWorkbook } from '../src/demo/xlsx-writer';

const AREAS =
  'Phường Long Xuyên,Phường Bình Đức,Phường Mỹ Thới,Phường Châu Đốc,Phường Vĩnh Tế,Xã An Phú,Xã Vĩnh Hậu,Xã Nhơn Hội'.split(
    ',',
  );
const DISTRICT = 'thành phố Long Xuyên';
/** Prefixes with ten million numbers each. */
const PREFIXES = ['090', '091', '093', '094', '096', '097', '098', '086', '088', '032'];
const STRIDE = 7;
const ROWS_PER_CHUNK = 2_000;

type Row = readonly [number, string, string, string];

/** So many people, no number twice. */
function* people(rows: number): Generator<Row> {
  const random = new SeededRandom(2021);
  for (let n = 0; n < rows; n += 1) {
    const phone = PREFIXES[n % PREFIXES.length]! + String((n * STRIDE) % 10_000_000).padStart(7, '0');
    yield [n + 1, drawName(random, DISTRICT), phone, AREAS[n % AREAS.length]!];
  }
}

const TITLES = ['STT', 'Họ và tên', 'Số điện thoại', 'Xã/phường'] as const;

export async function writeCsv(path: string, rows: number): Promise<void> {
  function* text(): Generator<string> {
    let chunk = `${TITLES.join(',')}\r\n`;
    for (const row of people(rows)) {
      chunk += `${row.join(',')}\r\n`;
      if (row[0] % ROWS_PER_CHUNK !== 0) continue;
      yield chunk;
      chunk = '';
    }
    yield chunk;
  }
  await pipeline(Readable.from(text()), createWriteStream(path));
}

/** With a table of shared strings, as Excel writes it: every name and number is in it. */
export async function writeXlsx(path: string, rows: number): Promise<void> {
  await writeWorkbook(path, {
    name: 'Danh sách',
    widths: [7, 28, 18, 24],
    merged: ['A1:D1'],
    headRows: 2,
    *rows() {
      yield ['DANH SÁCH THUÊ BAO'];
      yield TITLES;
      yield* people(rows);
    },
  });
}
