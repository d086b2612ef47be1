/** Texts marked at once: what a crash can leave in doubt, and how soon a pause or an opt-out takes effect. */
const LARGEST_STEP = 50;
/** A step is what the sockets take in about so long, so that no text waits marked for long behind a slow gateway. */
const STEP_MS = 400;
/** A flush takes at most so many outcomes: beyond it a statement gets hardly cheaper per row. */
export const LARGEST_FLUSH = 100;

/** @param latencyMs how long the gateway took to answer of late */
export function stepSize(sockets: number, latencyMs: number): number {
  return Math.max(1, Math.min(LARGEST_STEP, Math.floor((sockets * STEP_MS) / Math.max(latencyMs, 1))));
}

/**
 * What one instance may have handed over to a gateway without the outcome on record, and so what its death can leave `unknown`:
 * what is in flight, two steps, and one flush. Of a gateway that takes lists a socket, a step and a flush are
 * a list each.
 */
export function mostInDoubt(sockets: number, largestBatch: number | null): number {
  const step = Math.max(LARGEST_STEP, largestBatch ?? 0);
  return sockets * (largestBatch ?? 1) + 2 * step + Math.max(LARGEST_FLUSH, largestBatch ?? 0);
}

/** Before the first answer. */
export const SUPPOSED_LATENCY_MS = 400;
/** The weight of the newest answer: some ten of them tell. */
const NEWEST = 0.1;

/** The moving average of what answers took. */
export function nextLatency(latencyMs: number, tookMs: number): number {
  return latencyMs + NEWEST * (tookMs - latencyMs);
}
