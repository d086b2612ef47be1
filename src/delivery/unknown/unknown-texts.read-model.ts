import type { MessageReference } from '../../gateways';
import type { Queries } from '../../platform/database/database';
import type { Localised } from '../../platform/errors';
import { plainReason } from '../plain-reason';
import { HANDED_OVER } from './handed-over';

/** A text of which nobody knows whether it left, and that nobody has settled. */
export interface UnknownText extends MessageReference {
  /** Why nobody knows: the code of its outcome, and that in words. */
  readonly code: string;
  readonly reason: Localised;
  readonly since: Date;
  readonly gateway: string;
  readonly handedOverAt: Date;
  /** When its gateway is asked for it next, as far as it answers such questions; null: never, a person decides. */
  readonly nextLookUpAt: Date | null;
  readonly lookUps: number;
  readonly phone: string | null;
  readonly isErased: boolean;
  /** Of its batch: nothing leaves it any more. */
  readonly hasEnded: boolean;
  readonly isPastDeadline: boolean;
  /** The database's clock. */
  readonly now: Date;
}

export interface UnknownFilter {
  readonly batchId?: number;
  readonly code?: string;
  readonly texts?: readonly MessageReference[];
  readonly after?: MessageReference;
  readonly limit: number;
  /** Whether the reader may see numbers. */
  readonly revealPhones: boolean;
}

/** SQL: $1 the batch and $2 the code, or null. */
const CHOSEN = `($1::bigint is null or u.batch_id = $1) and ($2::text is null or u.code = $2)`;

/** Pages by the primary key of `unknowns`, which holds only what is open. */
export async function findUnknownTexts(queries: Queries, filter: UnknownFilter): Promise<UnknownText[]> {
  const { batchId, code, texts, after, limit, revealPhones } = filter;
  const rows = await queries.rows<Omit<UnknownText, 'reason'>>(
    `select u.batch_id as "batchId", u.seq, u.attempt, u.code, u.since, h.gateway, h.at as "handedOverAt",
       u.look_up_at as "nextLookUpAt", u.look_ups as "lookUps",
       case when $3 then m.phone else '0' || substr(m.phone, 4, 2) || '***' || right(m.phone, 3) end as phone,
       m.phone is null or m.text is null as "isErased", b.state in ('cancelled', 'finished') as "hasEnded",
       coalesce(b.deadline <= now(), false) as "isPastDeadline", clock_timestamp() as now
     from unknowns u join batches b on b.id = u.batch_id join messages m on m.batch_id = u.batch_id and m.seq = u.seq ${HANDED_OVER}
     where ${CHOSEN}
       and ($4::bigint is null or (u.batch_id, u.seq, u.attempt) > ($4, $5::int, $6::smallint))
       and ($7::bigint[] is null or (u.batch_id, u.seq, u.attempt) in (select * from unnest($7, $8::int[], $9::smallint[])))
     order by u.batch_id, u.seq, u.attempt limit $10`,
    [
      batchId ?? null,
      code ?? null,
      revealPhones,
      after?.batchId ?? null,
      after?.seq ?? null,
      after?.attempt ?? null,
      texts?.map((text) => text.batchId) ?? null,
      texts?.map((text) => text.seq) ?? null,
      texts?.map((text) => text.attempt) ?? null,
      limit,
    ],
  );
  return rows.map((row) => ({ ...row, reason: plainReason(row.gateway, 'unknown', row.code) }));
}

export interface UnknownCount {
  readonly code: string;
  readonly reason: Localised;
  readonly gateway: string;
  readonly texts: number;
  /** So many of them wait for a person: their gateway is asked no more. */
  readonly leftToPerson: number;
}

/** The open unknown texts by why nobody knows and by gateway, the most frequent first. */
export async function countUnknownTexts(queries: Queries, batchId: number | undefined): Promise<UnknownCount[]> {
  const rows = await queries.rows<Omit<UnknownCount, 'reason'>>(
    `select u.code, h.gateway, count(*) as texts, count(*) filter (where u.look_up_at is null) as "leftToPerson"
     from unknowns u join batches b on b.id = u.batch_id ${HANDED_OVER}
     where ${CHOSEN} group by u.code, h.gateway order by texts desc, u.code, h.gateway`,
    [batchId ?? null, null],
  );
  return rows.map((row) => ({ ...row, reason: plainReason(row.gateway, 'unknown', row.code) }));
}

/** A proof of acceptance that came when the text had been settled otherwise, and what came of it. */
export interface LateProofView extends MessageReference {
  readonly provedAt: Date;
  /**
   * `held-back`: nothing further was sent. `sent-again`: the citizen may have got the text twice. `contradicts`: somebody had
   * said that it failed. Null: a further attempt waits, and the gate will hold it back.
   */
  readonly effect: 'held-back' | 'sent-again' | 'contradicts' | null;
}

export function findLateProofs(
  queries: Queries,
  { batchId, after, limit }: Pick<UnknownFilter, 'batchId' | 'after' | 'limit'>,
): Promise<LateProofView[]> {
  return queries.rows<LateProofView>(
    `select batch_id as "batchId", seq, attempt, at as "provedAt", effect from late_proofs
     where ($1::bigint is null or batch_id = $1)
       and ($2::bigint is null or (batch_id, seq, attempt) > ($2, $3::int, $4::smallint))
     order by batch_id, seq, attempt limit $5`,
    [batchId ?? null, after?.batchId ?? null, after?.seq ?? null, after?.attempt ?? null, limit],
  );
}
