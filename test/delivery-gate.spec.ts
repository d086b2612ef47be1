import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SendingWindow } from '../src/calendar';
import { batchFigures, BatchFigures, deleteHeldBatch, moveBatch, releaseRest } from '../src/delivery';
import { finishBatches } from '../src/delivery/batches.store';
import { leaseChunk } from '../src/delivery/chunks.store';
import { advanceSpreads } from '../src/delivery/spread.store';
import { closeUnsentChunk } from '../src/delivery/sweep.store';
import { Database, openDatabase } from '../src/platform/database/database';
import { Secrets } from '../src/platform/secrets';
import { openSender } from './harness/open-sender';
import { FakeGateway } from './harness/fake-gateway';
import { HandOver } from './harness/hand-over';
import { makeBatch } from './harness/batches';
import { ShiftedClock } from './harness/shifted-clock';
import { startTestApp } from './harness/test-app';
import { openTestDatabase, TEST_SECRET, TestDatabase } from './harness/test-database';

const OFFICE_HOURS: SendingWindow = { from: '07:00', to: '21:00', days: [1, 2, 3, 4, 5, 6], onHolidays: false };
/** Vietnam's time; 2021-05-20 was a Thursday. */
const at = (local: string): Date => new Date(`${local}+07:00`);
const THURSDAY_MORNING = at('2021-05-20T09:00:00');

let db: TestDatabase;
let clock: ShiftedClock;

const moveTo = (instant: Date): Promise<void> => clock.moveTo(db.database, instant);

beforeAll(async () => {
  clock = new ShiftedClock(THURSDAY_MORNING);
  db = await openTestDatabase(clock);
});
afterAll(() => db.close());
beforeEach(() => moveTo(THURSDAY_MORNING));
afterEach(async () => {
  for (const table of ['outcomes', 'handovers', 'counters', 'chunks', 'messages', 'batches', 'calendar_days'])
    await db.database.run(`delete from ${table}`);
});

async function figuresOf(batchId: number): Promise<BatchFigures> {
  return (await batchFigures(db.database, [batchId])).get(batchId)!;
}

async function moved(batchId: number, to: 'released' | 'paused' | 'cancelled'): Promise<void> {
  await db.database.transaction((tx) => moveBatch(tx, batchId, to));
}

/** The batches something of which may be handed over now; everything that is handed over is accepted. */
async function sendWhatMayLeave(): Promise<number[]> {
  const office = new HandOver(db.database);
  const batches: number[] = [];
  for (let chunk; (chunk = await office.lease());) {
    const step = await office.mark(chunk, chunk.hi - chunk.marked, '2021-05-20');
    if (!step) throw new Error('a chunk was leased that may not be handed over');
    for (const text of step.inFlight) await office.answer(text, 'accepted');
    await office.release(chunk);
    batches.push(chunk.batchId);
  }
  return batches;
}

async function sweep(): Promise<number[]> {
  while (await closeUnsentChunk(db.database, 1));
  const { finished, broken } = await finishBatches(db.database);
  expect(broken).toEqual([]);
  return finished;
}

