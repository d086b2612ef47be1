import type { ServerResponse } from 'node:http';
import type { Log } from '../../../platform/observability/log';
import { parseReference } from '../../gateway';
import type { AcceptanceIndex } from './acceptance-index';
import type { ClosedReferences } from './closed-references';
import type { Conduct } from './conduct';
import { requestTroubleOf } from './fate';
import type { Hung } from './hung';
import { answerJson, answerRefusal, breakOff } from './http-answers';
import type { Ledger } from './ledger';
import type { LedgerWriter } from './ledger-writer';

export interface LookUpEndpointParts {
  readonly ledger: Ledger;
  readonly writer: LedgerWriter;
  readonly index: AcceptanceIndex;
  readonly closed: ClosedReferences;
  readonly conduct: Conduct;
  readonly hung: Hung;
  readonly log: Log;
}

/**
 * `GET /messages/<reference>`: `{state: "accepted", id}`, or `{state: "absent"}`. Absence is a proof, because it closes the
 * reference: a sender that was stopped in the middle of its request and wakes up later is refused with 409.
 */
export class LookUpEndpoint {
  constructor(private readonly parts: LookUpEndpointParts) {}

  receive(reference: string, response: ServerResponse): void {
    const parsed = parseReference(reference);
    if (!parsed) return answerRefusal(response, 400, 'invalid-request');
    const { conduct, ledger, writer, index, hung } = this.parts;
    const { behaviour, draw } = conduct;
    const trouble = requestTroubleOf(behaviour, draw);
    if (trouble === 'hang') return hung.add(response);
    const isFailing = behaviour.failShare > 0 && draw() < behaviour.failShare;
    if (isFailing) return conduct.afterLatency(() => answerRefusal(response, 503, 'failing'));
    // What arrived before this question is on the ledger first.
    writer.commit();
    const serial = index.serialOf(parsed);
    if (serial === undefined && !this.close(reference)) return answerRefusal(response, 500, 'ledger-unwritable');
    conduct.afterLatency(() => {
      if (trouble) return breakOff(response, trouble);
      answerJson(
        response,
        200,
        serial === undefined ? { state: 'absent' } : { state: 'accepted', id: ledger.idOf(serial) },
      );
    });
  }

  private close(reference: string): boolean {
    try {
      this.parts.closed.add(reference);
      return true;
    } catch (error) {
      this.parts.log.error({ err: error }, 'a reference could not be closed, so its absence is not told');
      return false;
    }
  }
}
