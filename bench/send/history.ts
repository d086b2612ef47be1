import { settleFigures } from '../../src/delivery/settled-figures.store';
import type { Database } from '../../src/platform/database/database';
import type { OneDatabase } from '../bench-database';
import { AREAS, SEGMENTS, SENDER, TEXT } from './notice';

export interface HistoryOptions {
  /** Rounded up to whole batches. */
  readonly messages: number;
  /** Each batch is a campaign's, for statistics to name. */
  readonly templateVersionIds?: readonly number[];
  /** Where its people live. @default 1 … 60, which are no communes */
  readonly areaIds?: readonly number[];
}

/** A provincial campaign. */
const BATCH_SIZE = 37_400;
const CHUNK_SIZE = 500;
const STEP_SIZE = 50;
/** Ids of what is prepared afterwards start here, so that no two databases of a run have a batch in common. */
const NEXT_ID = 500_000_000;
/** The first batch's day; each further one is a fortnight later or so. */
const FIRST_DAY = '2012-01-05';
const DAYS_APART = 13;

/** `seqs` of `batches`: every message of the history. */
const EVERY_MESSAGE = `generate_series(1, $1::int) as batch, generate_series(1, ${BATCH_SIZE}) as seq`;

const BATCHES = `
insert into batches (id, state, gateway, sender, size, segments, digest, planned_day, not_before, created_at, finished_at,
  results_counted_at, released_to)
overriding system value
select batch, 'finished', 'simulator', $2, ${BATCH_SIZE}, ${BATCH_SIZE * SEGMENTS}, sha256(int8send(batch)), day, day, day, day, day, ${BATCH_SIZE}
from (select batch, date '${FIRST_DAY}' + ${DAYS_APART} * batch as day from generate_series(1, $1::int) as batch) b`;

/** The same people again and again, each batch in an order of its own. */
const MESSAGES = `
insert into messages (batch_id, seq, subscriber_id, area_id, segments, phone, phone_key, digest, text)
select batch, seq, person, ($3::int[])[1 + person % cardinality($3::int[])], ${SEGMENTS}, '+849' || lpad(person::text, 8, '0'),
  substring(sha256(int4send(person)) for 16), sha256(int4send(seq)), $2
from (select batch, seq, (seq + 7919 * batch) % ${BATCH_SIZE} + 1 as person from ${EVERY_MESSAGE}) m`;

const CHUNKS = `
insert into chunks (batch_id, attempt, lo, hi, marked, state, due_at)
select batch, 1, lo, hi, hi, 'done', '${FIRST_DAY}'
from (select batch, lo, least(lo + ${CHUNK_SIZE - 1}, ${BATCH_SIZE}) as hi
      from generate_series(1, $1::int) as batch, generate_series(1, ${BATCH_SIZE}, ${CHUNK_SIZE}) as lo) c`;

const HANDOVERS = `
insert into handovers (chunk_id, from_item, to_item, day, at)
select c.id, step, least(step + ${STEP_SIZE - 1}, c.hi), b.planned_day, b.planned_day
from chunks c join batches b on b.id = c.batch_id, generate_series(c.lo, c.hi, ${STEP_SIZE}) as step`;

const OUTCOMES = `
insert into outcomes (batch_id, seq, attempt, certain, kind, gateway_message_id, day, at)
select batch, seq, 1, true, 'accepted', 'old-' || batch || '-' || seq, day, day
from (select batch, seq, date '${FIRST_DAY}' + ${DAYS_APART} * batch as day from ${EVERY_MESSAGE}) o`;

/** One of 25 never arrived. */
const DELIVERIES = `
insert into deliveries (batch_id, seq, status, code, at)
select batch, seq, case when seq % 25 = 0 then 'undelivered' else 'delivered' end, '',
  date '${FIRST_DAY}' + ${DAYS_APART} * batch
from ${EVERY_MESSAGE}`;

const COUNTERS = `
insert into counters (batch_id, day, area_id, slot, messages, segments, closed, accepted, delivered, undelivered)
select m.batch_id, b.planned_day, m.area_id, 1, count(*), sum(m.segments), count(*), count(*),
  count(*) filter (where seq % 25 <> 0), count(*) filter (where seq % 25 = 0)
from messages m join batches b on b.id = m.batch_id group by 1, 2, 3`;

const CAMPAIGNS = `
insert into campaigns (name, template_version_id, gateway, sender, accented, starts_at, state, author, schedule, batch_id,
  started_at, completed_at)
select 'Chiến dịch ' || id, ($1::int[])[1 + id % cardinality($1::int[])], 'simulator', sender, true, not_before, 'completed', 'user:0',
  '{"window":null,"spreadMinutes":null,"misfire":"send-late","firstWave":null,"halt":null}', id, not_before, finished_at
from batches where state = 'finished'`;

/**
 * Fills an empty database with the finished campaigns of years: batches, messages, chunks, hand-overs, outcomes, deliveries,
 * counters. Ten million messages take some minutes and 8 GB of disk.
 */
export async function fillHistory({ database }: OneDatabase, options: HistoryOptions): Promise<void> {
  const { messages, templateVersionIds, areaIds = Array.from({ length: AREAS }, (_, index) => index + 1) } = options;
  const batches = Math.ceil(messages / BATCH_SIZE);
  const started = performance.now();
  const tell = (what: string): void =>
    console.log(`history: ${what} after ${Math.round((performance.now() - started) / 1_000)} s`);
  await database.run(BATCHES, [batches, SENDER]);
  await database.run(CHUNKS, [batches]);
  await database.run(HANDOVERS);
  // Two at a time, for there are two cores.
  const answers = async (): Promise<void> => {
    await database.run(OUTCOMES, [batches]);
    tell('outcomes');
    await database.run(DELIVERIES, [batches]);
    tell('deliveries');
  };
  await Promise.all([database.run(MESSAGES, [batches, TEXT, areaIds]).then(() => tell('messages')), answers()]);
  await database.run(COUNTERS);
  if (templateVersionIds) await database.run(CAMPAIGNS, [templateVersionIds]);
  await database.run(`alter table batches alter column id restart with ${NEXT_ID}`);
  // By now the bells would have.
  await settleFigures(database);
  tell('settled figures');
  await tidy(database);
  tell(`${batches * BATCH_SIZE} messages in ${batches} batches`);
}

const SETTLED = ['settled_counters', 'settled_totals', 'addressees', 'addressee_sets'] as const;

/** As autovacuum leaves it in the end. */
async function tidy(database: Database): Promise<void> {
  const vacuum = async (...tables: string[]): Promise<void> => {
    for (const table of tables) await database.run(`vacuum (analyze) ${table}`);
  };
  await Promise.all([
    vacuum('messages'),
    vacuum('outcomes', 'deliveries', 'handovers', 'chunks', 'counters', 'batches', 'campaigns', ...SETTLED),
  ]);
  await database.run('checkpoint');
}
