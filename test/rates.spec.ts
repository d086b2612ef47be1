import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { batchFigures, type BatchFigures } from '../src/delivery';
import type { OutgoingMessage, SendOutcome } from '../src/gateways';
import { claimSeats } from '../src/delivery/seats.store';
import type { Database, Transaction } from '../src/platform/database/database';
import { makeBatch, SENDER } from './harness/batches';
import { FakeGateway } from './harness/fake-gateway';
import { openSender } from './harness/open-sender';
import { openTestDatabase, TestDatabase } from './harness/test-database';

let db: TestDatabase;
const started: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());
afterEach(async () => {
  await Promise.all(started.splice(0).map((sender) => sender.stop()));
  for (const table of ['gateway_terms', 'rate_buckets', 'gateway_seats']) await db.database.run(`delete from ${table}`);
  await db.database.run(`update batches set state = 'cancelled' where finished_at is null`);
});

interface Terms {
  readonly sender?: string;
  readonly perSecond?: number;
  readonly perDay?: number;
  readonly inFlight?: number;
}

async function enterTerms({ sender = '', perSecond, perDay, inFlight }: Terms): Promise<void> {
  await db.database.run(
    `insert into gateway_terms (gateway, sender, segments_per_second, segments_per_day, messages_in_flight, updated_by)
     values ('fake', $1, $2, $3, $4, 'test')
     on conflict (gateway, sender) do update set segments_per_second = excluded.segments_per_second,
       segments_per_day = excluded.segments_per_day, messages_in_flight = excluded.messages_in_flight`,
    [sender, perSecond ?? null, perDay ?? null, inFlight ?? null],
  );
  await db.database.run(`insert into rate_buckets (gateway, sender) values ('fake', $1) on conflict do nothing`, [
    sender,
  ]);
}

interface Arrival {
  readonly atMs: number;
  readonly batchId: number;
  readonly segments: number;
  readonly phone: string;
}

/** A gateway that writes down when each text came; every instance of the service talks to it. */
class Witness {
  readonly arrivals: Arrival[] = [];
  inFlight = 0;
  mostInFlight = 0;

  constructor(private readonly latencyMs = 0) {}

  /** One instance of the service with this gateway; stopped after the test. */
  serve(
    instance: Parameters<typeof openSender>[2] = {},
    capabilities: ConstructorParameters<typeof FakeGateway>[0] = {},
  ): { stop(): Promise<void> } {
    const gateway = new FakeGateway(capabilities);
    gateway.answer = (message) => this.take(message);
    const sender = openSender(db.database, gateway, instance);
    sender.start();
    started.push(sender);
    return sender;
  }

  private async take({ reference, segments, phone }: OutgoingMessage): Promise<SendOutcome> {
    this.arrivals.push({ atMs: performance.now(), batchId: reference.batchId, segments, phone });
    this.mostInFlight = Math.max(this.mostInFlight, (this.inFlight += 1));
    if (this.latencyMs > 0) await sleep(this.latencyMs);
    this.inFlight -= 1;
    return { kind: 'accepted', gatewayMessageId: `w-${reference.batchId}-${reference.seq}-${reference.attempt}` };
  }

  of(batchId: number): Arrival[] {
    return this.arrivals.filter((arrival) => arrival.batchId === batchId);
  }

  /** The most segments above `perSecond` × T in any window of T seconds that begins and ends with an arrival. */
  mostAbove(perSecond: number): number {
    let most = 0;
    this.arrivals.forEach(({ atMs: from }, first) => {
      let segments = 0;
      for (const { atMs, segments: more } of this.arrivals.slice(first)) {
        segments += more;
        most = Math.max(most, segments - (perSecond * (atMs - from)) / 1_000);
      }
    });
    return most;
  }
}

async function figuresOf(batchId: number): Promise<BatchFigures> {
  return (await batchFigures(db.database, [batchId])).get(batchId)!;
}

