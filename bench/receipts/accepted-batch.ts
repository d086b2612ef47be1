import { prepareBatch } from '../../src/delivery';
import { appendOutcomes, type Outcome } from '../../src/delivery/outcomes.store';
import type { Database } from '../../src/platform/database/database';
import type { Secrets } from '../../src/platform/secrets';
import { AREAS, recipients, SEGMENTS, SENDER } from '../send/notice';
import { sidOf } from './callbacks';

const DAY = '2021-05-20';
const FLUSH = 500;

/** A batch that went through Twilio a while ago: every text accepted, none reported on yet. */
export async function writeAcceptedBatch(database: Database, secrets: Secrets, texts: number): Promise<number> {
  const plan = { gateway: 'twilio', sender: SENDER, plannedDay: DAY, notBefore: new Date(0), listIds: [] };
  const { id } = (await database.transaction((tx) =>
    prepareBatch(
      tx,
      plan,
      (async function* () {
        yield recipients(secrets, texts);
      })(),
    ),
  ))!;
  for (let from = 1; from <= texts; from += FLUSH) {
    const count = Math.min(FLUSH, texts - from + 1);
    const outcomes = Array.from({ length: count }, (_, index) => acceptedOutcome(id, from + index));
    await appendOutcomes(database, outcomes, { owner: null, slot: 1, late: true });
  }
  await database.run(
    `insert into handovers (chunk_id, from_item, to_item, day, gateway)
     select id, lo, hi, $2, 'twilio' from chunks where batch_id = $1`,
    [id, DAY],
  );
  await database.run(`update chunks set state = 'done', marked = hi where batch_id = $1`, [id]);
  await database.run(`update batches set state = 'finished', finished_at = now() where id = $1`, [id]);
  return id;
}

function acceptedOutcome(batchId: number, seq: number): Outcome {
  return {
    ...{ chunkId: 0, fence: 0, batchId, seq, attempt: 1, kind: 'accepted', code: '', retryAfterMs: 0, tries: 0 },
    ...{ gatewayMessageId: sidOf(seq), day: DAY, areaId: seq % AREAS, segments: SEGMENTS },
  };
}
