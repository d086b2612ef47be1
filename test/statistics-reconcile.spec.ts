import fc from 'fast-check';
import { moveBatch, prepareBatch, PreparedMessage } from '../src/delivery';
import type { Chunk } from '../src/delivery/chunks.store';
import { countStates } from '../src/delivery/messages.read-model';
import { finishBatches } from '../src/delivery/batches.store';
import { settleFigures } from '../src/delivery/settled-figures.store';
import { closeUnsentChunk, reapChunk } from '../src/delivery/sweep.store';
import type { Receipt } from '../src/gateways';
import { addUp, Figures, figuresOf } from '../src/statistics/figures';
import { Counter, reconcile } from '../src/statistics/reconcile.read-model';
import { readScope, Scope } from '../src/statistics/scope';
import { countFigures, countPeople } from '../src/statistics/statistics.read-model';
import { openSender } from './harness/open-sender';
import { makeBatch as makeLargeBatch, phoneOf, SENDER } from './harness/batches';
import { FakeGateway } from './harness/fake-gateway';
import { Answer, HandOver, InFlight } from './harness/hand-over';
import { openTestDatabase, TestDatabase } from './harness/test-database';

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

/** In the order of their references. A truncate takes longer than deleting these few rows. */
const TABLES = [
  'receipts_to_apply',
  'receipts',
  'deliveries',
  'outcomes',
  'handovers',
  'counters',
  'settled_counters',
  'settled_totals',
  'addressee_sets',
  'addressees',
  'chunks',
  'messages',
];

async function forgetEverything(): Promise<void> {
  for (const table of [...TABLES, 'suppressions', 'batches']) await db.database.run(`delete from ${table}`);
}

const SIZE = 8;
const PLANNED_DAY = '2021-05-31';

/** Subscribers first..first + SIZE - 1; n lives in area n mod 3 and gets 1 + n mod 2 segments. */
async function makeBatch(first: number): Promise<number> {
  const page = Array.from({ length: SIZE }, (_, i): PreparedMessage => {
    const n = first + i;
    const phoneKey = Buffer.alloc(16, n);
    return { subscriberId: n, areaId: n % 3, phone: phoneOf(n), phoneKey, text: `Tin ${n}`, segments: 1 + (n % 2) };
  });
  async function* pages(): AsyncGenerator<PreparedMessage[]> {
    yield page;
  }
  return db.database.transaction(async (tx) => {
    const plan = { gateway: 'fake', sender: SENDER, plannedDay: PLANNED_DAY, notBefore: new Date(0), listIds: [] };
    const { id } = (await prepareBatch(tx, plan, pages()))!;
    await moveBatch(tx, id, 'released');
    return id;
  });
}

/** One thing that happens; `which` chooses among the texts or batches there are. */
type Event =
  | { readonly kind: 'hand over'; readonly count: number; readonly day: string }
  | {
      readonly kind: 'answer';
      readonly which: number;
      readonly answers: readonly Answer[];
      readonly isRepeated: boolean;
    }
  | { readonly kind: 'receipt'; readonly which: number; readonly status: Receipt['status'] }
  | { readonly kind: 'opt-out'; readonly which: number }
  | { readonly kind: 'apply receipts' | 'give back' | 'lose the lease' | 'reap' | 'close unsent' | 'settle' }
  | { readonly kind: 'cancel' | 'deadline' | 'pause' | 'resume'; readonly which: number };

const which = fc.nat({ max: 40 });
const oneOf = <T extends string>(...words: T[]): fc.Arbitrary<T> => fc.constantFrom(...words);
const anyAnswer = oneOf<Answer>('accepted', 'accepted', 'failed', 'deferred', 'deferred', 'unknown');

const events: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: oneOf('hand over'),
      count: fc.integer({ min: 1, max: 5 }),
      day: oneOf('2021-05-31', '2021-06-01', '2022-01-01'),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: oneOf('answer'),
      which,
      answers: fc.array(anyAnswer, { minLength: 1, maxLength: 5 }),
      isRepeated: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: oneOf('receipt'), which, status: oneOf('delivered', 'undelivered', 'pending') }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: oneOf('apply receipts', 'apply receipts', 'give back', 'lose the lease', 'reap') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: oneOf('opt-out'), which }) },
  { weight: 1, arbitrary: fc.record({ kind: oneOf('cancel', 'deadline', 'pause', 'resume', 'resume'), which }) },
  { weight: 1, arbitrary: fc.record({ kind: oneOf('close unsent', 'settle') }) },
);

