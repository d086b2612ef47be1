import { setTimeout as sleep } from 'node:timers/promises';
import { kindsOf, seqsTo, SimulatorScene, text } from './simulator-scene';

let scene: SimulatorScene;
beforeEach(async () => void (scene = await SimulatorScene.open()));
afterEach(() => scene.close());

const THROTTLED = { kind: 'deferred', because: 'rate', code: 'throttled', retryAfterMs: 1_000 };

describe('A simulator that holds its clients to a contract', () => {
  it('refuses what comes faster than the permitted segments per second, and takes none of it', async () => {
    await scene.start({ segmentsPerSecond: 20, burstMs: 0 });
    const gateway = scene.simulator.gateway();
    const beganAt = performance.now();
    const outcomes = [];
    while (performance.now() - beganAt < 1_500)
      outcomes.push(await gateway.send({ ...text(outcomes.length + 1), segments: 2 }));
    const seconds = (performance.now() - beganAt) / 1_000;
    await gateway.close();
    const entries = scene.ledgerEntries();
    expect(outcomes.filter(({ kind }) => kind === 'accepted')).toHaveLength(entries.length);
    expect(outcomes).toContainEqual(THROTTLED);
    expect(entries.length).toBeGreaterThanOrEqual(10);
    expect(entries.length * 2).toBeLessThanOrEqual(20 * seconds + 2);
  });

  it('holds lists to it text by text', async () => {
    await scene.start({ segmentsPerSecond: 10, burstMs: 1_000 });
    const outcomes = await scene.sendList(seqsTo(100).map((seq) => text(seq)));
    expect(outcomes.slice(0, 10).map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, () => 'accepted'));
    expect(outcomes.slice(11)).toEqual(Array.from({ length: 89 }, () => THROTTLED));
  });

  it('refuses more texts than may wait for their answer at once', async () => {
    await scene.start({ mostInFlight: 10, latencyMs: 500 });
    const codes = (await scene.sendAll(seqsTo(30))).map((outcome) => ('code' in outcome ? outcome.code : outcome.kind));
    expect(codes.filter((code) => code === 'accepted')).toHaveLength(10);
    expect(codes.filter((code) => code === 'too-many-in-flight')).toHaveLength(20);
    await sleep(50);
    expect(kindsOf(await scene.sendList(seqsTo(10).map((seq) => text(seq, 2))))).toEqual(['accepted']);
    const [tooMany] = await scene.sendList(seqsTo(11).map((seq) => text(seq, 3)));
    expect(tooMany).toEqual({ ...THROTTLED, code: 'too-many-in-flight' });
    expect(scene.ledgerLines()).toHaveLength(20);
  });

  it('resets the connection after accepting: unknown to the sender, proven by the ledger', async () => {
    await scene.start({ resetShare: 1 });
    const outcomes = await scene.sendAll(seqsTo(20));
    expect(outcomes).toEqual(outcomes.map(() => ({ kind: 'unknown', code: 'ECONNRESET' })));
    expect(scene.ledgerLines()).toHaveLength(20);
  });
});

describe('Receipts on command', () => {
  const receipt = {
    id: 'deadbeef-1',
    reference: '77.1.1',
    status: 'undelivered' as const,
    code: 'handset-unreachable',
  };

  it('are posted once as they are told, also for texts that nobody sent', async () => {
    await scene.start();
    await scene.reportReceiptsHere();
    expect(await scene.simulator.control.postReceipts([receipt, receipt], { forged: false })).toBe(204);
    expect(scene.sink.taken).toEqual([1, 2].map(() => expect.objectContaining({ gatewayMessageId: 'deadbeef-1' })));
  });

  it('are signed wrongly when that is told, and the service refuses them', async () => {
    await scene.start();
    await scene.reportReceiptsHere();
    expect(await scene.simulator.control.postReceipts([receipt], { forged: true })).toBe(403);
    expect(scene.sink.taken).toEqual([]);
  });

  it('say when there was nobody to take them', async () => {
    await scene.start();
    expect(typeof (await scene.simulator.control.postReceipts([receipt], { forged: false }))).toBe('string');
    await expect(scene.simulator.control.postReceipts({} as never, { forged: true })).rejects.toThrow('422');
  });
});