/** A batch whose texts have one, two and three segments in turn. */
async function makeMixedBatch(size: number, options: Parameters<typeof makeBatch>[2] = {}): Promise<number> {
  const batchId = await makeBatch(db, size, { ...options, hold: true });
  await db.database.run('update messages set segments = 1 + seq % 3 where batch_id = $1', [batchId]);
  await db.database.run(`update batches set state = 'released' where id = $1`, [batchId]);
  return batchId;
}

async function until(holds: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  const giveUpAt = performance.now() + seconds * 1_000;
  while (!(await holds())) {
    if (performance.now() > giveUpAt) throw new Error(`did not come true within ${seconds} s`);
    await sleep(20);
  }
}

describe('the rate that a contract permits', () => {
  it.each([
    [60, 1],
    [60, 3],
    [300, 2],
  ])('of %d segments a second is kept in every window of time, with %d instances', async (perSecond, instances) => {
    await enterTerms({ perSecond });
    const batchId = await makeMixedBatch(perSecond * 3);
    const witness = new Witness();
    for (let slot = 1; slot <= instances; slot += 1) witness.serve({ slot });
    await until(() => witness.of(batchId).length >= perSecond * 1.5);
    // At most a text of three segments, or what 0.2 s permit.
    expect(witness.mostAbove(perSecond)).toBeLessThanOrEqual(Math.max(3, 0.2 * perSecond) + 0.001);
  });

  it('is used up, not just kept', async () => {
    await enterTerms({ perSecond: 100 });
    await makeMixedBatch(600);
    const witness = new Witness();
    witness.serve();
    await until(() => witness.arrivals.length >= 20);
    const { atMs: from } = witness.arrivals.at(-1)!;
    const before = witness.arrivals.length;
    await sleep(3_000);
    const later = witness.arrivals.slice(before);
    const segments = later.reduce((sum, arrival) => sum + arrival.segments, 0);
    expect(segments / ((later.at(-1)!.atMs - from) / 1_000)).toBeGreaterThan(60);
  });

  it('of one sender ID holds back its texts alone', async () => {
    await enterTerms({ sender: 'SLOW', perSecond: 10 });
    const slow = await makeBatch(db, 400, { sender: 'SLOW' });
    const quick = await makeBatch(db, 400, { sender: 'QUICK' });
    const witness = new Witness();
    witness.serve();
    await until(() => witness.of(quick).length === 400);
    const seconds = (witness.arrivals.at(-1)!.atMs - witness.arrivals[0]!.atMs) / 1_000;
    expect(witness.of(slow).length).toBeLessThanOrEqual(10 * seconds + 3);
  });

  it('is kept for all its sender IDs together where each has its own', async () => {
    await enterTerms({ perSecond: 60 });
    for (const sender of ['A', 'B', 'C']) await enterTerms({ sender, perSecond: 40 });
    for (const sender of ['A', 'B', 'C']) await makeMixedBatch(200, { sender });
    const witness = new Witness();
    witness.serve({ slot: 1 });
    witness.serve({ slot: 2 });
    await until(() => witness.arrivals.length > 90);
    expect(witness.mostAbove(60)).toBeLessThanOrEqual(12.001);
  });

  it('costs a text no try when the gateway itself refuses for too many at once', async () => {
    const batchId = await makeBatch(db, 40);
    const gateway = new FakeGateway();
    let refusals = 0;
    gateway.answer = ({ reference: { seq } }) =>
      ++refusals <= 30
        ? { kind: 'deferred', because: 'rate', code: '429', retryAfterMs: 10 }
        : { kind: 'accepted', gatewayMessageId: `g-${seq}` };
    const sender = openSender(db.database, gateway);
    sender.start();
    started.push(sender);
    await until(async () => (await figuresOf(batchId)).accepted === 40);
    expect(refusals).toBeGreaterThanOrEqual(30);
    const tries = await db.database.row<{ most: number }>('select max(tries) as most from chunks where batch_id = $1', [
      batchId,
    ]);
    expect(tries!.most).toBe(0);
  });
});

