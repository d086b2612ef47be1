import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fchownSync, fstatSync, openSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { serverEnvironment } from './run-command';
import type { ServerHome } from './server-home';
import { openBothEnds, type Seat } from './users-fifo';

const LOG_KEPT_BYTES = 1_000_000;

/**
 * The supervisor: a process without Node that outlives any service, so that the server stops with its last user even
 * when that was killed with -9. It runs in the cluster's folder, with the reading end of the FIFO as its input.
 *
 * Arguments: `-` and the command of the server to start, or the pid of a running server to adopt.
 *
 * - Signals of a whole group or unit (Ctrl-C, systemd's stop) are not for it: users leave first, then it stops the
 *   server. The server sets its own handlers.
 * - A user who joins writes the name of a file, and takes part once that file is there: the supervisor has then seen it
 *   before the end of its input. A user who came too late sees the reading end disappear instead, with the server.
 * - The guard keeps the reading end until the server is gone: a server without a reader is an orphan, never one that is
 *   stopping. The server must not inherit that end (3<&-).
 * - SIGINT, a fast shutdown, is repeated: a server that has only just begun may not listen to signals yet.
 * - Any line makes the guard look whether its server still runs, and end if not. The process that waits for the server
 *   writes one when the server ends by itself (`<>` never blocks), and so does a service that finds a guard without a
 *   server: only the guard can tell, the server may run in another container. A pid alone proves nothing, it may have
 *   been given to another process: the server is the one in the cluster's folder.
 */
const SUPERVISOR = `
trap '' HUP INT TERM
server=$1; shift
exec 3<&0 </dev/null

runs() {
  kill -0 "$server" 2>/dev/null || return 1
  [ -r "/proc/$server/stat" ] || return 0
  read -r facts <"/proc/$server/stat" || return 1
  case $facts in *') Z '*) return 1 ;; esac
  [ ! -e "/proc/$server/cwd/." ] || [ "/proc/$server/cwd" -ef . ]
}
guard() {
  while read -r line <&3; do
    runs || exit 0
    case $line in joined-*) : >"../$line" ;; esac
  done
  while runs; do kill -INT "$server"; sleep 0.05; done
}

if [ "$server" != - ]; then guard; exit; fi
"$@" 3<&- &
server=$!
guard &
exec 3<&-
wait "$server"
code=$?
[ -p ../users ] && echo look 1<>../users
exit "$code"
`;

/** A supervisor that has begun, and our seat with it. */
export interface Launched {
  readonly seat: Seat;
  /** The supervisor; it ends with the code of the server it started. */
  readonly child: ChildProcess;
  /** Where in the log this server's lines begin, in bytes. */
  readonly logOffset: number;
}

/** Starts a supervisor with its own session, so that nothing sent to our process group reaches it or the server. */
export function launchSupervisor(home: ServerHome, server: { pid: number } | { command: readonly string[] }): Launched {
  const { seat, reader } = openBothEnds(home.usersFifo);
  const log = openLog(home);
  try {
    const args = 'pid' in server ? [String(server.pid)] : ['-', ...server.command];
    const child = spawn('/bin/sh', ['-c', SUPERVISOR, 'embedded-postgres', ...args], {
      ...home.account.identity,
      cwd: home.cluster,
      env: serverEnvironment(),
      detached: true,
      stdio: [reader, log.fd, log.fd],
    });
    child.unref();
    return { seat, child, logOffset: log.size };
  } catch (error) {
    closeSync(seat);
    throw error;
  } finally {
    closeSync(reader);
    closeSync(log.fd);
  }
}

/** The server's log says when it started, stopped or crashed; past a megabyte it moves aside, once. */
function openLog(home: ServerHome): { readonly fd: number; readonly size: number } {
  if ((statSync(home.logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_KEPT_BYTES) {
    renameSync(home.logFile, path.join(home.folder, 'server.old.log'));
  }
  const fd = openSync(home.logFile, 'a', 0o600);
  if (home.account.identity.uid !== undefined) fchownSync(fd, home.account.uid, home.account.gid);
  return { fd, size: fstatSync(fd).size };
}