describe('the sending window', () => {
  it.each([
    ['on a weekday within the hours', '2021-05-20T09:00:00', OFFICE_HOURS, true],
    ['at the first minute', '2021-05-20T07:00:00', OFFICE_HOURS, true],
    ['a second before it', '2021-05-20T06:59:58', OFFICE_HOURS, false],
    ['a second before the end', '2021-05-20T20:59:58', OFFICE_HOURS, true],
    ['at the end', '2021-05-20T21:00:00', OFFICE_HOURS, false],
    ['half an hour before midnight', '2021-05-20T23:30:00', OFFICE_HOURS, false],
    ['on a Sunday, which is none of its days', '2021-05-23T09:00:00', OFFICE_HOURS, false],
    ['on a Sunday, when that is one of its days', '2021-05-23T09:00:00', { ...OFFICE_HOURS, days: [7] }, true],
    ['on 30 April', '2021-04-30T09:00:00', OFFICE_HOURS, false],
    ['on 30 April, when holidays count as any day', '2021-04-30T09:00:00', { ...OFFICE_HOURS, onHolidays: true }, true],
    ['at any hour, when it has no window', '2021-05-23T23:30:00', null, true],
    ['until midnight', '2021-05-20T23:59:00', { ...OFFICE_HOURS, to: '24:00' }, true],
  ])('lets texts leave as it says: %s', async (_when, local, window, leaves) => {
    await moveTo(at(local));
    const batchId = await makeBatch(db, 3, { window });
    expect(await sendWhatMayLeave()).toEqual(leaves ? [batchId] : []);
    expect((await figuresOf(batchId)).queued).toBe(leaves ? 0 : 3);
  });

  it('is closed on a day off that the office entered, and open on a holiday that it works', async () => {
    await db.database.run(
      `insert into calendar_days (day, is_working_day, name) values
         ('2021-05-20', false, 'Nghỉ bù'), ('2021-04-30', true, 'Làm bù')`,
    );
    const batchId = await makeBatch(db, 3, { window: OFFICE_HOURS });
    expect(await sendWhatMayLeave()).toEqual([]);
    await moveTo(at('2021-04-30T09:00:00'));
    expect(await sendWhatMayLeave()).toEqual([batchId]);
  });

  it('that closes between two steps stops the next step, and the rest leaves in the morning', async () => {
    const batchId = await makeBatch(db, 10, { window: OFFICE_HOURS });
    const office = new HandOver(db.database);
    await moveTo(at('2021-05-20T20:59:00'));
    const chunk = (await office.lease())!;
    const step = (await office.mark(chunk, 4, '2021-05-20'))!;
    for (const text of step.inFlight) await office.answer(text, 'accepted');
    await moveTo(at('2021-05-20T21:00:00'));
    expect(await office.mark(step.chunk, 4, '2021-05-20')).toBeUndefined();
    await office.release(step.chunk);
    expect(await sendWhatMayLeave()).toEqual([]);
    await moveTo(at('2021-05-21T07:00:00'));
    expect(await sendWhatMayLeave()).toEqual([batchId]);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 10, queued: 0 });
  });
});

describe('the order of sending', () => {
  it('takes the fast lane first, then what is due longest, and a test send at once', async () => {
    const late = await makeBatch(db, 3, { notBefore: at('2021-05-20T08:00:00') });
    const early = await makeBatch(db, 3, { notBefore: at('2021-05-20T07:00:00') });
    const correction = await makeBatch(db, 3, { lane: 1, notBefore: at('2021-05-20T08:30:00') });
    const test = await makeBatch(db, 3, { kind: 'test', notBefore: at('2021-05-20T08:45:00') });
    expect(await sendWhatMayLeave()).toEqual([correction, test, early, late]);
  });

  it('passes by batches that are closed, in a first wave or another instance holds', async () => {
    await makeBatch(db, 3, { lane: 1, window: { ...OFFICE_HOURS, to: '08:00' } });
    const wave = await makeBatch(db, 1_200, { lane: 1, firstWave: 2 });
    const held = await makeBatch(db, 3);
    const free = await makeBatch(db, 3);
    expect((await leaseOne())?.batchId).toBe(wave);
    expect((await leaseOne())?.batchId).toBe(held);
    expect((await leaseOne())?.batchId).toBe(free);
    expect(await leaseOne()).toBeUndefined();
  });

  const leaseOne = () => leaseChunk(db.database, { owner: randomUUID(), gateway: 'fake', seconds: 60 });

  it('lets instances that lease at the same moment each have a chunk of their own', async () => {
    await makeBatch(db, 5_000);
    const leases = await Promise.all(Array.from({ length: 8 }, leaseOne));
    expect(new Set(leases.map((chunk) => chunk!.id)).size).toBe(8);
  });
});

describe('a first wave', () => {
  it('sends so many and no more, and the rest when somebody has looked', async () => {
    const batchId = await makeBatch(db, 720, { firstWave: 520 });
    await sendWhatMayLeave();
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 520, queued: 200, released: 520 });
    expect(await sweep()).toEqual([]);
    await db.database.transaction((tx) => releaseRest(tx, batchId));
    await sendWhatMayLeave();
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 720, queued: 0, released: 720 });
    expect(await sweep()).toEqual([batchId]);
  });

  it('tries again what the gateway put off, though the rest waits', async () => {
    const batchId = await makeBatch(db, 700, { firstWave: 2 });
    const office = new HandOver(db.database);
    const chunk = (await office.lease())!;
    const { inFlight } = (await office.mark(chunk, 2, '2021-05-20'))!;
    await office.answer(inFlight[0]!, 'deferred');
    await office.answer(inFlight[1]!, 'accepted');
    await office.release(chunk);
    await moveTo(at('2021-05-20T09:10:00'));
    expect(await sendWhatMayLeave()).toEqual([batchId]);
    expect(await figuresOf(batchId)).toMatchObject({ accepted: 2, queued: 698, released: 2 });
  });

  it('is not outrun by the spread, which goes on afterwards', async () => {
    const batchId = await makeBatch(db, 1_000, { firstWave: 50, spreadSeconds: 100 });
    await advanceSpreads(db.database);
    await moveTo(at('2021-05-20T09:00:04'));
    await advanceSpreads(db.database);
    expect((await figuresOf(batchId)).released).toBe(50);
    await db.database.transaction((tx) => releaseRest(tx, batchId));
    expect((await figuresOf(batchId)).released).toBe(50);
    await advanceSpreads(db.database);
    await moveTo(at('2021-05-20T09:00:08'));
    await advanceSpreads(db.database);
    // Ten a second for about four seconds.
    expect((await figuresOf(batchId)).released).toBeGreaterThanOrEqual(89);
    expect((await figuresOf(batchId)).released).toBeLessThanOrEqual(95);
  });
});

