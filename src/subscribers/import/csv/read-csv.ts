import type { TextEncodingName } from '../file-kind';
import type { ReadLimits, SheetRow } from '../sheet-row';
import { openCsv } from './open-csv';

interface TextFile {
  readonly path: string;
  readonly encoding: TextEncodingName;
}

/** Rows of a CSV or TSV file in the Unicode encoding that is known of it. */
export async function* readCsv({ path, encoding }: TextFile, limits: ReadLimits): AsyncGenerator<SheetRow[]> {
  const { rows } = await openCsv(path, { coding: encoding }, limits);
  yield* rows();
}
