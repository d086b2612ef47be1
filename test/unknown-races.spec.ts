import { setTimeout as sleep } from 'node:timers/promises';
import { finishBatches } from '../src/delivery/batches.store';
import { appendOutcomes, Outcome } from '../src/delivery/outcomes.store';
import { reapChunk } from '../src/delivery/sweep.store';
import { settleByPerson, type UnknownDecision } from '../src/delivery/unknown/settle.store';
import type { Database, Transaction } from '../src/platform/database/database';
import { makeBatch } from './harness/batches';
import { HandOver, InFlight } from './harness/hand-over';
import { openTestDatabase, TestDatabase } from './harness/test-database';

let db: TestDatabase;
let database: Database;

beforeAll(async () => {
  db = await openTestDatabase();
  database = db.database;
});
afterAll(() => db.close());

/** A batch whose texts are all unknown, and nothing of it is left to send. */
async function lost(size: number): Promise<{ batchId: number; texts: InFlight[] }> {
  const batchId = await makeBatch(db, size);
  const handOver = new HandOver(database);
  const chunk = (await handOver.lease())!;
  const { inFlight } = (await handOver.mark(chunk, size, '2021-05-20'))!;
  await handOver.loseLease(chunk);
  await reapChunk(database, 2);
  return { batchId, texts: inFlight };
}

const decide = (tx: Transaction, batchId: number, seqs: readonly number[], decision: UnknownDecision) =>
  settleByPerson(
    tx,
    seqs.map((seq) => ({ batchId, seq, attempt: 1 })),
    { decision, by: 'user:1', reason: 'Nhà cung cấp xác nhận' },
  );

const acceptedOf = ({ chunk, ...text }: InFlight): Outcome => ({
  ...{ ...text, chunkId: chunk.id, fence: chunk.fence, batchId: chunk.batchId, attempt: 1, kind: 'accepted', code: '' },
  ...{ gatewayMessageId: `g${text.seq}`, retryAfterMs: 0, tries: 0 },
});

/** Certain outcomes and their texts, the counter of unknown ones and the list of them. */
const certainOf = (batchId: number): Promise<unknown> =>
  database.row(
    `select count(*) as certain, count(distinct seq) as texts, (select sum(unknown) from counters where batch_id = $1) as unknown,
       (select count(*) from unknowns where batch_id = $1) as open
     from outcomes where batch_id = $1 and certain`,
    [batchId],
  );

describe('two who decide at the same moment', () => {
  it('a batch does not end while somebody has one of its texts sent again', async () => {
    const { batchId } = await lost(2);
    await database.transaction(async (tx) => {
      expect(await decide(tx, batchId, [1], 'send-again')).toHaveLength(1);
      expect((await finishBatches(database)).finished).toEqual([]);
    });
    expect((await finishBatches(database)).finished).toEqual([]);
  });

  it('nothing is sent again out of a batch that is just ending', async () => {
    const { batchId } = await lost(2);
    let settling: Promise<unknown[]> | undefined;
    await database.transaction(async (tx) => {
      await tx.row('select id from batches where id = $1 for update', [batchId]);
      await tx.run(`update batches set state = 'finished', finished_at = now() where id = $1`, [batchId]);
      settling = database.transaction((other) => decide(other, batchId, [1, 2], 'send-again'));
      await sleep(200);
    });
    expect(await settling).toEqual([]);
    expect(
      await database.row('select count(*) as count from chunks where batch_id = $1 and attempt = 2', [batchId]),
    ).toEqual({ count: 0 });
  });

  it('a proof waits for a person who is deciding, and neither stands in the way of the other', async () => {
    const { batchId, texts } = await lost(3);
    let proving: Promise<unknown> | undefined;
    await database.transaction(async (tx) => {
      await tx.rows('select seq from unknowns where batch_id = $1 order by seq for update', [batchId]);
      proving = appendOutcomes(database, texts.map(acceptedOf), { owner: null, slot: 3, late: true });
      await sleep(200);
      expect(await decide(tx, batchId, [1, 2, 3], 'failed')).toHaveLength(3);
    });
    await proving;
    expect(await certainOf(batchId)).toMatchObject({ certain: 3, texts: 3, unknown: 0, open: 0 });
  });

  it('of a proof and a decision that it is to be sent again one counts, and the other waits for it without a deadlock', async () => {
    const { batchId, texts } = await lost(40);
    const proofs = texts.map(acceptedOf);
    const seqs = texts.map(({ seq }) => seq);
    const late = { owner: null, slot: 3, late: true };
    for (let from = 0; from < 40; from += 10) {
      const part = { proofs: proofs.slice(from, from + 10), seqs: seqs.slice(from, from + 10) };
      await Promise.all([
        appendOutcomes(database, [...part.proofs].reverse(), late),
        database.transaction((tx) => decide(tx, batchId, part.seqs, 'send-again')),
        database.transaction((tx) => decide(tx, batchId, part.seqs, 'failed')),
        appendOutcomes(database, part.proofs, late),
      ]);
    }
    expect(await certainOf(batchId)).toMatchObject({ certain: 40, texts: 40, unknown: 0, open: 0 });
  });
});
