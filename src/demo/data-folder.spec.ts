import { ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoFolder } from './data-folder';
import { isRunning, knownProcess, writeKnownProcess } from './known-process';

const ANEW = { resume: false, scale: undefined };
const RESUME = { resume: true, scale: undefined };

let parent: string;
let path: string;
const started: ChildProcess[] = [];
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'tinluat-demo-folder-'));
  path = join(parent, 'demo-data');
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
  await rm(parent, { recursive: true });
});

function startIdler(): { pid: number } {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  started.push(child);
  return { pid: child.pid! };
}

async function beginDemo(): Promise<void> {
  await DemoFolder.open(path, { resume: false, scale: 2 });
  writeFileSync(join(path, 'accounts.json'), '[]');
  mkdirSync(join(path, 'uploads'));
}

describe('the data folder of the demo', () => {
  it('never touches a folder that holds something else, not even to resume', async () => {
    mkdirSync(path);
    writeFileSync(join(path, 'luận văn.docx'), 'years of work');
    await expect(DemoFolder.open(path, ANEW)).rejects.toMatchObject({ code: 'demo.foreign-folder' });
    await expect(DemoFolder.open(path, RESUME)).rejects.toMatchObject({ code: 'demo.foreign-folder' });
    expect(readdirSync(path)).toEqual(['luận văn.docx']);
  });

  it('is not taken in by a file of the same name with other content', async () => {
    mkdirSync(path);
    writeFileSync(join(path, '.tinluat-demo'), 'notes about the demo');
    await expect(DemoFolder.open(path, ANEW)).rejects.toMatchObject({ code: 'demo.foreign-folder' });
  });

  it('wipes what an earlier demo left, and nothing beside the folder', async () => {
    await beginDemo();
    writeFileSync(join(parent, 'neighbour'), '');
    const folder = await DemoFolder.open(path, ANEW);
    expect(folder).toMatchObject({ isResumed: false, scale: 1 });
    expect(readdirSync(path).sort()).toEqual(['.tinluat-demo', 'demo.process.json']);
    expect(existsSync(join(parent, 'neighbour'))).toBe(true);
  });

  it('goes on with the scale an earlier demo was begun with, and with no other', async () => {
    await beginDemo();
    expect(await DemoFolder.open(path, RESUME)).toMatchObject({ isResumed: true, scale: 2 });
    expect(existsSync(join(path, 'accounts.json'))).toBe(true);
    await expect(DemoFolder.open(path, { resume: true, scale: 1 })).rejects.toMatchObject({ code: 'demo.other-scale' });
  });

  it('begins anew where there is nothing to resume, and where a wipe was broken off', async () => {
    expect(await DemoFolder.open(path, RESUME)).toMatchObject({ isResumed: false, scale: 1 });
    await beginDemo();
    writeFileSync(join(path, '.tinluat-demo'), JSON.stringify({ tinluat: 'demo', scale: 2, isBeingWiped: true }));
    expect(await DemoFolder.open(path, RESUME)).toMatchObject({ isResumed: false, scale: 1 });
    expect(existsSync(join(path, 'accounts.json'))).toBe(false);
  });

  it('stops the service that a killed demo left running', async () => {
    await beginDemo();
    const orphan = knownProcess(startIdler().pid);
    writeKnownProcess(join(path, 'service.process.json'), orphan);
    await DemoFolder.open(path, RESUME);
    expect(isRunning(orphan)).toBe(false);
  });

  it('leaves alone a process that has only got the same number since', async () => {
    await beginDemo();
    const stranger = knownProcess(startIdler().pid);
    writeKnownProcess(join(path, 'service.process.json'), { pid: stranger.pid, startedAt: '1' });
    mkdirSync(join(path, 'simulator'));
    writeKnownProcess(join(path, 'simulator', 'lock.3'), { pid: stranger.pid });
    await DemoFolder.open(path, ANEW);
    expect(isRunning(stranger)).toBe(true);
  });

  it('stops the simulator, which outlives a killed service, before its ledger is deleted', async () => {
    await beginDemo();
    const simulator = knownProcess(startIdler().pid);
    mkdirSync(join(path, 'simulator'));
    writeKnownProcess(join(path, 'simulator', 'lock.1'), simulator);
    await DemoFolder.open(path, ANEW);
    expect(isRunning(simulator)).toBe(false);
    expect(existsSync(join(path, 'simulator'))).toBe(false);
  });
});
