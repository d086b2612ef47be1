import type { Work } from '../schedule/forecast';

interface Ahead {
  readonly left: Work;
  /** What of it belongs to a first wave that is still going out; null without one. */
  readonly firstWave: Work | null;
  /** Minutes of open window over which the rest is still spread. */
  readonly spreadMinutes: number | null;
}

/**
 * What a batch has still to hand over. Segments are counted for the whole batch only; as its order is a shuffle, any part
 * of it has the average. A spread is as fast as if it had begun with the first text (delivery's advanceSpread), so what a
 * first wave took off it shortens it.
 *
 * @param plan.inFirstWave nobody has let the rest follow the first wave yet
 */
export function workAhead(
  { messages, segments, released, queued }: { messages: number; segments: number; released: number; queued: number },
  { inFirstWave, spreadMinutes }: { inFirstWave: boolean; spreadMinutes: number | null },
): Ahead {
  const work = (count: number): Work => ({ messages: count, segments: Math.ceil((segments * count) / messages) });
  const unreleased = messages - released;
  const ofWave = inFirstWave ? Math.max(0, queued - unreleased) : 0;
  return {
    left: work(queued),
    firstWave: ofWave > 0 ? work(ofWave) : null,
    spreadMinutes: spreadMinutes !== null && unreleased > 0 ? (spreadMinutes * unreleased) / messages : null,
  };
}
