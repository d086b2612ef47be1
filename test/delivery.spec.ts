import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { batchFigures, BatchFigures, deleteHeldBatch, moveBatch, verifyBatch } from '../src/delivery';
import { finishBatches } from '../src/delivery/batches.store';
import { leaseChunk, releaseChunk } from '../src/delivery/chunks.store';
import { markStep } from '../src/delivery/mark.store';
import { countStates } from '../src/delivery/messages.read-model';
import { appendOutcomes, Outcome } from '../src/delivery/outcomes.store';
import { applyReceipts, keepReceipts } from '../src/delivery/receipts.store';
import { closeUnsentChunk, reapChunk, settleLate } from '../src/delivery/sweep.store';
import type { OutgoingMessage, Receipt } from '../src/gateways';
import type { Database } from '../src/platform/database/database';
import { openSender } from './harness/open-sender';
import { FakeGateway } from './harness/fake-gateway';
import { makeBatch, phoneOf } from './harness/batches';
import { openTestDatabase, TestDatabase } from './harness/test-database';

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());
afterEach(async () => {
  for (const table of [
    'receipts_to_apply',
    'receipts',
    'deliveries',
    'outcomes',
    'handovers',
    'counters',
    'chunks',
    'messages',
  ]) {
    await db.database.run(`delete from ${table}`);
  }
  await db.database.run('delete from batches');
  await db.database.run('delete from suppressions');
});

/** Lets a sender work until the batch is finished, as the sweeper would. */
async function sendAll(
  gateway: FakeGateway,
  batchId: number,
  between: () => Promise<void> = async () => undefined,
): Promise<void> {
  const sender = openSender(db.database, gateway, { leaseSeconds: 5 });
  sender.start();
  try {
    for (let round = 0; round < 200; round += 1) {
      await between();
      await applyReceipts(db.database);
      while (await closeUnsentChunk(db.database, 1));
      const { finished, broken } = await finishBatches(db.database);
      expect(broken).toEqual([]);
      if (finished.includes(batchId)) return;
      await expectToAddUp(batchId);
      await sleep(20);
    }
    throw new Error(`the batch did not finish: ${JSON.stringify(await figuresOf(batchId))}`);
  } finally {
    await sender.stop();
  }
}

async function figuresOf(batchId: number): Promise<BatchFigures> {
  return (await batchFigures(db.database, [batchId])).get(batchId)!;
}

async function expectToAddUp(batchId: number): Promise<void> {
  const f = await figuresOf(batchId);
  const sum = f.queued + f.sending + f.accepted + f.failed + f.unknown + f.suppressed + f.cancelled + f.expired;
  expect(sum).toBe(f.messages);
  expect(Math.min(...Object.values(f))).toBeGreaterThanOrEqual(0);
}

/** The counters against the rows themselves. */
async function expectCountersToMatchRows(batchId: number): Promise<void> {
  const f = await figuresOf(batchId);
  const states = await countStates(db.database, batchId);
  const rows = (state: string): number => states[state] ?? 0;
  expect(f).toMatchObject({
    queued: rows('queued'),
    sending: rows('sending'),
    accepted: rows('accepted') + rows('delivered') + rows('undelivered'),
    delivered: rows('delivered'),
    undelivered: rows('undelivered'),
    failed: rows('failed'),
    unknown: rows('unknown'),
    suppressed: rows('suppressed'),
    cancelled: rows('cancelled'),
    expired: rows('expired'),
  });
}

async function optOut(n: number): Promise<void> {
  await db.database.run(
    `insert into suppressions (phone_key, source, reason, recorded_by) values ($1, 'letter', '-', 'user:1')`,
    [db.secrets.phoneDigest(phoneOf(n))],
  );
}

const numbersOf = (taken: readonly OutgoingMessage[]): string[] => taken.map(({ phone }) => phone);