describe('a spread', () => {
  /** So many seconds of the service's life with a bell in each; the database's own time is a little more. */
  async function ringFor(from: Date, seconds: number): Promise<void> {
    for (let second = 0; second <= seconds; second += 1) {
      await moveTo(new Date(from.getTime() + second * 1_000));
      await advanceSpreads(db.database);
    }
  }
  const releasedOf = async (batchId: number): Promise<number> => (await figuresOf(batchId)).released;

  it('releases texts evenly, and they leave as they are released', async () => {
    const batchId = await makeBatch(db, 3_600, { spreadSeconds: 3_600, window: OFFICE_HOURS });
    expect(await sendWhatMayLeave()).toEqual([]);
    await ringFor(THURSDAY_MORNING, 30);
    const released = await releasedOf(batchId);
    expect(released).toBeGreaterThanOrEqual(29);
    expect(released).toBeLessThanOrEqual(33);
    await sendWhatMayLeave();
    expect(await figuresOf(batchId)).toMatchObject({ accepted: released, queued: 3_600 - released });
  });

  it('stands still at night and while paused, and makes up for neither', async () => {
    const batchId = await makeBatch(db, 36_000, { spreadSeconds: 3_600, window: OFFICE_HOURS });
    await ringFor(at('2021-05-20T20:59:55'), 30);
    const evening = await releasedOf(batchId);
    expect(evening).toBeGreaterThanOrEqual(38);
    expect(evening).toBeLessThanOrEqual(60);
    await ringFor(at('2021-05-21T06:59:58'), 1);
    expect(await releasedOf(batchId)).toBe(evening);
    await ringFor(at('2021-05-21T07:00:00'), 3);
    const morning = await releasedOf(batchId);
    expect(morning - evening).toBeLessThanOrEqual(40);
    await moved(batchId, 'paused');
    await ringFor(at('2021-05-21T08:00:00'), 3);
    await moved(batchId, 'released');
    await advanceSpreads(db.database);
    expect(await releasedOf(batchId)).toBe(morning);
    await ringFor(at('2021-05-21T08:00:05'), 2);
    expect(await releasedOf(batchId)).toBeGreaterThan(morning);
  });

  it('does not burst after the service was down for hours', async () => {
    const batchId = await makeBatch(db, 36_000, { spreadSeconds: 3_600 });
    await ringFor(THURSDAY_MORNING, 2);
    const before = await releasedOf(batchId);
    await moveTo(at('2021-05-20T12:00:00'));
    await advanceSpreads(db.database);
    expect((await releasedOf(batchId)) - before).toBeLessThanOrEqual(50);
  });
});

