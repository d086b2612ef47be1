import type { MisfireRule } from '../plan';

/**
 * A start this much late is no misfire. Starts are looked for every second, so a late one means that no instance was
 * running: a restart, an upgrade or a database that changes its primary takes seconds to a few minutes, and no reader of a
 * notice can tell; whoever planned the campaign need not be asked. What lasts longer was an outage.
 */
const NOT_YET_LATE_MS = 5 * 60_000;

export interface StartFacts {
  /** From when on it could have started: the later of its start and its approval. A closed window is no reason to be late. */
  readonly dueAt: Date;
  readonly now: Date;
  readonly rule: MisfireRule;
}

/** `skip`: it is cancelled, nobody is texted; `ask`: it waits for a person. */
export function judgeStart({ dueAt, now, rule }: StartFacts): 'start' | 'skip' | 'ask' {
  const lateMs = now.getTime() - dueAt.getTime();
  if (lateMs <= NOT_YET_LATE_MS || rule === 'send-late') return 'start';
  return rule;
}
