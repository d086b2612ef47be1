import type { MessageReference } from '../../gateways';
import type { Queries, Transaction } from '../../platform/database/database';
import { metrics } from '../../platform/observability/metrics';
import { notifyDelivery } from '../delivery-hint';
import { letGoSoon } from '../let-go-soon';
import { appendOutcomes, type Outcome } from '../outcomes.store';

/** `failed`: it did not arrive and is not to be sent again. */
export const UNKNOWN_DECISIONS = ['accepted', 'failed', 'send-again'] as const;
export type UnknownDecision = (typeof UNKNOWN_DECISIONS)[number];

export interface Settlement extends MessageReference {
  /** The gateway's id where a look-up found it. */
  readonly gatewayMessageId?: string;
}

export interface SettledBy {
  readonly decision: UnknownDecision;
  /** Code of the outcome that is recorded: what settled it. */
  readonly code:
    'by-look-up' | 'by-person' | 'by-late-proof' | 'settled-absent' | 'settled-by-person' | 'resend-idempotent';
  /** An actor's id, or `look-up`, `resend`, `late-proof` of the reconciler. */
  readonly by: string;
  readonly reason: string;
}

/** Counters that settling moves: a slot of its own, beside those of the senders. */
const SLOT = 17;

interface OpenText extends MessageReference {
  readonly chunkId: number;
  readonly day: string;
  readonly areaId: number;
  readonly segments: number;
  readonly tries: number;
  readonly isReadable: boolean;
}

const KINDS = { accepted: 'accepted', failed: 'failed', 'send-again': 'deferred' } as const;

/**
 * Settles unknown texts, in the caller's transaction: a certain outcome is recorded of that attempt, the counter moves, and what
 * is to be sent again waits as a further attempt at the gate, which holds back who opted out, what was paused, is past its
 * deadline, or turns out to have been accepted after all. A text that is no longer unknown is left as it is; one to be sent
 * again also where it was erased or its batch has ended.
 *
 * Locks in this order, as everybody who settles: the texts' rows in `unknowns` by their key, then their batches, then counters.
 *
 * @param settlements at most some hundred: they become one chunk
 * @returns those that were settled
 */
export async function settleUnknowns(
  tx: Transaction,
  settlements: readonly Settlement[],
  { decision, code, by, reason }: SettledBy,
): Promise<MessageReference[]> {
  if (settlements.length === 0) return [];
  await letGoSoon(tx);
  const open = await lockOpen(tx, settlements);
  const ended = decision === 'send-again' ? await lockEndedBatches(tx, open) : new Set<number>();
  const texts = decision === 'send-again' ? open.filter((text) => text.isReadable && !ended.has(text.batchId)) : open;
  const ids = new Map(settlements.map((one) => [keyOf(one), one.gatewayMessageId ?? null]));
  const outcomes = texts.map(({ isReadable: _, ...text }): Outcome => {
    const base = { ...text, fence: 0, code, retryAfterMs: 0 };
    return { ...base, kind: KINDS[decision], gatewayMessageId: ids.get(keyOf(text)) ?? null };
  });
  await appendOutcomes(tx, outcomes, { owner: null, slot: SLOT, late: true });
  await keepSettlements(tx, texts, { decision, by, reason });
  if (decision === 'send-again') await notifyDelivery(tx);
  metrics.settlements.inc({ by: by.includes(':') ? 'person' : by, decision }, texts.length);
  return texts.map(({ batchId, seq, attempt }) => ({ batchId, seq, attempt }));
}

/** @param by the actor's id; `reason`: his words */
export async function settleByPerson(
  tx: Transaction,
  texts: readonly MessageReference[],
  { decision, by, reason }: Omit<SettledBy, 'code'>,
): Promise<MessageReference[]> {
  const code = decision === 'send-again' ? 'settled-by-person' : 'by-person';
  return settleUnknowns(
    tx,
    texts.map(({ batchId, seq, attempt }) => ({ batchId, seq, attempt })),
    { decision, code, by, reason },
  );
}

const keyOf = ({ batchId, seq, attempt }: MessageReference): string => `${batchId}.${seq}.${attempt}`;

function lockOpen(tx: Transaction, texts: readonly MessageReference[]): Promise<OpenText[]> {
  return tx.rows<OpenText>(
    `select u.batch_id as "batchId", u.seq, u.attempt, u.chunk_id as "chunkId", o.day, m.area_id as "areaId", m.segments,
       coalesce(c.tries, 0) as tries, m.phone is not null and m.text is not null as "isReadable"
     from unnest($1::bigint[], $2::int[], $3::smallint[]) as g (batch_id, seq, attempt)
     join unknowns u on u.batch_id = g.batch_id and u.seq = g.seq and u.attempt = g.attempt
     join outcomes o on o.batch_id = u.batch_id and o.seq = u.seq and o.attempt = u.attempt and not o.certain
     join messages m on m.batch_id = u.batch_id and m.seq = u.seq
     left join chunks c on c.id = u.chunk_id
     order by u.batch_id, u.seq, u.attempt for update of u`,
    columnsOf(texts),
  );
}

/** Holds the batches, so that none of them ends before a further attempt is there to be seen. */
async function lockEndedBatches(tx: Queries, texts: readonly MessageReference[]): Promise<Set<number>> {
  const rows = await tx.rows<{ id: number; hasEnded: boolean }>(
    `select id, finished_at is not null as "hasEnded" from batches where id = any($1::bigint[]) order by id for key share`,
    [[...new Set(texts.map(({ batchId }) => batchId))]],
  );
  return new Set(rows.filter(({ hasEnded }) => hasEnded).map(({ id }) => id));
}

async function keepSettlements(
  tx: Queries,
  texts: readonly MessageReference[],
  { decision, by, reason }: Omit<SettledBy, 'code'>,
): Promise<void> {
  await tx.run(
    `insert into settlements (batch_id, seq, attempt, decision, by, reason)
     select g.*, $4, $5, $6 from unnest($1::bigint[], $2::int[], $3::smallint[]) as g`,
    [...columnsOf(texts), decision, by, reason],
  );
}

function columnsOf(texts: readonly MessageReference[]): [number[], number[], number[]] {
  return [texts.map(({ batchId }) => batchId), texts.map(({ seq }) => seq), texts.map(({ attempt }) => attempt)];
}

export interface LockedUnknowns {
  /** Whether nobody has settled it yet. */
  isOpen(text: MessageReference): boolean;
  /** Whether, besides, its batch has not ended, so that a further attempt can leave. */
  mayGoOn(text: MessageReference): boolean;
}

/** Locks what of these is unknown, and its batches, in the order of `settleUnknowns`. */
export async function lockUnknowns(tx: Transaction, texts: readonly MessageReference[]): Promise<LockedUnknowns> {
  const open = await lockOpen(tx, texts);
  const ended = await lockEndedBatches(tx, open);
  const keys = new Set(open.map(keyOf));
  const isOpen = (text: MessageReference): boolean => keys.has(keyOf(text));
  return { isOpen, mayGoOn: (text) => isOpen(text) && !ended.has(text.batchId) };
}
