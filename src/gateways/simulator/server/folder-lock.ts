import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, ownIdentity, ProcessIdentity } from './process-identity';

const PREFIX = 'lock.';

/**
 * At most one simulator writes to a folder. The lock is the file `lock.<n>` with the highest n, it names its process,
 * and it is free when that process is gone, however it went.
 *
 * A stale lock is not removed but outnumbered: link(2) makes `lock.<n+1>` whole or fails, so of several that find
 * `lock.<n>` stale one wins. The winner removes the lower ones, and the highest is never removed, so nobody can
 * outnumber a lock without having seen it.
 */
export class FolderLock {
  private constructor(private readonly path: string) {}

  /** @returns undefined when a running process holds the folder */
  static acquire(folder: string): FolderLock | undefined {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const draft = join(folder, `.lock-${process.pid}`);
    writeFileSync(draft, JSON.stringify(ownIdentity()), { mode: 0o600 });
    try {
      const highest = highestLock(folder);
      if (highest > 0 && holderIn(folder, highest)) return undefined;
      const path = join(folder, `${PREFIX}${highest + 1}`);
      linkSync(draft, path);
      if (highestLock(folder) !== highest + 1) {
        rmSync(path, { force: true });
        return undefined;
      }
      for (const number of lockNumbers(folder))
        if (number <= highest) rmSync(join(folder, `${PREFIX}${number}`), { force: true });
      return new FolderLock(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }

  /** The running process that holds the folder. */
  static holder(folder: string): ProcessIdentity | undefined {
    const highest = highestLock(folder);
    return highest > 0 ? holderIn(folder, highest) : undefined;
  }

  /** False when the folder was removed or emptied under us: what we would write there is nobody's any more. */
  isHeld(): boolean {
    return readLock(this.path)?.pid === process.pid;
  }
}

function lockNumbers(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names.filter((name) => /^lock\.[1-9]\d*$/.test(name)).map((name) => Number(name.slice(PREFIX.length)));
}

function highestLock(folder: string): number {
  return Math.max(0, ...lockNumbers(folder));
}

function holderIn(folder: string, number: number): ProcessIdentity | undefined {
  const identity = readLock(join(folder, `${PREFIX}${number}`));
  // Outnumbered and removed since we looked: then somebody else holds the folder. Look again.
  if (!identity) return FolderLock.holder(folder);
  return isRunning(identity) ? identity : undefined;
}

function readLock(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
