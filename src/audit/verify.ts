import type { Database } from '../platform/database/database';
import { CHAINED_ENTRY_COLUMNS, ChainedEntry, GENESIS, linkHash } from './chain';

/**
 * - `entry-changed`: the entry, or its link, is not what it was when it was linked.
 * - `link-removed`: a position is missing from the chain.
 * - `entry-removed`: a link without its entry.
 * - `entry-inserted`: an entry that is neither linked nor waiting to be: it did not come through the program.
 * - `end-removed`, `rewritten`: the chain does not contain the link that was noted down earlier.
 */
export type ChainFault =
  'entry-changed' | 'link-removed' | 'entry-removed' | 'entry-inserted' | 'end-removed' | 'rewritten';

export interface IntactChain {
  readonly intact: true;
  readonly linked: number;
  /** Committed, and not yet linked by the chainer. */
  readonly waiting: number;
  /** Hexadecimal; noted down elsewhere, it proves later that nothing was cut off the end. */
  readonly head: string;
}

export interface BrokenChain {
  readonly intact: false;
  readonly fault: ChainFault;
  /** The first broken position, counted from 1; null for an entry outside the chain. */
  readonly position: number | null;
  readonly entryId: number | null;
}

/** A link noted down at an earlier verification. */
export interface KnownLink {
  readonly position: number;
  readonly hash: string;
}

/** A link with its entry; either may be missing. */
export type ChainRow = { readonly position: number | null; readonly hash: Buffer | null; readonly waiting: boolean } & (
  ChainedEntry | { readonly id: null }
);

/** One statement, so one snapshot: an entry that is linked meanwhile is not taken for an inserted one. */
const WHOLE_CHAIN = `select l.position, l.hash, u.entry_id is not null as waiting, ${CHAINED_ENTRY_COLUMNS}
  from audit_links l full join audit_entries e on e.id = l.entry_id left join audit_unchained u on u.entry_id = e.id
  order by l.position nulls last, e.id`;

/** Recomputes the whole chain; memory does not grow with it. */
export async function verifyChain(database: Database, known?: KnownLink): Promise<IntactChain | BrokenChain> {
  return followChain((await database.stream(WHOLE_CHAIN)) as AsyncIterable<ChainRow>, known);
}

/** The verdict on rows in the order of their position, those without one last. */
export async function followChain(
  rows: AsyncIterable<ChainRow> | Iterable<ChainRow>,
  known?: KnownLink,
): Promise<IntactChain | BrokenChain> {
  let linked = 0;
  let waiting = 0;
  let hash = GENESIS;
  for await (const row of rows) {
    if (row.position === null && row.waiting) {
      waiting += 1;
      continue;
    }
    const next = row.id === null ? undefined : linkHash(hash, row);
    const fault = faultOfRow(row, linked + 1, next);
    // Of a removed link only the place is known: the row at hand is the one behind it.
    if (fault === 'link-removed') return { intact: false, fault, position: linked + 1, entryId: null };
    if (fault) return { intact: false, fault, position: row.position, entryId: row.id };
    linked += 1;
    hash = next!;
    if (known?.position === linked && known.hash !== hash.toString('hex')) {
      return { intact: false, fault: 'rewritten', position: linked, entryId: row.id };
    }
  }
  if (known && known.position > linked) {
    return { intact: false, fault: 'end-removed', position: linked + 1, entryId: null };
  }
  return { intact: true, linked, waiting, head: hash.toString('hex') };
}

function faultOfRow(row: ChainRow, expected: number, computed: Buffer | undefined): ChainFault | undefined {
  if (row.position === null) return 'entry-inserted';
  if (row.position !== expected) return 'link-removed';
  if (!computed) return 'entry-removed';
  return row.hash?.equals(computed) ? undefined : 'entry-changed';
}
