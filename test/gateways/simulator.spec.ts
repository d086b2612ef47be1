import { readFileSync, rmSync } from 'node:fs';
import type { OutgoingMessage, SendOutcome } from '../../src/gateways';
import { simulatorFiles, summariseLedger } from '../../src/gateways';
import { parseEntry } from '../../src/gateways/simulator/server/ledger-entry';
import { ReceiptsSink } from './receipts-sink';
import { exitOf, KEYS, newDataDir, SimulatorProcess, spawnSimulator, until } from './simulator-process';

const text = (seq: number, attempt = 1): OutgoingMessage => ({
  reference: { batchId: 1, seq, attempt },
  phone: `+84${912_000_000 + seq}`,
  sender: 'SOTUPHAP',
  text: `Kính mời cử tri số ${seq}`,
});
const seqsTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

let dataDir: string;
let simulator: SimulatorProcess;
let sink: ReceiptsSink;

async function start(
  ...args: Parameters<typeof SimulatorProcess.start> extends [string, ...infer Rest] ? Rest : never
) {
  simulator = await SimulatorProcess.start(dataDir, ...args);
  return simulator;
}
async function sendAll(seqs: number[], limits: { timeoutMs?: number } = {}): Promise<SendOutcome[]> {
  const gateway = simulator.gateway({ sockets: 50, ...limits });
  const outcomes = await Promise.all(seqs.map((seq) => gateway.send(text(seq))));
  await gateway.close();
  return outcomes;
}
const kindsOf = (outcomes: SendOutcome[]) => [...new Set(outcomes.map(({ kind }) => kind))];
const ledgerLines = () => readFileSync(simulatorFiles(dataDir).ledger, 'latin1').split('\n').slice(1, -1);

beforeEach(async () => {
  dataDir = newDataDir();
  sink = await ReceiptsSink.start(KEYS);
});
afterEach(async () => {
  await simulator?.kill();
  await sink.stop();
  rmSync(dataDir, { recursive: true });
});

describe('The simulator', () => {
  it('accepts a text and lists it: id, reference, number, digest, time, never the text', async () => {
    await start();
    const [outcome] = await sendAll([5]);
    expect(outcome).toEqual({ kind: 'accepted', gatewayMessageId: expect.stringMatching(/^[0-9a-f]{8}-1$/) });
    const entry = parseEntry(ledgerLines()[0]!);
    expect(entry).toMatchObject({ reference: '1.5.1', number: '+84912000005', owesReceipt: true });
    // sha256sum of the UTF-8 text
    expect(entry?.digest).toBe('7d2415be5c6100c2e5ac11713491213ef24a5fd8e91b37b3d4c0939fcd2fdea9');
    expect(readFileSync(simulatorFiles(dataDir).ledger, 'utf8')).not.toMatch(/cử tri/);
  });

  it('has every answered acceptance on its ledger, even when it is killed under load', async () => {
    await start();
    const gateway = simulator.gateway({ sockets: 50, timeoutMs: 2_000 });
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
    await simulator.kill('SIGKILL');
    const ends = await Promise.all(sending);
    await gateway.close();
    expect(ends).not.toContain('all');
    const listed = new Set(ledgerLines().map((line) => parseEntry(line)?.id));
    expect(answered.filter((id) => !listed.has(id))).toEqual([]);
    // And no more is listed than could have been under way.
    expect(listed.size - answered.length).toBeLessThanOrEqual(50);
  });

  it('refuses the told share of numbers for good, the same ones after a restart', async () => {
    await start({ refuseShare: 0.1, seed: 2021 });
    const refusedOf = (outcomes: SendOutcome[]) =>
      outcomes.flatMap(({ kind }, seq) => (kind === 'rejected' ? seq : []));
    const refused = refusedOf(await sendAll(seqsTo(500)));
    expect(refused.length).toBeGreaterThan(25);
    expect(refused.length).toBeLessThan(75);
    await simulator.kill();
    await start({ refuseShare: 0.1, seed: 2021 });
    expect(refusedOf(await sendAll(seqsTo(500)))).toEqual(refused);
  });

  it('throttles, fails, refuses the opted out: and lists none of it', async () => {
    await start({ throttleShare: 1, retryAfterSeconds: 7 });
    expect(await sendAll([1])).toEqual([{ kind: 'deferred', code: 'throttled', retryAfterMs: 7_000 }]);
    await simulator.control.setBehaviour({ failShare: 1 });
    expect(await sendAll([1])).toEqual([{ kind: 'deferred', code: 'failing' }]);
    await simulator.control.setBehaviour({ optedOutShare: 1 });
    expect(await sendAll([1])).toEqual([{ kind: 'optedOut', code: 'opted-out' }]);
    await simulator.control.setBehaviour({ hangShare: 1 });
    expect(await sendAll([1], { timeoutMs: 200 })).toEqual([{ kind: 'unknown', code: 'timeout' }]);
    expect(ledgerLines()).toEqual([]);
  });

  it('drops the connection after accepting: unknown to the sender, proven by the ledger', async () => {
    await start({ dropShare: 1 });
    expect(kindsOf(await sendAll(seqsTo(20)))).toEqual(['unknown']);
    expect(ledgerLines()).toHaveLength(20);
  });

  it('takes as long as it is told', async () => {
    await start({ latencyMs: 300 });
    const before = performance.now();
    expect(kindsOf(await sendAll(seqsTo(20)))).toEqual(['accepted']);
    expect(performance.now() - before).toBeGreaterThanOrEqual(300);
    expect(kindsOf(await sendAll([1], { timeoutMs: 100 }))).toEqual(['unknown']);
  });

  it('shows witnesses what it took, per batch', async () => {
    await start();
    await sendAll([1, 2, 3]);
    await sendAll([3]);
    const summary = await simulator.control.ledger();
    expect(summary).toEqual({
      accepted: 4,
      batches: [{ batchId: 1, accepted: 4, numbers: 3, repeated: 1, repeatedReferences: ['1.3.1'] }],
    });
    expect(await summariseLedger(simulatorFiles(dataDir).ledger)).toEqual(summary);
    const { accepted, pid } = await simulator.control.health();
    expect({ accepted, pid }).toEqual({ accepted: 4, pid: simulator.pid });
  });
});

