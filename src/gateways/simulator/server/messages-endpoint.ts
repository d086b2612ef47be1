import { hash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Log } from '../../../platform/observability/log';
import type { Behaviour } from './behaviour';
import type { Conduct } from './conduct';
import { Addressee, Fate, fateOf, verdictOf } from './fate';
import { answerJson, answerRefusal } from './http-answers';
import type { Ledger } from './ledger';
import { formatEntry } from './ledger-entry';
import { MessageRequest, readMessageRequest } from './message-request';
import type { OwedReceipt } from './receipt-queue';

interface Acceptance {
  readonly message: MessageRequest;
  readonly response: ServerResponse;
  readonly isDropped: boolean;
}

export interface MessagesEndpointParts {
  readonly ledger: Ledger;
  readonly conduct: Conduct;
  readonly oweReceipt: (receipt: OwedReceipt) => void;
  readonly log: Log;
}

/**
 * `POST /messages`. An acceptance is written to the ledger before it is answered: requests that arrive in one turn of
 * the event loop share one write. Every refusal says `"accepted": false` and left no trace on the ledger.
 */
export class MessagesEndpoint {
  private group: Acceptance[] = [];
  private readonly hung = new Set<ServerResponse>();
  private stopping = false;

  constructor(private readonly parts: MessagesEndpointParts) {}

  receive(body: Buffer, response: ServerResponse): void {
    if (this.stopping) return answerRefusal(response, 503, 'stopping', {}, { connection: 'close' });
    const message = readMessageRequest(body);
    if (!('reference' in message)) return answerRefusal(response, 400, 'invalid-request', { fields: message });
    const { behaviour, draw } = this.parts.conduct;
    const fate = fateOf(addresseeOf(message), behaviour, draw);
    this.note(fate);
    if (fate === 'accept' || fate === 'drop') return this.accept({ message, response, isDropped: fate === 'drop' });
    if (fate === 'hang') return this.hang(response);
    this.afterLatency(() => this.unlessGone(response, () => refuse(response, fate, behaviour)));
  }

  /** Refuses from now on, and lets the hung connections go. */
  stop(): void {
    this.stopping = true;
    this.commit();
    for (const response of this.hung) response.destroy();
  }

  private note(fate: Fate): void {
    const { deeds } = this.parts.conduct;
    if (fate === 'hang') deeds.hung += 1;
    if (fate === 'drop') deeds.dropped += 1;
    if (fate === 'throttle') deeds.throttled += 1;
    if (fate === 'fail') deeds.failed += 1;
    if (fate === 'refuse') deeds.refused += 1;
    if (fate === 'optedOut') deeds.optedOut += 1;
  }

  private unlessGone(response: ServerResponse, act: () => void): void {
    if (response.destroyed) this.parts.conduct.deeds.unheard += 1;
    else act();
  }

  private hang(response: ServerResponse): void {
    this.hung.add(response);
    response.on('close', () => this.hung.delete(response));
  }

  private accept(acceptance: Acceptance): void {
    if (this.group.push(acceptance) === 1) setImmediate(() => this.commit());
  }

  private commit(): void {
    const group = this.group;
    if (group.length === 0) return;
    this.group = [];
    const { ledger, log } = this.parts;
    const { behaviour } = this.parts.conduct;
    const acceptedAtMs = Date.now();
    const ids = group.map((_, index) => ledger.idOfNext(index + 1));
    const firstSerial = ledger.accepted + 1;
    try {
      ledger.append(linesOf(group, ids, firstSerial, acceptedAtMs, behaviour.receipts), group.length);
    } catch (error) {
      log.error({ err: error }, 'the ledger cannot be written; texts are refused until it can');
      for (const { response } of group) answerRefusal(response, 500, 'ledger-unwritable');
      return;
    }
    group.forEach(({ message }, index) => {
      if (behaviour.receipts) this.owe(message, ids[index] ?? '', firstSerial + index, acceptedAtMs);
    });
    const answerOne = (acceptance: Acceptance, index: number): void =>
      this.unlessGone(acceptance.response, () => answer(acceptance, ids[index] ?? ''));
    this.afterLatency(() => group.forEach(answerOne));
  }

  private owe(message: MessageRequest, id: string, serial: number, acceptedAtMs: number): void {
    const verdict = verdictOf(addresseeOf(message), this.parts.conduct.behaviour);
    this.parts.oweReceipt({ id, serial, reference: message.reference, acceptedAtMs, ...verdict });
  }

  private afterLatency(act: () => void): void {
    const { latencyMs } = this.parts.conduct.behaviour;
    if (latencyMs === 0) act();
    else setTimeout(act, latencyMs);
  }
}

function linesOf(
  group: readonly Acceptance[],
  ids: readonly string[],
  firstSerial: number,
  acceptedAtMs: number,
  owesReceipt: boolean,
): string {
  let lines = '';
  group.forEach(({ message }, index) => {
    const { reference, to: number, text } = message;
    const [id, serial, digest] = [ids[index] ?? '', firstSerial + index, hash('sha256', text, 'hex')];
    lines += formatEntry({ id, serial, reference, number, digest, acceptedAtMs, owesReceipt });
  });
  return lines;
}

function answer({ response, isDropped }: Acceptance, id: string): void {
  if (isDropped) response.destroy();
  else answerJson(response, 202, { id });
}

function refuse(response: ServerResponse, fate: Exclude<Fate, 'accept' | 'drop' | 'hang'>, behaviour: Behaviour): void {
  if (fate === 'refuse') return answerRefusal(response, 422, 'number-refused');
  if (fate === 'optedOut') return answerRefusal(response, 422, 'opted-out');
  if (fate === 'fail') return answerRefusal(response, 503, 'failing');
  return answerRefusal(response, 429, 'throttled', {}, { 'retry-after': behaviour.retryAfterSeconds });
}

function addresseeOf({ parsed, to }: MessageRequest): Addressee {
  return { batchId: parsed.batchId, number: to };
}
