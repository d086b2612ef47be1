import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Fault } from '../../platform/errors';
import { COMPOUND_FILE_SIGNATURE, compoundFileEntries } from './compound-file';
import {
  emptyFile,
  encryptedFile,
  htmlFile,
  notASpreadsheet,
  notWhatItsNameSays,
  odsNotSupported,
  undecodableText,
  xlsNotSupported,
  xmlSpreadsheet,
} from './read-faults';

/** `zip` holds an .xlsx, or so it seems; `text` is a CSV file in the named encoding, `bomBytes` from its start. */
type FileKind =
  { readonly kind: 'zip' } | { readonly kind: 'text'; readonly encoding: TextEncodingName; readonly bomBytes: number };
export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be';

const SAMPLE_BYTES = 64 * 1024;
const ZIP_SIGNATURES = ['504b0304', '504b0506', '504b0708'].map((hex) => Buffer.from(hex, 'hex'));
const BYTE_ORDER_MARKS: readonly { encoding: TextEncodingName; mark: Buffer }[] = [
  { encoding: 'utf-8', mark: Buffer.from('efbbbf', 'hex') },
  { encoding: 'utf-16le', mark: Buffer.from('fffe', 'hex') },
  { encoding: 'utf-16be', mark: Buffer.from('feff', 'hex') },
];
const SPREADSHEET_NAMES = new Set(['xlsx', 'xlsm', 'xls', 'ods', 'csv', 'tsv', 'txt']);
/** Control characters that no table has; tab, line ends, vertical tab, form feed and the old end-of-file mark do occur. */
const BINARY = /[\u0000-\u0008\u000e-\u0019\u001b-\u001f]/;
/** PDF, RTF, SYLK and DIF, which are text to a computer but no table of cells divided by signs. */
const OTHER_TEXT = /^\s*(?:%PDF|\{\\rtf|ID;P|TABLE\r?\n0,1\r?\n)/;

/**
 * Tells what a file is by its content; its name chooses the words of a refusal.
 *
 * @throws emptyFile, encryptedFile, xlsNotSupported, odsNotSupported, htmlFile, xmlSpreadsheet, undecodableText, notASpreadsheet,
 * notWhatItsNameSays
 */
export async function fileKind(path: string, fileName: string): Promise<FileKind> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    const { bytesRead } = await file.read(buffer, 0, SAMPLE_BYTES, 0);
    const sample = buffer.subarray(0, bytesRead);
    if (sample.length === 0) throw emptyFile();
    if (ZIP_SIGNATURES.some((signature) => startsWith(sample, signature))) return { kind: 'zip' };
    if (startsWith(sample, COMPOUND_FILE_SIGNATURE)) throw ofCompoundFile(await compoundFileEntries(file), fileName);
    return textKind(sample, fileName);
  } finally {
    await file.close();
  }
}

const TEXT_NAMES = new Set(['csv', 'tsv', 'txt']);

/** A name that promises a workbook over text, or text over a workbook: somebody renamed the file, or took another one. */
export function contradictsName({ kind }: FileKind, fileName: string): boolean {
  const extension = extname(fileName).slice(1).toLowerCase();
  if (!SPREADSHEET_NAMES.has(extension)) return false;
  return (kind === 'text') !== TEXT_NAMES.has(extension);
}

/** The refusal for content of no use, in the words that fit the name. */
export function uselessContent(fileName: string): Fault {
  const extension = extname(fileName).slice(1).toLowerCase();
  return SPREADSHEET_NAMES.has(extension) ? notWhatItsNameSays({ extension }) : notASpreadsheet();
}

function ofCompoundFile(entries: readonly string[], fileName: string): Fault {
  if (entries.includes('EncryptedPackage')) return encryptedFile();
  if (entries.includes('Workbook') || entries.includes('Book')) return xlsNotSupported();
  return uselessContent(fileName);
}

function textKind(sample: Buffer, fileName: string): FileKind {
  const marked = BYTE_ORDER_MARKS.find(({ mark }) => startsWith(sample, mark));
  const encoding = marked?.encoding ?? 'utf-8';
  const bomBytes = marked?.mark.length ?? 0;
  if (!marked && looksLikeUtf16(sample)) throw undecodableText({ row: 1 });
  const text = new TextDecoder(encoding).decode(sample.subarray(bomBytes));
  if (BINARY.test(text) || OTHER_TEXT.test(text)) throw uselessContent(fileName);
  if (/^\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|meta|body|table|div|style)\b/is.test(text)) throw htmlFile();
  if (/^\s*MIME-Version:/i.test(text)) throw htmlFile();
  if (/^\s*<\?xml/.test(text)) {
    if (/<office:document\b/.test(text)) throw odsNotSupported();
    throw /<(?:\w+:)?Workbook\b/.test(text) ? xmlSpreadsheet() : uselessContent(fileName);
  }
  return { kind: 'text', encoding, bomBytes };
}

/** Text of two bytes a letter without its mark: every zero byte stands at an even, or every one at an odd place. */
function looksLikeUtf16(sample: Buffer): boolean {
  const zeros = [0, 0];
  sample.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2]! += 1;
  });
  return Math.max(...zeros) > sample.length / 8 && Math.min(...zeros) === 0;
}

function startsWith(sample: Buffer, signature: Buffer): boolean {
  return sample.subarray(0, signature.length).equals(signature);
}