describe('sending a batch', () => {
  it('texts every recipient exactly once and accounts for all of them', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 1_234);
    await sendAll(gateway, batchId);
    expect(new Set(numbersOf(gateway.taken)).size).toBe(1_234);
    expect(gateway.taken).toHaveLength(1_234);
    expect(await figuresOf(batchId)).toMatchObject({ messages: 1_234, accepted: 1_234, queued: 0, sending: 0 });
    await expectCountersToMatchRows(batchId);
  });

  it('sends nothing of a batch that is held, paused or not due', async () => {
    const gateway = new FakeGateway();
    const held = await makeBatch(db, 60, { hold: true });
    const paused = await makeBatch(db, 60);
    await db.database.transaction((tx) => moveBatch(tx, paused, 'paused'));
    const later = await makeBatch(db, 60);
    await db.database.run(`update batches set not_before = now() + interval '1 hour' where id = $1`, [later]);
    const sent = await makeBatch(db, 60);
    await sendAll(gateway, sent);
    expect(new Set(gateway.taken.map(({ reference }) => reference.batchId))).toEqual(new Set([sent]));
    for (const id of [held, paused, later]) expect((await figuresOf(id)).queued).toBe(60);
  });

  it('stops within the texts already marked when the batch is paused, and goes on afterwards', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 2_000);
    let isPaused = false;
    gateway.answer = async ({ reference }) => {
      await sleep(1);
      return { kind: 'accepted', gatewayMessageId: `g${reference.seq}` };
    };
    let takenAtPause = 0;
    await sendAll(gateway, batchId, async () => {
      if (isPaused || gateway.taken.length < 300) return;
      isPaused = true;
      await db.database.transaction((tx) => moveBatch(tx, batchId, 'paused'));
      await sleep(200);
      takenAtPause = gateway.taken.length;
      await sleep(200);
      expect(gateway.taken.length).toBe(takenAtPause);
      await db.database.transaction((tx) => moveBatch(tx, batchId, 'released'));
    });
    expect(takenAtPause).toBeLessThan(2_000);
    expect(new Set(numbersOf(gateway.taken)).size).toBe(2_000);
    expect(gateway.taken).toHaveLength(2_000);
  });

  it('does not text a subscriber who opted out after approval', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 120);
    await optOut(77);
    await sendAll(gateway, batchId);
    expect(numbersOf(gateway.taken)).not.toContain(phoneOf(77));
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 119, suppressed: 1 });
    await expectCountersToMatchRows(batchId);
  });

  it('tries again what was surely not accepted, and never what may have been', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 90);
    gateway.answer = ({ reference: { seq, attempt } }) => {
      if (seq % 3 === 0 && attempt === 1)
        return { kind: 'deferred', because: 'rate', code: 'http-429', retryAfterMs: 10 };
      if (seq % 3 === 1) return { kind: 'unknown', code: 'time-out' };
      return { kind: 'accepted', gatewayMessageId: `g${seq}` };
    };
    await sendAll(gateway, batchId);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 60, unknown: 30 });
    const times = (n: number): number => gateway.taken.filter(({ phone }) => phone === phoneOf(n)).length;
    expect(times(3)).toBe(2);
    expect(times(1)).toBe(1);
    await expectCountersToMatchRows(batchId);
  });

  it('counts a refusal for good as failed, with the code of the gateway', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 10);
    gateway.answer = ({ reference: { seq } }) =>
      seq === 4 ? { kind: 'rejected', code: '21211' } : { kind: 'accepted', gatewayMessageId: `g${seq}` };
    await sendAll(gateway, batchId);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 9, failed: 1 });
    expect(await db.database.row(`select code from outcomes where kind = 'failed'`)).toEqual({ code: '21211' });
  });

  it('records what was not handed over as cancelled when the batch is cancelled', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 1_500);
    let isCancelled = false;
    await sendAll(gateway, batchId, async () => {
      if (isCancelled || gateway.taken.length === 0) return;
      isCancelled = true;
      await db.database.transaction((tx) => moveBatch(tx, batchId, 'cancelled'));
    });
    const { accepted, cancelled } = await figuresOf(batchId);
    expect(accepted).toBe(gateway.taken.length);
    expect(cancelled).toBe(1_500 - accepted);
    await expectCountersToMatchRows(batchId);
  });

  it('records what was not sent by the deadline as expired', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 700);
    await db.database.run(`update batches set deadline = now() - interval '1 second' where id = $1`, [batchId]);
    await sendAll(gateway, batchId);
    expect(gateway.taken).toHaveLength(0);
    expect(await figuresOf(batchId)).toMatchObject({ expired: 700, queued: 0 });
    await expectCountersToMatchRows(batchId);
  });
});

