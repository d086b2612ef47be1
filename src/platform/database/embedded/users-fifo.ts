import { closeSync, constants, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { embeddedFault, errorCode } from './embedded-fault';
import { runCommand } from './run-command';
import type { ServerHome } from './server-home';

/*
 * Who uses a server is counted by the system itself: every service holds the FIFO open for writing, the supervisor
 * reads it, and its read ends when the last writer is gone, in whatever way it went. Nothing has to be cleaned up.
 * None of these calls can block: each opens without waiting, or beside an end that is already open.
 */

/** A place among the users of the server; closing it gives it up. */
export type Seat = number;

/** Makes the FIFO where it is missing or something else has its name (a backup that was put back). */
export async function ensureFifo({ usersFifo, folder, account }: ServerHome): Promise<void> {
  if (statSync(usersFifo, { throwIfNoEntry: false })?.isFIFO()) return;
  rmSync(usersFifo, { recursive: true, force: true });
  const { code, stderr } = await runCommand('mkfifo', ['-m', '600', usersFifo], { timeoutMs: 10_000 });
  if (code !== 0) {
    throw embeddedFault(
      `no FIFO can be made in ${folder} (${stderr.trim()})`,
      'Name a folder on a local disk with room',
    );
  }
  if (account.identity.uid !== undefined) await chown(usersFifo, account.uid, account.gid);
}

/** Both ends at once, for whoever starts a supervisor: it inherits the reading end, so it never misses our seat. */
export function openBothEnds(usersFifo: string): { readonly seat: Seat; readonly reader: number } {
  const both = openSync(usersFifo, constants.O_RDWR);
  try {
    return { reader: openSync(usersFifo, constants.O_RDONLY), seat: openSync(usersFifo, constants.O_WRONLY) };
  } finally {
    closeSync(both);
  }
}

/** @returns undefined when no supervisor reads */
export function takeSeat(usersFifo: string): Seat | undefined {
  try {
    return openSync(usersFifo, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (['ENXIO', 'ENOENT'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

export function isGuarded(usersFifo: string): boolean {
  const seat = takeSeat(usersFifo);
  if (seat === undefined) return false;
  closeSync(seat);
  return true;
}

/** Makes the supervisor look whether its server still runs; one whose server is gone ends, as its users will not. */
export function askToLook(usersFifo: string): void {
  const seat = takeSeat(usersFifo);
  if (seat === undefined) return;
  try {
    writeSync(seat, 'look\n');
  } catch (error) {
    // It just ended, or has more lines to read than fit.
    if (!['EPIPE', 'EAGAIN'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    closeSync(seat);
  }
}

/** Whether any process still has a seat; to be asked under the start lock, when nobody is just taking one. */
export function anyoneSeated(usersFifo: string): boolean {
  const reader = openSync(usersFifo, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const buffer = Buffer.alloc(4096);
    // Lines that are left over are of users that died while they joined: behind them comes the end, or "try again".
    while (readSync(reader, buffer) > 0);
    return false;
  } catch (error) {
    if (errorCode(error) !== 'EAGAIN') throw error;
    return true;
  } finally {
    closeSync(reader);
  }
}
