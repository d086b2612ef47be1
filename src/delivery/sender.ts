import { setTimeout as sleep } from 'node:timers/promises';
import type { Gateway, SendOutcome } from '../gateways';
import type { Database } from '../platform/database/database';
import type { Log } from '../platform/observability/log';
import { Chunk, HandedOver, leaseChunk, markStep, releaseChunk } from './chunks.store';
import type { Recorder } from './recorder';
import { judgeAnswer } from './retry-policy';
import { Sockets } from './sockets';
import { nextLatency, stepSize, SUPPOSED_LATENCY_MS } from './step-size';

/**
 * A marked text that gets no socket for so long is not sent any more but given back, surely not accepted: whatever a
 * gateway does, nothing begins to leave two seconds after a pause, a cancellation or an opt-out.
 */
const LONGEST_WAIT_MS = 1_500;
const WAITED_TOO_LONG = 'waited-too-long';
/** How long to wait when there is nothing to send. */
const IDLE_MS = 200;
/** After an error that is not the gateway's (the database is away) before looking again. */
const TROUBLE_MS = 1_000;
/** A gateway that refuses everything is asked again after a tenth of a second, doubling up to five. */
const FIRST_HOLD_MS = 100;
const LONGEST_HOLD_MS = 5_000;

export interface SenderOptions {
  readonly owner: string;
  readonly slot: number;
  readonly leaseSeconds: number;
}

/**
 * Sends for one gateway: idle -> leasing a chunk -> marking its steps -> idle; stopped at the end. It marks the next step
 * while the last one is being sent, and never holds more than two marked steps beyond the texts in flight, so a kill
 * leaves at most sockets + two steps + one flush in doubt.
 */
export class Sender {
  private readonly sockets: Sockets;
  private readonly stopping = new AbortController();
  private readonly unsettled = new Set<Promise<void>>();
  private running: Promise<void> = Promise.resolve();
  private holdUntil = 0;
  private refusalsInARow = 0;
  private latencyMs = SUPPOSED_LATENCY_MS;

  constructor(
    private readonly database: Database,
    private readonly gateway: Gateway,
    private readonly recorder: Recorder,
    private readonly log: Log,
    private readonly options: SenderOptions,
    private readonly onOptOut: (phone: string) => Promise<void>,
  ) {
    this.sockets = new Sockets(gateway.capabilities.sockets);
  }

  start(): void {
    this.running = this.run();
  }

  /** Marks nothing more, finishes what is in flight (bounded by the gateway's time-out) and gives the chunk back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.isStopping) {
      try {
        await this.holdOff();
        const { owner, leaseSeconds } = this.options;
        const chunk = await leaseChunk(this.database, { owner, gateway: this.gateway.name, seconds: leaseSeconds });
        if (chunk) await this.sendChunk(chunk);
        else await this.pause(IDLE_MS);
      } catch (error) {
        this.log.warn({ err: error, gateway: this.gateway.name }, 'sending was interrupted, trying again');
        await this.pause(TROUBLE_MS);
      }
    }
    await Promise.all(this.unsettled);
  }

  /** Marks step after step; returns once all are marked. The chunk is given back when the last outcome is on record. */
  private async sendChunk(chunk: Chunk): Promise<void> {
    const sending: Promise<boolean>[] = [];
    let isWhole = false;
    try {
      await this.markSteps(chunk, sending);
      isWhole = true;
    } finally {
      const settled = this.settle(chunk, sending, isWhole).finally(() => this.unsettled.delete(settled));
      this.unsettled.add(settled);
    }
  }

