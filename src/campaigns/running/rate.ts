/** How many texts had gone at an instant of the process's own clock. */
export interface RateSample {
  readonly atMs: number;
  readonly gone: number;
}

/** So long a stretch a rate is taken over: long enough to be steady, short enough to show a stop. */
const WINDOW_MS = 10_000;
/** Of a shorter one it would jump. */
const SHORTEST_MS = 900;

/** The samples that the next rate needs: those of the window, and the last one before it. */
export function recentSamples(samples: readonly RateSample[], next: RateSample): RateSample[] {
  const begins = samples.findLastIndex(({ atMs }) => atMs <= next.atMs - WINDOW_MS);
  return [...samples.slice(Math.max(0, begins)), next];
}

/** Texts a second, to one decimal; null while nothing is known, as in the first second. What is proved late is no send. */
export function rateOf(samples: readonly RateSample[]): number | null {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || last.atMs - first.atMs < SHORTEST_MS) return null;
  const perSecond = ((last.gone - first.gone) * 1_000) / (last.atMs - first.atMs);
  return Math.max(0, Math.round(perSecond * 10) / 10);
}
