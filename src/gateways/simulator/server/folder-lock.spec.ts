import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderLock } from './folder-lock';
import { isRunning, ownIdentity } from './process-identity';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tinluat-lock-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const lockFile = (number: number, holder: object): void =>
  writeFileSync(join(folder, `lock.${number}`), JSON.stringify(holder));

/** The id of a process that has just ended. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid!;
}

describe('A folder', () => {
  it('belongs to one process at a time', () => {
    expect(FolderLock.holder(folder)).toBeUndefined();
    expect(FolderLock.acquire(folder)?.isHeld()).toBe(true);
    expect(FolderLock.holder(folder)?.pid).toBe(process.pid);
    expect(FolderLock.acquire(folder)).toBeUndefined();
  });

  it('is free again when its process was killed', async () => {
    lockFile(3, { pid: await endedPid() });
    expect(FolderLock.holder(folder)).toBeUndefined();
    expect(FolderLock.acquire(folder)).toBeDefined();
    expect(readdirSync(folder)).toEqual(['lock.4']);
  });

  it('is free again when the process id now belongs to another program', () => {
    if (process.platform !== 'linux') return;
    lockFile(1, { pid: process.pid, startedAt: '1' });
    expect(FolderLock.holder(folder)).toBeUndefined();
    expect(FolderLock.acquire(folder)).toBeDefined();
  });

  it('is nobody’s once it was removed, or emptied and taken by another', async () => {
    const lock = FolderLock.acquire(folder)!;
    lockFile(1, { pid: await endedPid() });
    expect(lock.isHeld()).toBe(false);
    rmSync(folder, { recursive: true });
    expect(lock.isHeld()).toBe(false);
  });

  it('goes to exactly one of several that want it at once after a crash', async () => {
    const stale = await endedPid();
    for (let round = 1; round <= 5; round++) {
      rmSync(folder, { recursive: true, force: true });
      folder = mkdtempSync(join(tmpdir(), 'tinluat-lock-'));
      lockFile(1, { pid: stale });
      const children = Array.from({ length: 6 }, () => contender());
      const won = await Promise.all(children.map(({ verdict }) => verdict));
      for (const { end } of children) end();
      expect(won.filter(Boolean)).toHaveLength(1);
    }
  }, 60_000);

  /** Another process that tries to take the folder and keeps running. */
  function contender(): { verdict: Promise<boolean>; end: () => void } {
    const main = join(__dirname, '../../../../dist/gateways/simulator/server/folder-lock.js');
    const script = `const { FolderLock } = require(${JSON.stringify(main)});
      process.stdout.write(FolderLock.acquire(${JSON.stringify(folder)}) ? 'won' : 'lost'); process.stdin.resume();`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const verdict = new Promise<boolean>((resolve) =>
      child.stdout.once('data', (text) => resolve(String(text) === 'won')),
    );
    return { verdict, end: () => child.stdin.end() };
  }
});

describe('A process', () => {
  it('is running while it runs', async () => {
    expect(isRunning(ownIdentity())).toBe(true);
    expect(isRunning({ pid: await endedPid() })).toBe(false);
  });
});
