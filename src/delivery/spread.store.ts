import type { Database } from '../platform/database/database';
import { BATCH_IS_OPEN } from './gate';
import { advanceSpread, type Spread } from './spread';

interface SpreadRow extends Spread {
  readonly id: number;
  readonly isOpen: boolean;
  /** Since the last ring at which it was open; null when it was closed or paused since, or never open. */
  readonly seconds: number | null;
}

/**
 * Releases what is due of every batch that is spread. Only time between two rings at which a batch was open counts: a ring
 * at which it is closed, and every pause (moveBatch), forgets when the last one was.
 */
export async function advanceSpreads(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    const rows = await tx.rows<SpreadRow>(
      `select b.id, b.size, b.spread_seconds as "spreadSeconds", b.released_to as "releasedTo", b.spread_carry as carry,
         ${BATCH_IS_OPEN} as "isOpen", extract(epoch from now() - b.spread_at)::float8 as seconds
       from batches b
       where b.state = 'released' and b.spread_seconds is not null and not b.in_first_wave and b.released_to < b.size
       order by b.id for no key update`,
    );
    for (const row of rows) {
      const { releasedTo, carry } = row.isOpen ? advanceSpread(row, row.seconds ?? 0) : row;
      await tx.run(
        `update batches set released_to = $2, spread_carry = $3, spread_at = case when $4 then now() end where id = $1`,
        [row.id, releasedTo, carry, row.isOpen],
      );
    }
  });
}
