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
