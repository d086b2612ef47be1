import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, readdirSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries';
import { embeddedFault, errorCode } from './embedded-fault';
import { nextStep } from './next-step';
import { inspectServer, type PidFile, serverProcess } from './postmaster';
import type { Log, ServerHome } from './server-home';
import { readyPidFile, type SeatedServer, type Settings, startServer } from './server-start';
import { launchSupervisor } from './supervisor';
import { anyoneSeated, askToLook, ensureFifo, isGuarded, type Seat, takeSeat } from './users-fifo';
import { waitFor } from './wait-for';

/** A fast shutdown ends with a checkpoint: up to a gigabyte to a slow disk. */
const STOP_TIMEOUT_MS = 60_000;
const PAUSE_MS = 50;

/**
 * Becomes a user of the folder's server, started, joined or adopted as need be. To be called under the start lock.
 *
 * @throws an error that says what to do when that is not possible within `timeoutMs`
 */
export async function useServer(
  home: ServerHome,
  binaries: Binaries,
  options: { settings: Settings; timeoutMs: number; log: Log },
): Promise<SeatedServer> {
  await ensureFifo(home);
  const deadlineMs = performance.now() + options.timeoutMs;
  const leftMs = (): number => Math.max(0, deadlineMs - performance.now());
  let waitingSinceMs: number | undefined;
  while (leftMs() > 0) {
    const facts = await inspectServer(home);
    const step = nextStep(facts, waitingSinceMs === undefined ? 0 : performance.now() - waitingSinceMs);
    const pidFile = typeof facts.pidFile === 'string' ? undefined : facts.pidFile;
    if (step.do === 'refuse') throw refusal(step.because, home, pidFile);
    if (step.do === 'wait') {
      waitingSinceMs ??= performance.now();
      askToLook(home.usersFifo);
    } else waitingSinceMs = undefined;

    let seated: SeatedServer | undefined;
    if (step.do === 'start') seated = await start(pidFile?.port);
    if (step.do === 'join') seated = await joinServer(home, pidFile!, leftMs(), options.log);
    if (step.do === 'adopt') seated = await adoptServer(home, pidFile!, leftMs(), options.log);
    if (seated) return seated;
    await sleep(PAUSE_MS);
  }
  throw embeddedFault(
    `the server of ${home.folder} has neither become ready nor stopped within ${options.timeoutMs / 1000} s`,
    `See ${home.logFile} and try again`,
  );

  async function start(preferredPort: number | undefined): Promise<SeatedServer | undefined> {
    removeRemains(home);
    const started = await startServer(home, binaries, { ...options, preferredPort, timeoutMs: leftMs() });
    return started === 'again' ? undefined : started;
  }
}

/** @returns undefined when the server or its supervisor ended before it saw us */
async function joinServer(
  home: ServerHome,
  pidFile: PidFile,
  timeoutMs: number,
  log: Log,
): Promise<SeatedServer | undefined> {
  const seat = takeSeat(home.usersFifo);
  if (seat === undefined) return undefined;
  const mark = `joined-${randomBytes(6).toString('hex')}`;
  const markFile = path.join(home.folder, mark);
  try {
    writeSync(seat, `${mark}\n`);
  } catch (error) {
    closeSync(seat);
    // EPIPE: the supervisor ended between the two calls.
    if (errorCode(error) === 'EPIPE') return undefined;
    throw error;
  }
  const answer = await waitFor(async () => {
    if (existsSync(markFile)) return 'seen';
    return isGuarded(home.usersFifo) && (await serverProcess(pidFile)) === 'postmaster' ? undefined : 'gone';
  }, timeoutMs);
  rmSync(markFile, { force: true });
  if (answer === 'seen')
    return whenReady(home, seat, pidFile, timeoutMs, 'Joined the running embedded PostgreSQL', log);
  closeSync(seat);
  return undefined;
}

async function adoptServer(
  home: ServerHome,
  pidFile: PidFile,
  timeoutMs: number,
  log: Log,
): Promise<SeatedServer | undefined> {
  const { seat, child } = launchSupervisor(home, { pid: pidFile.pid });
  child.once('error', (error) => log('The embedded PostgreSQL has no supervisor', { reason: error.message }));
  const message = 'Adopted an embedded PostgreSQL whose supervisor was killed';
  return whenReady(home, seat, pidFile, timeoutMs, message, log);
}

/** Waits for a server that is still starting; gives the seat up when it never becomes ready. */
async function whenReady(
  home: ServerHome,
  seat: Seat,
  seen: PidFile,
  timeoutMs: number,
  message: string,
  log: Log,
): Promise<SeatedServer | undefined> {
  const ready = await waitFor(async () => {
    const pidFile = await readyPidFile(home);
    return pidFile ?? ((await serverProcess(seen)) === 'postmaster' ? undefined : 'gone');
  }, timeoutMs);
  if (ready === undefined || ready === 'gone') {
    closeSync(seat);
    return undefined;
  }
  log(message, { folder: home.folder, pid: ready.pid, port: ready.port });
  return { seat, pidFile: ready };
}

/** Gives the seat up and, if it was the last, waits until the server is gone. To be called under the start lock. */
export async function leaveServer(home: ServerHome, seat: Seat): Promise<void> {
  closeSync(seat);
  await stopUnused(home);
}

/**
 * Waits until the supervisor has stopped a server that nobody uses, or stops it here where the supervisor was killed, be
 * it only now. To be called under the start lock, so that nobody joins meanwhile.
 *
 * @returns false when a service uses the server, which then stays
 */
export async function stopUnused(home: ServerHome): Promise<boolean> {
  if (anyoneSeated(home.usersFifo)) return false;
  const { pidFile, writtenFor } = await inspectServer(home);
  // The pid file in the copy of a folder names the server of the original.
  if (typeof pidFile === 'string' || writtenFor === 'another folder') return true;
  const gone = await waitFor(async () => {
    const guarded = isGuarded(home.usersFifo);
    const running = (await serverProcess(pidFile)) === 'postmaster';
    if (running && !guarded) fastShutdown(pidFile.pid);
    return running || guarded ? undefined : true;
  }, STOP_TIMEOUT_MS);
  if (!gone) {
    throw new Error(
      `The embedded PostgreSQL (process ${pidFile.pid}) was told to stop and still runs after ${STOP_TIMEOUT_MS / 1000} s. ` +
        `It writes its data to disk; see ${home.logFile}.`,
    );
  }
  return true;
}

function fastShutdown(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch (error) {
    // It ended since we looked.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** The pid file of a server that is no more, and marks of users that died while they joined. */
function removeRemains(home: ServerHome): void {
  rmSync(home.pidFile, { force: true });
  for (const name of readdirSync(home.folder)) {
    if (name.startsWith('joined-')) rmSync(path.join(home.folder, name), { force: true });
  }
}

function refusal(because: 'moved while running' | 'served from elsewhere', home: ServerHome, server?: PidFile): Error {
  if (because === 'moved while running') {
    return embeddedFault(
      `the folder was moved from ${server?.dataDirectory} while its server (process ${server?.pid}) was running`,
      'Stop the services that use it (or send that process SIGINT) and start again',
    );
  }
  return embeddedFault(
    `${home.folder} is in use by a server that cannot be reached from here (of another container, perhaps)`,
    'Run the services that share a data folder in one place',
  );
}
