import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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
    const folders = Array.from({ length: 200 }, (_, index) => join(folder, String(index)));
    const stale = await endedPid();
    for (const each of folders) {
      mkdirSync(each);
      writeFileSync(join(each, 'lock.1'), JSON.stringify({ pid: stale }));
    }
    const startAt = Date.now() + 700;
    const contenders = [1, 2, 3, 4].map(() => contender(folders, startAt));
    const won = (await Promise.all(contenders.map(({ wins }) => wins))).flat();
    for (const { end } of contenders) end();
    expect(won.sort()).toEqual([...folders].sort());
  }, 60_000);

  /** Another process that tries to take every folder, as soon as it is time, and keeps running. Needs the build. */
  function contender(folders: string[], startAt: number): { wins: Promise<string[]>; end: () => void } {
    const main = join(__dirname, '../../../../dist/gateways/simulator/server/folder-lock.js');
    const script = `const { FolderLock } = require(${JSON.stringify(main)});
      const folders = ${JSON.stringify(folders)};
      while (Date.now() < ${startAt});
      console.log(JSON.stringify(folders.filter((folder) => FolderLock.acquire(folder))));
      process.stdin.resume();`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    const wins = new Promise<string[]>((resolve) =>
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as string[])),
    );
    return { wins, end: () => child.stdin.end() };
  }
});

describe('A process', () => {
  it('is running while it runs', async () => {
    expect(isRunning(ownIdentity())).toBe(true);
    expect(isRunning({ pid: await endedPid() })).toBe(false);
  });
});
