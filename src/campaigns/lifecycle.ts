export const CAMPAIGN_STATES = [
  'draft',
  'submitted',
  'scheduled',
  'sending',
  'paused',
  'completed',
  'cancelled',
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

export type CampaignAct = 'edit' | 'submit' | 'approve' | 'reject' | 'pause' | 'resume' | 'cancel' | ServiceAct;

/** What only the service does. `hold` and `skip`: it was down at the start; `halt`: failures, or a first wave to look at. */
export const SERVICE_ACTS = ['start', 'hold', 'skip', 'halt', 'complete'] as const;
type ServiceAct = (typeof SERVICE_ACTS)[number];

interface Transition {
  readonly from: readonly CampaignState[];
  /** Where the act leads; a paused campaign goes back to what it was. */
  readonly to: CampaignState | ((hasStarted: boolean) => CampaignState);
}

/**
 * The life of a campaign, whole.
 * Editing what was submitted or approved makes it a draft again: the approval is void.
 */
export const LIFECYCLE: Readonly<Record<CampaignAct, Transition>> = {
  edit: { from: ['draft', 'submitted', 'scheduled'], to: 'draft' },
  submit: { from: ['draft'], to: 'submitted' },
  approve: { from: ['submitted'], to: 'scheduled' },
  reject: { from: ['submitted'], to: 'draft' },
  start: { from: ['scheduled'], to: 'sending' },
  hold: { from: ['scheduled'], to: 'paused' },
  skip: { from: ['scheduled'], to: 'cancelled' },
  halt: { from: ['sending'], to: 'paused' },
  pause: { from: ['scheduled', 'sending'], to: 'paused' },
  resume: { from: ['paused'], to: (hasStarted) => (hasStarted ? 'sending' : 'scheduled') },
  cancel: { from: ['draft', 'submitted', 'scheduled', 'sending', 'paused'], to: 'cancelled' },
  // Also while paused: past its deadline what is unsent expires, and then nothing is left to go on with.
  complete: { from: ['sending', 'paused'], to: 'completed' },
};

/** The state an act leads to, or undefined where it is not allowed. */
export function nextState(state: CampaignState, act: CampaignAct, hasStarted: boolean): CampaignState | undefined {
  const { from, to } = LIFECYCLE[act];
  if (!from.includes(state)) return undefined;
  return typeof to === 'function' ? to(hasStarted) : to;
}

/** The acts of people that a state allows: what a screen offers. */
export function allowedActs(state: CampaignState): CampaignAct[] {
  return (Object.keys(LIFECYCLE) as CampaignAct[]).filter(
    (act) => !SERVICE_ACTS.some((own) => own === act) && LIFECYCLE[act].from.includes(state),
  );
}
