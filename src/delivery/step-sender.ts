import type { Gateway, OutgoingMessage, SendOutcome } from '../gateways';
import type { Log } from '../platform/observability/log';
import { metrics } from '../platform/observability/metrics';
import type { Chunk } from './chunks.store';
import type { HandedOver } from './mark.store';
import type { Outcome } from './outcomes.store';
import type { Breaker } from './health/breaker';
import type { Recorder } from './recorder';
import { judgeAnswer, judgeGivenBack } from './retry-policy';
import { Places } from './places';
import { Sockets } from './sockets';
import { mostInDoubt, nextLatency, stepSize, SUPPOSED_LATENCY_MS } from './step-size';

/**
 * A text that misses its place in the rate by more than this is given back: sent late it would come on top of those whose
 * place it is by now.
 */
const MOST_LATE_MS = 100;
/** A gateway that refuses for too many, or takes nothing, is left alone for at most so long before it is asked again. */
const LONGEST_HOLD_MS = 5_000;

/** Why a marked text was not sent after all. It surely has not left, so it waits anew at no cost. */
type GivenBack = 'waited-too-long' | 'missed-its-place' | 'held-off' | 'gateway-away' | 'no-seat' | 'stopping';

/** When the texts of a marked step may leave, on the clock of performance.now(). */
export interface StepTimes {
  /** What `leavesInMs` counts from. */
  readonly markedAt: number;
  readonly isPaced: boolean;
  /** Later nothing may begin to leave: the lease could end before the answer is there. */
  readonly sendBefore: number;
  /** The one text that tries a gateway which took nothing. */
  readonly isProbe: boolean;
}

export interface StepSenderParts {
  readonly gateway: Gateway;
  readonly recorder: Recorder;
  readonly log: Log;
  readonly onOptOut: (phone: string) => Promise<void>;
  readonly breaker: Pick<Breaker, 'state' | 'note'>;
}

/**
 * Sends marked texts: each at its place in the rate and on a free socket, and has its outcome recorded. Never more of them are
 * without a recorded outcome than `mostInDoubt` says. States: open -> closed: then what has no socket yet is given back.
 */
export class StepSender {
  private readonly sockets: Sockets;
  /** Of sender IDs whose messages in flight are limited. */
  private readonly ofSenders = new Map<string, Sockets>();
  private readonly places: Places;
  private readonly timers = new Map<NodeJS.Timeout, () => void>();
  private seats = Infinity;
  private unsettled = 0;
  private latencyMs = SUPPOSED_LATENCY_MS;
  private heldUntil = 0;
  private isClosed = false;
  private whenRoom: (() => void) | undefined;

  constructor(private readonly parts: StepSenderParts) {
    const { sockets } = parts.gateway.capabilities;
    this.places = new Places(sockets);
    this.sockets = new Sockets(sockets);
    this.sockets.onAdvance = () => this.whenRoom?.();
  }

  /** How many texts of a sender ID to mark at once. */
  stepSize(sender: string): number {
    const seats = Math.min(this.places.count, this.seats, this.ofSenders.get(sender)?.places ?? Infinity);
    const { largestBatch } = this.parts.gateway.capabilities;
    return largestBatch !== null && this.goesInLists(sender) ? largestBatch : stepSize(seats, this.latencyMs);
  }

  /** Not where messages in flight are limited: a list is many at once. */
  private goesInLists(sender: string): boolean {
    return (
      this.parts.gateway.capabilities.largestBatch !== null && this.seats === Infinity && !this.ofSenders.has(sender)
    );
  }

  /** Sender IDs of which nothing more may be marked: what is marked waits for a seat. */
  get fullSenders(): string[] {
    return [...this.ofSenders].filter(([, { places, waits }]) => places === 0 || waits > 0).map(([sender]) => sender);
  }

  /** For so long the gateway is not to be asked. */
  get holdMs(): number {
    return Math.max(0, this.heldUntil - performance.now());
  }

  /** What is in flight, of all or of one sender ID. */
  busy(sender: string): number {
    return sender === '' ? this.sockets.inUse : (this.ofSenders.get(sender)?.inUse ?? 0);
  }

