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
 * A handover's time is that at which its statement began, so it was to see all that was committed before. What is recorded of
 * an attempt is recorded after its handover, so only such outcomes are looked at.
 */
const AFTER_OPT_OUT = `
  with suspects as materialized (
    select m.batch_id, m.seq, o.attempt, said.at
    from unnest($1::text[], $2::timestamptz[]) as said (phone, at) join messages m on m.phone = said.phone
    cross join lateral (
      select attempt from outcomes o where o.batch_id = m.batch_id and o.seq = m.seq and o.at > said.at
        and o.kind in ('accepted', 'unknown', 'failed', 'deferred') and o.code <> 'by-late-proof' offset 0) o
  )
  select distinct m.batch_id || '.' || m.seq || '.' || m.attempt as reference
  from suspects m join chunks c on c.batch_id = m.batch_id and c.attempt = m.attempt
    and case when c.seqs is null then m.seq between c.lo and c.hi else m.seq = any(c.seqs) end
  join handovers h on h.chunk_id = c.id and coalesce(array_position(c.seqs, m.seq), m.seq) between h.from_item and h.to_item
  where h.at > m.at`;

/** Of a campaign that stands still no step at all is handed over. */
const AFTER_STOP = `
  select distinct c.batch_id || ': items ' || h.from_item || ' to ' || h.to_item || ' of chunk ' || c.id as reference
  from unnest($1::int[], $2::timestamptz[], $3::timestamptz[]) as said (campaign_id, since, until)
  join campaigns k on k.id = said.campaign_id join chunks c on c.batch_id = k.batch_id join handovers h on h.chunk_id = c.id
  where h.at > said.since and (said.until is null or h.at < said.until)`;

const WITHOUT_INTENT = `
  with handed_over as materialized (
    select c.batch_id, c.attempt, coalesce(c.seqs[item], item) as seq
    from chunks c join handovers h on h.chunk_id = c.id cross join generate_series(h.from_item, h.to_item) item
  )
  select t.batch_id || '.' || t.seq || '.' || t.attempt as reference
  from unnest($1::bigint[], $2::int[], $3::smallint[]) as t (batch_id, seq, attempt)
  where not exists (
    select from handed_over h where h.batch_id = t.batch_id and h.seq = t.seq and h.attempt = t.attempt)`;

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
