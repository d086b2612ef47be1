import { setTimeout as sleep } from 'node:timers/promises';
import { batchFigures, BatchFigures, eraseMessages, moveBatch } from '../src/delivery';
import { finishBatches } from '../src/delivery/batches.store';
import { countStates } from '../src/delivery/messages.read-model';
import { closeUnsentChunk, reapChunk } from '../src/delivery/sweep.store';
import { mayProveUnsent } from '../src/delivery/unknown/judge-unknown';
import { Reconciler } from '../src/delivery/unknown/reconciler';
import type { GatewayCapabilities, LookUpAnswer, OutgoingMessage } from '../src/gateways';
import { GatewayRegistry } from '../src/gateways';
import { createLog } from '../src/platform/observability/log';
import { makeBatch, phoneOf } from './harness/batches';
import { FakeGateway } from './harness/fake-gateway';
import { HandOver, InFlight } from './harness/hand-over';
import { openSender } from './harness/open-sender';
import { openTestDatabase, TestDatabase } from './harness/test-database';

let db: TestDatabase;
let logged: string[];

beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db.close());
beforeEach(() => {
  logged = [];
});
afterEach(async () => {
  // Whatever was left open is no business of the next test.
  await db.database.run('update unknowns set look_up_at = null');
  await db.database.run(`update batches set finished_at = now(), state = 'cancelled' where finished_at is null`);
  await db.database.run(`update late_proofs set effect = 'held-back' where effect is null`);
});

const LEASE_MS = 30_000;
const PROOF = { absenceIsProofAfterMs: 5_000 };

/** Answers look-ups as a test tells it. */
class AskedGateway extends FakeGateway {
  override readonly capabilities: GatewayCapabilities;
  readonly asked: OutgoingMessage[] = [];
  found: (message: OutgoingMessage) => LookUpAnswer = () => ({ kind: 'absent' });

  constructor(promises: Partial<GatewayCapabilities> = { lookUp: PROOF }) {
    super();
    this.capabilities = { ...new FakeGateway().capabilities, ...promises };
  }

  async lookUp(message: OutgoingMessage): Promise<LookUpAnswer> {
    this.asked.push(message);
    return this.found(message);
  }
}

/** The office's service with one gateway, step by step. */
class Office {
  readonly registry: GatewayRegistry;
  readonly handOver = new HandOver(db.database);
  private readonly reconciler: Reconciler;

  constructor(readonly gateway: AskedGateway) {
    this.registry = new GatewayRegistry([gateway]);
    const log = createLog('info', { write: (line: string) => void logged.push(line) });
    this.reconciler = new Reconciler({ database: db.database, gateways: this.registry, log, leaseMs: LEASE_MS });
  }

  /** Hands the first texts of a batch over; then the process is killed and its lease runs out. */
  async losesTexts(count: number): Promise<InFlight[]> {
    const chunk = (await this.handOver.lease())!;
    const { inFlight } = (await this.handOver.mark(chunk, count, '2021-05-20'))!;
    await this.handOver.loseLease(chunk);
    await reapChunk(db.database, 2);
    return inFlight;
  }

  /** As if so much time had passed since then. */
  async waits(seconds: number): Promise<void> {
    await db.database.run('update handovers set at = at - make_interval(secs => $1)', [seconds]);
    await db.database.run('update unknowns set look_up_at = now() where look_up_at is not null');
  }

  reconciles(): Promise<void> {
    return this.reconciler.reconcile();
  }

  async finishes(): Promise<number[]> {
    while (await closeUnsentChunk(db.database, 2));
    const { all } = this.registry;
    const provers = all.filter(({ capabilities }) => mayProveUnsent(capabilities)).map(({ name }) => name);
    const { finished, broken } = await finishBatches(db.database, provers);
    expect(broken).toEqual([]);
    return finished;
  }

  /** Sends all that may leave. */
  async sends(batchId: number): Promise<void> {
    const sender = openSender(db.database, this.gateway);
    sender.start();
    const isBusy = async (): Promise<boolean> => {
      const { queued, sending } = await figuresOf(batchId);
      return queued + sending > 0;
    };
    for (let i = 0; i < 200 && (await isBusy()); i += 1) await sleep(20);
    await sender.stop();
  }
}

async function figuresOf(batchId: number): Promise<BatchFigures> {
  return (await batchFigures(db.database, [batchId])).get(batchId)!;
}

async function expectStates(batchId: number, expected: Record<string, number>): Promise<void> {
  expect(await countStates(db.database, batchId)).toEqual(expected);
  const { messages, ...figures } = await figuresOf(batchId);
  const counted = Object.fromEntries(
    Object.keys(expected).map((state) => [state, figures[state as keyof typeof figures]]),
  );
  expect(counted).toEqual(expected);
  expect(Object.values(expected).reduce((sum, n) => sum + n, 0)).toBe(messages);
}

