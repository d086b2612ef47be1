import type { UnknownDecision, UnknownText } from '../../delivery';
import { formatLocalTime } from '../../platform/clock';
import type { Fault } from '../../platform/errors';
import { campaignOver, deadlinePassed, textErased, tooSoon } from './unknown-faults';

/** What a person may decide of an unknown text. */
export interface Choice {
  readonly decision: UnknownDecision;
  /** From when on. */
  readonly from: Date;
}

type Facts = Pick<UnknownText, 'since' | 'handedOverAt' | 'isErased' | 'hasEnded' | 'isPastDeadline' | 'now'>;

/**
 * The choices for a text. That it was accepted may be said at once; that it was not, only when it surely is not on its way any
 * more. Sent again it is only by a campaign that goes on.
 *
 * @param surelyLeftMs so long after its hand-over it is not on its way any more
 */
export function choicesOf(text: Facts, surelyLeftMs: number): Choice[] {
  const from = new Date(text.handedOverAt.getTime() + surelyLeftMs);
  const choices: Choice[] = [
    { decision: 'accepted', from: text.since },
    { decision: 'failed', from },
  ];
  return obstacleOf(text) ? choices : [...choices, { decision: 'send-again', from }];
}

/** Why a text cannot be settled so now; undefined where it can. */
export function refusalOf(text: Facts, decision: UnknownDecision, surelyLeftMs: number): Fault | undefined {
  const obstacle = decision === 'send-again' ? obstacleOf(text) : undefined;
  if (obstacle) return obstacle;
  const { from } = choicesOf(text, surelyLeftMs).find((choice) => choice.decision === decision)!;
  const waitMs = from.getTime() - text.now.getTime();
  if (waitMs <= 0) return undefined;
  return tooSoon({ from: formatLocalTime(from) }, { retryAfterSeconds: Math.ceil(waitMs / 1_000) });
}

function obstacleOf({ hasEnded, isErased, isPastDeadline }: Facts): Fault | undefined {
  if (hasEnded) return campaignOver();
  if (isErased) return textErased();
  return isPastDeadline ? deadlinePassed() : undefined;
}
