import type { Fate } from './fate';

/** What the simulator did since its start beside accepting and answering: what a judge of faults reckons with. */
export class Deeds {
  /** Texts that were neither accepted nor answered. */
  hung = 0;
  /** Texts it dealt with, and closed or reset the connection in the place of an answer. */
  dropped = 0;
  throttled = 0;
  failed = 0;
  refused = 0;
  optedOut = 0;
  /** Texts whose sender was gone before the answer was. */
  unheard = 0;
  receiptsRepeated = 0;
  /** Held back behind later ones. */
  receiptsReordered = 0;

  refuse(fate: Exclude<Fate, 'accept'>): void {
    if (fate === 'throttle') this.throttled += 1;
    if (fate === 'fail') this.failed += 1;
    if (fate === 'refuse') this.refused += 1;
    if (fate === 'optedOut') this.optedOut += 1;
  }
}
