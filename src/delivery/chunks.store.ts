import type { Queries } from '../platform/database/database';
import { BATCH_IS_OPEN } from './gate';

/** A leased chunk. Its items are `lo..hi`: seqs themselves, or places in `seqs` when it is a retry. `hi` is the last released. */
export interface Chunk {
  readonly id: number;
  readonly batchId: number;
  readonly attempt: number;
  readonly hi: number;
  readonly marked: number;
  readonly seqs: readonly number[] | null;
  readonly fence: number;
  /** The sender ID its texts have at the gateway that leased it. */
  readonly sender: string;
  /** How often its texts were put off for a reason that counts. */
  readonly tries: number;
}

/**
 * Leases the next chunk: of the batches that are open and whose sender ID is not waiting for its rate, one of the fastest lane;
 * of these the one that was served longest ago, so that batches of a lane take turns; of it the lowest chunk of which
 * something is released, then retries, the longest due first. SKIP LOCKED lets instances pass each other.
 *
 * Where a batch may go elsewhere, each of its chunks has one gateway at a time: the first in order of preference whose share
 * is above the last two digits of the chunk's id; where there is none, the first of all. `above..below` is what of these
 * hundred falls to this gateway, `rest` what falls to it for want of another.
 *
 * The batches in question are few and sorted first (inside: it must not lock a chunk of each to sort them); the nested loop stops at the first that has something to send. Of each
 * batch before it at most one chunk is looked at in chunks_waiting (that in which the released part ends) and none in
 * chunks_retries, so what waits for the morning, a first wave or its turn in a spread costs nothing, however much it is.
 */
const LEASE = `
with next as (
  select c.id, c.released_hi, b.id as batch_id, b.sender
  from (
    select b.id, b.lane, b.not_before, b.served_at, b.released_to,
      case when b.gateway = $2 then b.sender else b.alternative_senders[array_position(b.alternative_gateways, $2)] end as sender,
      coalesce(r.above, 0) as above, coalesce(r.below, 100) as below,
      case when b.gateway = $2 then coalesce(r.rest, 100) else 100 end as rest
    from batches b left join lateral (
      select max(w.share) filter (where w.place < own.place) as above, max(w.share) filter (where w.place = own.place) as below,
        max(w.share) as rest
      from (select g.name, g.place, coalesce(s.share, 100) as share
            from unnest(array_prepend(b.gateway, b.alternative_gateways)) with ordinality as g (name, place)
            left join gateway_shares s on s.gateway = g.name) w
      cross join (select array_position(array_prepend(b.gateway, b.alternative_gateways), $2) as place) own
    ) r on b.alternative_gateways <> '{}'
    where (b.gateway = $2 or $2 = any(b.alternative_gateways)) and ${BATCH_IS_OPEN}
    order by b.lane desc, b.served_at, b.not_before, b.id
  ) b cross join lateral (
    select * from (
      select w.id, least(w.hi, b.released_to) as released_hi from chunks w
      where w.batch_id = b.id and w.state = 'waiting' and w.attempt = 1 and w.lo <= b.released_to and w.marked < b.released_to
        and ($5 or (w.id % 100 >= b.above and w.id % 100 < b.below) or w.id % 100 >= b.rest)
      order by w.lo limit 1 for update of w skip locked) first_attempts
    union all
    select * from (
      select r.id, r.hi from chunks r
      where r.batch_id = b.id and r.state = 'waiting' and r.attempt > 1 and r.due_at <= now()
        and ($5 or (r.id % 100 >= b.above and r.id % 100 < b.below) or r.id % 100 >= b.rest)
      order by r.due_at limit 1 for update of r skip locked) retries
    limit 1
  ) c
  where b.sender <> all($4::text[])
  order by b.lane desc, b.served_at, b.not_before, b.id limit 1
), turn as (
  update batches b set served_at = clock_timestamp() from next where b.id = next.batch_id
)
update chunks c
set state = 'leased', owner = $1, fence = c.fence + 1, leased_until = now() + make_interval(secs => $3)
from next where c.id = next.id
returning c.id, c.batch_id as "batchId", c.attempt, next.released_hi as hi, c.marked, c.seqs, c.fence, c.tries, next.sender`;

export interface Lease {
  readonly owner: string;
  readonly gateway: string;
  readonly seconds: number;
  /** Sender IDs whose rate or quota is used up for the moment. */
  readonly without?: readonly string[];
  /** Whatever the shares say: for the one text that tries a gateway which took nothing. */
  readonly isProbe?: boolean;
}

export async function leaseChunk(
  queries: Queries,
  { owner, gateway, seconds, without = [], isProbe = false }: Lease,
): Promise<Chunk | undefined> {
  const values = [owner, gateway, seconds, without, isProbe];
  const [chunk] = await queries.prepared<Chunk>('delivery-lease', LEASE, values);
  return chunk;
}

/** Ends a lease whose outcomes are all on record: the chunk is done, or waits again when items are left. */
export async function releaseChunk(queries: Queries, chunk: Chunk, owner: string): Promise<void> {
  await queries.run(
    `update chunks set state = case when marked = hi then 'done' else 'waiting' end, owner = null, leased_until = null
     where id = $1 and owner = $2 and fence = $3 and state = 'leased'`,
    [chunk.id, owner, chunk.fence],
  );
}
