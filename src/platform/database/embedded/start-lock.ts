import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { embeddedFault, errorCode, inFolder } from './embedded-fault';
import { runCommand } from './run-command';
import { waitFor } from './wait-for';

/** open(2) on macOS and the BSDs: take an exclusive flock(2) with the descriptor. */
const O_EXLOCK = 0x20;

/** Holds the lock until it is released or its process dies in any way; the system lets go of it then. */
export interface StartLock {
  /** False when the folder was removed, or replaced, while we waited for its lock. */
  stillThere(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Takes the lock of a server's folder: one process at a time starts, joins, leaves or removes its server, whatever
 * container or user it runs as.
 *
 * @returns undefined when others held it for `timeoutMs`
 */
export async function takeStartLock(lockFile: string, timeoutMs: number): Promise<StartLock | undefined> {
  const handle =
    process.platform === 'linux' ? await lockByCommand(lockFile, timeoutMs) : await lockByOpening(lockFile, timeoutMs);
  return (
    handle && {
      stillThere: async () => {
        const named = await stat(lockFile).catch(() => undefined);
        return named?.ino === (await handle.stat()).ino;
      },
      release: () => handle.close(),
    }
  );
}

/**
 * Node has no flock(2). The command of that name locks the descriptor it inherits from us, and the lock belongs to what
 * we opened, not to the command: it stays when the command ends, until we close the file. It waits without polling.
 */
async function lockByCommand(lockFile: string, timeoutMs: number): Promise<FileHandle | undefined> {
  const handle = await inFolder(lockFile, () => open(lockFile, constants.O_RDWR | constants.O_CREAT, 0o600));
  try {
    const { code, stderr, timedOut } = await runCommand('flock', ['-x', '3'], { timeoutMs, fd3: handle.fd });
    if (code === 0) return handle;
    if (!timedOut)
      throw embeddedFault(`${lockFile} cannot be locked (${stderr.trim()})`, 'Name a folder on a local disk');
    await handle.close();
    return undefined;
  } catch (error) {
    await handle.close();
    if (errorCode(error) !== 'ENOENT') throw error;
    throw embeddedFault('the command flock is missing', 'Install it (package util-linux)', error);
  }
}

async function lockByOpening(lockFile: string, timeoutMs: number): Promise<FileHandle | undefined> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK;
  return waitFor(
    () =>
      inFolder(lockFile, () => open(lockFile, flags, 0o600)).catch((error: unknown) => {
        if (errorCode(error) !== 'EAGAIN') throw error;
        return undefined;
      }),
    timeoutMs,
  );
}
