import type { Gateway, GatewayRegistry, LookUpAnswer } from '../../gateways';
import type { Database } from '../../platform/database/database';
import type { Log } from '../../platform/observability/log';
import { type Finding, judgeLookUp, nextStep, type UnknownFacts } from './judge-unknown';
import { findProvedUnknowns, judgeLateProofs } from './late-proofs.store';
import { type DueUnknown, type NextTurn, setNextTurns, takeDueUnknowns } from './reconcile.store';
import { type SettledBy, type Settlement, settleUnknowns } from './settle.store';

/** Texts taken at once; those to be sent again become one chunk. */
const LOT = 100;
/** Look-ups at the same moment: a gateway has its texts to send besides. */
const AT_ONCE = 10;

export interface ReconcilerParts {
  readonly database: Database;
  readonly gateways: Pick<GatewayRegistry, 'names' | 'get' | 'all'>;
  readonly log: Log;
  readonly leaseMs: number;
}

/** What is to be done with a text, and whether its gateway was asked to know it. */
type Judged = DueUnknown & { readonly finding: Finding; readonly isLookedUp: boolean };

/**
 * Settles unknown texts by what gateways promise and answer; what they cannot tell is left to a person. While it asks, it holds
 * neither a lock nor a connection.
 */
export class Reconciler {
  private isStopping = false;

  constructor(private readonly parts: ReconcilerParts) {}

  /** Asks nobody any more; what is being asked is finished, within the gateway's time-out. */
  stop(): void {
    this.isStopping = true;
  }

  /** Works through all whose turn has come. */
  async reconcile(): Promise<void> {
    await this.honourLateProofs();
    for (let taken = LOT; taken === LOT && !this.isStopping;) {
      const due = await takeDueUnknowns(this.parts.database, LOT, this.leaseSeconds);
      taken = due.length;
      await this.settle(await this.judge(due));
    }
  }

  /** In the worst case every look-up takes its whole time. */
  private get leaseSeconds(): number {
    const longestMs = Math.max(0, ...this.parts.gateways.all.map(({ capabilities }) => capabilities.timeoutMs));
    return 60 + (Math.ceil(LOT / AT_ONCE) * longestMs) / 1_000;
  }

  private async honourLateProofs(): Promise<void> {
    const { database, log } = this.parts;
    const proved = await findProvedUnknowns(database, LOT);
    const settledBy = { decision: 'accepted', code: 'by-late-proof', by: 'late-proof', reason: '' } as const;
    if (proved.length > 0) await database.transaction((tx) => settleUnknowns(tx, proved, settledBy));
    const twice = await judgeLateProofs(database);
    if (twice > 0) log.warn({ texts: twice }, 'texts were sent again whose first attempt turned out to be accepted');
  }

  private async judge(due: readonly DueUnknown[]): Promise<Judged[]> {
    const judged: Judged[] = [];
    const waiting = [...due];
    const lane = async (): Promise<void> => {
      for (let text; (text = waiting.shift());) judged.push(await this.judgeOne(text));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    return judged;
  }

  private async judgeOne(due: DueUnknown): Promise<Judged> {
    const { gateways, leaseMs } = this.parts;
    const gateway = gateways.names.includes(due.gateway) ? gateways.get(due.gateway) : undefined;
    const isReadable = due.phone !== null && due.text !== null;
    const facts: UnknownFacts = { ...due, gateway: gateway?.capabilities, isReadable };
    const step = nextStep(facts, leaseMs);
    if (step.do !== 'look-up') return { ...due, finding: step, isLookedUp: false };
    if (this.isStopping) return { ...due, finding: { do: 'wait', ms: 0 }, isLookedUp: false };
    const lookUps = due.lookUps + 1;
    const answer = await lookUp(gateway!, due);
    return { ...due, lookUps, finding: judgeLookUp({ ...facts, lookUps }, answer, leaseMs), isLookedUp: true };
  }

  private async settle(judged: readonly Judged[]): Promise<void> {
    const { database, log } = this.parts;
    const turns = judged.flatMap((text): NextTurn[] => {
      const { finding } = text;
      if (finding.do !== 'wait' && finding.do !== 'leave-to-person') return [];
      return [{ ...text, inMs: finding.do === 'wait' ? finding.ms : null }];
    });
    await setNextTurns(database, turns);
    const left = turns.filter(({ inMs }) => inMs === null).length;
    if (left > 0) log.warn({ texts: left }, 'texts stay unknown until a person settles them');
    const accepted = judged.flatMap((text) =>
      text.finding.do === 'accept' ? [{ ...text, gatewayMessageId: text.finding.gatewayMessageId }] : [],
    );
    await this.settleAs(accepted, { decision: 'accepted', code: 'by-look-up', by: 'look-up' });
    const again = judged.filter(({ finding }) => finding.do === 'send-again');
    const [absent, repeatable] = [again.filter((text) => text.isLookedUp), again.filter((text) => !text.isLookedUp)];
    await this.settleAs(absent, { decision: 'send-again', code: 'settled-absent', by: 'look-up' });
    await this.settleAs(repeatable, { decision: 'send-again', code: 'resend-idempotent', by: 'resend' });
  }

  private async settleAs(
    texts: readonly Settlement[],
    settledBy: Pick<SettledBy, 'decision' | 'code' | 'by'>,
  ): Promise<void> {
    if (texts.length === 0) return;
    const { database, log } = this.parts;
    const settled = await database.transaction((tx) => settleUnknowns(tx, texts, { ...settledBy, reason: '' }));
    log.info({ texts: settled.length, ...settledBy }, 'unknown texts are settled');
  }
}

async function lookUp(gateway: Gateway, due: DueUnknown): Promise<LookUpAnswer> {
  const { batchId, seq, attempt, phone, text, segments, sender, handedOverAt } = due;
  const message = { reference: { batchId, seq, attempt }, phone: phone!, text: text!, segments, sender: sender ?? '' };
  return gateway.lookUp!(message, handedOverAt);
}
