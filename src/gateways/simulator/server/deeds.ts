/** What the simulator did since its start beside accepting and answering: what a judge of faults reckons with. */
export class Deeds {
  /** Neither accepted nor answered. */
  hung = 0;
  /** Accepted, and the connection closed without an answer. */
  dropped = 0;
  throttled = 0;
  failed = 0;
  refused = 0;
  optedOut = 0;
  /** Whoever asked was gone when the answer was due. */
  unheard = 0;
  receiptsRepeated = 0;
  /** Held back behind later ones. */
  receiptsReordered = 0;
}