/** Two batches, of which four people get both, and what happens to them. */
class Office {
  private readonly handOver = new HandOver(db.database);
  private readonly handedOver: InFlight[] = [];
  private readonly answered = new Set<InFlight>();
  private leased: Chunk[] = [];

  constructor(private readonly batchIds: readonly number[]) {}

  async happens(event: Event): Promise<void> {
    switch (event.kind) {
      case 'hand over':
        return this.handSomeOver(event.count, event.day);
      case 'answer':
        for (const answer of event.answers) await this.answer(event.which, answer, event.isRepeated);
        return;
      case 'receipt': {
        const text = this.handedOver[event.which % (this.handedOver.length || 1)];
        return text && this.handOver.report(text, event.status);
      }
      case 'apply receipts':
        return this.handOver.applyReports();
      case 'give back':
        return this.giveBack();
      case 'lose the lease':
        for (const chunk of this.leased) await this.handOver.loseLease(chunk);
        this.leased = [];
        return;
      case 'reap':
        return void (await reapChunk(db.database, 2));
      case 'close unsent':
        return void (await closeUnsentChunk(db.database, 2));
      case 'settle':
        return settleFigures(db.database);
      case 'opt-out':
        return this.optOut(event.which);
      case 'cancel':
      case 'deadline':
      case 'pause':
      case 'resume':
        return this.moveBatch(event.kind, this.batchIds[event.which % this.batchIds.length]!);
    }
  }

  /** As the sender does: the next chunk while the last one waits for its answers. */
  private async handSomeOver(count: number, day: string): Promise<void> {
    await db.database.run('update chunks set due_at = now()');
    const chunk = this.leased.find(({ marked, hi }) => marked < hi) ?? (await this.handOver.lease());
    if (!chunk) return;
    this.leased = this.leased.filter(({ id }) => id !== chunk.id);
    const step = await this.handOver.mark(chunk, count, day);
    // Without a step the gate was closed: pause, cancel, deadline.
    this.leased.push(step?.chunk ?? chunk);
    this.handedOver.push(...(step?.inFlight ?? []));
  }

  private async answer(place: number, answer: Answer, isRepeated: boolean): Promise<void> {
    const open = this.handedOver.filter((text) => !this.answered.has(text));
    const text = open[place % (open.length || 1)];
    if (!text) return;
    this.answered.add(text);
    await this.handOver.answer(text, answer);
    // A recorder that lost its connection repeats what it does not know to be committed.
    if (isRepeated) await this.handOver.answer(text, answer);
  }

  /** Only when every text of the chunk has its answer. */
  private async giveBack(): Promise<void> {
    const isOpen = ({ id }: Chunk): boolean =>
      this.handedOver.some((text) => text.chunk.id === id && !this.answered.has(text));
    for (const chunk of this.leased.filter((leased) => !isOpen(leased))) await this.handOver.release(chunk);
    this.leased = this.leased.filter(isOpen);
  }

  private async optOut(n: number): Promise<void> {
    await db.database.run(
      `insert into suppressions (phone_key, source, reason, recorded_by) values ($1, 'letter', '', 'user:1')
       on conflict do nothing`,
      [Buffer.alloc(16, 1 + (n % SIZE))],
    );
  }

  /** Nothing more is sent, everything is accounted for, and it was some hours ago. */
  async end(): Promise<void> {
    for (const id of this.batchIds) await this.moveBatch('cancel', id);
    await endUnsent();
  }

  /** Receipts of texts that nobody heard of before. */
  async reportLate(): Promise<void> {
    for (const [n, text] of this.handedOver.entries()) {
      await this.handOver.report(text, n % 3 === 0 ? 'undelivered' : 'delivered');
    }
    await this.handOver.applyReports();
  }

  private async moveBatch(kind: 'cancel' | 'deadline' | 'pause' | 'resume', id: number): Promise<void> {
    if (kind === 'deadline') await db.database.run('update batches set deadline = now() where id = $1', [id]);
    const moves = { cancel: 'cancelled', pause: 'paused', resume: 'released', deadline: undefined } as const;
    const to = moves[kind];
    // A move that its state does not allow is refused, which is as good.
    if (to) await db.database.transaction((tx) => moveBatch(tx, id, to)).catch(() => undefined);
  }
}

