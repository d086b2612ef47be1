/**
 * The life of a campaign as this test understands it, written down a second time and not taken from the product. A campaign
 * that stands still is in one of two states here, for what "go on" means depends on whether it has started.
 */
export const STATES = [
  'draft',
  'submitted',
  'scheduled',
  'sending',
  'stopped before its start',
  'stopped under way',
  'completed',
  'cancelled',
] as const;
export type State = (typeof STATES)[number];

export const PEOPLES_ACTS = ['edit', 'test-send', 'submit', 'approve', 'reject', 'pause', 'resume', 'cancel'] as const;
export type PeoplesAct = (typeof PEOPLES_ACTS)[number];

/** What the service may do by itself in this test: it is never down for long, and nobody tampers with its rows. */
export const OWN_ACTS = ['start', 'first-wave', 'halt', 'complete'] as const;
export type OwnAct = (typeof OWN_ACTS)[number];

const LIFE: Readonly<Record<State, Partial<Record<PeoplesAct | OwnAct, State>>>> = {
  draft: { edit: 'draft', 'test-send': 'draft', submit: 'submitted', cancel: 'cancelled' },
  submitted: { edit: 'draft', approve: 'scheduled', reject: 'draft', cancel: 'cancelled' },
  scheduled: { edit: 'draft', start: 'sending', pause: 'stopped before its start', cancel: 'cancelled' },
  sending: {
    pause: 'stopped under way',
    'first-wave': 'stopped under way',
    halt: 'stopped under way',
    complete: 'completed',
    cancel: 'cancelled',
  },
  'stopped before its start': { resume: 'scheduled', cancel: 'cancelled' },
  // Past its deadline everything has expired, and nothing is left for a person to let go on.
  'stopped under way': { resume: 'sending', cancel: 'cancelled', complete: 'completed' },
  completed: {},
  cancelled: {},
};

export const hasEnded = (state: State): boolean => state === 'completed' || state === 'cancelled';

export function allows(state: State, act: PeoplesAct | OwnAct): boolean {
  return LIFE[state][act] !== undefined;
}

/** Every state a campaign may have come to by what the service does by itself. */
export function withOwnActs(states: Iterable<State>, possible: ReadonlySet<OwnAct>): Set<State> {
  const reached = new Set(states);
  for (const state of reached) {
    for (const act of possible) {
      const next = LIFE[state][act];
      // A Set hands out what is added while it is read.
      if (next) reached.add(next);
    }
  }
  return reached;
}

/**
 * - `done`: it was done.
 * - `not-allowed`: refused because of the state.
 * - `refused`: refused for another reason, so the state did allow it.
 * - `unheard`: the instance was killed; it was done or it was not.
 */
export type Answer = 'done' | 'not-allowed' | 'refused' | 'unheard';

/** The states a campaign may be in after an answer, given those it may have been in: none when the answer is wrong. */
export function statesAfter(states: ReadonlySet<State>, act: PeoplesAct, answer: Answer): Set<State> {
  const after = new Set<State>();
  for (const state of states) {
    const next = LIFE[state][act];
    if (next && (answer === 'done' || answer === 'unheard')) after.add(next);
    if (answer === 'unheard' || (answer === 'refused' && next) || (answer === 'not-allowed' && !next)) after.add(state);
  }
  return after;
}

/** The state after so many acts on record, all of which must be possible one after the other. */
export function replay(acts: readonly string[]): State {
  let state: State = 'draft';
  for (const [index, act] of acts.entries()) {
    const next: State | undefined = (LIFE[state] as Partial<Record<string, State>>)[act];
    if (!next)
      throw new Error(`on record: ${acts.slice(0, index + 1).join(', ')}, but "${state}" does not allow "${act}"`);
    state = next;
  }
  return state;
}
