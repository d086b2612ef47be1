import * as fc from 'fast-check';
import { allowedActs, CAMPAIGN_STATES, CampaignAct, CampaignState, LIFECYCLE, nextState } from './lifecycle';

const ACTS = Object.keys(LIFECYCLE) as CampaignAct[];

describe('the life of a campaign', () => {
  it('goes from draft to completed by submission, approval, start and completion', () => {
    const acts: CampaignAct[] = ['submit', 'approve', 'start', 'complete'];
    const path = acts.reduce<CampaignState>((state, act) => nextState(state, act, false)!, 'draft');
    expect(path).toBe('completed');
  });

  it('never sends without an approval before it', () => {
    const anActs = fc.array(fc.constantFrom(...ACTS), { maxLength: 40 });
    fc.assert(
      fc.property(anActs, (acts) => {
        let state: CampaignState = 'draft';
        let isApproved = false;
        let hasStarted = false;
        for (const act of acts) {
          const next = nextState(state, act, hasStarted);
          if (!next) continue;
          if (act === 'approve') isApproved = true;
          if (act === 'edit' || act === 'reject') isApproved = false;
          if (act === 'start') hasStarted = true;
          state = next;
          if (state === 'sending' || state === 'completed') expect(isApproved).toBe(true);
        }
      }),
    );
  });

  it('never comes back from completed or cancelled', () => {
    for (const act of ACTS) {
      expect(nextState('completed', act, true)).toBeUndefined();
      expect(nextState('cancelled', act, true)).toBeUndefined();
    }
  });

  it('cannot be edited once texts may have left', () => {
    expect(nextState('sending', 'edit', true)).toBeUndefined();
    expect(nextState('paused', 'edit', true)).toBeUndefined();
  });

  it('goes on where it was after a pause', () => {
    expect(nextState('paused', 'resume', true)).toBe('sending');
    expect(nextState('paused', 'resume', false)).toBe('scheduled');
  });

  it('offers in every state only acts that lead somewhere', () => {
    for (const state of CAMPAIGN_STATES) {
      for (const act of allowedActs(state)) expect(nextState(state, act, false)).toBeDefined();
    }
  });
});
