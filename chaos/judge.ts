import type { CampaignView } from '../src/demo/service-views';
import type { Taken } from './witness';

/** A message as the database has it at the end. */
export interface Text {
  readonly batchId: number;
  readonly seq: number;
  readonly phone: string;
  /** What its last attempt came to, a certain outcome before `unknown`; null: nothing. */
  readonly kind: string | null;
  /** How many certain outcomes end it: more than one contradict each other. */
  readonly ends: number;
}

/** Everything the verdict rests on. */
export interface Facts {
  /** Of the carrier's ledger. */
  readonly taken: readonly Taken[];
  readonly texts: readonly Text[];
  readonly campaigns: readonly {
    readonly id: number;
    readonly state: string;
    readonly pauseReason: string | null;
    readonly batchId: number | null;
    readonly hasStarted: boolean;
  }[];
  /** Batches of test sends, which are nobody's campaign. */
  readonly testBatches: ReadonlySet<number>;
  /** Handed over although an opt-out had been confirmed before. */
  readonly afterOptOut: readonly string[];
  /** Handed over although a pause or a cancellation had been confirmed before. */
  readonly afterStop: readonly string[];
  /** On the ledger without an intent on record: references. */
  readonly withoutIntent: readonly string[];
  /** Ever unknown because a lease ran out. */
  readonly lostSight: number;
  /** Ever unknown because the gateway's answer was not heard. */
  readonly unheard: number;
  readonly forgedReceipts: number;
}

/** How many may be unknown, by what was done. */
export interface Bounds {
  readonly lostSight: number;
  readonly unheard: number;
}

export interface Verdict {
  /** Messages without an end, and those we take for accepted that the carrier never had. */
  readonly lost: number;
  /** Acceptances of a number that the batch had reached before. */
  readonly doubled: number;
  readonly unknown: number;
  readonly faults: readonly Fault[];
}

/** Something that must never be. */
export interface Fault {
  readonly kind:
    | 'lost'
    | 'doubled'
    | 'texted after an opt-out'
    | 'texted after a stop'
    | 'sent without an intent'
    | 'contradicted'
    | 'unknown beyond the bound'
    | 'not ended'
    | 'not approved'
    | 'forged'
    | 'figures'
    | 'the service ended by itself'
    | 'the suite could not go on';
  readonly detail: string;
}

const ENDS = ['accepted', 'failed', 'unknown', 'suppressed', 'cancelled', 'expired'];
/** Parts that make up the whole, at every instant. */
const PARTS = ['queued', 'sending', 'accepted', 'failed', 'unknown', 'suppressed', 'cancelled', 'expired'] as const;
const SHOWN = 5;

const keyOf = ({ batchId, seq }: { batchId: number; seq: number }): string => `${batchId}.${seq}`;

/** Compares what the carrier's ledger has with what the service's books say, message by message. */
export function judge(facts: Facts, bounds: Bounds): Verdict {
  const textOf = new Map(facts.texts.map((text) => [keyOf(text), text]));
  const taken = new Set(facts.taken.map(keyOf));
  const forgotten = facts.texts.filter(({ kind }) => kind === null || !ENDS.includes(kind));
  const imagined = facts.texts.filter((text) => text.kind === 'accepted' && !taken.has(keyOf(text)));
  const doubled = repetitionsIn(facts.taken);
  const denied = facts.taken.filter((one) => !['accepted', 'unknown'].includes(textOf.get(keyOf(one))?.kind ?? ''));
  const foreign = facts.taken.filter((one) => textOf.get(keyOf(one))?.phone !== one.phone);
  const faults: Fault[] = [
    ...list(
      'lost',
      forgotten.map((text) => `${keyOf(text)} is ${text.kind ?? 'nowhere'}`),
    ),
    ...list(
      'lost',
      imagined.map((text) => `${keyOf(text)} is accepted in our books, and the carrier never had it`),
    ),
    ...list(
      'doubled',
      doubled.map((one) => `${keyOf(one)}.${one.attempt}`),
    ),
    ...list('texted after an opt-out', facts.afterOptOut),
    ...list('texted after a stop', facts.afterStop),
    ...list('sent without an intent', facts.withoutIntent),
    ...list(
      'contradicted',
      denied.map((one) => `${keyOf(one)}.${one.attempt} left, and is ${textOf.get(keyOf(one))?.kind ?? 'nowhere'}`),
    ),
    ...list(
      'contradicted',
      facts.texts.filter(({ ends }) => ends > 1).map((text) => `${keyOf(text)} has ${text.ends} ends`),
    ),
    ...list(
      'not approved',
      foreign.map((one) => `${keyOf(one)} reached another number than it was for`),
    ),
    ...list('not approved', unapproved(facts)),
    ...list('not ended', facts.campaigns.flatMap(unended)),
    ...list('forged', facts.forgedReceipts > 0 ? [`${facts.forgedReceipts} forged receipts count`] : []),
    ...excess('lost sight of', facts.lostSight, bounds.lostSight),
    ...excess('not heard of', facts.unheard, bounds.unheard),
  ];
  return { lost: forgotten.length + imagined.length, doubled: doubled.length, unknown: facts.lostSight, faults };
}