describe('a database that fails in the middle', () => {
  /** The real database, but the n-th mark is committed and its answer lost, or every record fails. */
  function failing(fails: { mark?: number; records?: boolean }): Database {
    let marks = 0;
    const prepared = async (name: string, sql: string, values: readonly unknown[]): Promise<unknown[]> => {
      if (fails.records && name.startsWith('delivery-append')) throw new Error('connection terminated');
      const answer = await db.database.prepared(name, sql, values);
      if (name.startsWith('delivery-mark') && ++marks === fails.mark) throw new Error('connection terminated');
      return answer;
    };
    return Object.assign(Object.create(db.database), { prepared }) as Database;
  }

  async function sendFor(database: Database, gateway: FakeGateway, ms: number): Promise<void> {
    const sender = openSender(database, gateway, { giveUpAfterMs: 200 });
    sender.start();
    await sleep(ms);
    await sender.stop();
  }

  it('leaves a step unknown that was marked without our hearing of it; nobody is texted twice or forgotten', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 200);
    await sendFor(failing({ mark: 2 }), gateway, 400);
    const sent = gateway.taken.length;
    await db.database.run(`update chunks set leased_until = now() - interval '1 second'`);
    const unknown = (await reapChunk(db.database, 2))!;
    expect(Math.min(sent, unknown)).toBeGreaterThan(0);
    await sendAll(gateway, batchId);
    expect(gateway.taken).toHaveLength(200 - unknown);
    expect(new Set(numbersOf(gateway.taken)).size).toBe(200 - unknown);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 200 - unknown, unknown });
    await expectCountersToMatchRows(batchId);
  });

  it('sends nothing by a mark that was answered two seconds after it was asked for: somebody may have opted out since', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 50);
    let marks = 0;
    const prepared = async (name: string, sql: string, values: readonly unknown[]): Promise<unknown[]> => {
      const answer = await db.database.prepared(name, sql, values);
      if (name.startsWith('delivery-mark') && ++marks === 1) {
        await optOut(7);
        await sleep(2_050);
      }
      return answer;
    };
    await sendFor(Object.assign(Object.create(db.database), { prepared }) as Database, gateway, 4_500);
    expect(new Set(numbersOf(gateway.taken)).size).toBe(49);
    expect(numbersOf(gateway.taken)).not.toContain(phoneOf(7));
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 49, suppressed: 1, unknown: 0 });
    await expectCountersToMatchRows(batchId);
  });

  it('keeps an opt-out that the operator told while the database was away for a moment', async () => {
    const gateway = new FakeGateway();
    gateway.answer = ({ reference: { seq } }) =>
      seq === 7 ? { kind: 'optedOut', code: '21610' } : { kind: 'accepted', gatewayMessageId: `g${seq}` };
    const batchId = await makeBatch(db, 20);
    const told: string[] = [];
    const onOptOut = async (phone: string): Promise<void> => {
      told.push(phone);
      if (told.length < 3) throw new Error('connection terminated');
    };
    const sender = openSender(db.database, gateway, { onOptOut });
    sender.start();
    await sleep(800);
    await sender.stop();
    expect(told).toEqual([phoneOf(7), phoneOf(7), phoneOf(7)]);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 19, failed: 1, sending: 0 });
  });

  it('leaves texts unknown whose outcome could not be recorded, and the service goes on', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 60);
    await sendFor(failing({ records: true }), gateway, 600);
    expect(gateway.taken).toHaveLength(60);
    await db.database.run(`update chunks set leased_until = now() - interval '1 second'`);
    expect(await reapChunk(db.database, 2)).toBe(60);
    expect(await figuresOf(batchId)).toMatchObject({ unknown: 60, sending: 0 });
  });
});