describe('an urgent text', () => {
  it('leaves within three seconds while thousands of others wait at five segments a second', async () => {
    await enterTerms({ perSecond: 5 });
    const many = await makeMixedBatch(4_000);
    const witness = new Witness();
    witness.serve({ slot: 1 });
    witness.serve({ slot: 2 });
    await until(() => witness.of(many).length >= 5);
    const urgent = await makeBatch(db, 1, { lane: 1 });
    const releasedAt = performance.now();
    await until(() => witness.of(urgent).length === 1);
    expect(witness.of(urgent)[0]!.atMs - releasedAt).toBeLessThan(3_000);
  });
});

describe('campaigns of one lane', () => {
  it('take turns, the later one too, so that neither waits for the other to end', async () => {
    await enterTerms({ perSecond: 80 });
    const first = await makeBatch(db, 2_000);
    const witness = new Witness();
    witness.serve({ slot: 1 });
    witness.serve({ slot: 2 });
    await until(() => witness.arrivals.length > 40);
    const second = await makeBatch(db, 300, { notBefore: new Date() });
    const before = witness.arrivals.length;
    await until(() => witness.of(second).length >= 60);
    const meanwhile = witness.arrivals.slice(before);
    const shareOfSecond = meanwhile.filter(({ batchId }) => batchId === second).length / meanwhile.length;
    expect(shareOfSecond).toBeGreaterThan(0.3);
    expect(shareOfSecond).toBeLessThan(0.7);
    expect(witness.of(first).length).toBeGreaterThan(40);
  });
});

describe('the quota of a day', () => {
  it('stops at its last segment, and goes on when it is raised', async () => {
    await enterTerms({ perDay: 100 });
    const batchId = await makeMixedBatch(200);
    const witness = new Witness();
    witness.serve({ slot: 1 });
    witness.serve({ slot: 2 });
    await until(() => witness.arrivals.reduce((sum, { segments }) => sum + segments, 0) > 96);
    await sleep(500);
    expect(witness.arrivals.reduce((sum, { segments }) => sum + segments, 0)).toBeLessThanOrEqual(100);
    expect(await figuresOf(batchId)).toMatchObject({ failed: 0, unknown: 0 });
    await enterTerms({ perDay: 10_000 });
    await until(async () => (await figuresOf(batchId)).accepted === 200);
  });

  it('that is used up is left alone by the text that tries a gateway which took nothing', async () => {
    await enterTerms({ perDay: 1 });
    await db.database.run(`update rate_buckets set used = 1, day = (now() at time zone 'Asia/Ho_Chi_Minh')::date`);
    const batchId = await makeBatch(db, 8);
    const allows = (): { go: 'one' } => ({ go: 'one' });
    const breaker = { state: 'half-open' as const, allows, note: () => undefined, unused: () => undefined };
    const witness = new Witness();
    witness.serve({ breaker });
    await sleep(1_500);
    // Each lease counts the fence up by one.
    const chunk = await db.database.row<{ fence: number }>('select fence from chunks where batch_id = $1', [batchId]);
    expect(chunk!.fence).toBeGreaterThan(0);
    expect(chunk!.fence).toBeLessThan(5);
    expect(witness.arrivals).toEqual([]);
  });

  it('begins anew with the local day', async () => {
    await enterTerms({ perDay: 10 });
    await db.database.run(`update rate_buckets set used = 10, day = (now() at time zone 'Asia/Ho_Chi_Minh')::date - 1`);
    const batchId = await makeBatch(db, 8);
    new Witness().serve();
    await until(async () => (await figuresOf(batchId)).accepted === 8);
  });
});

