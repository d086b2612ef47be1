import { readFileSync } from 'node:fs';

/** Tells a process from a later one with the same id: when it started. Linux only; elsewhere the id has to do. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt?: string;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, startedAt: statOf(process.pid)?.startedAt };
}

/** Whether that very process still runs; a zombie does not. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  if (process.platform === 'linux') {
    const stat = statOf(pid);
    return stat !== undefined && stat.state !== 'Z' && (startedAt === undefined || stat.startedAt === startedAt);
  }
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** proc_pid_stat(5): the name in parentheses may hold spaces; state is field 3, start time field 22. */
function statOf(pid: number): { state?: string; startedAt?: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], startedAt: fields[19] };
  } catch {
    return undefined; // No such process, or no /proc.
  }
}
