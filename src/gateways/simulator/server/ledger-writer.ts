import { hash } from 'node:crypto';
import type { Log } from '../../../platform/observability/log';
import type { AcceptanceIndex } from './acceptance-index';
import type { Conduct } from './conduct';
import { addresseeOf, verdictOf } from './fate';
import type { Ledger } from './ledger';
import { formatEntry } from './ledger-entry';
import type { MessageRequest } from './message-request';
import type { OwedReceipt } from './receipt-queue';

/** The texts of one request that are to be accepted. */
export interface Acceptance {
  readonly messages: readonly MessageRequest[];
  /** Unix time. */
  readonly arrivedAtMs: number;
  /** Called once, after the write: with the ids in the order of the texts, undefined when nothing could be written. */
  readonly settle: (ids: readonly string[] | undefined) => void;
}

export interface LedgerWriterParts {
  readonly ledger: Ledger;
  readonly index: AcceptanceIndex;
  readonly conduct: Conduct;
  readonly oweReceipt: (receipt: OwedReceipt) => void;
  readonly log: Log;
}

/**
 * Writes acceptances to the ledger before they are answered: those that arrive in one turn of the event loop, lists
 * included, share one write.
 */
export class LedgerWriter {
  private group: Acceptance[] = [];

  constructor(private readonly parts: LedgerWriterParts) {}

  accept(acceptance: Acceptance): void {
    if (this.group.push(acceptance) === 1) setImmediate(() => this.commit());
  }

  commit(): void {
    const group = this.group;
    if (group.length === 0) return;
    this.group = [];
    const ids = this.write(group);
    this.parts.conduct.afterLatency(() => group.forEach(({ settle }, index) => settle(ids?.[index])));
  }

  /** @returns the ids of each acceptance's texts, undefined when the ledger cannot be written */
  private write(group: readonly Acceptance[]): string[][] | undefined {
    const { ledger, index, log } = this.parts;
    const { receipts: owesReceipt } = this.parts.conduct.behaviour;
    const fresh: { message: MessageRequest; serial: number; arrivedAtMs: number }[] = [];
    const firsts = hasIdempotent(group) ? new Map<string, string>() : undefined;
    let lines = '';
    const idOf = (message: MessageRequest, arrivedAtMs: number): string => {
      const known = firsts && this.earlierId(message, firsts);
      if (known) return known;
      const serial = ledger.accepted + fresh.length + 1;
      fresh.push({ message, serial, arrivedAtMs });
      const { reference, to: number, text, segments } = message;
      const digest = hash('sha256', text, 'hex');
      const id = ledger.idOf(serial);
      lines += formatEntry({ id, serial, reference, number, digest, acceptedAtMs: arrivedAtMs, owesReceipt, segments });
      firsts?.set(seqOf(message), id);
      return id;
    };
    const ids = group.map(({ messages, arrivedAtMs }) => messages.map((message) => idOf(message, arrivedAtMs)));
    try {
      ledger.append(lines, fresh.length);
    } catch (error) {
      log.error({ err: error }, 'the ledger cannot be written; texts are refused until it can');
      return undefined;
    }
    for (const { message, serial, arrivedAtMs } of fresh) {
      index.add(message.parsed, serial);
      if (owesReceipt) this.owe(message, serial, arrivedAtMs);
    }
    return ids;
  }

  /** A text that may come twice and did: the id that its batch and seq have on the ledger or in this write. */
  private earlierId(message: MessageRequest, firsts: ReadonlyMap<string, string>): string | undefined {
    if (!message.isIdempotent) return undefined;
    const serial = this.parts.index.firstSerialOf(message.parsed);
    return serial === undefined ? firsts.get(seqOf(message)) : this.parts.ledger.idOf(serial);
  }

  private owe(message: MessageRequest, serial: number, acceptedAtMs: number): void {
    const verdict = verdictOf(addresseeOf(message), this.parts.conduct.behaviour);
    const id = this.parts.ledger.idOf(serial);
    this.parts.oweReceipt({ id, serial, reference: message.reference, acceptedAtMs, ...verdict });
  }
}

function hasIdempotent(group: readonly Acceptance[]): boolean {
  return group.some(({ messages }) => messages.some(({ isIdempotent }) => isIdempotent));
}

function seqOf({ parsed }: MessageRequest): string {
  return `${parsed.batchId}.${parsed.seq}`;
}