const open = (batchId: number): Promise<{ seq: number; isDue: boolean }[]> =>
  db.database.rows('select seq, look_up_at is not null as "isDue" from unknowns where batch_id = $1 order by seq', [
    batchId,
  ]);

const numbers = (messages: readonly OutgoingMessage[]): string[] => messages.map(({ phone }) => phone);

describe('a text of which nobody knows whether it left', () => {
  it('is asked for at its gateway when it surely is not on its way any more, and counts as accepted if it is there', async () => {
    const office = new Office(new AskedGateway());
    office.gateway.found = ({ reference }) => ({ kind: 'accepted', gatewayMessageId: `SM-${reference.seq}` });
    const batchId = await makeBatch(db, 3);
    await office.losesTexts(3);
    await office.waits(30);
    await office.reconciles();
    expect(office.gateway.asked).toEqual([]);
    await office.waits(60);
    await office.reconciles();
    expect(office.gateway.asked.map(({ reference, phone }) => [reference.attempt, phone]).sort()).toEqual([
      [1, phoneOf(1)],
      [1, phoneOf(2)],
      [1, phoneOf(3)],
    ]);
    await expectStates(batchId, { accepted: 3 });
    expect(await open(batchId)).toEqual([]);
    expect(
      await db.database.rows(
        `select o.seq, o.gateway_message_id as id, s.decision, s.by from outcomes o join settlements s using (batch_id, seq, attempt)
         where o.batch_id = $1 and o.kind = 'accepted' and o.code = 'by-look-up' order by 1`,
        [batchId],
      ),
    ).toEqual([1, 2, 3].map((seq) => ({ seq, id: `SM-${seq}`, decision: 'accepted', by: 'look-up' })));
  });

  it('keeps its campaign from ending while its gateway may prove that it never left, and is then sent once more', async () => {
    const office = new Office(new AskedGateway());
    const batchId = await makeBatch(db, 4);
    await office.losesTexts(4);
    expect(await office.finishes()).toEqual([]);
    await office.waits(120);
    await office.reconciles();
    await expectStates(batchId, { queued: 4 });
    expect(await office.finishes()).toEqual([]);
    await office.sends(batchId);
    expect(numbers(office.gateway.taken).sort()).toEqual([1, 2, 3, 4].map(phoneOf));
    expect(office.gateway.taken.every(({ reference }) => reference.attempt === 2)).toBe(true);
    await expectStates(batchId, { accepted: 4 });
    expect(await office.finishes()).toEqual([batchId]);
  });

  it('stays unknown where absence proves nothing: it is asked for some more times, then a person decides', async () => {
    const office = new Office(new AskedGateway({ lookUp: { absenceIsProofAfterMs: null } }));
    const batchId = await makeBatch(db, 1);
    await office.losesTexts(1);
    for (let round = 0; round < 8; round += 1) {
      await office.waits(3_600);
      await office.reconciles();
    }
    expect(office.gateway.asked).toHaveLength(6);
    expect(await open(batchId)).toEqual([{ seq: 1, isDue: false }]);
    await expectStates(batchId, { unknown: 1 });
    expect(await office.finishes()).toEqual([batchId]);
  });

  it('is sent again without a question where the gateway promises that it arrives once', async () => {
    const office = new Office(new AskedGateway({ resendIsIdempotent: true }));
    const batchId = await makeBatch(db, 2);
    await office.losesTexts(2);
    await office.waits(120);
    await office.reconciles();
    await office.sends(batchId);
    expect(office.gateway.taken.map(({ reference }) => reference.attempt)).toEqual([2, 2]);
    expect(office.gateway.asked).toEqual([]);
    await expectStates(batchId, { accepted: 2 });
  });

  it('is left to a person where sending it again could go through another gateway', async () => {
    const office = new Office(new AskedGateway({ resendIsIdempotent: true }));
    const batchId = await makeBatch(db, 2, { alternatives: [{ gateway: 'other', sender: 'STP' }] });
    await office.losesTexts(2);
    await office.waits(120);
    await office.reconciles();
    expect((await open(batchId)).map(({ isDue }) => isDue)).toEqual([false, false]);
  });

  it('is left to a person when its number was erased, or its gateway is no longer in use', async () => {
    const office = new Office(new AskedGateway());
    const erased = await makeBatch(db, 1);
    await office.losesTexts(1);
    const phoneKey = db.secrets.phoneDigest(phoneOf(1));
    await db.database.transaction((tx) => eraseMessages(tx, { phoneKey, subscriberId: null, formerKeys: [] }));
    const gone = await makeBatch(db, 1);
    await office.losesTexts(1);
    await db.database.run(
      `update handovers set gateway = 'gone' where chunk_id in (select id from chunks where batch_id = $1)`,
      [gone],
    );
    await office.waits(120);
    await office.reconciles();
    expect(office.gateway.asked).toEqual([]);
    for (const batchId of [erased, gone]) expect(await open(batchId)).toEqual([{ seq: 1, isDue: false }]);
  });

  it('is settled by one of many instances, however many look after it', async () => {
    const gateway = new AskedGateway();
    const offices = [new Office(gateway), new Office(gateway), new Office(gateway)];
    const batchId = await makeBatch(db, 250);
    await offices[0]!.losesTexts(250);
    await offices[0]!.waits(120);
    await Promise.all(offices.map((office) => office.reconciles()));
    expect(gateway.asked).toHaveLength(250);
    await expectStates(batchId, { queued: 250 });
  });

  it('is not sent out of a cancelled campaign: once it is proved unsent it counts as cancelled', async () => {
    const office = new Office(new AskedGateway());
    const batchId = await makeBatch(db, 2);
    await office.losesTexts(2);
    await db.database.transaction((tx) => moveBatch(tx, batchId, 'cancelled'));
    await office.waits(120);
    await office.reconciles();
    expect(await office.finishes()).toEqual([batchId]);
    await expectStates(batchId, { cancelled: 2 });
  });
});

