import type { Queries, Transaction } from '../../platform/database/database';
import type { Schedule } from '../plan';
import type { Seen } from './watch';

/** A campaign that is sending by a rule that may stop it. */
export interface WatchedCampaign {
  readonly id: number;
  readonly batchId: number;
  readonly halt: Schedule['halt'];
  /** Nobody has let the rest follow the first wave yet. */
  readonly inFirstWave: boolean;
  readonly seen: Seen;
}

/** Those that delivery is still handing over; the index campaigns_state_start finds them. */
export function findWatched(queries: Queries, id?: number): Promise<WatchedCampaign[]> {
  return queries.rows<WatchedCampaign>(
    `select c.id, c.batch_id as "batchId", nullif(c.schedule -> 'halt', 'null') as halt, b.in_first_wave as "inFirstWave",
       jsonb_build_object('failures', c.failures_seen, 'gone', c.gone_seen) as seen
     from campaigns c join batches b on b.id = c.batch_id
     where c.state = 'sending' and b.state = 'released' and ($1::int is null or c.id = $1)
       and (b.in_first_wave or c.schedule ->> 'halt' is not null)
     order by c.id`,
    [id ?? null],
  );
}

export async function writeSeen(tx: Transaction, id: number, { failures, gone }: Seen): Promise<void> {
  await tx.run('update campaigns set failures_seen = $2, gone_seen = $3 where id = $1', [id, failures, gone]);
}

/**
 * What was in doubt and turned out to have arrived must not hide as many new failures. A guarded write: whoever lets the
 * campaign go on at this moment knows better.
 */
export async function lowerFailuresSeen(
  queries: Queries,
  { id, seen }: WatchedCampaign,
  failures: number,
): Promise<void> {
  await queries.run('update campaigns set failures_seen = $3 where id = $1 and failures_seen = $2 and gone_seen = $4', [
    id,
    seen.failures,
    failures,
    seen.gone,
  ]);
}