/** What was never handed over of cancelled batches is accounted for; they end, and that was some hours ago. */
async function endUnsent(): Promise<void> {
  await db.database.run(`update chunks set leased_until = now() - interval '1 second' where state = 'leased'`);
  while ((await reapChunk(db.database, 2)) !== undefined);
  while (await closeUnsentChunk(db.database, 2));
  const { finished, broken } = await finishBatches(db.database);
  expect([finished.length > 0, broken]).toEqual([true, []]);
  await db.database.run(`update batches set finished_at = now() - interval '2 hours'`);
}

function read(
  scope: Scope,
): Promise<{ rows: (Figures & { time: string | null; areaId: number | null })[]; total: Figures }> {
  return db.database.transaction(async (tx) => {
    const counted = await countFigures(tx, scope);
    const people = await countPeople(tx, scope);
    const rows = counted.map(({ group, figures }) => {
      const { time, areaId } = group;
      const own = people.groups.find(({ group: other }) => other.time === time && other.areaId === areaId);
      return { time, areaId, ...figuresOf(figures, own?.people ?? 0) };
    });
    return { rows, total: figuresOf(addUp(counted.map(({ figures }) => figures)), people.total) };
  }, 'REPEATABLE READ');
}

/** Distinct people by month, area and period, the slow and obvious way. */
async function peopleByMonthAndArea(from: string | null): Promise<{ time: string; areaId: number; people: number }[]> {
  return db.database.rows(
    `select to_char(day, 'YYYY-MM') as time, area_id as "areaId", count(distinct phone_key) as people
     from (
       select m.*, coalesce((select min(o.day) from outcomes o where o.batch_id = m.batch_id and o.seq = m.seq),
         (select planned_day from batches b where b.id = m.batch_id)) as day from messages m
     ) dated
     where $1::date is null or day >= $1 group by 1, 2 order by 1, 2`,
    [from],
  );
}

async function expectFiguresToHold(batchIds: readonly number[]): Promise<void> {
  expect((await reconcile(db.database)).differences).toEqual([]);
  const { rows, total } = await read(readScope({ by: ['month', 'area'] }));
  for (const f of [...rows, total]) {
    expect(f.accepted + f.failed + f.unknown + f.suppressed + f.cancelled + f.expired + f.pending).toBe(f.messages);
    expect(f.delivered + f.undelivered).toBeLessThanOrEqual(f.accepted);
    expect(f.pending).toBeGreaterThanOrEqual(0);
  }
  const states = await Promise.all(batchIds.map((id) => countStates(db.database, id)));
  const inState = (...names: string[]): number =>
    states.flatMap((counts) => names.map((name) => counts[name] ?? 0)).reduce((a, b) => a + b, 0);
  expect(total).toEqual({
    messages: 2 * SIZE,
    segments: total.segments,
    subscribers: 12,
    accepted: inState('accepted', 'delivered', 'undelivered'),
    delivered: inState('delivered'),
    undelivered: inState('undelivered'),
    failed: inState('failed'),
    unknown: inState('unknown'),
    suppressed: inState('suppressed'),
    cancelled: inState('cancelled'),
    expired: inState('expired'),
    pending: inState('queued', 'sending'),
  });
  const from = '2021-06-01';
  const ofPeriod = await read(readScope({ by: ['month', 'area'], from }));
  for (const [table, expected] of [
    [rows, await peopleByMonthAndArea(null)],
    [ofPeriod.rows, await peopleByMonthAndArea(from)],
  ] as const) {
    const people = table.map(({ time, areaId, subscribers }) => ({ time, areaId, people: subscribers }));
    expect(people).toEqual(expect.arrayContaining(expected));
    expect(people).toHaveLength(expected.length);
  }
}

describe('whatever happens to two campaigns', () => {
  it('the figures agree with the message rows and add up', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(events, { minLength: 20, maxLength: 60, size: 'max' }), async (happenings) => {
        await forgetEverything();
        const batchIds = [await makeBatch(1), await makeBatch(5)];
        const office = new Office(batchIds);
        for (const event of happenings) await office.happens(event);
        await expectFiguresToHold(batchIds);
        await office.end();
        await settleFigures(db.database);
        // Read from what is kept alone: nothing is left in the counters, and nobody is looked for among the messages.
        const left = `select (select count(*) from counters) as counters,
          (select count(*) from batches where not people_kept or not days_kept) as batches`;
        expect(await db.database.row(left)).toEqual({ counters: 0, batches: 0 });
        await expectFiguresToHold(batchIds);
        await office.reportLate();
        await expectFiguresToHold(batchIds);
        await settleFigures(db.database);
        await expectFiguresToHold(batchIds);
      }),
      // Shrinking a counterexample stops before the test's own time is over.
      { numRuns: 40, interruptAfterTimeLimit: 90_000 },
    );
  }, 120_000);
});

