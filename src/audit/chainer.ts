import { BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { winBell } from '../platform/bells';
import { Database, Transaction } from '../platform/database/database';
import { LOG, type Log } from '../platform/observability/log';
import { CHAINED_ENTRY_COLUMNS, ChainedEntry, GENESIS, linkHash } from './chain';

export const CHAIN_EVERY_MS = 5_000;

/** A little less than the interval, or a bell that rings a millisecond early would be lost and the next come after 10 s. */
const BELL_MS = CHAIN_EVERY_MS - 500;
const BATCH = 1_000;

/** Any number that no other transaction lock of this program uses: only one chainer at a time may read the head. */
const CHAIN_LOCK = 7_121_945_303;

interface Head {
  readonly position: number;
  readonly hash: Buffer;
}

/** Keeps the hash chain up to date; any number of instances may try, the bell and the lock let one at a time through. */
@Injectable()
export class Chainer implements BeforeApplicationShutdown {
  private running?: Promise<void>;
  private stopping = false;

  constructor(
    private readonly database: Database,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Interval('audit.chain', CHAIN_EVERY_MS)
  ring(): Promise<void> {
    if (this.stopping) return Promise.resolve();
    this.running ??= this.chain().finally(() => (this.running = undefined));
    return this.running;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.running;
  }

  private async chain(): Promise<void> {
    try {
      if (await winBell(this.database, 'audit.chain', BELL_MS)) await linkCommitted(this.database);
    } catch (error) {
      this.log.warn({ err: error }, 'audit entries could not be chained; they wait for the next try');
    }
  }
}

/** Links every entry that was committed so far. Returns how many. */
export async function linkCommitted(database: Database): Promise<number> {
  let total = 0;
  for (;;) {
    const linked = await database.transaction(linkBatch);
    total += linked;
    if (linked < BATCH) return total;
  }
}

/**
 * Entries become visible out of id order, when a transaction that began earlier commits later. So the chain follows the
 * queue of unchained entries, not the ids: a late entry is linked after those that were there before it.
 */
async function linkBatch(tx: Transaction): Promise<number> {
  // Taken before the head is read: the statement that reads it sees what the chainer before us committed.
  await tx.run('select pg_advisory_xact_lock($1)', [CHAIN_LOCK]);
  const head = await tx.row<Head>('select position, hash from audit_links order by position desc limit 1');
  const entries = await tx.rows<ChainedEntry>(
    `select ${CHAINED_ENTRY_COLUMNS} from audit_unchained u join audit_entries e on e.id = u.entry_id
     order by u.entry_id limit $1`,
    [BATCH],
  );
  if (entries.length === 0) return 0;
  const ids = entries.map(({ id }) => id);
  const { positions, hashes } = linksAfter(head, entries);
  await tx.run(
    `insert into audit_links (position, entry_id, hash) select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])`,
    [positions, ids, hashes],
  );
  await tx.run('delete from audit_unchained where entry_id = any($1::bigint[])', [ids]);
  return entries.length;
}

function linksAfter(head: Head | undefined, entries: readonly ChainedEntry[]) {
  let { position, hash } = head ?? { position: 0, hash: GENESIS };
  const links = entries.map((entry) => {
    position += 1;
    hash = linkHash(hash, entry);
    return { position, hash };
  });
  return { positions: links.map((link) => link.position), hashes: links.map((link) => link.hash) };
}
