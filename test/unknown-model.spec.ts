import * as fc from 'fast-check';
import { batchFigures, moveBatch } from '../src/delivery';
import { finishBatches } from '../src/delivery/batches.store';
import type { Chunk } from '../src/delivery/chunks.store';
import { countStates } from '../src/delivery/messages.read-model';
import { closeUnsentChunk, reapChunk } from '../src/delivery/sweep.store';
import { Reconciler } from '../src/delivery/unknown/reconciler';
import { settleByPerson, type UnknownDecision } from '../src/delivery/unknown/settle.store';
import { GatewayRegistry, type LookUpAnswer } from '../src/gateways';
import { createLog } from '../src/platform/observability/log';
import { makeBatch } from './harness/batches';
import { FakeGateway } from './harness/fake-gateway';
import { type Answer, HandOver, type InFlight } from './harness/hand-over';
import { openTestDatabase, type TestDatabase } from './harness/test-database';

let db: TestDatabase;

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());

const SIZE = 6;
const DAY = '2021-05-20';

type Event =
  | { readonly kind: 'hand over' | 'vanish'; readonly count: number }
  | { readonly kind: 'answer'; readonly which: number; readonly answer: Answer }
  | { readonly kind: 'receipt'; readonly which: number }
  | { readonly kind: 'look up'; readonly found: LookUpAnswer['kind'] }
  | { readonly kind: 'person'; readonly which: number; readonly decision: UnknownDecision }
  | { readonly kind: 'apply receipts' | 'lose the lease' | 'reap' | 'give back' | 'sweep' | 'cancel' };

const which = fc.nat({ max: 40 });
const answers = fc.record({
  kind: fc.constant('answer' as const),
  which,
  answer: fc.constantFrom<Answer>('accepted', 'unknown', 'unknown', 'deferred', 'failed'),
});
const receipts = fc.record({ kind: fc.constant('receipt' as const), which });
const lookUps = fc.record({
  kind: fc.constant('look up' as const),
  found: fc.constantFrom<LookUpAnswer['kind']>('accepted', 'absent', 'absent', 'inconclusive'),
});
const people = fc.record({
  kind: fc.constant('person' as const),
  which,
  decision: fc.constantFrom<UnknownDecision>('accepted', 'failed', 'send-again', 'send-again'),
});
const simple = <K extends Event['kind']>(...kinds: K[]): fc.Arbitrary<{ kind: K }> =>
  fc.record({ kind: fc.constantFrom(...kinds) });

/** What may happen at the same moment, in several processes. */
const contested: fc.Arbitrary<Event> = fc.oneof(
  answers,
  answers,
  receipts,
  lookUps,
  people,
  people,
  simple('apply receipts', 'apply receipts', 'reap', 'sweep'),
);
const events: fc.Arbitrary<readonly Event[]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ kind: fc.constantFrom('hand over' as const, 'vanish' as const), count: fc.integer({ min: 1, max: 6 }) })
      .map((one) => [one]),
  },
  { weight: 6, arbitrary: contested.map((one) => [one]) },
  { weight: 4, arbitrary: fc.array(contested, { minLength: 2, maxLength: 4 }) },
  {
    weight: 3,
    arbitrary: simple('lose the lease', 'lose the lease', 'reap', 'give back').map((one) => [one as Event]),
  },
  { weight: 1, arbitrary: simple('cancel').map((one) => [one as Event]) },
);

/** One batch, what happens to its texts, and what an observer knows of them. */
class Office {
  private readonly handOver = new HandOver(db.database);
  private readonly handedOver: InFlight[] = [];
  /** Of each text handed over: an answer comes once. */
  private readonly answered = new Set<InFlight>();
  /** Texts of which a proof that they were accepted is on record. */
  private readonly proved = new Set<number>();
  private readonly reported = new Set<string>();
  private leased: Chunk[] = [];
  private found: LookUpAnswer['kind'] = 'absent';
  private readonly reconciler: Reconciler;