describe('while texts are being sent', () => {
  it('the figures agree with the message rows at every moment, and people with both', async () => {
    await forgetEverything();
    const batchId = await makeLargeBatch(db, 1_500);
    const gateway = new FakeGateway();
    gateway.answer = ({ reference: { batchId: batch, seq, attempt } }) =>
      seq % 7 === 0 && attempt === 1
        ? { kind: 'deferred', because: 'temporary', code: 'busy', retryAfterMs: 1 }
        : { kind: 'accepted', gatewayMessageId: `${batch}-${seq}` };
    const sender = openSender(db.database, gateway);
    sender.start();
    const seen = new Set<number>();
    const giveUpAt = performance.now() + 20_000;
    try {
      for (let accepted = 0; accepted < 1_500 && performance.now() < giveUpAt;) {
        expect((await reconcile(db.database)).differences).toEqual([]);
        const { rows, total } = await read(readScope({ by: ['month', 'area'] }));
        expect(total).toMatchObject({ messages: 1_500, subscribers: 1_500, pending: 1_500 - total.accepted });
        expect(rows.reduce((sum, { subscribers }) => sum + subscribers, 0)).toBe(1_500);
        for (const { messages, subscribers } of rows) expect(subscribers).toBe(messages);
        accepted = total.accepted;
        seen.add(accepted);
      }
    } finally {
      await sender.stop();
    }
    // It was looked at on the way, not only before and after.
    expect(seen.size).toBeGreaterThan(3);
    expect(new Set(gateway.taken.map(({ reference }) => reference.seq)).size).toBe(1_500);
    expect((await countStates(db.database, batchId)).accepted).toBe(1_500);
  });
});

