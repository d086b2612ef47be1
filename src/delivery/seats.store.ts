import type { Database } from '../platform/database/database';
import { letGoSoon } from './let-go-soon';
import { shareSeats } from './seats';

export interface SeatClaim {
  readonly gateway: string;
  readonly owner: string;
  /** They are given to others when they were not claimed again within so many seconds. */
  readonly seconds: number;
  /** Of each sender ID (`''`: of the gateway as a whole) what is in flight from this instance. */
  readonly busy: (sender: string) => number;
}

/**
 * Claims this instance's part of every limit of messages in flight there is at a gateway, under the bucket's lock.
 *
 * @returns by sender ID (`''`: the gateway as a whole) how many it may have in flight; nothing where there is no limit.
 */
export async function claimSeats(database: Database, claim: SeatClaim): Promise<Map<string, number>> {
  const { gateway, owner } = claim;
  const isLimited = await database.row(
    'select from gateway_terms where gateway = $1 and messages_in_flight is not null limit 1',
    [gateway],
  );
  if (!isLimited) return new Map();
  return database.transaction(async (tx) => {
    // The gate of every instance needs the bucket: one that stands still or is cut off here must not keep it.
    await letGoSoon(tx);
    const limits = await tx.rows<{ sender: string; limit: number }>(
      `select k.sender, t.messages_in_flight as limit
       from rate_buckets k join gateway_terms t on t.gateway = k.gateway and t.sender = k.sender
       where k.gateway = $1 and t.messages_in_flight is not null order by k.sender for no key update of k`,
      [gateway],
    );
    // Read after the lock, so it sees what others claimed while this waited.
    const taken = await tx.rows<{ sender: string; owner: string; seats: number }>(
      `select sender, owner, seats from gateway_seats where gateway = $1 and owner <> $2 and until > clock_timestamp()`,
      [gateway, owner],
    );
    const mayFill = new Map<string, number>();
    for (const { sender, limit } of limits) {
      const others = taken.filter((one) => one.sender === sender);
      const seats = shareSeats({ limit, owner, busy: claim.busy(sender), others });
      mayFill.set(sender, seats.mayFill);
      await tx.run(
        `insert into gateway_seats (gateway, sender, owner, seats, until)
         values ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5))
         on conflict (gateway, sender, owner) do update set seats = excluded.seats, until = excluded.until`,
        [gateway, sender, owner, seats.holds, claim.seconds],
      );
    }
    await tx.run(`delete from gateway_seats where gateway = $1 and until < clock_timestamp()`, [gateway]);
    return mayFill;
  });
}

/** An instance that stops has nothing in flight any more. */
export async function giveSeatsBack(database: Database, gateway: string, owner: string): Promise<void> {
  await database.run('delete from gateway_seats where gateway = $1 and owner = $2', [gateway, owner]);
}
