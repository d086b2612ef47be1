import type { TextLanguage } from './text-language';
import { tidyName } from './vietnamese-text';

/** What a person can say of a subscriber. */
export interface SubscriberFacts {
  /** E.164. */
  readonly phone: string;
  readonly fullName: string | null;
  readonly areaId: number | null;
  /** The area as a file names it; null as soon as the area is a known one. */
  readonly areaText: string | null;
  readonly hamlet: string | null;
  /** In which to be texted; null for Vietnamese. */
  readonly language: TextLanguage | null;
}

/** The fields to correct: left out is left as it is, null says that it is not known; of the language, that it is Vietnamese. */
export type Correction = Partial<Omit<SubscriberFacts, 'areaText'>>;

export interface Change {
  readonly facts: SubscriberFacts;
  /** The fields that differ, as they were and as they are. */
  readonly before: Partial<SubscriberFacts>;
  readonly after: Partial<SubscriberFacts>;
}

/** A new record: what was not said is not known. */
export function newFacts(said: Correction & { readonly phone: string }): SubscriberFacts {
  const { phone, fullName = null, areaId = null, hamlet = null, language = null } = said;
  return { phone, fullName: tidied(fullName), areaId, areaText: null, hamlet: tidied(hamlet), language };
}

/** What a correction makes of a record; undefined when it says only what is known already. */
export function applyCorrection(kept: SubscriberFacts, correction: Correction): Change | undefined {
  const { phone = kept.phone, fullName = kept.fullName, areaId = kept.areaId, hamlet = kept.hamlet } = correction;
  const { language = kept.language } = correction;
  const areaText = areaId === null ? kept.areaText : null;
  const facts = { phone, fullName: tidied(fullName), areaId, areaText, hamlet: tidied(hamlet), language };
  const changed = (Object.keys(facts) as (keyof SubscriberFacts)[]).filter((field) => facts[field] !== kept[field]);
  if (changed.length === 0) return undefined;
  const only = (from: SubscriberFacts): Partial<SubscriberFacts> =>
    Object.fromEntries(changed.map((field) => [field, from[field]]));
  return { facts, before: only(kept), after: only(facts) };
}

function tidied(text: string | null): string | null {
  return text === null ? null : tidyName(text) || null;
}
