import type { Transaction } from '../platform/database/database';
import type { Actor } from '../platform/http/actor';
import { currentRequestId } from '../platform/http/request-context';
import { maskPersonalData } from '../platform/observability/mask';

export type AuditDetails = Readonly<Record<string, string | number | boolean | null | string[] | number[]>>;

export interface AuditEntry {
  readonly actor: Actor;
  /** What was done, as `campaign.approve`. */
  readonly act: string;
  /** What it was done to, as `campaign:12`. */
  readonly subject: string;
  /** Facts an auditor needs, as ids, counts and names of fields: never a name, a number or a text of a person. */
  readonly details?: AuditDetails;
}

/**
 * Puts an act on record in the transaction of the act itself: neither exists without the other. The entry waits in
 * audit_unchained until the chainer links it, so that two writers never wait for each other.
 */
export async function appendAudit(tx: Transaction, { actor, act, subject, details = {} }: AuditEntry): Promise<void> {
  await tx.run(
    `with entry as (
       insert into audit_entries (actor, act, subject, details, request_id) values ($1, $2, $3, $4, $5) returning id
     )
     insert into audit_unchained (entry_id) select id from entry`,
    [actor.id, act, subject, JSON.stringify(maskDetails(details)), currentRequestId() ?? null],
  );
}

/** The record is append-only: a phone number that slipped into it could never be erased, so it is masked on the way in. */
export function maskDetails(details: AuditDetails): AuditDetails {
  const mask = <T>(value: T): T => (typeof value === 'string' ? (maskPersonalData(value) as T) : value);
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [key, Array.isArray(value) ? value.map(mask) : mask(value)]),
  ) as AuditDetails;
}
