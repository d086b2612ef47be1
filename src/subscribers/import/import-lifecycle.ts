/**
 * What an import goes through. In `uploaded`, `confirmed` and `undoing` the service works, in one transaction each, so that a
 * crash leaves the state before it and the work begins anew; in the others a person decides, or nothing is left to do.
 */
export const IMPORT_STATES = [
  'uploaded',
  'analysed',
  'confirmed',
  'done',
  'undoing',
  'undone',
  'failed',
  'discarded',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export type ImportAct = 'choose' | 'confirm' | 'undo' | 'discard';

/** What people may do, and what state it leads to. */
export const ACTS: Readonly<Record<ImportAct, Readonly<Partial<Record<ImportState, ImportState>>>>> = {
  choose: { analysed: 'uploaded' },
  confirm: { analysed: 'confirmed' },
  undo: { done: 'undoing' },
  discard: { analysed: 'discarded', failed: 'discarded' },
};

/** The service's own work: where it leads, and where to when it was given up. */
export const WORK = {
  uploaded: { done: 'analysed', givenUp: 'failed' },
  confirmed: { done: 'done', givenUp: 'analysed' },
  undoing: { done: 'undone', givenUp: 'done' },
} as const satisfies Partial<Record<ImportState, { done: ImportState; givenUp: ImportState }>>;
export type WorkingState = keyof typeof WORK;

export function isWorking(state: ImportState): state is WorkingState {
  return state in WORK;
}

export function allowedActs(state: ImportState): ImportAct[] {
  return (Object.keys(ACTS) as ImportAct[]).filter((act) => ACTS[act][state] !== undefined);
}
