import { until } from './simulator-process';
import { kindsOf, seqsTo, SimulatorScene } from './simulator-scene';

let scene: SimulatorScene;
beforeEach(async () => void (scene = await SimulatorScene.open()));
afterEach(() => scene.close());

describe('Delivery receipts', () => {
  it('come for every accepted text, signed, in lots', async () => {
    await scene.start({ receiptsDelayMs: 50, undeliveredShare: 0.2 });
    await scene.reportReceiptsHere();
    await scene.sendAll(seqsTo(1_000));
    await until(() => scene.sink.taken.length >= 1_000);
    expect(new Set(scene.sink.seqs).size).toBe(1_000);
    expect(Math.max(...scene.sink.lots)).toBeGreaterThan(1);
    expect(Math.max(...scene.sink.lots)).toBeLessThanOrEqual(100);
    const undelivered = scene.sink.taken.filter(({ status }) => status === 'undelivered').length;
    expect(undelivered).toBeGreaterThan(120);
    expect(undelivered).toBeLessThan(280);
  });

  it('come one by one when told so', async () => {
    await scene.start({ receiptsDelayMs: 0, receiptsPerPost: 1 });
    await scene.reportReceiptsHere();
    await scene.sendAll(seqsTo(30));
    await until(() => scene.sink.taken.length === 30);
    expect(new Set(scene.sink.lots)).toEqual(new Set([1]));
  });

  it('settle what the sender could not know: they come for dropped texts too', async () => {
    await scene.start({ dropShare: 1, receiptsDelayMs: 0 });
    await scene.reportReceiptsHere();
    expect(kindsOf(await scene.sendAll([9]))).toEqual(['unknown']);
    await until(() => scene.sink.taken.length === 1);
    expect(scene.sink.taken[0]).toMatchObject({ reference: { batchId: 1, seq: 9, attempt: 1 }, status: 'delivered' });
  });

  it('may come before the answer', async () => {
    await scene.start({ latencyMs: 2_000, receiptsDelayMs: 0 });
    await scene.reportReceiptsHere();
    const answers = scene.sendAll([1]);
    await until(() => scene.sink.taken.length === 1, 1_900);
    expect(kindsOf(await answers)).toEqual(['accepted']);
  });

  it('do not come for texts that were accepted while they were turned off', async () => {
    await scene.start({ receipts: false, receiptsDelayMs: 0 });
    await scene.reportReceiptsHere();
    await scene.sendAll([1]);
    await scene.simulator.control.setBehaviour({ receiptsDelayMs: 0 });
    await scene.sendAll([2]);
    await until(() => scene.sink.taken.length > 0);
    await until(() => scene.hasNoReceiptsPending());
    await scene.simulator.kill();
    await scene.start();
    await scene.sendAll([3]);
    await until(() => scene.sink.seqs.includes(3));
    expect(scene.sink.seqs).toEqual([2, 3]);
  });

  it('are repeated, reordered and belated when told so, and none is lost', async () => {
    await scene.start({ receiptsDelayMs: 0, repeatReceiptsShare: 0.5, reorderReceiptsShare: 0.5, receiptsPerPost: 10 });
    await scene.reportReceiptsHere();
    await scene.sendAll(seqsTo(200));
    await until(() => scene.hasNoReceiptsPending());
    const final = scene.sink.taken.filter(({ status }) => status === 'delivered');
    expect(new Set(final.map(({ reference }) => reference.seq)).size).toBe(200);
    expect(final.length).toBeGreaterThan(230);
    expect(scene.sink.taken.filter(({ status }) => status === 'pending').length).toBeGreaterThan(50);
  });

  it('wait while the service is down, and come when it is back', async () => {
    await scene.start({ receiptsDelayMs: 0 });
    scene.sink.isDown = true;
    await scene.reportReceiptsHere();
    await scene.sendAll(seqsTo(150));
    await until(() => scene.sink.refused >= 3);
    scene.sink.isDown = false;
    await scene.reportReceiptsHere();
    await until(() => scene.sink.taken.length === 150);
    expect(new Set(scene.sink.seqs).size).toBe(150);
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'that were not acknowledged are sent by the next simulator after %s, the others are not',
    async (signal) => {
      await scene.start({ receiptsDelayMs: 0 });
      await scene.reportReceiptsHere();
      await scene.sendAll(seqsTo(100));
      await until(() => scene.hasNoReceiptsPending());
      scene.sink.isDown = true;
      await scene.sendAll(seqsTo(300).slice(100));
      await until(() => scene.sink.refused > 0);
      await scene.simulator.kill(signal);
      scene.sink.isDown = false;
      await scene.start(); // nobody tells it where: it was told before
      await until(() => scene.sink.taken.length >= 300);
      await until(() => scene.hasNoReceiptsPending());
      expect(scene.sink.seqs.sort((a, b) => a - b)).toEqual(seqsTo(300));
    },
  );
});