describe('messages in flight', () => {
  it('are never more than the contract permits, of all instances together', async () => {
    await enterTerms({ inFlight: 10 });
    const batchId = await makeBatch(db, 300);
    const witness = new Witness(60);
    const first = witness.serve({ slot: 1 });
    await until(() => witness.arrivals.length > 30);
    witness.serve({ slot: 2 });
    witness.serve({ slot: 3 });
    await until(() => witness.arrivals.length > 150);
    await first.stop();
    await until(async () => (await figuresOf(batchId)).accepted === 300);
    expect(witness.mostInFlight).toBeLessThanOrEqual(10);
    expect(witness.mostInFlight).toBeGreaterThan(5);
  });

  it('do not keep a text for ever that waits for a seat which went to another instance', async () => {
    await enterTerms({ inFlight: 1 });
    const batchId = await makeBatch(db, 60);
    const witness = new Witness(60);
    witness.serve({ slot: 1, owner: 'bbbbbbbb-0000-4000-8000-000000000000' });
    await until(() => witness.arrivals.length > 5);
    witness.serve({ slot: 2, owner: 'aaaaaaaa-0000-4000-8000-000000000000' });
    await until(async () => (await figuresOf(batchId)).accepted === 60, 25);
    expect(witness.mostInFlight).toBe(1);
    expect(witness.arrivals).toHaveLength(60);
  });

  it('of all are not held up by an instance that stands still while it claims its own', async () => {
    await enterTerms({ inFlight: 5 });
    const standStill = (tx: Transaction): Transaction => {
      const run = async (sql: string, values?: readonly unknown[]): Promise<number> => {
        if (sql.startsWith('insert')) await sleep(6_000);
        return tx.run(sql, values);
      };
      return Object.assign(Object.create(tx), { run }) as Transaction;
    };
    const transaction = (work: (tx: Transaction) => Promise<unknown>): Promise<unknown> =>
      db.database.transaction((tx) => work(standStill(tx)));
    const database = Object.assign(Object.create(db.database), { transaction }) as Database;
    const claim = { gateway: 'fake', owner: randomUUID(), seconds: 30, busy: () => 0 };
    const claimed = claimSeats(database, claim).then(
      () => 'claimed',
      () => 'lost',
    );
    await sleep(200);
    const batchId = await makeBatch(db, 20);
    const witness = new Witness();
    witness.serve();
    await until(async () => (await figuresOf(batchId)).accepted === 20, 5);
    expect(await claimed).toBe('lost');
  });

  it('are kept at a gateway that takes lists, too: there they leave one by one', async () => {
    await enterTerms({ inFlight: 10 });
    const batchId = await makeBatch(db, 200);
    const witness = new Witness(20);
    witness.serve({}, { largestBatch: 50 });
    await until(async () => (await figuresOf(batchId)).accepted === 200);
    expect(witness.mostInFlight).toBeLessThanOrEqual(10);
  });

  it('of one sender ID leave the others their own', async () => {
    await enterTerms({ sender: 'FEW', inFlight: 2 });
    const few = await makeBatch(db, 30, { sender: 'FEW' });
    const many = await makeBatch(db, 200, { sender: SENDER });
    const witness = new Witness(40);
    witness.serve();
    await until(async () => (await figuresOf(few)).accepted === 30 && (await figuresOf(many)).accepted === 200);
    expect(witness.mostInFlight).toBeGreaterThan(4);
  });
});

describe('an instance that is told to stop', () => {
  it('gives back what it marked and has not sent, ends what is in flight, and leaves nothing unknown', async () => {
    const batchId = await makeBatch(db, 500);
    const witness = new Witness(300);
    const sender = witness.serve();
    await until(() => witness.arrivals.length >= 25);
    await sender.stop();
    const sent = witness.arrivals.length;
    expect(await figuresOf(batchId)).toMatchObject({ accepted: sent, unknown: 0, sending: 0, queued: 500 - sent });
    const leased = await db.database.rows(`select id from chunks where batch_id = $1 and state = 'leased'`, [batchId]);
    expect(leased).toEqual([]);
    witness.serve();
    await until(async () => (await figuresOf(batchId)).accepted === 500);
    expect(new Set(witness.arrivals.map(({ phone }) => phone)).size).toBe(witness.arrivals.length);
  });
});
