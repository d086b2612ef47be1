import { createHash } from 'node:crypto';

/** What is hashed of an entry; `at` is UTC to the microsecond, as PostgreSQL keeps it. */
export interface ChainedEntry {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly act: string;
  readonly subject: string;
  readonly details: unknown;
  readonly requestId: string | null;
}

/** Selects a ChainedEntry from `audit_entries e`: chaining and verifying must read it in exactly the same way. */
export const CHAINED_ENTRY_COLUMNS = `e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
  e.actor, e.act, e.subject, e.details, e.request_id as "requestId"`;

/** The hash before the first link: 32 zero bytes. */
export const GENESIS: Buffer = Buffer.alloc(32);

/**
 * One text for one value, whatever the order its keys arrive in: keys sorted by UTF-16 code units, no white space.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8785 (JSON Canonicalization Scheme)
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256(previous hash || canonical JSON of the entry): each link vouches for all before it. */
export function linkHash(previous: Buffer, entry: ChainedEntry): Buffer {
  const { id, at, actor, act, subject, details, requestId } = entry;
  const text = canonicalJson({ id, at, actor, act, subject, details, requestId });
  return createHash('sha256').update(previous).update(text).digest();
}
