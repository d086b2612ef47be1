import { readFile, stat } from 'node:fs/promises';
import { errorCode } from './embedded-fault';
import { runCommand } from './run-command';
import type { ServerHome } from './server-home';
import { isGuarded } from './users-fifo';

/**
 * What a running server says of itself in postmaster.pid, one fact a line (PostgreSQL 18,
 * https://www.postgresql.org/docs/18/storage-file-layout.html and src/include/utils/pidfile.h).
 */
export interface PidFile {
  readonly pid: number;
  readonly dataDirectory: string;
  readonly port: number;
  readonly status: 'starting' | 'ready' | 'stopping';
}

/** What the process with the pid of the file is now. A zombie has ended and waits for a parent that may never look. */
export type ServerProcess = 'gone' | 'zombie' | 'stranger' | 'postmaster';

/** All that a start has to know to decide what to do; gathered under the start lock. */
export interface ServerFacts {
  readonly pidFile: PidFile | 'none' | 'unreadable';
  readonly process: ServerProcess;
  /** Whether the folder the pid file names is ours, another one (ours is a copy), or no longer there (ours was moved). */
  readonly writtenFor: 'this folder' | 'another folder' | 'a missing folder';
  /** Whether a supervisor reads the FIFO of users. */
  readonly guarded: boolean;
}

/** @returns 'unreadable' for a file that is empty, cut short or not PostgreSQL's; a file of a server that has only just
 * begun has five lines, without a status yet */
export function parsePidFile(text: string): PidFile | 'unreadable' {
  const lines = text.split('\n');
  const [pid, dataDirectory, , port] = lines;
  if (lines.length < 5 || !isNumber(pid) || !isNumber(port) || !dataDirectory?.startsWith('/')) return 'unreadable';
  const status = lines[7]?.trim();
  return {
    pid: Number(pid),
    dataDirectory,
    port: Number(port),
    status: status === 'ready' || status === 'stopping' ? status : 'starting',
  };
}

export async function readPidFile(file: string): Promise<PidFile | 'none' | 'unreadable'> {
  try {
    return parsePidFile(await readFile(file, 'utf8'));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'none';
    throw error;
  }
}

export async function inspectServer(home: ServerHome): Promise<ServerFacts> {
  const guarded = isGuarded(home.usersFifo);
  const pidFile = await readPidFile(home.pidFile);
  if (typeof pidFile === 'string') return { pidFile, process: 'gone', writtenFor: 'this folder', guarded };
  return {
    pidFile,
    process: await serverProcess(pidFile),
    writtenFor: await writtenFor(pidFile.dataDirectory, home.cluster),
    guarded,
  };
}

/** A pid alone proves nothing, it may have been given to another process: the command line must name the folder. */
export async function serverProcess({ pid, dataDirectory }: PidFile): Promise<ServerProcess> {
  return process.platform === 'linux' ? processFromProc(pid, dataDirectory) : processFromPs(pid, dataDirectory);
}

async function processFromProc(pid: number, dataDirectory: string): Promise<ServerProcess> {
  try {
    const state = await readFile(`/proc/${pid}/stat`, 'utf8');
    // "pid (name) state …"; the name may hold anything, so look behind its last bracket.
    if (/^\) [ZX] /.test(state.slice(state.lastIndexOf(')')))) return 'zombie';
    const args = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
    return args[args.indexOf('-D') + 1] === dataDirectory ? 'postmaster' : 'stranger';
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errorCode(error) ?? '')) return 'gone';
    throw error;
  }
}

async function processFromPs(pid: number, dataDirectory: string): Promise<ServerProcess> {
  const { code, stdout } = await runCommand('ps', ['-ww', '-o', 'stat=,command=', '-p', String(pid)], {
    timeoutMs: 10_000,
  });
  if (code !== 0 || stdout.trim() === '') return 'gone';
  if (stdout.trimStart().startsWith('Z')) return 'zombie';
  return stdout.includes(` -D ${dataDirectory} `) ? 'postmaster' : 'stranger';
}

async function writtenFor(dataDirectory: string, cluster: string): Promise<ServerFacts['writtenFor']> {
  const [theirs, ours] = await Promise.all([stat(dataDirectory).catch(() => undefined), stat(cluster)]);
  if (theirs === undefined) return 'a missing folder';
  return theirs.dev === ours.dev && theirs.ino === ours.ino ? 'this folder' : 'another folder';
}

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^[1-9]\d{0,9}$/.test(text);
}
