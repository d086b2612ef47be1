import type { Readable } from 'node:stream';
import { StreamableFile } from '@nestjs/common';
import { stringify } from 'csv-stringify';

/** What a spreadsheet would run as a formula when it opens the file. */
const FORMULA_START = /^[=+\-@\t\r]/;

/** A leading apostrophe makes Excel and LibreOffice show a cell as text (OWASP, CSV Injection). */
export function neutraliseFormula(value: unknown): unknown {
  return typeof value === 'string' && FORMULA_START.test(value) ? `'${value}` : value;
}

export interface CsvColumn {
  readonly key: string;
  readonly header: string;
}

/** A CSV that Excel on a Vietnamese Windows opens right: UTF-8 with BOM, CRLF. Streams; memory does not grow with it. */
export function csvDownload(rows: Readable, columns: readonly CsvColumn[], fileName: string): StreamableFile {
  const csv = stringify({
    bom: true,
    header: true,
    record_delimiter: 'windows',
    columns: columns.map(({ key, header }) => ({ key, header })),
    cast: { string: (value) => String(neutraliseFormula(value)) },
  });
  // The source's failure must reach the response, and a caller who leaves must close the source's cursor.
  rows.once('error', (error) => csv.destroy(error));
  csv.once('close', () => rows.destroy());
  return new StreamableFile(rows.pipe(csv), {
    type: 'text/csv; charset=utf-8',
    disposition: `attachment; filename="${fileName}"`,
  });
}
