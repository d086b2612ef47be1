import { open } from 'node:fs/promises';
import type { CodingGuess, TextCoding } from '../legacy/text-coding';
import { emptyFile, undecodableText } from '../read-faults';
import { type ReadLimits, ROWS_PER_BATCH, type SheetRow } from '../sheet-row';
import { CsvRows } from './csv-rows';
import { decodeSample, decodeText, UndecodableBytes } from './decode-text';
import { findDelimiter, sepLine } from './delimiter';
import { findCoding, type FoundCoding } from './find-coding';

const SAMPLE_BYTES = 64 * 1024;

/** A text table whose beginning has been looked at. */
interface OpenedCsv {
  readonly coding: TextCoding;
  /** Best first, with the part of the accented words that each makes a Vietnamese syllable of; whatever was chosen. */
  readonly codingGuesses: readonly CodingGuess<TextCoding>[];
  readonly delimiter: string;
  /** The rows in batches, from the beginning at each call; the file is open only while they are read. */
  rows(): AsyncGenerator<SheetRow[]>;
}

interface TextTable extends FoundCoding {
  readonly path: string;
  readonly delimiter: string;
  /** Bytes before the first row. */
  readonly start: number;
}

/**
 * A CSV or TSV file with the coding and the delimiter that its beginning shows; the rows have the numbers that Excel would
 * show and text in Unicode. The file is never in memory whole.
 *
 * @param choice a coding that a person chose instead of the guess
 * @throws from rows(): emptyFile, undecodableText, quoteNotClosed, tooManyRows, tooManyColumns, cellTooLong
 */
export async function openCsv(
  path: string,
  choice: { readonly coding?: TextCoding },
  limits: ReadLimits,
): Promise<OpenedCsv> {
  const sample = await beginningOf(path);
  const isWhole = sample.length < SAMPLE_BYTES;
  const found = findCoding(sample, isWhole, choice.coding);
  const text = decodeSample(sample.subarray(found.bomBytes), found.bytes);
  const told = sepLine(text);
  const delimiter = told?.delimiter ?? findDelimiter(text, isWhole);
  const start = found.bomBytes + bytesOf(text.slice(0, told?.length ?? 0), found);
  return {
    coding: found.coding,
    codingGuesses: found.codingGuesses,
    delimiter,
    rows: () => rowsOf({ ...found, path, delimiter, start }, limits),
  };
}

async function* rowsOf(table: TextTable, limits: ReadLimits): AsyncGenerator<SheetRow[]> {
  const rows = new CsvRows(table.delimiter, limits, table.convert);
  try {
    for await (const text of decodeText(table.path, table.bytes, table.start)) {
      await rows.write(text);
      if (rows.waiting >= ROWS_PER_BATCH) yield rows.take();
    }
    await rows.end();
  } catch (error) {
    throw error instanceof UndecodableBytes ? undecodableText({ row: (await rows.rowsSoFar()) + 1 }) : error;
  }
  if (rows.waiting > 0) yield rows.take();
  if (rows.total === 0) throw emptyFile();
}

async function beginningOf(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** How many bytes a text takes in the file. */
function bytesOf(text: string, { bytes }: FoundCoding): number {
  if (bytes === 'utf-8') return Buffer.byteLength(text);
  return text.length * (bytes === 'utf-16le' || bytes === 'utf-16be' ? 2 : 1);
}
