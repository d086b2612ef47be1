import type { ServerFacts } from './postmaster';

/** A guard without a server ends within a moment; one that stays guards a server we cannot see. */
const GUARD_ENDS_WITHIN_MS = 5_000;
/** A server writes its pid file with one call; one that stays unreadable was cut short by a full disk or a power cut. */
const PID_FILE_WRITTEN_WITHIN_MS = 1_000;

export type NextStep =
  | { readonly do: 'start' | 'join' | 'adopt' | 'wait' }
  | { readonly do: 'refuse'; readonly because: 'moved while running' | 'served from elsewhere' };

/**
 * What a service that wants the server has to do now.
 *
 * - start: no server runs; a pid file that is left is removed first. PostgreSQL itself would replace that of a process
 *   that is gone, but takes a zombie, a stranger that got the number, and a file copied from a running server for a
 *   living one. And in a container that starts again the same way the new server gets the same number: beside the old
 *   file it would look ready before it is.
 * - join: a server runs and its supervisor counts users.
 * - adopt: a server runs, but its supervisor was killed: it gets a new one, which goes on counting on the same FIFO.
 * - wait: a server is stopping, or has stopped and its supervisor is about to end.
 *
 * @param waitedMs how long the answer has been `wait` without a break
 */
export function nextStep(facts: ServerFacts, waitedMs: number): NextStep {
  const { pidFile, process, writtenFor, guarded } = facts;
  if (pidFile === 'unreadable' && waitedMs < PID_FILE_WRITTEN_WITHIN_MS) return { do: 'wait' };
  const runs = typeof pidFile !== 'string' && process === 'postmaster' && writtenFor !== 'another folder';
  if (!runs) {
    if (!guarded) return { do: 'start' };
    return waitedMs < GUARD_ENDS_WITHIN_MS ? { do: 'wait' } : { do: 'refuse', because: 'served from elsewhere' };
  }
  if (writtenFor === 'a missing folder') return { do: 'refuse', because: 'moved while running' };
  if (pidFile.status === 'stopping') return { do: 'wait' };
  return { do: guarded ? 'join' : 'adopt' };
}