describe('the deadline', () => {
  const DEADLINE = at('2021-05-20T10:00:00');
  const AFTERWARDS = at('2021-05-20T10:00:01');

  it('lets expire what a first wave and a spread had not released, and the batch finishes', async () => {
    const wave = await makeBatch(db, 700, { firstWave: 20, deadline: DEADLINE });
    const spread = await makeBatch(db, 700, { spreadSeconds: 3_600, deadline: DEADLINE });
    await sendWhatMayLeave();
    expect(await sweep()).toEqual([]);
    await moveTo(AFTERWARDS);
    expect(new Set(await sweep())).toEqual(new Set([wave, spread]));
    expect(await figuresOf(wave)).toMatchObject({ accepted: 20, expired: 680, queued: 0 });
    expect(await figuresOf(spread)).toMatchObject({ accepted: 0, expired: 700, queued: 0 });
  });

  it('ends a batch that is paused', async () => {
    const batchId = await makeBatch(db, 30, { deadline: DEADLINE });
    await moved(batchId, 'paused');
    expect(await sweep()).toEqual([]);
    await moveTo(AFTERWARDS);
    expect(await sweep()).toEqual([batchId]);
    expect(await figuresOf(batchId)).toMatchObject({ expired: 30, queued: 0 });
  });

  it('leaves work that was never let go to its author, and ends it once it is', async () => {
    const edited = await makeBatch(db, 30, { deadline: DEADLINE, hold: true });
    const started = await makeBatch(db, 30, { deadline: DEADLINE, hold: true });
    await moveTo(AFTERWARDS);
    expect(await sweep()).toEqual([]);
    expect((await figuresOf(edited)).queued).toBe(30);
    await db.database.transaction((tx) => deleteHeldBatch(tx, edited));
    await moved(started, 'released');
    expect(await sendWhatMayLeave()).toEqual([]);
    expect(await sweep()).toEqual([started]);
    expect((await figuresOf(started)).expired).toBe(30);
  });
});

describe('a pause', () => {
  interface Instance {
    readonly database: Database;
    readonly sender: ReturnType<typeof openSender>;
  }

  async function startInstance(gateway: FakeGateway, slot: number): Promise<Instance> {
    const onPoolError = (): void => undefined;
    const database = await openDatabase({
      url: db.url,
      poolSize: 5,
      entities: [],
      applicationName: `instance-${slot}`,
      onPoolError,
    });
    const sender = openSender(database, gateway, { slot });
    sender.start();
    return { database, sender };
  }

  it.each([
    ['answers at once', 5, 5],
    ['takes half a second for an answer', 500, 500],
    ['is quick and all of a sudden becomes slow', 40, 3_500],
  ])('holds on both of two instances within two seconds when the gateway %s', async (_what, quickMs, slowMs) => {
    const batchId = await makeBatch(db, 20_000);
    const begun: number[] = [];
    let latencyMs = quickMs;
    const gateways = [new FakeGateway(), new FakeGateway()];
    for (const gateway of gateways) {
      gateway.answer = async ({ reference }) => {
        begun.push(performance.now());
        await sleep(latencyMs);
        return { kind: 'accepted', gatewayMessageId: `g${reference.seq}` };
      };
    }
    const instances = await Promise.all(gateways.map((gateway, place) => startInstance(gateway, place + 1)));
    let pausedAt = Infinity;
    try {
      await sleep(1_500);
      // A moment before the pause, so that texts are marked then which find no socket.
      latencyMs = slowMs;
      await sleep(50);
      await moved(batchId, 'paused');
      pausedAt = performance.now();
      await sleep(4_000);
    } finally {
      await Promise.all(instances.map(({ sender }) => sender.stop()));
      await Promise.all(instances.map(({ database }) => database.close()));
    }
    expect(Math.min(...gateways.map(({ taken }) => taken.length))).toBeGreaterThan(20);
    expect(Math.max(...begun) - pausedAt).toBeLessThan(2_000);
    const figures = await figuresOf(batchId);
    expect(figures).toMatchObject({ accepted: begun.length, queued: 20_000 - begun.length, sending: 0 });
  });
});

describe('the service', () => {
  it('sends a batch that is spread over six seconds in six seconds, by itself', async () => {
    const gateway = new FakeGateway();
    const begun: number[] = [];
    gateway.answer = ({ reference }) => {
      begun.push(performance.now());
      return { kind: 'accepted', gatewayMessageId: `g${reference.seq}` };
    };
    const app = await startTestApp({ gateway, bells: true });
    try {
      const secrets = new Secrets(TEST_SECRET);
      const batchId = await makeBatch({ database: app.database, secrets }, 60, { spreadSeconds: 6 });
      const isFinished = () => app.database.row(`select from batches where id = $1 and state = 'finished'`, [batchId]);
      for (let waited = 0; waited < 200 && !(await isFinished()); waited += 1) await sleep(100);
      expect(new Set(gateway.taken.map(({ phone }) => phone)).size).toBe(60);
      expect(gateway.taken).toHaveLength(60);
      const tookMs = Math.max(...begun) - Math.min(...begun);
      expect(tookMs).toBeGreaterThan(4_000);
      expect(tookMs).toBeLessThan(12_000);
    } finally {
      await app.stop();
    }
  });
});