  constructor(private readonly batchId: number) {
    const gateway = Object.assign(new FakeGateway(), {
      lookUp: async (): Promise<LookUpAnswer> =>
        this.found === 'accepted'
          ? { kind: 'accepted', gatewayMessageId: 'SM' }
          : this.found === 'absent'
            ? { kind: 'absent' }
            : { kind: 'inconclusive', code: 'x' },
    });
    Object.assign(gateway.capabilities, { lookUp: { absenceIsProofAfterMs: 0 } });
    const log = createLog('error', { write: () => undefined });
    this.reconciler = new Reconciler({
      database: db.database,
      gateways: new GatewayRegistry([gateway]),
      log,
      leaseMs: 0,
    });
  }

  async happens(event: Event): Promise<void> {
    switch (event.kind) {
      case 'hand over':
        return this.handSomeOver(event.count);
      case 'vanish':
        await this.handSomeOver(event.count);
        await this.happens({ kind: 'lose the lease' });
        return this.happens({ kind: 'reap' });
      case 'answer':
        return this.answer(this.pick(event.which), event.answer);
      case 'receipt': {
        const text = this.pick(event.which);
        if (!text) return;
        await this.handOver.report(text, 'delivered');
        this.reported.add(`${text.seq}.${text.chunk.attempt}`);
        return;
      }
      case 'apply receipts':
        return this.applyReceipts();
      case 'look up':
        this.found = event.found;
        await db.database.run(`update handovers set at = at - interval '1 hour'`);
        await db.database.run(`update unknowns set look_up_at = now() where batch_id = $1`, [this.batchId]);
        return this.reconciler.reconcile();
      case 'person':
        return this.decide(event.which, event.decision);
      case 'lose the lease':
        for (const chunk of this.leased) await this.handOver.loseLease(chunk);
        this.leased = [];
        return;
      case 'reap':
        while ((await reapChunk(db.database, 2)) !== undefined);
        return;
      case 'give back':
        return this.giveBack();
      case 'cancel':
        await db.database.transaction((tx) => moveBatch(tx, this.batchId, 'cancelled')).catch(() => undefined);
        return;
      case 'sweep':
        while (await closeUnsentChunk(db.database, 2));
        expect((await finishBatches(db.database)).broken).toEqual([]);
    }
  }

  private pick(number: number): InFlight | undefined {
    return this.handedOver[number % (this.handedOver.length || 1)];
  }

  private async handSomeOver(count: number): Promise<void> {
    // What was put off waits for seconds; here its turn has come.
    await db.database.run('update chunks set due_at = now() where batch_id = $1', [this.batchId]);
    await this.noteProofs();
    const chunk = await this.handOver.lease();
    if (!chunk) return;
    const marked = await this.handOver.mark(chunk, count, DAY);
    if (!marked) return;
    for (const text of marked.inFlight) {
      // The rule itself: nothing leaves of which there is a proof, or that may still be on its way.
      expect([text.seq, this.proved.has(text.seq)]).toEqual([text.seq, false]);
      await this.expectSurelyUnsent(text);
    }
    this.handedOver.push(...marked.inFlight);
    this.leased.push(marked.chunk);
  }

  private async noteProofs(): Promise<void> {
    const rows = await db.database.rows<{ seq: number }>(
      `select seq from outcomes where batch_id = $1 and kind = 'accepted' union select seq from late_proofs where batch_id = $1`,
      [this.batchId],
    );
    for (const { seq } of rows) this.proved.add(seq);
  }

  /** A receipt for an attempt whose outcome is on record proves that it was accepted, whatever that outcome says. */
  private async applyReceipts(): Promise<void> {
    const ended = await db.database.rows<{ seq: number; attempt: number }>(
      'select seq, attempt from outcomes where batch_id = $1',
      [this.batchId],
    );
    await this.handOver.applyReports();
    for (const { seq, attempt } of ended) if (this.reported.has(`${seq}.${attempt}`)) this.proved.add(seq);
  }

  private async expectSurelyUnsent({ seq, chunk }: InFlight): Promise<void> {
    const before = await db.database.rows<{ kind: string }>(
      'select kind from outcomes where batch_id = $1 and seq = $2 and certain order by attempt',
      [this.batchId, seq],
    );
    expect(before.map(({ kind }) => kind)).toEqual(Array(chunk.attempt - 1).fill('deferred'));
  }

