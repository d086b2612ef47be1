import type { Transaction } from '../platform/database/database';
import type { GatewayTerms, SendingLimits } from './gateway-terms.read-model';

/** The contract as a whole. */
export async function writeTerms(tx: Transaction, gateway: string, terms: GatewayTerms, by: string): Promise<void> {
  await write(tx, { gateway, sender: '' }, terms, by);
}

/** One sender ID's own limits. */
export async function writeSenderLimits(
  tx: Transaction,
  whose: { gateway: string; sender: string },
  limits: SendingLimits,
  by: string,
): Promise<void> {
  await write(tx, whose, { vndPerSegment: null, ...limits }, by);
}

/** The gate keeps limits by their row of rate_buckets; without it they would not hold, so both are written together. */
async function write(
  tx: Transaction,
  { gateway, sender }: { gateway: string; sender: string },
  { vndPerSegment, segmentsPerSecond, messagesInFlight, segmentsPerDay }: GatewayTerms,
  by: string,
): Promise<void> {
  await tx.run(
    `insert into gateway_terms (gateway, sender, vnd_per_segment, segments_per_second, messages_in_flight,
       segments_per_day, updated_by) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (gateway, sender) do update set vnd_per_segment = excluded.vnd_per_segment,
       segments_per_second = excluded.segments_per_second, messages_in_flight = excluded.messages_in_flight,
       segments_per_day = excluded.segments_per_day, updated_by = excluded.updated_by, updated_at = now()`,
    [gateway, sender, vndPerSegment, segmentsPerSecond, messagesInFlight, segmentsPerDay, by],
  );
  await tx.run('insert into rate_buckets (gateway, sender) values ($1, $2) on conflict do nothing', [gateway, sender]);
}

/** What was used today stays on record: limits entered again on the same day go on from there. @returns whether there were any */
export async function deleteSenderLimits(tx: Transaction, gateway: string, sender: string): Promise<boolean> {
  return (await tx.run('delete from gateway_terms where gateway = $1 and sender = $2', [gateway, sender])) > 0;
}
