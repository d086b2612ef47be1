import type { Behaviour } from './behaviour';

type Terms = Pick<Behaviour, 'segmentsPerSecond' | 'burstMs' | 'mostInFlight'>;

/**
 * What a contract permits, held against what comes. The rate is measured over every window at once (the generic cell rate
 * algorithm, ITU-T I.371): any T seconds hold at most segmentsPerSecond × (T + burst) segments and one text. What is
 * refused uses nothing up.
 */
export class SendLimits {
  /** When the texts taken so far would have come at an even pace. */
  private evenAtMs = 0;
  private inFlight = 0;

  /** Takes up the text's place in the rate, if there is one. @param nowMs on a clock that never jumps */
  takesPlace(segments: number, nowMs: number, { segmentsPerSecond, burstMs }: Terms): boolean {
    if (segmentsPerSecond === 0) return true;
    if (this.evenAtMs - nowMs > burstMs) return false;
    this.evenAtMs = Math.max(this.evenAtMs, nowMs) + (segments * 1_000) / segmentsPerSecond;
    return true;
  }

  /** @returns whether so many more texts may wait for their answer; then they count until {@link release} */
  hold(texts: number, { mostInFlight }: Terms): boolean {
    if (this.inFlight + texts > mostInFlight) return false;
    this.inFlight += texts;
    return true;
  }

  release(texts: number): void {
    this.inFlight -= texts;
  }
}
