import type { Fault } from '../platform/errors';
import { consentBeforeOptOut, consentInFuture } from './opt-out-faults';

/**
 * Why a consent cannot lift an opt-out; undefined when it can. Whoever opted out withdrew what he had agreed to before, so
 * only a consent of that day or later counts.
 *
 * @param days local days, as `2026-11-23`
 */
export function whyConsentFails(days: { givenOn: string; optedOutOn: string; today: string }): Fault | undefined {
  if (days.givenOn > days.today) return consentInFuture(days);
  if (days.givenOn < days.optedOutOn) return consentBeforeOptOut(days);
  return undefined;
}
