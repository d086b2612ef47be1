import type { Facts, Text } from './judge';
import type { Stage } from './stage';

/** Kinds of outcomes that end a message for good. */
const FINAL = `('accepted', 'failed', 'suppressed', 'cancelled', 'expired')`;

const TEXTS = `
  select m.batch_id as "batchId", m.seq, m.phone, o.kind, coalesce(o.ends, 0)::int as ends
  from messages m join batches b on b.id = m.batch_id and b.state <> 'held'
  left join lateral (
    select (array_agg(kind order by attempt desc, certain desc))[1] as kind,
      count(*) filter (where kind in ${FINAL}) as ends
    from outcomes where batch_id = m.batch_id and seq = m.seq) o on true`;

/**
 * The step in which an attempt was handed over. A handover's time is that at which its statement began, so all that was
 * committed before that time was to be seen by it.
 */
const HANDED_OVER = `
  join outcomes o on o.batch_id = m.batch_id and o.seq = m.seq and o.kind in ('accepted', 'unknown', 'failed', 'deferred')
    and o.code <> 'by-late-proof'
  join chunks c on c.batch_id = m.batch_id and c.attempt = o.attempt
    and case when c.seqs is null then m.seq between c.lo and c.hi else m.seq = any(c.seqs) end
  join handovers h on h.chunk_id = c.id and coalesce(array_position(c.seqs, m.seq), m.seq) between h.from_item and h.to_item`;

const AFTER_OPT_OUT = `
  select distinct m.batch_id || '.' || m.seq || '.' || o.attempt as reference
  from unnest($1::text[], $2::text[]) as said (phone, at) join messages m on m.phone = said.phone
  ${HANDED_OVER} where h.at > said.at::timestamptz`;

const AFTER_STOP = `
  select distinct m.batch_id || '.' || m.seq || '.' || o.attempt as reference
  from unnest($1::int[], $2::text[], $3::text[]) as said (campaign_id, since, until)
  join campaigns k on k.id = said.campaign_id join messages m on m.batch_id = k.batch_id
  ${HANDED_OVER} where h.at > said.since::timestamptz and (said.until is null or h.at < said.until::timestamptz)`;

const WITHOUT_INTENT = `
  select t.batch_id || '.' || t.seq || '.' || t.attempt as reference
  from unnest($1::bigint[], $2::int[], $3::smallint[]) as t (batch_id, seq, attempt)
  where not exists (
    select from chunks c join handovers h on h.chunk_id = c.id
    where c.batch_id = t.batch_id and c.attempt = t.attempt
      and coalesce(array_position(c.seqs, t.seq), case when c.seqs is null then t.seq end) between h.from_item and h.to_item)`;

/** Reads everything the judge needs, once nothing moves any more. */
export async function readFacts(stage: Stage): Promise<Facts> {
  const taken = stage.witness.read();
  const column = <K extends keyof (typeof taken)[number]>(key: K) => taken.map((one) => one[key]);
  const texts = await stage.rows<Text>(TEXTS);
  const campaigns = await stage.rows<Facts['campaigns'][number]>(
    `select id, state, pause_reason as "pauseReason", batch_id as "batchId", started_at is not null as "hasStarted"
     from campaigns where batch_id is not null and state <> 'submitted' order by id`,
  );
  const tests = await stage.rows<{ id: number }>(`select id from batches where kind = 'test'`);
  const unknown = await stage.row<{ lostSight: number; unheard: number; forged: number }>(
    `select count(*) filter (where code = 'lease-expired') as "lostSight",
       count(*) filter (where code <> 'lease-expired') as unheard,
       (select count(*) from deliveries where code = 'forged') as forged
     from outcomes where kind = 'unknown'`,
  );
  const { lostSight, unheard, forged: forgedReceipts } = unknown;
  return {
    ...{ taken, texts, campaigns, lostSight, unheard, forgedReceipts },
    testBatches: new Set(tests.map(({ id }) => id)),
    afterOptOut: await afterOptOut(stage),
    afterStop: await afterStop(stage),
    withoutIntent: await references(stage, WITHOUT_INTENT, [column('batchId'), column('seq'), column('attempt')]),
  };
}

export function afterOptOut(stage: Stage): Promise<string[]> {
  const { optOuts } = stage.acts;
  return references(stage, AFTER_OPT_OUT, [optOuts.map(({ phone }) => phone), optOuts.map(({ at }) => at)]);
}

function afterStop(stage: Stage): Promise<string[]> {
  const { stops } = stage.acts;
  const columns = [stops.map((one) => one.campaignId), stops.map(({ from }) => from), stops.map(({ to }) => to)];
  return references(stage, AFTER_STOP, columns);
}

async function references(stage: Stage, sql: string, values: readonly unknown[]): Promise<string[]> {
  return (await stage.rows<{ reference: string }>(sql, values)).map(({ reference }) => reference);
}
