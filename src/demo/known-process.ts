import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that cannot be mistaken for a later one with the same id: when it started goes with it. */
export interface KnownProcess {
  readonly pid: number;
  /** Missing where the system does not say; such a process is never touched. */
  readonly startedAt?: string;
}

const POLL_MS = 50;
const KILL_TIMEOUT_MS = 10_000;

export function knownProcess(pid: number): KnownProcess {
  return { pid, startedAt: stateOf(pid)?.startedAt };
}

/** Whether that very process still runs; a zombie does not. */
export function isRunning({ pid, startedAt }: KnownProcess): boolean {
  const state = stateOf(pid);
  return startedAt !== undefined && state?.startedAt === startedAt && !state.isZombie;
}

/** Asks it to end, waits, and ends it the hard way if it does not. Does nothing to a process that is not that one. */
export async function endProcess(known: KnownProcess, graceMs: number): Promise<void> {
  signal(known, 'SIGTERM');
  await untilGone(known, graceMs);
  signal(known, 'SIGKILL');
  await untilGone(known, KILL_TIMEOUT_MS);
}

/** Whole or not at all. */
export function writeKnownProcess(path: string, known: KnownProcess): void {
  writeFileSync(`${path}.draft`, `${JSON.stringify(known)}\n`);
  renameSync(`${path}.draft`, path);
}

export function readKnownProcess(path: string): KnownProcess | undefined {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(path, 'utf8')) as Partial<KnownProcess>;
    return typeof pid === 'number' && pid > 1 && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function signal(known: KnownProcess, name: NodeJS.Signals): void {
  if (!isRunning(known)) return;
  try {
    process.kill(known.pid, name);
  } catch (error) {
    // It ended between the two calls.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function untilGone(known: KnownProcess, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (isRunning(known) && performance.now() < deadline) await sleep(POLL_MS);
}

function stateOf(pid: number): { startedAt: string; isZombie: boolean } | undefined {
  try {
    return process.platform === 'linux' ? stateFromProc(pid) : stateFromPs(pid);
  } catch {
    return undefined; // No such process.
  }
}

/** proc_pid_stat(5): the name in parentheses may hold spaces; state is field 3, start time field 22. */
function stateFromProc(pid: number): { startedAt: string; isZombie: boolean } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { startedAt: fields[19]!, isZombie: fields[0] === 'Z' };
}

function stateFromPs(pid: number): { startedAt: string; isZombie: boolean } | undefined {
  const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  const at = line.indexOf(' ');
  return at < 0 ? undefined : { startedAt: line.slice(at).trim(), isZombie: line.startsWith('Z') };
}
