import { readFileSync, rmSync } from 'node:fs';
import { simulatorFiles, summariseLedger } from '../../src/gateways';
import type { SendOutcome } from '../../src/gateways';
import { parseEntry } from '../../src/gateways/simulator/server/ledger-entry';
import { SimulatorGateway } from '../../src/gateways/simulator/simulator.gateway';
import { exitOf, KEYS, spawnSimulator, until } from './simulator-process';
import { kindsOf, seqsTo, SimulatorScene, text } from './simulator-scene';

let scene: SimulatorScene;
beforeEach(async () => void (scene = await SimulatorScene.open()));
afterEach(() => scene.close());

describe('The simulator', () => {
  it('accepts a text and lists it: id, reference, number, digest, time, never the text', async () => {
    await scene.start();
    const [outcome] = await scene.sendAll([5]);
    expect(outcome).toEqual({ kind: 'accepted', gatewayMessageId: expect.stringMatching(/^[0-9a-f]{8}-1$/) });
    const entry = parseEntry(scene.ledgerLines()[0]!);
    expect(entry).toMatchObject({ reference: '1.5.1', number: '+84912000005', owesReceipt: true });
    // sha256sum of the UTF-8 text
    expect(entry?.digest).toBe('7d2415be5c6100c2e5ac11713491213ef24a5fd8e91b37b3d4c0939fcd2fdea9');
    expect(readFileSync(simulatorFiles(scene.dataDir).ledger, 'utf8')).not.toMatch(/cử tri/);
  });

  it('has every answered acceptance on its ledger, even when it is killed under load', async () => {
    await scene.start();
    const gateway = scene.simulator.gateway({ sockets: 50, timeoutMs: 2_000 });
    const answered: string[] = [];
    const sending = seqsTo(50).map(async (lane) => {
      for (let n = 0; n < 1_000; n++) {
        const outcome = await gateway.send(text(lane * 1_000 + n));
        if (outcome.kind !== 'accepted') return outcome.kind;
        answered.push(outcome.gatewayMessageId);
      }
      return 'all';
    });
    await until(() => answered.length > 3_000);
    await scene.simulator.kill('SIGKILL');
    const ends = await Promise.all(sending);
    await gateway.close();
    expect(ends).not.toContain('all');
    const listed = new Set(scene.ledgerLines().map((line) => parseEntry(line)?.id));
    expect(answered.filter((id) => !listed.has(id))).toEqual([]);
    // And no more is listed than could have been under way.
    expect(listed.size - answered.length).toBeLessThanOrEqual(50);
  });

  it('refuses the told share of numbers for good, the same ones after a restart', async () => {
    await scene.start({ refuseShare: 0.1, seed: 2021 });
    const refusedOf = (outcomes: SendOutcome[]) =>
      outcomes.flatMap(({ kind }, seq) => (kind === 'rejected' ? seq : []));
    const refused = refusedOf(await scene.sendAll(seqsTo(500)));
    expect(refused.length).toBeGreaterThan(25);
    expect(refused.length).toBeLessThan(75);
    await scene.simulator.kill();
    await scene.start({ refuseShare: 0.1, seed: 2021 });
    expect(refusedOf(await scene.sendAll(seqsTo(500)))).toEqual(refused);
  });

  it('throttles, fails, refuses the opted out: and lists none of it', async () => {
    await scene.start({ throttleShare: 1, retryAfterSeconds: 7 });
    const throttled = { kind: 'deferred', because: 'rate', code: 'throttled', retryAfterMs: 7_000 };
    expect(await scene.sendAll([1])).toEqual([throttled]);
    await scene.simulator.control.setBehaviour({ failShare: 1 });
    expect(await scene.sendAll([1])).toEqual([{ kind: 'deferred', because: 'temporary', code: 'failing' }]);
    await scene.simulator.control.setBehaviour({ optedOutShare: 1 });
    expect(await scene.sendAll([1])).toEqual([{ kind: 'optedOut', code: 'opted-out' }]);
    await scene.simulator.control.setBehaviour({ hangShare: 1 });
    expect(await scene.sendAll([1], { timeoutMs: 200 })).toEqual([{ kind: 'unknown', code: 'timeout' }]);
    expect(scene.ledgerLines()).toEqual([]);
  });

  it('drops the connection after accepting: unknown to the sender, proven by the ledger', async () => {
    await scene.start({ dropShare: 1 });
    expect(kindsOf(await scene.sendAll(seqsTo(20)))).toEqual(['unknown']);
    expect(scene.ledgerLines()).toHaveLength(20);
  });

  it('takes as long as it is told', async () => {
    await scene.start({ latencyMs: 300 });
    const before = performance.now();
    expect(kindsOf(await scene.sendAll(seqsTo(20)))).toEqual(['accepted']);
    expect(performance.now() - before).toBeGreaterThanOrEqual(300);
    expect(kindsOf(await scene.sendAll([1], { timeoutMs: 100 }))).toEqual(['unknown']);
  });

  it('shows witnesses what it took, per batch', async () => {
    await scene.start();
    await scene.sendAll([1, 2, 3]);
    await scene.sendAll([3]);
    const summary = await scene.simulator.control.ledger();
    expect(summary).toEqual({
      accepted: 4,
      batches: [{ batchId: 1, accepted: 4, numbers: 3, repeated: 1, repeatedReferences: ['1.3.1'] }],
    });
    expect(await summariseLedger(simulatorFiles(scene.dataDir).ledger)).toEqual(summary);
    const { accepted, pid } = await scene.simulator.control.health();
    expect({ accepted, pid }).toEqual({ accepted: 4, pid: scene.simulator.pid });
  });
});

