import { setTimeout as sleep } from 'node:timers/promises';
import type { Gateway } from '../gateways';
import type { Database } from '../platform/database/database';
import type { Log } from '../platform/observability/log';
import { metrics } from '../platform/observability/metrics';
import { Chunk, leaseChunk, releaseChunk } from './chunks.store';
import type { Breaker } from './health/breaker';
import { Mark, markStep } from './mark.store';
import type { Recorder } from './recorder';
import { SeatClaims } from './seat-claims';
import { nextLatency } from './step-size';
import { StepSender, StepTimes } from './step-sender';

/**
 * A marked text that gets no socket for so long is not sent any more but given back, surely not accepted: whatever a
 * gateway does, nothing begins to leave two seconds after a pause, a cancellation or an opt-out.
 */
const LONGEST_WAIT_MS = 1_500;
/** The same from the moment the mark was asked for: it decides by what was on record when it began, however long it takes. */
const LONGEST_WITH_MARK_MS = 2_000;
/** How long to wait when there is nothing to send, and nobody hints at anything. */
const IDLE_MS = 200;
/** After an error that is not the gateway's (the database is away) before looking again. */
const TROUBLE_MS = 1_000;
/** Then a chunk is given back and the next one leased, so that an urgent batch or the next in turn is seen. */
const LONGEST_STAY_MS = 500;
/** Before asking again for a lock that somebody holds for a moment. */
const BUSY_MS = 3;
/** A quota may be raised in the meantime: so often it is looked at again. */
const LONGEST_FULL_MS = 10_000;
/** A list leaves as one, so its segments must not be more than so much of the rate. */
const LIST_SPREAD_SECONDS = 0.1;

export interface SenderOptions {
  readonly owner: string;
  readonly slot: number;
  readonly leaseSeconds: number;
}

export interface SenderParts {
  readonly database: Database;
  readonly gateway: Gateway;
  readonly recorder: Recorder;
  readonly log: Log;
  readonly onOptOut: (phone: string) => Promise<void>;
  readonly breaker: Pick<Breaker, 'allows' | 'state' | 'note' | 'unused'>;
  readonly hint: { wait(ms: number, signal: AbortSignal): Promise<void> };
}

/**
 * Sends for one gateway: idle -> leasing a chunk -> marking its steps -> idle; stopped at the end. It marks the next step
 * while the last one is being sent and leases the next chunk while the last step of one is marked, so that the sockets never
 * starve; and never has more in doubt than `mostInDoubt` says.
 */
export class Sender {
  private readonly steps: StepSender;
  private readonly seats: SeatClaims;
  private readonly stopping = new AbortController();
  private readonly unsettled = new Set<Promise<void>>();
  private readonly fullSenders = new Map<string, number>();
  private running: Promise<void> = Promise.resolve();
  private next: Promise<Chunk | undefined> | undefined;
  private fullUntil = 0;
  private hasTerms = false;
  /** What a mark takes. */
  private answerMs = 5;

  constructor(
    private readonly parts: SenderParts,
    private readonly options: SenderOptions,
  ) {
    const { gateway, recorder, log, onOptOut, breaker } = parts;
    this.steps = new StepSender({ gateway, recorder, log, onOptOut, breaker });
    this.seats = new SeatClaims(parts, options, this.steps);
  }

  start(): void {
    this.running = this.run();
  }

