import type { ServerResponse } from 'node:http';
import { LONGEST_LIST } from '../simulator-options';
import type { Behaviour } from './behaviour';
import type { ClosedReferences } from './closed-references';
import type { Conduct } from './conduct';
import { addresseeOf, Fate, fateOf, RequestTrouble, requestTroubleOf } from './fate';
import { answerJson, answerRefusal, breakOff } from './http-answers';
import type { Hung } from './hung';
import type { LedgerWriter } from './ledger-writer';
import { FieldProblem, MessageRequest, readJson, readMessageRequest } from './message-request';
import { SendLimits } from './send-limits';

/** Why a text was not accepted: the body of its own answer, or its entry in that of a list. */
interface Refusal {
  readonly accepted: false;
  readonly status: number;
  readonly code: string;
  readonly fields?: readonly FieldProblem[];
  readonly retryAfterSeconds?: number;
}

export interface MessagesEndpointParts {
  readonly writer: LedgerWriter;
  readonly closed: ClosedReferences;
  readonly conduct: Conduct;
  readonly hung: Hung;
}

/**
 * `POST /messages` takes one text, `POST /messages/batch` a list of them. An acceptance is on the ledger before it is
 * answered. Every refusal says `"accepted": false` and left no trace on the ledger; in a list each text has a verdict of
 * its own.
 */
export class MessagesEndpoint {
  private readonly limits = new SendLimits();
  private stopping = false;

  constructor(private readonly parts: MessagesEndpointParts) {}

  receive(body: Buffer, response: ServerResponse): void {
    const trouble = this.begin(response, 1);
    if (trouble === 'over') return;
    const message = this.judge(readJson(body));
    if ('accepted' in message) return this.parts.conduct.afterLatency(() => refuse(response, message));
    this.parts.writer.accept({
      messages: [message],
      arrivedAtMs: Date.now(),
      settle: (ids) => {
        if (!ids) answerRefusal(response, 500, 'ledger-unwritable');
        else if (trouble) breakOff(response, trouble);
        else answerJson(response, 202, { id: ids[0] });
      },
    });
  }

  /** Answers 200 `{results}`, one `{status, id | code}` for each text in its order; a malformed list 400. */
  receiveList(body: Buffer, response: ServerResponse): void {
    const list = readJson(body);
    if (!Array.isArray(list) || list.length > LONGEST_LIST) {
      const problem = `must be a list of at most ${LONGEST_LIST} messages`;
      return answerRefusal(response, 400, 'invalid-request', { fields: [{ field: 'body', problem }] });
    }
    const trouble = this.begin(response, list.length);
    if (trouble === 'over') return;
    const arrivedAtMs = Date.now();
    const verdicts = list.map((entry) => this.judge(entry));
    const messages = verdicts.filter((verdict): verdict is MessageRequest => !('accepted' in verdict));
    this.parts.writer.accept({
      messages,
      arrivedAtMs,
      settle: (ids) => {
        if (!ids) return answerRefusal(response, 500, 'ledger-unwritable');
        if (trouble) return breakOff(response, trouble);
        let next = 0;
        const results = verdicts.map((verdict) => ('accepted' in verdict ? verdict : { status: 202, id: ids[next++] }));
        answerJson(response, 200, { results });
      },
    });
  }

  /** Refuses from now on, and lets the hung connections go. */
  stop(): void {
    this.stopping = true;
    this.parts.writer.commit();
    this.parts.hung.letGo();
  }

  /** What concerns the request as a whole; `over` when it has been dealt with. */
  private begin(response: ServerResponse, texts: number): Exclude<RequestTrouble, 'hang'> | 'over' | undefined {
    if (this.stopping) {
      answerRefusal(response, 503, 'stopping', {}, { connection: 'close' });
      return 'over';
    }
    const { conduct, hung } = this.parts;
    const { behaviour, draw } = conduct;
    if (behaviour.mostInFlight > 0) {
      if (!this.limits.hold(texts, behaviour)) {
        conduct.afterLatency(() => refuse(response, throttled('too-many-in-flight', behaviour)));
        return 'over';
      }
      response.once('close', () => this.limits.release(texts));
    }
    const trouble = requestTroubleOf(behaviour, draw);
    this.note(response, texts, trouble);
    if (trouble !== 'hang') return trouble;
    hung.add(response);
    return 'over';
  }

  private note(response: ServerResponse, texts: number, trouble: RequestTrouble | undefined): void {
    const { deeds } = this.parts.conduct;
    if (trouble === 'hang') deeds.hung += texts;
    else if (trouble) deeds.dropped += texts;
    else {
      response.once('close', () => {
        if (!response.writableFinished) deeds.unheard += texts;
      });
    }
  }

  /** @returns the message when it is to be accepted */
  private judge(value: unknown): MessageRequest | Refusal {
    const message = readMessageRequest(value);
    if (!('reference' in message)) return { ...refusal(400, 'invalid-request'), fields: message };
    const { closed, conduct } = this.parts;
    const { behaviour, draw } = conduct;
    if (closed.has(message.reference)) return refusal(409, 'reference-closed');
    if (!this.limits.takesPlace(message.segments, performance.now(), behaviour))
      return throttled('throttled', behaviour);
    const fate = fateOf(addresseeOf(message), behaviour, draw);
    if (fate === 'accept') return message;
    conduct.deeds.refuse(fate);
    return refusalFor(fate, behaviour);
  }
}

function refusalFor(fate: Exclude<Fate, 'accept'>, behaviour: Behaviour): Refusal {
  if (fate === 'refuse') return refusal(422, 'number-refused');
  if (fate === 'optedOut') return refusal(422, 'opted-out');
  return fate === 'fail' ? refusal(503, 'failing') : throttled('throttled', behaviour);
}

function refusal(status: number, code: string): Refusal {
  return { accepted: false, status, code };
}

function throttled(code: string, { retryAfterSeconds }: Behaviour): Refusal {
  return { ...refusal(429, code), retryAfterSeconds };
}

function refuse(response: ServerResponse, { status, code, fields, retryAfterSeconds }: Refusal): void {
  const headers: Record<string, number> = retryAfterSeconds === undefined ? {} : { 'retry-after': retryAfterSeconds };
  answerRefusal(response, status, code, fields && { fields }, headers);
}