describe('a lease that ran out', () => {
  const lease = { owner: randomUUID(), seconds: 30, slot: 2, gateway: 'fake' };

  async function markAndVanish(batchId: number) {
    const chunk = (await leaseChunk(db.database, { owner: lease.owner, gateway: 'fake', seconds: 30 }))!;
    const mark = await markStep(db.database, chunk, { from: 1, to: 50 }, lease);
    if (mark.gate !== 'open') throw new Error('the gate was not open');
    await db.database.run(`update chunks set leased_until = now() - interval '1 second' where batch_id = $1`, [
      batchId,
    ]);
    const outcomeOf = (seq: number): Outcome => {
      const { areaId, segments, day } = mark.messages.find((message) => message.seq === seq)!;
      const base = { chunkId: chunk.id, fence: chunk.fence, batchId, seq, attempt: 1, areaId, segments, day };
      return { ...base, kind: 'accepted', code: '', gatewayMessageId: `g${seq}`, retryAfterMs: 0, tries: 0 };
    };
    return { chunk, outcomeOf };
  }

  it('leaves what was handed over as unknown and gives the rest back, so that nobody is texted twice or forgotten', async () => {
    const batchId = await makeBatch(db, 120);
    await markAndVanish(batchId);
    expect(await reapChunk(db.database, 2)).toBe(50);
    await expectCountersToMatchRows(batchId);
    const gateway = new FakeGateway();
    await sendAll(gateway, batchId);
    expect(gateway.taken).toHaveLength(70);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 70, unknown: 50 });
    await expectCountersToMatchRows(batchId);
  });

  it('settles unknown texts by the outcome of the owner who only slept', async () => {
    const batchId = await makeBatch(db, 120);
    const { outcomeOf } = await markAndVanish(batchId);
    await reapChunk(db.database, 2);
    const outcomes = [1, 2, 3].map(outcomeOf);
    const refused = await appendOutcomes(db.database, outcomes, { owner: lease.owner, slot: 1, late: false });
    expect(refused).toHaveLength(3);
    await settleLate(db.database, refused, 1);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 3, unknown: 47 });
    await expectCountersToMatchRows(batchId);
  });

  it.each(['accepted', 'deferred'] as const)(
    'settles a late %s as late, also when the sleeper has the rest of the texts again and records both at once',
    async (kind) => {
      const batchId = await makeBatch(db, 120);
      const { chunk, outcomeOf } = await markAndVanish(batchId);
      await reapChunk(db.database, 2);
      const again = (await leaseChunk(db.database, { owner: lease.owner, gateway: 'fake', seconds: 30 }))!;
      expect(again).toMatchObject({ id: chunk.id, marked: 50 });
      const mark = await markStep(db.database, again, { from: 51, to: 60 }, lease);
      if (mark.gate !== 'open') throw new Error('the gate was not open');
      const late = { ...outcomeOf(1), kind };
      const inTime = mark.messages.map(({ seq, areaId, segments, day }): Outcome => {
        return { ...outcomeOf(2), kind, fence: again.fence, seq, areaId, segments, day };
      });
      const writer = { owner: lease.owner, slot: 1, late: false };
      const refused = await appendOutcomes(db.database, [late, ...inTime], writer);
      expect(refused).toEqual([late]);
      await settleLate(db.database, refused, 1);
      expect(await figuresOf(batchId)).toMatchObject({ unknown: 49, sending: 0 });
      await expectCountersToMatchRows(batchId);
      expect(await db.database.rows('select seq from unknowns where batch_id = $1', [batchId])).toHaveLength(49);
    },
  );

  it('leaves a text unknown that the sleeper reports as unsent: the campaign may be over by now', async () => {
    const batchId = await makeBatch(db, 50);
    const { outcomeOf } = await markAndVanish(batchId);
    await reapChunk(db.database, 2);
    expect((await finishBatches(db.database)).finished).toEqual([batchId]);
    await settleLate(db.database, [{ ...outcomeOf(1), kind: 'deferred' }], 1);
    expect(await figuresOf(batchId)).toMatchObject({ unknown: 50, queued: 0 });
    await expectCountersToMatchRows(batchId);
  });

  it('does not let the sleeper mark or give back what is no longer its own', async () => {
    const batchId = await makeBatch(db, 120);
    const { chunk } = await markAndVanish(batchId);
    await reapChunk(db.database, 2);
    const step = { from: 51, to: 100 };
    expect(await markStep(db.database, { ...chunk, marked: 50 }, step, lease)).toEqual({ gate: 'lost' });
    await releaseChunk(db.database, chunk, lease.owner);
    expect((await figuresOf(batchId)).queued).toBe(70);
  });

  it('counts once when the owner records while the reaper takes stock', async () => {
    const batchId = await makeBatch(db, 50);
    const { outcomeOf } = await markAndVanish(batchId);
    const outcomes = Array.from({ length: 50 }, (_, i) => outcomeOf(i + 1));
    const [refused] = await Promise.all([
      appendOutcomes(db.database, outcomes, { owner: lease.owner, slot: 1, late: false }),
      reapChunk(db.database, 2),
    ]);
    if (refused.length > 0) await settleLate(db.database, refused, 1);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 50, unknown: 0, sending: 0 });
    await expectCountersToMatchRows(batchId);
  });

  it('records an outcome once, however often it is reported', async () => {
    const batchId = await makeBatch(db, 50);
    const { outcomeOf } = await markAndVanish(batchId);
    for (let i = 0; i < 3; i += 1) {
      await appendOutcomes(db.database, [outcomeOf(1)], { owner: lease.owner, slot: 1, late: false });
    }
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 1, sending: 49 });
  });
});

