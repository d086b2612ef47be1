/** A batch whose texts are released evenly, as far as that is reckoned. */
export interface Spread {
  readonly size: number;
  /** Of open window, from the first text to the last. */
  readonly spreadSeconds: number;
  /** Texts with a seq up to this one may leave. */
  readonly releasedTo: number;
  /** The part of a text that was due beyond the last whole one, 0 ≤ carry < 1. */
  readonly carry: number;
}

/**
 * The bell rings every second; one that a busy machine rings late counts in full. After a longer gap the service was down
 * or nobody rang, and nothing could have left: that time is lost, not made up for, or all that was missed would burst out
 * at once, which is what a spread is there to prevent. The end moves back by as much.
 */
const LONGEST_STEP_SECONDS = 5;

/** What may leave after `openSeconds` more, in which the window was open and nobody paused. */
export function advanceSpread({ size, spreadSeconds, releasedTo, carry }: Spread, openSeconds: number): Spread {
  const seconds = Math.min(Math.max(openSeconds, 0), LONGEST_STEP_SECONDS);
  const due = carry + (size / spreadSeconds) * seconds;
  const whole = Math.floor(due);
  if (releasedTo + whole >= size) return { size, spreadSeconds, releasedTo: size, carry: 0 };
  return { size, spreadSeconds, releasedTo: releasedTo + whole, carry: due - whole };
}