describe('The simulator’s interface', () => {
  it('is closed to whoever has no token, but for its health', async () => {
    await scene.start();
    for (const [method, path] of [
      ['POST', '/messages'],
      ['GET', '/ledger'],
      ['PUT', '/behaviour'],
      ['GET', '/x'],
    ]) {
      for (const authorization of ['', 'Bearer wrong', 'Bearer its-tokem']) {
        expect((await fetch(scene.simulator.url + path, { method, headers: { authorization } })).status).toBe(401);
      }
    }
    expect((await fetch(`${scene.simulator.url}/health`)).status).toBe(200);
  });

  it('costs no recipient when the token is wrong: every text waits', async () => {
    await scene.start();
    const gateway = new SimulatorGateway({ url: scene.simulator.url, ...KEYS, token: 'wrong', sockets: 20 });
    const outcomes = await Promise.all(seqsTo(200).map((seq) => gateway.send(text(seq))));
    await gateway.close();
    expect(new Set(outcomes.map(({ kind, code }: { kind: string; code?: string }) => `${kind} ${code}`))).toEqual(
      new Set(['deferred unauthorised']),
    );
    expect(scene.ledgerLines()).toEqual([]);
  });

  it('names what is wrong, and takes nothing of it', async () => {
    await scene.start();
    const ask = async (method: string, path: string, body: string) => {
      const headers = { authorization: `Bearer ${KEYS.token}` };
      const response = await fetch(scene.simulator.url + path, { method, headers, body });
      return [response.status, await response.text()];
    };
    expect(await ask('POST', '/messages', '{"to":"0912","text":1}')).toEqual([400, expect.stringContaining('"to"')]);
    expect(await ask('POST', '/messages', 'x'.repeat(20_000))).toEqual([413, expect.stringContaining('too-large')]);
    expect(await ask('PUT', '/behaviour', '{"dropShare":2}')).toEqual([422, expect.stringContaining('dropShare')]);
    expect(await ask('PUT', '/behaviour', '{')).toEqual([422, expect.stringContaining('bad-behaviour')]);
    expect(await ask('PUT', '/receipts-address', '{"url":"x"}')).toEqual([422, expect.stringContaining('url')]);
    expect(await ask('POST', '/nothing', '')).toEqual([404, expect.stringContaining('not-found')]);
    expect(scene.ledgerLines()).toEqual([]);
  });

  it('listens on this machine only', async () => {
    await scene.start();
    expect(scene.simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each([
    [['--port', '70000'], 2, /--port must be a whole number/],
    [['--behaviour', '{'], 2, /--behaviour must be JSON/],
    [['--behaviour', '{"dropShare":3}'], 1, /dropShare must be a number from 0 to 1/],
    [['--colour', 'red'], 2, /--colour/],
  ])('ends with a word of help when started with %j', async (args, code, words) => {
    const child = spawnSimulator('--data-dir', scene.dataDir, ...args);
    let said = '';
    child.stderr!.on('data', (chunk) => (said += chunk));
    expect(await exitOf(child)).toBe(code);
    expect(said).toMatch(words);
  });

  it('serves a folder once', async () => {
    await scene.start();
    expect(await exitOf(spawnSimulator('--data-dir', scene.dataDir))).toBe(3);
    expect(kindsOf(await scene.sendAll([1]))).toEqual(['accepted']);
  });

  it('ends cleanly on SIGTERM, within a moment, also while requests hang', async () => {
    await scene.start({ hangShare: 1 });
    const outcomes = scene.sendAll(seqsTo(5), { timeoutMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = performance.now();
    expect(await scene.simulator.kill('SIGTERM')).toBe(0);
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(kindsOf(await outcomes)).toEqual(['unknown']);
  });

  it('ends when its folder is removed: nobody reads that ledger any more', async () => {
    await scene.start();
    rmSync(simulatorFiles(scene.dataDir).folder, { recursive: true });
    expect(await scene.simulator.exit).toBe(0);
  });
});
