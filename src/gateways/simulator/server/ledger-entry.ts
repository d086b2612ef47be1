import { parseReference } from '../../gateway';

/** One acceptance, one line. The text itself is never kept. */
export interface LedgerEntry {
  /** `<ledger>-<serial>`; serials are dense, from 1. */
  readonly id: string;
  readonly serial: number;
  readonly reference: string;
  readonly number: string;
  /** SHA-256 of the UTF-8 text, hexadecimal. */
  readonly digest: string;
  /** When it arrived, Unix time. */
  readonly acceptedAtMs: number;
  /** Whether a receipt was promised. */
  readonly owesReceipt: boolean;
  /** As the sender counted them; undefined in ledgers that did not list them yet. */
  readonly segments?: number;
}

const HEADER = /^tinluat-simulator-ledger\t1\t([0-9a-f]{8})$/;
const LINE = /^[0-9a-f]{8}-[1-9]\d{0,14}\t[\d.]+\t\+\d+\t[0-9a-f]{64}\t\d{1,15}(\tx[1-9]\d?)?\t[01]$/;
/** Hexadecimal digits; tells the ids of one ledger from those of another. */
export const LEDGER_ID_LENGTH = 8;

export function formatHeader(ledgerId: string): string {
  return `tinluat-simulator-ledger\t1\t${ledgerId}\n`;
}

/** @returns the ledger's id, or undefined when the line is no header */
export function parseHeader(line: string): string | undefined {
  return HEADER.exec(line)?.[1];
}

/** Columns, tab-separated: id, reference, number, digest, time of arrival, segments (`x2`), receipt owed. */
export function formatEntry(entry: LedgerEntry & { readonly segments: number }): string {
  const { id, reference, number, digest, acceptedAtMs, owesReceipt, segments } = entry;
  return `${id}\t${reference}\t${number}\t${digest}\t${acceptedAtMs}\tx${segments}\t${owesReceipt ? 1 : 0}\n`;
}

/** @returns undefined when the line is none that {@link formatEntry} wrote */
export function parseEntry(line: string): LedgerEntry | undefined {
  if (!LINE.test(line)) return undefined;
  const [id = '', reference = '', number = '', digest = '', time = '', ...rest] = line.split('\t');
  if (!parseReference(reference)) return undefined;
  const serial = Number(id.slice(LEDGER_ID_LENGTH + 1));
  const entry = { id, serial, reference, number, digest, acceptedAtMs: Number(time), owesReceipt: rest.at(-1) === '1' };
  return rest[1] === undefined ? entry : { ...entry, segments: Number(rest[0]?.slice(1)) };
}
