import type { Database, Transaction } from '../platform/database/database';

/** Only one instance at a time numbers people, so that their numbers have no gaps. Any number. */
const NUMBERING_LOCK = 7_402_213;
/** By then most receipts are in; what still comes is folded with the next bell. */
const SETTLED_AFTER_MINUTES = 60;
/** Brings everything up to date that is settled; ends early when it is told to stop. */
export async function settleFigures(database: Database, isStopping: () => boolean = () => false): Promise<void> {
  for (const step of [keepPeople, keepDays, foldCounters]) {
    while (!isStopping() && (await step(database)) !== undefined);
  }
}

/**
 * Writes down, of the first batch that was released and is not kept yet, whom its texts are addressed to: of all areas and of
 * each. That never changes any more. 37,400 people take some 100 ms.
 *
 * @returns the batch; undefined when there is none, or another instance is at it
 */
export async function keepPeople(database: Database): Promise<number | undefined> {
  return database.transaction(async (tx) => {
    if (!(await isAlone(tx))) return undefined;
    const batch = await tx.row<{ id: number }>(
      `select id from batches where not people_kept and state <> 'held' and kind <> 'test' order by id limit 1`,
    );
    if (!batch) return undefined;
    // Only who is new takes a number, and areas take theirs together: then their bits lie in few blocks.
    await tx.run(
      `insert into addressees (phone_key)
       select m.phone_key from messages m
       where m.batch_id = $1 and not exists (select from addressees a where a.phone_key = m.phone_key)
       order by m.area_id, m.phone_key`,
      [batch.id],
    );
    await writeSets(
      tx,
      batch.id,
      `select date '-infinity' as day, m.area_id, a.id
       from messages m join addressees a on a.phone_key = m.phone_key where m.batch_id = $1`,
    );
    // Last, for whoever leases texts of the batch, or pauses it, needs its row too.
    await tx.run('update batches set people_kept = true where id = $1', [batch.id]);
    return batch.id;
  });
}

/**
 * Of the first batch that has ended and was sent on several days: whom it was addressed to on each of them. A text's day is
 * that of its first attempt, and every text of a batch that has ended had one.
 *
 * @returns the batch; undefined when there is none
 */
export async function keepDays(database: Database): Promise<number | undefined> {
  return database.transaction(async (tx) => {
    const batch = await tx.row<{ id: number; isSplit: boolean }>(
      `update batches b set days_kept = true where id = (
         select id from batches where not days_kept and people_kept and finished_at is not null
         order by id limit 1 for no key update skip locked)
       returning b.id, (
         select count(*) > 1 from (
           select from counted_by_day k where k.batch_id = b.id group by k.day having sum(k.messages) <> 0) days) as "isSplit"`,
    );
    if (batch?.isSplit) await writeDays(tx, batch.id);
    return batch?.id;
  });
}

function writeDays(tx: Transaction, batchId: number): Promise<void> {
  return writeSets(
    tx,
    batchId,
    `select o.day, m.area_id, a.id
     from messages m join addressees a on a.phone_key = m.phone_key
     join outcomes o on o.batch_id = m.batch_id and o.seq = m.seq and o.attempt = 1
     where m.batch_id = $1`,
  );
}

/**
 * Writes the people of each area as bits, and those of all areas in rows eight times as long: they are read far more often.
 *
 * @param people SQL, ours: day, area_id and id of the addressee of each of the batch's messages; $1 is the batch
 */
async function writeSets(tx: Transaction, batchId: number, people: string): Promise<void> {
  await tx.run(
    `with by_area as materialized (
       select day, area_id, addressee_block(id) as block, bit_or(addressee_bit(id)) as people
       from (${people}) found group by 1, 2, 3
     ), of_all as (
       select day, block, bit_or(people) as people from by_area group by 1, 2
     ), long_blocks as (
       select distinct day, block / 8 as block from of_all
     )
     insert into addressee_sets (batch_id, day, area_id, block, people)
     select $1::bigint, day, area_id, block, people from by_area
     union all
     select $1::bigint, l.day, -1, l.block,
       string_agg(coalesce(a.people, repeat('0', 2048)::bit(2048))::text, '' order by part)::varbit
     from long_blocks l cross join generate_series(0, 7) part
     left join of_all a on a.day = l.day and a.block = l.block * 8 + part
     group by l.day, l.block`,
    [batchId],
  );
}

const FIGURES = [
  'messages',
  'segments',
  'closed',
  'accepted',
  'failed',
  'unknown',
  'suppressed',
  'cancelled',
  'expired',
  'delivered',
  'undelivered',
] as const;
const COLUMNS = FIGURES.join(', ');
const SUMS = FIGURES.map((name) => `sum(${name})`).join(', ');
const ADDED = FIGURES.map((name) => `${name} = s.${name} + excluded.${name}`).join(', ');

/**
 * Folds the counters of the first batch that ended a while ago: what they say moves into settled_counters and
 * settled_totals, and they are gone. A reader sees all of it or nothing, and both together are the figure.
 *
 * @returns the batch; undefined when there is none
 */
export async function foldCounters(database: Database): Promise<number | undefined> {
  return database.transaction(async (tx) => {
    const batch = await tx.row<{ id: number }>(
      `select b.id from batches b
       where b.finished_at < now() - make_interval(mins => ${SETTLED_AFTER_MINUTES})
         and exists (select from counters k where k.batch_id = b.id)
       order by b.id limit 1 for no key update skip locked`,
    );
    if (!batch) return undefined;
    // In the order in which whoever counts takes them, or two could wait for each other.
    await tx.rows('select from counters where batch_id = $1 order by day, area_id, slot for update', [batch.id]);
    await tx.run(
      `with gone as (
         delete from counters where batch_id = $1 returning *
       ), by_area as (
         insert into settled_counters as s (batch_id, day, area_id, ${COLUMNS})
         select batch_id, day, area_id, ${SUMS} from gone group by batch_id, day, area_id
         on conflict (batch_id, day, area_id) do update set ${ADDED}
       )
       insert into settled_totals as s (batch_id, day, ${COLUMNS})
       select batch_id, day, ${SUMS} from gone group by batch_id, day
       on conflict (batch_id, day) do update set ${ADDED}`,
      [batch.id],
    );
    return batch.id;
  });
}

async function isAlone(tx: Transaction): Promise<boolean> {
  const row = await tx.row<{ isAlone: boolean }>(`select pg_try_advisory_xact_lock($1) as "isAlone"`, [NUMBERING_LOCK]);
  return row!.isAlone;
}