  private async answer(text: InFlight | undefined, answer: Answer): Promise<void> {
    if (!text || this.answered.has(text)) return;
    this.answered.add(text);
    await this.handOver.answer(text, answer);
    // A sleeper's word counts like everybody's: what was accepted once is not sent again, whatever others decided.
    if (answer === 'accepted') this.proved.add(text.seq);
  }

  private async decide(number: number, decision: UnknownDecision): Promise<void> {
    const open = await db.database.rows<{ batchId: number; seq: number; attempt: number }>(
      'select batch_id as "batchId", seq, attempt from unknowns where batch_id = $1 order by seq',
      [this.batchId],
    );
    const chosen = number % 3 === 0 ? open : open.slice(number % (open.length || 1)).slice(0, 1);
    const by = { decision, by: 'user:1', reason: 'Nhà cung cấp xác nhận' };
    await db.database.transaction((tx) => settleByPerson(tx, chosen, by));
  }

  private async giveBack(): Promise<void> {
    const isOpen = ({ id }: Chunk): boolean =>
      this.handedOver.some((text) => text.chunk.id === id && !this.answered.has(text));
    const done = this.leased.filter((chunk) => !isOpen(chunk));
    this.leased = this.leased.filter(isOpen);
    for (const chunk of done) await this.handOver.release(chunk);
  }

  /** Each text in exactly one state, the figures as the rows have it, the list exactly what is unknown. */
  async expectAccountedFor(): Promise<void> {
    const states = await countStates(db.database, this.batchId);
    const figures = (await batchFigures(db.database, [this.batchId])).get(this.batchId)!;
    const of = (...names: string[]): number => names.reduce((sum, name) => sum + (states[name] ?? 0), 0);
    expect(Object.values(states).reduce((sum, n) => sum + n, 0)).toBe(SIZE);
    expect(figures).toMatchObject({
      queued: of('queued'),
      sending: of('sending'),
      accepted: of('accepted', 'delivered', 'undelivered'),
      delivered: of('delivered'),
      failed: of('failed'),
      unknown: of('unknown'),
      cancelled: of('cancelled'),
    });
    const lists = await db.database.row<{ listed: string[] | null; unsettled: string[] | null }>(
      `select (select array_agg(seq || '.' || attempt order by seq) from unknowns where batch_id = $1) as listed,
         (select array_agg(seq || '.' || attempt order by seq) from outcomes u where batch_id = $1 and not certain and not exists (
           select from outcomes c where c.batch_id = u.batch_id and c.seq = u.seq and c.attempt = u.attempt and c.certain)) as unsettled`,
      [this.batchId],
    );
    expect(lists!.listed).toEqual(lists!.unsettled);
    expect(lists!.listed?.length ?? 0).toBe(figures.unknown);
  }

  /** Everything that may still leave comes to the gate. */
  async goesOn(): Promise<void> {
    await this.happens({ kind: 'apply receipts' });
    for (let round = 0; round < 4; round += 1) {
      const before = this.handedOver.length;
      await this.happens({ kind: 'vanish', count: SIZE });
      for (const text of this.handedOver.slice(before)) await this.answer(text, 'deferred');
    }
  }

  async ends(): Promise<void> {
    await db.database.run(
      `update batches set finished_at = now(), state = 'cancelled' where id = $1 and finished_at is null`,
      [this.batchId],
    );
    await db.database.run(`update chunks set state = 'done', owner = null, leased_until = null where batch_id = $1`, [
      this.batchId,
    ]);
    await db.database.run('delete from unknowns where batch_id = $1', [this.batchId]);
    await db.database.run('delete from receipts_to_apply');
  }
}

it('whatever answers, receipts, look-ups and people say of a text, and all at once: it is in one state, the figures add up, and nothing leaves after a proof', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(events, { minLength: 4, maxLength: 25 }), async (steps) => {
      const office = new Office(await makeBatch(db, SIZE));
      try {
        for (const step of steps) {
          await Promise.all(step.map((event) => office.happens(event)));
          await office.expectAccountedFor();
        }
        await office.goesOn();
        await office.expectAccountedFor();
      } finally {
        await office.ends();
      }
    }),
    { numRuns: 50 },
  );
}, 120_000);
