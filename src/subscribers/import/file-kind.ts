import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Fault } from '../../platform/errors';
import { decodeSample } from './csv/decode-text';
import { findCoding } from './csv/find-coding';
import { COMPOUND_FILE_SIGNATURE, compoundFileEntries } from './compound-file';
import { emptyFile, encryptedFile, htmlFile, notASpreadsheet, notWhatItsNameSays, xmlSpreadsheet } from './read-faults';

/** `zip` holds an .xlsx or .ods, `compound` an .xls, or so it seems; `text` is a CSV file. */
interface FileKind {
  readonly kind: 'zip' | 'compound' | 'text';
}

const SAMPLE_BYTES = 64 * 1024;
const ZIP_SIGNATURES = ['504b0304', '504b0506', '504b0708'].map((hex) => Buffer.from(hex, 'hex'));
const SPREADSHEET_NAMES = new Set(['xlsx', 'xlsm', 'xls', 'ods', 'csv', 'tsv', 'txt']);
/** Control characters that no table has; tab, line ends, vertical tab, form feed and the old end-of-file mark do occur. */
const BINARY = /[\u0000-\u0008\u000e-\u0019\u001b-\u001f]/;
/** PDF, RTF, SYLK and DIF, which are text to a computer but no table of cells divided by signs. */
const OTHER_TEXT = /^\s*(?:%PDF|\{\\rtf|ID;P|TABLE\r?\n0,1\r?\n)/;

/**
 * Tells what a file is by its content; its name chooses the words of a refusal.
 *
 * @throws emptyFile, encryptedFile, htmlFile, xmlSpreadsheet, notASpreadsheet, notWhatItsNameSays
 */
export async function fileKind(path: string, fileName: string): Promise<FileKind> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    const { bytesRead } = await file.read(buffer, 0, SAMPLE_BYTES, 0);
    const sample = buffer.subarray(0, bytesRead);
    if (sample.length === 0) throw emptyFile();
    if (ZIP_SIGNATURES.some((signature) => startsWith(sample, signature))) return { kind: 'zip' };
    if (startsWith(sample, COMPOUND_FILE_SIGNATURE)) return ofCompoundFile(await compoundFileEntries(file), fileName);
    return textKind(sample, bytesRead < SAMPLE_BYTES, fileName);
  } finally {
    await file.close();
  }
}

const TEXT_NAMES = new Set(['csv', 'tsv', 'txt']);

/** A name that promises a workbook over text, or text over a workbook: somebody renamed the file, or took another one. */
export function contradictsName(kind: FileKind['kind'], fileName: string): boolean {
  const extension = extname(fileName).slice(1).toLowerCase();
  if (!SPREADSHEET_NAMES.has(extension)) return false;
  return (kind === 'text') !== TEXT_NAMES.has(extension);
}

/** The refusal for content of no use, in the words that fit the name. */
export function uselessContent(fileName: string): Fault {
  const extension = extname(fileName).slice(1).toLowerCase();
  return SPREADSHEET_NAMES.has(extension) ? notWhatItsNameSays({ extension }) : notASpreadsheet();
}

function ofCompoundFile(entries: readonly string[], fileName: string): FileKind {
  if (entries.includes('EncryptedPackage')) throw encryptedFile();
  if (entries.some((name) => /^(?:workbook|book)$/i.test(name))) return { kind: 'compound' };
  throw uselessContent(fileName);
}

function textKind(sample: Buffer, isWhole: boolean, fileName: string): FileKind {
  const { bytes, bomBytes } = findCoding(sample, isWhole);
  const text = decodeSample(sample.subarray(bomBytes), bytes);
  if (BINARY.test(text) || OTHER_TEXT.test(text)) throw uselessContent(fileName);
  if (/^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|table|div|style)\b/is.test(text)) throw htmlFile();
  if (/^\s*MIME-Version:/i.test(text)) throw htmlFile();
  if (/^\s*<\?xml/.test(text)) {
    throw /<(?:(?:\w+:)?Workbook|office:document)\b/.test(text) ? xmlSpreadsheet() : uselessContent(fileName);
  }
  return { kind: 'text' };
}

function startsWith(sample: Buffer, signature: Buffer): boolean {
  return sample.subarray(0, signature.length).equals(signature);
}