describe('delivery receipts', () => {
  const receipt = (batchId: number, seq: number, status: Receipt['status']): Receipt => ({
    reference: { batchId, seq, attempt: 1 },
    status,
    gatewayMessageId: `g${seq}`,
    code: '',
  });

  it('move a message up only: delivered stays delivered, whatever comes late, twice or in the wrong order', async () => {
    const gateway = new FakeGateway();
    const batchId = await makeBatch(db, 10);
    await sendAll(gateway, batchId);
    const statuses: Receipt['status'][] = ['undelivered', 'delivered', 'undelivered', 'pending', 'delivered'];
    for (const status of statuses) {
      await keepReceipts(db.database, 'fake', [receipt(batchId, 1, status), receipt(batchId, 1, status)]);
      await applyReceipts(db.database);
    }
    await keepReceipts(db.database, 'fake', [receipt(batchId, 2, 'undelivered')]);
    await applyReceipts(db.database);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 10, delivered: 1, undelivered: 1 });
    await expectCountersToMatchRows(batchId);
  });

  it('wait for an outcome that is not on record yet', async () => {
    const batchId = await makeBatch(db, 10);
    await keepReceipts(db.database, 'fake', [receipt(batchId, 3, 'delivered')]);
    await applyReceipts(db.database);
    expect(await figuresOf(batchId)).toMatchObject({ delivered: 0 });
    await sendAll(new FakeGateway(), batchId);
    await db.database.run('update receipts_to_apply set due_at = now()');
    await applyReceipts(db.database);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 10, delivered: 1 });
  });

  it('settle what was unknown: a receipt proves that the gateway had taken the text', async () => {
    const gateway = new FakeGateway();
    gateway.answer = () => ({ kind: 'unknown', code: 'time-out' });
    const batchId = await makeBatch(db, 10);
    await sendAll(gateway, batchId);
    expect(await figuresOf(batchId)).toMatchObject({ unknown: 10 });
    await keepReceipts(db.database, 'fake', [receipt(batchId, 1, 'delivered'), receipt(batchId, 2, 'pending')]);
    await applyReceipts(db.database);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 2, delivered: 1, unknown: 8 });
    await expectCountersToMatchRows(batchId);
  });

  it('settle at once what a dead instance left behind, however long they were parked', async () => {
    const batchId = await makeBatch(db, 10);
    const lease = { owner: randomUUID(), seconds: 30, slot: 2, gateway: 'fake' };
    const chunk = (await leaseChunk(db.database, { owner: lease.owner, gateway: 'fake', seconds: 30 }))!;
    await markStep(db.database, chunk, { from: 1, to: 10 }, lease);
    await keepReceipts(db.database, 'fake', [receipt(batchId, 3, 'delivered')]);
    await applyReceipts(db.database);
    await db.database.run(`update receipts_to_apply set due_at = now() + interval '1 hour'`);
    await db.database.run(`update chunks set leased_until = now() - interval '1 second'`);
    await reapChunk(db.database, 2);
    await applyReceipts(db.database);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 1, delivered: 1, unknown: 9 });
  });

  it('for a text that was never ours change nothing and are reported', async () => {
    await makeBatch(db, 10);
    await keepReceipts(db.database, 'fake', [receipt(999_999, 1, 'delivered')]);
    const lot = await applyReceipts(db.database);
    expect(lot?.strays).toHaveLength(1);
  });
});