  private async markSteps(chunk: Chunk, sending: Promise<boolean>[]): Promise<void> {
    const lease = { ...this.options, seconds: this.options.leaseSeconds };
    for (let from = chunk.marked + 1; from <= chunk.hi && !this.isStopping;) {
      await this.sockets.whenFewerWaitThan(this.stepSize);
      await this.holdOff();
      const startedAt = performance.now();
      const to = Math.min(chunk.hi, from + this.stepSize - 1);
      const mark = await markStep(this.database, chunk, { from, to }, lease);
      if (mark.gate === 'lost') this.log.warn({ chunk: chunk.id }, 'a lease was lost to another instance');
      if (mark.gate !== 'open') return;
      // The lease was renewed after `startedAt`: an answer must be able to arrive before it ends.
      const answerableBefore = startedAt + lease.seconds * 1_000 - this.gateway.capabilities.timeoutMs;
      const sendBefore = Math.min(answerableBefore, performance.now() + LONGEST_WAIT_MS);
      sending.push(...mark.messages.map((message) => this.sendOne(chunk, message, sendBefore)));
      from = to + 1;
    }
  }

  private get stepSize(): number {
    return stepSize(this.gateway.capabilities.sockets, this.latencyMs);
  }

  /**
   * Gives the chunk back when every outcome is on record. Not after a mark that failed, for it may have been committed
   * unheard, nor after an outcome that could not be recorded: then the lease runs out and the reaper takes stock.
   */
  private async settle(chunk: Chunk, sending: readonly Promise<boolean>[], isWhole: boolean): Promise<void> {
    const recorded = await Promise.all(sending);
    if (!isWhole || recorded.includes(false)) return;
    await releaseChunk(this.database, chunk, this.options.owner).catch((error: unknown) =>
      this.log.warn({ err: error, chunk: chunk.id }, 'a chunk could not be given back, its lease will run out'),
    );
  }

  /** Never rejects: true once the outcome is on record, whatever it is. */
  private async sendOne(chunk: Chunk, message: HandedOver, sendBefore: number): Promise<boolean> {
    const { batchId, attempt, sender } = chunk;
    const { seq, phone, text, day, areaId, segments } = message;
    const answer = await this.sockets.use(async (): Promise<SendOutcome> => {
      const startedAt = performance.now();
      // Also when the process slept past its lease: then another may soon take the chunk for abandoned.
      if (startedAt > sendBefore) return { kind: 'deferred', because: 'rate', code: WAITED_TOO_LONG };
      const given = await this.gateway.send({ reference: { batchId, seq, attempt }, phone, text, sender });
      this.latencyMs = nextLatency(this.latencyMs, performance.now() - startedAt);
      this.noteRefusal(given);
      return given;
    });
    const { id: chunkId, fence } = chunk;
    const outcome = {
      ...judgeAnswer(answer, chunk, Math.random()),
      chunkId,
      fence,
      batchId,
      seq,
      attempt,
      day,
      areaId,
      segments,
    };
    try {
      // First the wish not to be texted: it must not be lost when the process dies in between.
      if (answer.kind === 'optedOut') await this.onOptOut(phone);
      await this.recorder.record(outcome);
      return true;
    } catch (error) {
      this.log.warn({ err: error, chunk: chunkId }, 'an outcome could not be recorded, its text will be unknown');
      return false;
    }
  }

  /** A gateway that takes nothing is not asked 100 times at once. */
  private noteRefusal(answer: SendOutcome): void {
    if (answer.kind !== 'deferred') {
      this.refusalsInARow = 0;
      return;
    }
    this.refusalsInARow += 1;
    const rounds = Math.floor(this.refusalsInARow / this.gateway.capabilities.sockets);
    const holdMs = answer.retryAfterMs ?? (rounds === 0 ? 0 : Math.min(LONGEST_HOLD_MS, FIRST_HOLD_MS * 2 ** rounds));
    this.holdUntil = Math.max(this.holdUntil, performance.now() + Math.min(holdMs, LONGEST_HOLD_MS));
  }

  private async holdOff(): Promise<void> {
    const waitMs = this.holdUntil - performance.now();
    if (waitMs > 0) await this.pause(waitMs);
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
  }
}
