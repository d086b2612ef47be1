/** Somebody wants the demo to end. */
export class Stopped extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(signal);
  }
}

/**
 * npm passes a signal on that the terminal has sent to the whole group already, so that one Ctrl-C arrives twice; what
 * comes later than this is a second one.
 */
const SAME_SIGNAL_MS = 1_000;

/** Rejects with {@link Stopped} at the first signal. A second one ends the process at once: --resume copes with that. */
export function listenForSignals(): Promise<never> {
  let firstAtMs: number | undefined;
  const stopped = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        const nowMs = performance.now();
        if (firstAtMs !== undefined && nowMs - firstAtMs > SAME_SIGNAL_MS) process.exit(1);
        firstAtMs ??= nowMs;
        reject(new Stopped(signal));
      });
    }
  });
  // It may come while nobody waits for it.
  stopped.catch(() => undefined);
  return stopped;
}
