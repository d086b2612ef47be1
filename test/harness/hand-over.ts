import { randomUUID } from 'node:crypto';
import { Chunk, leaseChunk, releaseChunk } from '../../src/delivery/chunks.store';
import { markStep } from '../../src/delivery/mark.store';
import { appendOutcomes, Outcome } from '../../src/delivery/outcomes.store';
import { applyReceipts, keepReceipts } from '../../src/delivery/receipts.store';
import { settleLate } from '../../src/delivery/sweep.store';
import type { Receipt } from '../../src/gateways';
import type { Database } from '../../src/platform/database/database';

export type Answer = 'accepted' | 'failed' | 'deferred' | 'unknown';

/** A text that was handed over and waits for the gateway's answer. */
export interface InFlight {
  readonly chunk: Chunk;
  readonly seq: number;
  readonly areaId: number;
  readonly segments: number;
  readonly day: string;
}

const SLOT = 3;

/** Delivery's own steps one by one, on days of the test's choosing: what the sender and the sweeper do by the clock. */
export class HandOver {
  private readonly owner = randomUUID();

  constructor(
    private readonly database: Database,
    private readonly gateway = 'fake',
  ) {}

  lease(): Promise<Chunk | undefined> {
    return leaseChunk(this.database, { owner: this.owner, gateway: this.gateway, seconds: 600 });
  }

  /** Hands the chunk's next `count` items over on that local day. A retry keeps the day of its first hand-over. */
  async mark(chunk: Chunk, count: number, day: string): Promise<{ chunk: Chunk; inFlight: InFlight[] } | undefined> {
    const to = Math.min(chunk.hi, chunk.marked + count);
    const lease = { owner: this.owner, seconds: 600, slot: SLOT, gateway: this.gateway };
    const mark = await markStep(this.database, chunk, { from: chunk.marked + 1, to }, lease);
    if (mark.gate !== 'open') return undefined;
    const firstDay = chunk.attempt === 1 ? day : undefined;
    // The mark takes the day from the database's clock; the test's day takes its place, for the reaper too.
    if (firstDay) await this.setDay(chunk, firstDay);
    const inFlight = mark.messages.map(({ seq, areaId, segments, day: markedDay }) => ({
      chunk,
      seq,
      areaId,
      segments,
      day: firstDay ?? markedDay,
    }));
    return { chunk: { ...chunk, marked: to }, inFlight };
  }

  private async setDay(chunk: Chunk, day: string): Promise<void> {
    await this.database.run('update handovers set day = $3 where chunk_id = $1 and from_item = $2', [
      chunk.id,
      chunk.marked + 1,
      day,
    ]);
  }

  /** Records an answer as the recorder does: in time, or else as late. */
  async answer(text: InFlight, kind: Answer): Promise<void> {
    const outcomes = [outcomeOf(text, kind)];
    const refused = await appendOutcomes(this.database, outcomes, { owner: this.owner, slot: SLOT, late: false });
    if (refused.length > 0) await settleLate(this.database, refused, SLOT);
  }

  release(chunk: Chunk): Promise<void> {
    return releaseChunk(this.database, chunk, this.owner);
  }

  /** The process sleeps past its lease: the next reaper takes the chunk. */
  async loseLease(chunk: Chunk): Promise<void> {
    await this.database.run(`update chunks set leased_until = now() - interval '1 second' where id = $1`, [chunk.id]);
  }

  async report({ chunk, seq }: InFlight, status: Receipt['status']): Promise<void> {
    const { batchId, attempt } = chunk;
    const reference = { batchId, seq, attempt };
    await keepReceipts(this.database, this.gateway, [
      { reference, status, gatewayMessageId: `id-${batchId}-${seq}`, code: '' },
    ]);
  }

  /** Those too, that waited for their outcome. */
  async applyReports(): Promise<void> {
    await this.database.run('update receipts_to_apply set due_at = now()');
    await applyReceipts(this.database);
  }
}

function outcomeOf({ chunk, ...text }: InFlight, kind: Answer): Outcome {
  const { id: chunkId, fence, batchId, attempt } = chunk;
  const gatewayMessageId = kind === 'accepted' ? `id-${batchId}-${text.seq}` : null;
  return { ...text, chunkId, fence, batchId, attempt, kind, code: '', gatewayMessageId, retryAfterMs: 0, tries: 0 };
}