describe('what was approved', () => {
  const digestOf = async (batchId: number): Promise<Buffer> =>
    (await db.database.row<{ digest: Buffer }>('select digest from batches where id = $1', [batchId]))!.digest;

  it.each([
    ['a text was changed', `update messages set text = 'Khác' where seq = 2`],
    ['a number was changed', `update messages set phone_key = '\\x00', phone = '+84999999999' where seq = 2`],
    ['a recipient was removed', `delete from messages where seq = 10`],
    ['recipients changed places', `update messages set seq = 11 where seq = 1`],
  ])('is no longer intact when %s', async (_, tamper) => {
    const batchId = await makeBatch(db, 10, { hold: true });
    const digest = await digestOf(batchId);
    await verifyBatch(db.database, batchId, digest);
    await db.database.run(tamper);
    await expect(verifyBatch(db.database, batchId, digest)).rejects.toMatchObject({
      code: 'delivery.batch-not-intact',
    });
  });

  it('still holds after a person was erased', async () => {
    const batchId = await makeBatch(db, 10, { hold: true });
    await db.database.run('update messages set text = null, phone = null where seq = 2');
    await verifyBatch(db.database, batchId, await digestOf(batchId));
  });

  it('goes without a trace when an unreleased revision is deleted, and cannot go once released', async () => {
    const held = await makeBatch(db, 10, { hold: true });
    await db.database.transaction((tx) => deleteHeldBatch(tx, held));
    expect(await db.database.row('select count(*) as n from messages')).toEqual({ n: 0 });
    const released = await makeBatch(db, 10);
    await expect(db.database.transaction((tx) => deleteHeldBatch(tx, released))).rejects.toMatchObject({
      code: 'delivery.batch-changed',
    });
  });

  it('reaches a number once: a batch with a number twice is refused whole', async () => {
    const batchId = await makeBatch(db, 10, { hold: true });
    const twice = `insert into messages select batch_id, 11, subscriber_id, area_id, segments, phone, phone_key, digest, text
      from messages where batch_id = $1 and seq = 1`;
    await expect(db.database.run(twice, [batchId])).rejects.toMatchObject({ constraint: 'messages_once_per_number' });
  });
});

describe('hand-over after midnight', () => {
  it('counts a message on the local day of its first hand-over, not on the day planned', async () => {
    const batchId = await makeBatch(db, 6, { plannedDay: '2021-05-20' });
    await sendAll(new FakeGateway(), batchId);
    const days = await db.database.rows<{ day: string; messages: number; accepted: number }>(
      `select day, sum(messages)::int as messages, sum(accepted)::int as accepted from counters
       where batch_id = $1 group by day order by day`,
      [batchId],
    );
    const today = (await db.database.row<{ day: string }>(
      `select (now() at time zone 'Asia/Ho_Chi_Minh')::date as day`,
    ))!.day;
    expect(days).toEqual([
      { day: '2021-05-20', messages: 0, accepted: 0 },
      { day: today, messages: 6, accepted: 6 },
    ]);
  });
});
