import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 100;

/**
 * Asks until there is an answer, pausing 5 ms at first and 100 ms at most: quick for what takes milliseconds, idle for
 * what takes seconds.
 *
 * @returns the first answer that is not undefined, or undefined after `timeoutMs`
 */
export async function waitFor<T>(
  probe: () => T | undefined | Promise<T | undefined>,
  timeoutMs: number,
): Promise<T | undefined> {
  const deadlineMs = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (performance.now() + pauseMs > deadlineMs) return undefined;
    await sleep(pauseMs);
  }
}