/** The first few of them, and how many there are. */
function list(kind: Fault['kind'], details: readonly string[]): Fault[] {
  if (details.length === 0) return [];
  const rest = details.length > SHOWN ? ` and ${details.length - SHOWN} more` : '';
  return [{ kind, detail: details.slice(0, SHOWN).join('; ') + rest }];
}

function excess(what: string, count: number, bound: number): Fault[] {
  return count > bound
    ? [{ kind: 'unknown beyond the bound', detail: `${count} texts were ${what}, of at most ${bound}` }]
    : [];
}

/** Acceptances of a number that its batch had reached before. */
export function repetitionsIn(taken: readonly Taken[]): Taken[] {
  const seen = new Set<string>();
  return taken.filter(({ batchId, phone }) => {
    const key = `${batchId} ${phone}`;
    const isAgain = seen.has(key);
    seen.add(key);
    return isAgain;
  });
}

function unapproved({ campaigns, taken, testBatches }: Facts): string[] {
  const started = new Set(campaigns.filter(({ hasStarted }) => hasStarted).map(({ batchId }) => batchId));
  const wrong = new Set(taken.map(({ batchId }) => batchId).filter((id) => !started.has(id) && !testBatches.has(id)));
  return [...wrong].map((id) => `batch ${id} was never started, and texts of it left`);
}

function unended({ id, state, pauseReason }: Facts['campaigns'][number]): string[] {
  if (state === 'completed' || state === 'cancelled') return [];
  return [`campaign ${id} is ${state}${pauseReason ? ` (${pauseReason})` : ''}`];
}

/**
 * One look at the campaigns as people see them.
 *
 * @param onLedger what the carrier had taken a moment later
 * @param sizes how many messages each campaign was seen to have: it never changes once it has left the draft
 */
export function faultsOfSample(
  campaigns: readonly Pick<CampaignView, 'id' | 'state' | 'figures'>[],
  onLedger: number,
  sizes: Map<number, number>,
): string[] {
  const faults: string[] = [];
  let accepted = 0;
  for (const { id, state, figures } of campaigns) {
    if (!figures) continue;
    const sum = PARTS.reduce((total, part) => total + figures[part], 0);
    const said = (): string => JSON.stringify(figures);
    if (sum !== figures.messages) faults.push(`the figures of campaign ${id} do not add up: ${said()}`);
    if (PARTS.some((part) => figures[part] < 0)) faults.push(`a figure of campaign ${id} is below zero: ${said()}`);
    if (figures.delivered + figures.undelivered > figures.accepted) {
      faults.push(`campaign ${id} has more receipts than acceptances: ${said()}`);
    }
    accepted += figures.accepted;
    if (state === 'draft' || state === 'submitted') continue;
    if ((sizes.get(id) ?? figures.messages) !== figures.messages)
      faults.push(`campaign ${id} changed its size: ${said()}`);
    sizes.set(id, figures.messages);
  }
  if (accepted > onLedger) faults.push(`${accepted} texts are accepted in our books, and ${onLedger} on the ledger`);
  return faults;
}
