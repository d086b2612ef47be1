/** Seconds by phase, with one digit; the phases follow one another, so they add up to the total. */
export class Stopwatch {
  private readonly startedMs = performance.now();
  private phaseStartedMs = this.startedMs;
  private readonly phases: Record<string, number> = {};

  /** Ends the phase that was running and books it under this name. */
  lap(name: string): void {
    const nowMs = performance.now();
    this.phases[name] = toSeconds(nowMs - this.phaseStartedMs);
    this.phaseStartedMs = nowMs;
  }

  read(): Readonly<Record<string, number>> {
    return { total: toSeconds(performance.now() - this.startedMs), ...this.phases };
  }
}

function toSeconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