describe('the reconciliation', () => {
  /** A batch of eight: subscriber 1 accepted and delivered, 2 refused, 3 unknown, the others wait. */
  async function makeSentBatch(): Promise<number> {
    await forgetEverything();
    const batchId = await makeBatch(1);
    const handOver = new HandOver(db.database);
    const step = (await handOver.mark((await handOver.lease())!, 3, PLANNED_DAY))!;
    for (const [index, kind] of (['accepted', 'failed', 'unknown'] as const).entries()) {
      await handOver.answer(step.inFlight[index]!, kind);
    }
    await handOver.report(step.inFlight[0]!, 'delivered');
    await handOver.applyReports();
    return batchId;
  }

  it('finds nothing where nothing is wrong', async () => {
    await makeSentBatch();
    expect(await reconcile(db.database)).toEqual({ batches: 1, messages: SIZE, differences: [] });
  });

  type Found = [day: string | null, areaId: number | null, figure: Counter, counted: number, found: number];
  it.each<[what: string, sql: string, found: Found[]]>([
    [
      'a counter that was raised',
      `update counters set accepted = accepted + 5 where area_id = 1 and slot = 3`,
      [[PLANNED_DAY, 1, 'accepted', 6, 1]],
    ],
    [
      'a counter that was lost',
      `delete from counters where area_id = 1 and slot = 0`,
      [
        [PLANNED_DAY, 1, 'messages', 0, 3],
        [PLANNED_DAY, 1, 'segments', 0, 5],
        [PLANNED_DAY, 1, 'delivered', 0, 1],
      ],
    ],
    [
      'an outcome that was removed',
      `delete from outcomes where seq = 2`,
      [
        [PLANNED_DAY, 2, 'closed', 1, 0],
        [PLANNED_DAY, 2, 'failed', 1, 0],
      ],
    ],
    [
      'an outcome that was turned round',
      `update outcomes set kind = 'accepted' where seq = 2`,
      [
        [PLANNED_DAY, 2, 'accepted', 0, 1],
        [PLANNED_DAY, 2, 'failed', 1, 0],
      ],
    ],
    [
      'an outcome moved to another day',
      `update outcomes set day = '2021-06-01' where seq = 3`,
      [
        [PLANNED_DAY, 0, 'messages', 2, 1],
        [PLANNED_DAY, 0, 'segments', 3, 1],
        [PLANNED_DAY, 0, 'closed', 1, 0],
        [PLANNED_DAY, 0, 'unknown', 1, 0],
        ['2021-06-01', 0, 'messages', 0, 1],
        ['2021-06-01', 0, 'segments', 0, 2],
        ['2021-06-01', 0, 'closed', 0, 1],
        ['2021-06-01', 0, 'unknown', 0, 1],
      ],
    ],
    [
      'a message that was removed',
      `delete from messages where seq = 8`,
      [
        [PLANNED_DAY, 2, 'messages', 3, 2],
        [PLANNED_DAY, 2, 'segments', 4, 3],
        [null, null, 'messages', 8, 7],
        [null, null, 'segments', 12, 11],
      ],
    ],
    [
      'a text that was refused and yet counted as delivered',
      `with delivery as (
         insert into deliveries (batch_id, seq, status, code, at) select batch_id, 2, 'delivered', '', now() from deliveries
       )
       update counters set delivered = delivered + 1 where area_id = 2 and slot = 3`,
      [[PLANNED_DAY, 2, 'delivered', 1, 0]],
    ],
  ])('finds %s', async (_what, sql, found) => {
    const batchId = await makeSentBatch();
    await db.database.run(sql);
    const { differences } = await reconcile(db.database);
    expect(differences).toEqual(
      found.map(([day, areaId, figure, counted, recomputed]) => ({
        batchId,
        day,
        areaId,
        figure,
        counted,
        found: recomputed,
      })),
    );
  });

  describe('of a batch that has ended', () => {
    async function makeEndedBatch(): Promise<number> {
      const batchId = await makeSentBatch();
      // One of its texts left a day later.
      await db.database.run(
        `with gone as (
           update counters set messages = messages - 1, segments = segments - 2, closed = closed - 1, unknown = 0
           where area_id = 0 and slot = 3
         ), later as (
           insert into counters (batch_id, day, area_id, slot, messages, segments, closed, unknown)
           values ($1, '2021-06-01', 0, 3, 1, 2, 1, 1)
         )
         update outcomes set day = '2021-06-01' where seq = 3`,
        [batchId],
      );
      await db.database.transaction((tx) => moveBatch(tx, batchId, 'cancelled'));
      await endUnsent();
      await settleFigures(db.database);
      return batchId;
    }

    it('finds nothing where nothing is wrong', async () => {
      const batchId = await makeEndedBatch();
      expect((await reconcile(db.database)).differences).toEqual([]);
      expect(
        await db.database.rows('select day from settled_totals where batch_id = $1 order by day', [batchId]),
      ).toEqual([{ day: PLANNED_DAY }, { day: '2021-06-01' }]);
    });

    it('finds a total that was raised, and a counter that was', async () => {
      const batchId = await makeEndedBatch();
      await db.database.run(`update settled_totals set accepted = accepted + 5 where day = $1`, [PLANNED_DAY]);
      expect((await reconcile(db.database)).differences).toEqual([
        { batchId, day: PLANNED_DAY, areaId: null, figure: 'accepted', counted: 6, found: 1 },
      ]);
      await db.database.run(`update settled_counters set accepted = accepted + 5 where area_id = 1`);
      expect((await reconcile(db.database)).differences).toEqual([
        { batchId, day: PLANNED_DAY, areaId: 1, figure: 'accepted', counted: 6, found: 1 },
      ]);
    });

    it('finds a person who is missing among those it was addressed to, and one who does not belong to them', async () => {
      const batchId = await makeEndedBatch();
      await db.database.run(
        `update addressee_sets set people = set_bit(people, (select min(id) from addressees), 0)
         where area_id = -1 and day = '-infinity'`,
      );
      expect((await reconcile(db.database)).differences).toEqual([
        { batchId, day: null, areaId: null, figure: 'people', counted: SIZE - 1, found: SIZE - 1 },
      ]);
      await db.database.run(
        `update addressee_sets set people = set_bit(people, 2000, 1) where area_id = 0 and day = '2021-06-01'`,
      );
      expect((await reconcile(db.database)).differences).toContainEqual({
        batchId,
        day: '2021-06-01',
        areaId: 0,
        figure: 'people',
        counted: 2,
        found: 1,
      });
    });
  });
});
