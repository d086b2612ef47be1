import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in these (USER_HZ, proc_pid_stat(5)). */
const MICROSECONDS_PER_TICK = 10_000;

interface ProcessTimes {
  readonly parent: number;
  /** Its own, and those of its children that have ended. */
  readonly microseconds: number;
}

function timesOf(pid: number | string): ProcessTimes | undefined {
  try {
    // The name, in brackets, may hold anything; what follows it is numbers.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), microseconds: ticks * MICROSECONDS_PER_TICK };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It ended in the meantime.
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/** Processor time of a process since its start; 0 where there is no /proc. */
export function cpuMicroseconds(pid: number): number {
  return timesOf(pid)?.microseconds ?? 0;
}

/** The same of a server that has a process for each connection. */
export function cpuMicrosecondsWithChildren(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const ofChildren = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(timesOf)
    .filter((times) => times?.parent === pid)
    .reduce((sum, times) => sum + times!.microseconds, 0);
  return cpuMicroseconds(pid) + ofChildren;
}
