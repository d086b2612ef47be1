import type { Queries } from '../../platform/database/database';

/** That the gateway had accepted this attempt: a receipt for it, or its late answer. */
export interface LateProof {
  readonly batchId: number;
  readonly seq: number;
  readonly attempt: number;
  readonly gatewayMessageId: string;
}

/**
 * Keeps proofs that came too late to be an outcome: their attempt stands as surely not accepted, or a person has said that it
 * failed. The gate lets no further attempt of such a text through. Give it every proof of acceptance, after `appendOutcomes`
 * in the same transaction: it takes those that are late, also where somebody settled the text a moment ago. A proof that
 * comes twice is kept once.
 *
 * @returns how many were kept
 */
export async function noteLateProofs(tx: Queries, proofs: readonly LateProof[]): Promise<number> {
  if (proofs.length === 0) return 0;
  return tx.run(
    `insert into late_proofs (batch_id, seq, attempt, gateway_message_id)
     select g.* from unnest($1::bigint[], $2::int[], $3::smallint[], $4::text[]) as g (batch_id, seq, attempt, gateway_message_id)
     where exists (
       select from outcomes o where o.batch_id = g.batch_id and o.seq = g.seq and o.attempt = g.attempt and o.certain
         and (o.kind = 'deferred' or (o.kind = 'failed' and o.code = 'by-person')))
     on conflict do nothing`,
    [
      proofs.map(({ batchId }) => batchId),
      proofs.map(({ seq }) => seq),
      proofs.map(({ attempt }) => attempt),
      proofs.map(({ gatewayMessageId }) => gatewayMessageId),
    ],
  );
}

/** An unknown further attempt of a text that an earlier one's late proof says was accepted. */
export interface ProvedUnknown {
  readonly batchId: number;
  readonly seq: number;
  readonly attempt: number;
  readonly gatewayMessageId: string;
}

/** What came of late proofs is not known yet for a few at a time, found by late_proofs_open. */
export function findProvedUnknowns(queries: Queries, limit: number): Promise<ProvedUnknown[]> {
  return queries.rows<ProvedUnknown>(
    `select distinct on (u.batch_id, u.seq, u.attempt) u.batch_id as "batchId", u.seq, u.attempt,
       p.gateway_message_id as "gatewayMessageId"
     from late_proofs p join unknowns u on u.batch_id = p.batch_id and u.seq = p.seq and u.attempt > p.attempt
     where p.effect is null order by u.batch_id, u.seq, u.attempt limit $1`,
    [limit],
  );
}

/**
 * Puts on record what came of late proofs, once the further attempt has an outcome.
 *
 * @returns how many citizens may have got their text twice: its further attempt had been handed over
 */
export async function judgeLateProofs(queries: Queries): Promise<number> {
  const rows = await queries.rows<{ effect: string }>(
    `update late_proofs p set effect = j.effect
     from (
       select p.batch_id, p.seq, p.attempt, case
         when exists (select from outcomes o where o.batch_id = p.batch_id and o.seq = p.seq and o.attempt = p.attempt
           and o.kind = 'failed') then 'contradicts'
         when exists (select from outcomes o where o.batch_id = p.batch_id and o.seq = p.seq and o.attempt > p.attempt
           and (o.kind = 'unknown' or (o.kind = 'accepted' and o.code <> 'by-late-proof'))) then 'sent-again'
         when exists (select from outcomes o where o.batch_id = p.batch_id and o.seq = p.seq and o.attempt > p.attempt
           and o.kind <> 'deferred') then 'held-back'
       end as effect
       from late_proofs p where p.effect is null
     ) j
     where p.batch_id = j.batch_id and p.seq = j.seq and p.attempt = j.attempt and p.effect is null and j.effect is not null
     returning p.effect`,
  );
  return rows.filter(({ effect }) => effect === 'sent-again').length;
}
