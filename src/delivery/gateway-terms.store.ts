import type { Transaction } from '../platform/database/database';
import type { GatewayTerms } from './gateway-terms.read-model';

export async function writeTerms(tx: Transaction, gateway: string, terms: GatewayTerms, by: string): Promise<void> {
  await tx.run(
    `insert into gateway_terms (gateway, vnd_per_segment, segments_per_second, updated_by) values ($1, $2, $3, $4)
     on conflict (gateway) do update set vnd_per_segment = excluded.vnd_per_segment,
       segments_per_second = excluded.segments_per_second, updated_by = excluded.updated_by, updated_at = now()`,
    [gateway, terms.vndPerSegment, terms.segmentsPerSecond, by],
  );
}