describe('The simulator’s interface', () => {
  it('is closed to whoever has no token, but for its health', async () => {
    await start();
    for (const [method, path] of [
      ['POST', '/messages'],
      ['GET', '/ledger'],
      ['PUT', '/behaviour'],
      ['GET', '/x'],
    ]) {
      for (const authorization of ['', 'Bearer wrong', 'Bearer its-tokem']) {
        expect((await fetch(simulator.url + path, { method, headers: { authorization } })).status).toBe(401);
      }
    }
    expect((await fetch(`${simulator.url}/health`)).status).toBe(200);
  });

  it('names what is wrong, and takes nothing of it', async () => {
    await start();
    const ask = async (method: string, path: string, body: string) => {
      const headers = { authorization: `Bearer ${KEYS.token}` };
      const response = await fetch(simulator.url + path, { method, headers, body });
      return [response.status, await response.text()];
    };
    expect(await ask('POST', '/messages', '{"to":"0912","text":1}')).toEqual([400, expect.stringContaining('"to"')]);
    expect(await ask('POST', '/messages', 'x'.repeat(20_000))).toEqual([413, expect.stringContaining('too-large')]);
    expect(await ask('PUT', '/behaviour', '{"dropShare":2}')).toEqual([422, expect.stringContaining('dropShare')]);
    expect(await ask('PUT', '/behaviour', '{')).toEqual([422, expect.stringContaining('bad-behaviour')]);
    expect(await ask('PUT', '/receipts-address', '{"url":"x"}')).toEqual([422, expect.stringContaining('url')]);
    expect(await ask('POST', '/nothing', '')).toEqual([404, expect.stringContaining('not-found')]);
    expect(ledgerLines()).toEqual([]);
  });

  it('listens on this machine only', async () => {
    await start();
    expect(simulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each([
    [['--port', '70000'], 2, /--port must be a whole number/],
    [['--behaviour', '{'], 2, /--behaviour must be JSON/],
    [['--behaviour', '{"dropShare":3}'], 1, /dropShare must be a number from 0 to 1/],
    [['--colour', 'red'], 2, /--colour/],
  ])('ends with a word of help when started with %j', async (args, code, words) => {
    const child = spawnSimulator('--data-dir', dataDir, ...args);
    let said = '';
    child.stderr!.on('data', (chunk) => (said += chunk));
    expect(await exitOf(child)).toBe(code);
    expect(said).toMatch(words);
  });

  it('serves a folder once', async () => {
    await start();
    expect(await exitOf(spawnSimulator('--data-dir', dataDir))).toBe(3);
    expect(kindsOf(await sendAll([1]))).toEqual(['accepted']);
  });

  it('ends cleanly on SIGTERM, within a moment, also while requests hang', async () => {
    await start({ hangShare: 1 });
    const outcomes = sendAll(seqsTo(5), { timeoutMs: 20_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = performance.now();
    expect(await simulator.kill('SIGTERM')).toBe(0);
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(kindsOf(await outcomes)).toEqual(['unknown']);
  });

  it('ends when its folder is removed: nobody reads that ledger any more', async () => {
    await start();
    rmSync(simulatorFiles(dataDir).folder, { recursive: true });
    expect(await simulator.exit).toBe(0);
  });
});

describe('Delivery receipts', () => {
  const reportTo = () => simulator.control.setReceiptsAddress(sink.url);

  it('come for every accepted text, signed, in lots', async () => {
    await start({ receiptsDelayMs: 50, undeliveredShare: 0.2 });
    await reportTo();
    await sendAll(seqsTo(1_000));
    await until(() => sink.taken.length >= 1_000);
    expect(new Set(sink.seqs).size).toBe(1_000);
    expect(Math.max(...sink.lots)).toBeGreaterThan(1);
    expect(Math.max(...sink.lots)).toBeLessThanOrEqual(100);
    const undelivered = sink.taken.filter(({ status }) => status === 'undelivered').length;
    expect(undelivered).toBeGreaterThan(120);
    expect(undelivered).toBeLessThan(280);
  });

  it('come one by one when told so', async () => {
    await start({ receiptsDelayMs: 0, receiptsPerPost: 1 });
    await reportTo();
    await sendAll(seqsTo(30));
    await until(() => sink.taken.length === 30);
    expect(new Set(sink.lots)).toEqual(new Set([1]));
  });

  it('settle what the sender could not know: they come for dropped texts too', async () => {
    await start({ dropShare: 1, receiptsDelayMs: 0 });
    await reportTo();
    expect(kindsOf(await sendAll([9]))).toEqual(['unknown']);
    await until(() => sink.taken.length === 1);
    expect(sink.taken[0]).toMatchObject({ reference: { batchId: 1, seq: 9, attempt: 1 }, status: 'delivered' });
  });

  it('may come before the answer', async () => {
    await start({ latencyMs: 1_000, receiptsDelayMs: 0 });
    await reportTo();
    const answers = sendAll([1]);
    await until(() => sink.taken.length === 1, 900);
    expect(kindsOf(await answers)).toEqual(['accepted']);
  });

  it('do not come for texts that were accepted while they were turned off', async () => {
    await start({ receipts: false, receiptsDelayMs: 0 });
    await reportTo();
    await sendAll([1]);
    await simulator.control.setBehaviour({ receiptsDelayMs: 0 });
    await sendAll([2]);
    await until(() => sink.taken.length > 0);
    await until(async () => (await simulator.control.health()).pendingReceipts === 0);
    await simulator.kill();
    await start();
    await sendAll([3]);
    await until(() => sink.seqs.includes(3));
    expect(sink.seqs).toEqual([2, 3]);
  });

  it('are repeated, reordered and belated when told so, and none is lost', async () => {
    await start({ receiptsDelayMs: 0, repeatReceiptsShare: 0.5, reorderReceiptsShare: 0.5, receiptsPerPost: 10 });
    await reportTo();
    await sendAll(seqsTo(200));
    await until(async () => (await simulator.control.health()).pendingReceipts === 0);
    const final = sink.taken.filter(({ status }) => status === 'delivered');
    expect(new Set(final.map(({ reference }) => reference.seq)).size).toBe(200);
    expect(final.length).toBeGreaterThan(230);
    expect(sink.taken.filter(({ status }) => status === 'pending').length).toBeGreaterThan(50);
  });

  it('wait while the service is down, and come when it is back', async () => {
    await start({ receiptsDelayMs: 0 });
    sink.isDown = true;
    await reportTo();
    await sendAll(seqsTo(150));
    await until(() => sink.refused >= 3);
    sink.isDown = false;
    await reportTo();
    await until(() => sink.taken.length === 150);
    expect(new Set(sink.seqs).size).toBe(150);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'that were not acknowledged are sent by the next simulator after %s, the others are not',
    async (signal) => {
      await start({ receiptsDelayMs: 0 });
      await reportTo();
      await sendAll(seqsTo(100));
      await until(async () => (await simulator.control.health()).pendingReceipts === 0);
      sink.isDown = true;
      await sendAll(seqsTo(300).slice(100));
      await until(() => sink.refused > 0);
      await simulator.kill(signal);
      sink.isDown = false;
      await start(); // nobody tells it where: it was told before
      await until(() => sink.taken.length >= 300);
      await until(async () => (await simulator.control.health()).pendingReceipts === 0);
      expect(sink.seqs.sort((a, b) => a - b)).toEqual(seqsTo(300));
    },
  );
});