  /** @param mayFill how many may be in flight, by sender ID; `''` is the gateway. What is not named has no limit. */
  limit(mayFill: ReadonlyMap<string, number>): void {
    this.seats = mayFill.get('') ?? Infinity;
    this.sockets.resize(Math.min(this.places.count, this.seats));
    for (const [sender, sockets] of this.ofSenders) if (!mayFill.has(sender)) sockets.resize(Infinity);
    for (const [sender, count] of mayFill) {
      if (sender === '') continue;
      const sockets = this.ofSenders.get(sender) ?? new Sockets(count);
      this.ofSenders.set(sender, sockets);
      sockets.resize(count);
    }
  }

  /** Resolves when a further step may be marked: fewer wait than would fill one, and few enough are in doubt. */
  async whenRoomForStep(sender: string): Promise<void> {
    const { sockets, largestBatch } = this.parts.gateway.capabilities;
    const most = mostInDoubt(sockets, largestBatch);
    while (!this.isClosed) {
      const step = this.stepSize(sender);
      const isDoubtFull = this.unsettled + step > most;
      if (!isDoubtFull && this.sockets.waits * (largestBatch ?? 1) < step) break;
      if (isDoubtFull) this.parts.recorder.hurry();
      await new Promise<void>((resolve) => (this.whenRoom = resolve));
    }
    this.whenRoom = undefined;
  }

  /** @returns never rejects: true once the outcomes of all of them are on record, whatever they are. */
  send(chunk: Chunk, messages: readonly HandedOver[], times: StepTimes): Promise<boolean> {
    if (messages.length === 0) return Promise.resolve(true);
    this.unsettled += messages.length;
    if (this.goesInLists(chunk.sender)) return this.sendList(chunk, messages, times);
    return new Promise((resolve) => {
      let left = messages.length;
      let isWhole = true;
      const onSettled = (isRecorded: boolean): void => {
        this.noteSettled(1);
        isWhole &&= isRecorded;
        if (--left === 0) resolve(isWhole);
      };
      for (const message of messages) void this.sendOne(chunk, message, times).then(onSettled);
    });
  }

  /** What waits for its place or a socket is given back; what is in flight ends within the gateway's time-out. */
  close(): void {
    this.isClosed = true;
    this.sockets.close();
    for (const sockets of this.ofSenders.values()) sockets.close();
    for (const [timer, wake] of this.timers) {
      clearTimeout(timer);
      wake();
    }
    this.timers.clear();
    this.whenRoom?.();
  }

  private async sendOne(chunk: Chunk, message: HandedOver, times: StepTimes): Promise<boolean> {
    const answer = await this.inTurn(chunk.sender, times.markedAt + message.leavesInMs, times, async () => {
      const startedAt = performance.now();
      const given = await this.parts.gateway.send(outgoing(chunk, message));
      this.note(given, startedAt);
      return given;
    });
    return this.record([this.outcomeOf(chunk, message, answer)], [[message, answer]]);
  }

  /** The whole step in one call, at the place of its first text: the mark gave it a step that may leave as one. */
  private async sendList(chunk: Chunk, messages: readonly HandedOver[], times: StepTimes): Promise<boolean> {
    const given = await this.inTurn(chunk.sender, times.markedAt + messages[0]!.leavesInMs, times, async () => {
      const startedAt = performance.now();
      const answers = await this.parts.gateway.sendBatch!(messages.map((message) => outgoing(chunk, message)));
      for (const answer of answers) this.note(answer, startedAt);
      return answers;
    });
    const answerTo = (index: number): SendOutcome | GivenBack => (typeof given === 'string' ? given : given[index]!);
    const isRecorded = await this.record(
      messages.map((message, index) => this.outcomeOf(chunk, message, answerTo(index))),
      messages.map((message, index) => [message, answerTo(index)] as const),
    );
    this.noteSettled(messages.length);
    return isRecorded;
  }

  private noteSettled(texts: number): void {
    this.unsettled -= texts;
    this.whenRoom?.();
  }