describe('a proof that comes when a text is to be sent again', () => {
  async function sentAgain(size: number): Promise<{ office: Office; batchId: number; texts: InFlight[] }> {
    const office = new Office(new AskedGateway());
    const batchId = await makeBatch(db, size);
    const texts = await office.losesTexts(size);
    await office.waits(120);
    await office.reconciles();
    return { office, batchId, texts };
  }
  const effects = (batchId: number): Promise<{ seq: number; effect: string | null }[]> =>
    db.database.rows('select seq, effect from late_proofs where batch_id = $1 order by seq', [batchId]);

  it('holds it back at the gate, be it a late answer or a receipt', async () => {
    const { office, batchId, texts } = await sentAgain(3);
    await office.handOver.answer(texts[0]!, 'accepted');
    await office.handOver.report(texts[1]!, 'delivered');
    await office.handOver.applyReports();
    await office.sends(batchId);
    expect(numbers(office.gateway.taken)).toEqual([phoneOf(3)]);
    expect((await figuresOf(batchId)).accepted).toBe(3);
    await office.reconciles();
    expect(await effects(batchId)).toEqual([
      { seq: 1, effect: 'held-back' },
      { seq: 2, effect: 'held-back' },
    ]);
  });

  it('counts the text as accepted when its campaign is cancelled before it comes to the gate', async () => {
    const { office, batchId, texts } = await sentAgain(2);
    await office.handOver.answer(texts[0]!, 'accepted');
    await db.database.transaction((tx) => moveBatch(tx, batchId, 'cancelled'));
    expect(await office.finishes()).toEqual([batchId]);
    await expectStates(batchId, { accepted: 1, cancelled: 1 });
  });

  it('is shown as a possible doubling when it comes after the text was sent again', async () => {
    const { office, batchId, texts } = await sentAgain(2);
    await office.sends(batchId);
    await office.handOver.answer(texts[0]!, 'accepted');
    await office.handOver.report(texts[1]!, 'delivered');
    await office.handOver.applyReports();
    await office.reconciles();
    expect(await effects(batchId)).toEqual([1, 2].map((seq) => ({ seq, effect: 'sent-again' })));
    expect(logged.filter((line) => line.includes('sent again whose first attempt'))).toHaveLength(1);
    expect((await figuresOf(batchId)).accepted).toBe(2);
  });

  it('settles a second attempt of which nobody knows either', async () => {
    const { office, batchId, texts } = await sentAgain(1);
    await office.losesTexts(1);
    await expectStates(batchId, { unknown: 1 });
    await office.handOver.answer(texts[0]!, 'accepted');
    await office.reconciles();
    await expectStates(batchId, { accepted: 1 });
    expect(office.gateway.taken).toEqual([]);
  });
});

describe('the answer of a process that slept past its lease', () => {
  it('has a text sent again that surely was not accepted, while its campaign goes on', async () => {
    const office = new Office(new AskedGateway({}));
    const batchId = await makeBatch(db, 2);
    const [text] = await office.losesTexts(2);
    await office.handOver.answer(text!, 'deferred');
    await expectStates(batchId, { queued: 1, unknown: 1 });
    await office.sends(batchId);
    expect(numbers(office.gateway.taken)).toEqual([phoneOf(1)]);
    await expectStates(batchId, { accepted: 1, unknown: 1 });
  });

  it('leaves it unknown once its campaign has ended', async () => {
    const office = new Office(new AskedGateway({}));
    const batchId = await makeBatch(db, 1);
    const [text] = await office.losesTexts(1);
    expect(await office.finishes()).toEqual([batchId]);
    await office.handOver.answer(text!, 'deferred');
    await expectStates(batchId, { unknown: 1 });
    expect(await open(batchId)).toHaveLength(1);
  });
});