  /** Marks nothing more, gives back what has no socket yet, finishes what is in flight (bounded by the gateway's time-out). */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.steps.close();
    await this.running;
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    const { log, gateway } = this.parts;
    await this.seats.start();
    while (!this.isStopping) {
      try {
        const waitMs = this.waitMs();
        if (waitMs > 0) {
          await this.releaseAhead();
          await this.pause(waitMs);
        } else await this.sendNext();
      } catch (error) {
        log.warn({ err: error, gateway: gateway.name }, 'sending was interrupted, trying again');
        await this.pause(TROUBLE_MS);
      }
    }
    await this.finish();
  }

  private async sendNext(): Promise<void> {
    const { breaker, hint } = this.parts;
    const allowed = breaker.allows(performance.now());
    if (allowed.go === 'none') {
      await this.releaseAhead();
      return this.pause(allowed.waitMs);
    }
    const isProbe = allowed.go === 'one';
    if (isProbe) await this.releaseAhead();
    const leased = this.next ?? this.lease(isProbe);
    this.next = undefined;
    const chunk = await leased;
    if (chunk) {
      metrics.leases.inc({ gateway: this.parts.gateway.name });
      await this.sendChunk(chunk, isProbe);
    }
    // Nothing to try it with, or it was not sent.
    if (isProbe) breaker.unused(performance.now());
    if (!chunk) await hint.wait(IDLE_MS, this.stopping.signal);
  }

  private async finish(): Promise<void> {
    await this.releaseAhead();
    await Promise.all(this.unsettled);
    await this.seats.stop();
  }

  private lease(isProbe = false): Promise<Chunk | undefined> {
    const { owner, leaseSeconds: seconds } = this.options;
    const now = performance.now();
    for (const [sender, until] of this.fullSenders) if (until <= now) this.fullSenders.delete(sender);
    const without = [...this.fullSenders.keys(), ...this.steps.fullSenders];
    return leaseChunk(this.parts.database, { owner, gateway: this.parts.gateway.name, seconds, without, isProbe });
  }

  private leaseAhead(): Promise<Chunk | undefined> {
    const leased = this.lease();
    // Whoever takes it sees the failure; until then it is nobody's.
    leased.catch(() => undefined);
    return leased;
  }

  private async releaseAhead(): Promise<void> {
    const leased = await this.next?.catch(() => undefined);
    this.next = undefined;
    if (leased) await this.release(leased);
  }

  /** How long to leave the gateway alone: it asked to wait, the rate is used up, or no seat is left. */
  private waitMs(): number {
    const now = performance.now();
    return Math.max(this.seats.waitMs(now), this.steps.holdMs, this.fullUntil - now);
  }

  /**
   * Marks step after step; returns once all are marked. The chunk is given back when the last outcome is on record: a probe's at
   * once, for nothing else may leave before it is answered.
   */
  private async sendChunk(chunk: Chunk, isProbe: boolean): Promise<void> {
    const sending: Promise<boolean>[] = [];
    let isWhole = false;
    try {
      if (isProbe) await this.markOne(chunk, sending);
      else await this.markSteps(chunk, sending);
      isWhole = true;
    } finally {
      const settled = this.settle(chunk, sending, isWhole).finally(() => this.unsettled.delete(settled));
      this.unsettled.add(settled);
    }
  }

  private async markOne(chunk: Chunk, sending: Promise<boolean>[]): Promise<void> {
    const from = chunk.marked + 1;
    const startedAt = performance.now();
    const mark = await this.mark(chunk, { from, to: from });
    // It must not be tried again and again meanwhile.
    if (mark.gate === 'full') await this.waitUntilFree(chunk, mark, -Infinity);
    if (mark.gate === 'busy') await this.pause(BUSY_MS);
    if (mark.gate !== 'open') return;
    this.count(mark);
    sending.push(this.steps.send(chunk, mark.messages, this.timesOf(mark, startedAt, true)));
    await Promise.all(sending);
  }

  private async markSteps(chunk: Chunk, sending: Promise<boolean>[]): Promise<void> {
    const leaveAt = performance.now() + LONGEST_STAY_MS;
    for (let from = chunk.marked + 1; from <= chunk.hi;) {
      if (performance.now() > leaveAt || this.steps.fullSenders.includes(chunk.sender)) return;
      await this.steps.whenRoomForStep(chunk.sender);
      if (this.isStopping || this.waitMs() > 0 || this.parts.breaker.state !== 'closed') return;
      const to = Math.min(chunk.hi, from + this.steps.stepSize(chunk.sender) - 1);
      if (to === chunk.hi) this.next ??= this.leaseAhead();
      const startedAt = performance.now();
      const mark = await this.mark(chunk, { from, to });
      if (mark.gate === 'lost') this.parts.log.warn({ chunk: chunk.id }, 'a lease was lost to another instance');
      if (mark.gate === 'lost' || mark.gate === 'closed') return;
      if (mark.gate === 'full' && !(await this.waitUntilFree(chunk, mark, leaveAt))) return;
      if (mark.gate === 'busy') await this.pause(BUSY_MS * (1 + Math.random()));
      if (mark.gate === 'open') {
        this.count(mark);
        sending.push(this.steps.send(chunk, mark.messages, this.timesOf(mark, startedAt, false)));
        from += mark.items;
      }
    }
  }

  private count({ messages }: Extract<Mark, { gate: 'open' }>): void {
    const gateway = this.parts.gateway.name;
    metrics.stepsMarked.inc({ gateway });
    metrics.textsMarked.inc({ gateway }, messages.length);
  }

  private async mark(chunk: Chunk, step: { from: number; to: number }): Promise<Mark> {
    const { database, gateway } = this.parts;
    const { owner, slot, leaseSeconds } = this.options;
    const startedAt = performance.now();
    const lease = { owner, slot, seconds: leaseSeconds, gateway: gateway.name };
    const spreadSeconds = gateway.capabilities.largestBatch !== null ? LIST_SPREAD_SECONDS : undefined;
    const mark = await markStep(database, chunk, step, {
      ...lease,
      hasTerms: this.hasTerms,
      spreadSeconds,
      answerSeconds: this.answerMs / 1_000,
    });
    this.answerMs = nextLatency(this.answerMs, performance.now() - startedAt);
    if (mark.gate === 'open') this.hasTerms = mark.hasTerms;
    return mark;
  }

  private timesOf({ isPaced }: Extract<Mark, { gate: 'open' }>, startedAt: number, isProbe: boolean): StepTimes {
    const now = performance.now();
    // The lease was renewed after `startedAt`: an answer must be able to arrive before it ends.
    const answerableBefore = startedAt + this.options.leaseSeconds * 1_000 - this.parts.gateway.capabilities.timeoutMs;
    // The database read its clock somewhere between the question and the answer.
    const markedAt = startedAt + (now - startedAt) / 2;
    const sendBefore = Math.min(answerableBefore, now + LONGEST_WAIT_MS, startedAt + LONGEST_WITH_MARK_MS);
    return { markedAt, isPaced, isProbe, sendBefore };
  }

  /** @returns whether it is worth while to stay with this chunk. */
  private async waitUntilFree(
    { sender }: Chunk,
    { whose, waitMs }: Extract<Mark, { gate: 'full' }>,
    leaveAt: number,
  ): Promise<boolean> {
    const until = performance.now() + Math.min(waitMs, LONGEST_FULL_MS);
    metrics.tokenWaits.inc({ gateway: this.parts.gateway.name });
    if (whose === 'sender') this.fullSenders.set(sender, until);
    else if (until > leaveAt) this.fullUntil = until;
    if (whose === 'sender' || until > leaveAt) return false;
    await this.pause(waitMs);
    return true;
  }

  /**
   * Gives the chunk back when every outcome is on record. Not after a mark that failed, for it may have been committed
   * unheard, nor after an outcome that could not be recorded: then the lease runs out and the reaper takes stock.
   */
  private async settle(chunk: Chunk, sending: readonly Promise<boolean>[], isWhole: boolean): Promise<void> {
    const recorded = await Promise.all(sending);
    if (isWhole && !recorded.includes(false)) await this.release(chunk);
  }

  private async release(chunk: Chunk): Promise<void> {
    const { database, log } = this.parts;
    await releaseChunk(database, chunk, this.options.owner).catch((error: unknown) =>
      log.warn({ err: error, chunk: chunk.id }, 'a chunk could not be given back, its lease will run out'),
    );
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch((error: Error) => {
      if (error.name !== 'AbortError') throw error;
    });
  }
}