  /** Does the work at its place in the rate and on a free socket; or says why it was not begun. */
  private async inTurn<T>(
    sender: string,
    place: number,
    times: StepTimes,
    work: () => Promise<T>,
  ): Promise<T | GivenBack> {
    if (times.isPaced) await this.until(place);
    const lastMoment = times.isPaced ? Math.min(times.sendBefore, place + MOST_LATE_MS) : times.sendBefore;
    const begin = (): Promise<T> | GivenBack => {
      const now = performance.now();
      if (this.isClosed) return 'stopping';
      if (this.parts.breaker.state !== 'closed' && !times.isProbe) return 'gateway-away';
      if (now < this.heldUntil) return 'held-off';
      // Also when the process slept past its lease: then another may soon take the chunk for abandoned.
      if (now > lastMoment) return now > times.sendBefore ? 'waited-too-long' : 'missed-its-place';
      return work();
    };
    const inGateway = (): Promise<T | GivenBack | undefined> => this.sockets.use<T | GivenBack>(begin);
    const ofSender = this.ofSenders.get(sender);
    const done = ofSender ? ofSender.use<T | GivenBack | undefined>(inGateway) : inGateway();
    return (await done) ?? (this.isClosed ? 'stopping' : 'no-seat');
  }

  private until(moment: number): Promise<void> | undefined {
    const waitMs = moment - performance.now();
    if (waitMs <= 0 || this.isClosed) return undefined;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        resolve();
      }, Math.ceil(waitMs));
      this.timers.set(timer, resolve);
    });
  }

  private note(answer: SendOutcome, sentAt: number): void {
    const now = performance.now();
    this.latencyMs = nextLatency(this.latencyMs, now - sentAt);
    this.parts.breaker.note(answer, now, sentAt);
    const gateway = this.parts.gateway.name;
    metrics.sends.inc({ gateway, outcome: answer.kind });
    if (answer.kind === 'unknown') metrics.unknownTexts.inc({ cause: 'gateway' });
    metrics.sendSeconds.observe({ gateway }, (now - sentAt) / 1_000);
    const isRateRefusal = answer.kind === 'deferred' && answer.because === 'rate';
    if (isRateRefusal) metrics.rateRefusals.inc({ gateway });
    if (this.places.note(isRateRefusal)) this.sockets.resize(Math.min(this.places.count, this.seats));
    if (answer.kind !== 'deferred' || answer.retryAfterMs === undefined) return;
    this.heldUntil = Math.max(this.heldUntil, performance.now() + Math.min(answer.retryAfterMs, LONGEST_HOLD_MS));
  }

  private outcomeOf(chunk: Chunk, message: HandedOver, answer: SendOutcome | GivenBack): Outcome {
    const { id: chunkId, fence, batchId, attempt } = chunk;
    const { seq, day, areaId, segments } = message;
    const judged =
      typeof answer === 'string'
        ? judgeGivenBack(answer, this.holdMs, chunk)
        : judgeAnswer(answer, chunk, Math.random());
    return { ...judged, chunkId, fence, batchId, seq, attempt, day, areaId, segments };
  }

  private async record(
    outcomes: readonly Outcome[],
    answers: readonly (readonly [HandedOver, SendOutcome | GivenBack])[],
  ): Promise<boolean> {
    const { recorder, log, onOptOut } = this.parts;
    try {
      // First the wish not to be texted: it must not be lost when the process dies in between.
      for (const [{ phone }, answer] of answers)
        if (typeof answer !== 'string' && answer.kind === 'optedOut') await recorder.insist(() => onOptOut(phone));
      await recorder.record(outcomes);
      return true;
    } catch (error) {
      log.warn({ err: error, texts: outcomes.length }, 'outcomes could not be recorded, their texts will be unknown');
      return false;
    }
  }
}

function outgoing({ batchId, attempt, sender }: Chunk, { seq, phone, text, segments }: HandedOver): OutgoingMessage {
  return { reference: { batchId, seq, attempt }, phone, text, segments, sender };
}
