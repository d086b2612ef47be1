import { until } from './simulator-process';
import { kindsOf, seqsTo, SimulatorScene, text } from './simulator-scene';

let scene: SimulatorScene;
beforeEach(async () => void (scene = await SimulatorScene.open()));
afterEach(() => scene.close());

const textsTo = (count: number) => seqsTo(count).map((seq) => text(seq));
const referencesOf = () => scene.ledgerEntries().map(({ reference }) => reference);

describe('A list that the simulator takes', () => {
  it('is on its ledger, each text for itself, with its segments and time of arrival', async () => {
    await scene.start();
    const before = Date.now();
    const outcomes = await scene.sendList(seqsTo(500).map((seq) => ({ ...text(seq), segments: 1 + (seq % 4) })));
    const entries = scene.ledgerEntries();
    const ids = outcomes.map((outcome) => outcome.kind === 'accepted' && outcome.gatewayMessageId);
    expect(ids).toEqual(entries.map(({ id }) => id));
    expect(entries.map(({ reference }) => reference)).toEqual(seqsTo(500).map((seq) => `1.${seq}.1`));
    expect(entries.map(({ segments }) => segments)).toEqual(seqsTo(500).map((seq) => 1 + (seq % 4)));
    for (const { acceptedAtMs } of entries) {
      expect(acceptedAtMs).toBeGreaterThanOrEqual(before);
      expect(acceptedAtMs).toBeLessThanOrEqual(Date.now());
    }
  });

  it('is written down when it comes, however late it is answered', async () => {
    await scene.start({ latencyMs: 700 });
    await scene.sendAll([1]);
    expect(Date.now() - scene.ledgerEntries()[0]!.acceptedAtMs).toBeGreaterThanOrEqual(690);
  });

  it('gets an answer for each text: who is refused spoils nothing for the others', async () => {
    await scene.start({ refuseShare: 0.2, optedOutShare: 0.1, throttleShare: 0.1, failShare: 0.1, seed: 7 });
    const malformed = { ...text(401), sender: 'MORE THAN ELEVEN' };
    const outcomes = await scene.sendList([...textsTo(400), malformed]);
    const kinds = outcomes.map((outcome) => outcome.kind + ('because' in outcome ? ` ${outcome.because}` : ''));
    expect(new Set(kinds)).toEqual(
      new Set(['accepted', 'rejected', 'optedOut', 'deferred rate', 'deferred temporary']),
    );
    expect(outcomes[400]).toEqual({ kind: 'rejected', code: 'invalid-request' });
    const accepted = seqsTo(400).filter((seq) => kinds[seq - 1] === 'accepted');
    expect(referencesOf()).toEqual(accepted.map((seq) => `1.${seq}.1`));
  });

  it('refuses the same numbers as if they came one by one', async () => {
    await scene.start({ refuseShare: 0.2, seed: 2021 });
    const single = await scene.sendAll(seqsTo(100));
    expect((await scene.sendList(textsTo(100))).map(({ kind }) => kind)).toEqual(single.map(({ kind }) => kind));
  });

  it('is unknown as a whole when the connection breaks off after it was taken', async () => {
    for (const [count, behaviour] of [{ dropShare: 1 }, { resetShare: 1 }].entries()) {
      if (count === 0) await scene.start(behaviour);
      else await scene.simulator.control.setBehaviour(behaviour);
      const outcomes = await scene.sendList(textsTo(50));
      expect(outcomes).toHaveLength(50);
      expect(kindsOf(outcomes)).toEqual(['unknown']);
      expect(scene.ledgerLines()).toHaveLength(50 * (count + 1));
    }
  });

  it('of more than 500 is refused, and costs nobody his notice', async () => {
    await scene.start();
    const outcomes = await scene.sendList(textsTo(501));
    expect(kindsOf(outcomes)).toEqual(['deferred']);
    expect(scene.ledgerLines()).toEqual([]);
  });

  it('is on the ledger once it is answered, even when the simulator is killed under load', async () => {
    await scene.start();
    const gateway = scene.simulator.gateway({ sockets: 8, largestBatch: 500, timeoutMs: 2_000 });
    const answered: string[] = [];
    const lanes = seqsTo(8).map(async (lane) => {
      for (let n = 0; n < 200; n++) {
        const list = seqsTo(200).map((seq) => text((lane * 200 + n) * 200 + seq));
        for (const outcome of await gateway.sendBatch!(list)) {
          if (outcome.kind !== 'accepted') return outcome.kind;
          answered.push(outcome.gatewayMessageId);
        }
      }
      return 'all';
    });
    await until(() => answered.length > 10_000);
    await scene.simulator.kill('SIGKILL');
    expect(await Promise.all(lanes)).not.toContain('all');
    await gateway.close();
    const listed = new Set(scene.ledgerEntries().map(({ id }) => id));
    expect(answered.filter((id) => !listed.has(id))).toEqual([]);
    expect(listed.size - answered.length).toBeLessThanOrEqual(8 * 200);
  });
});

describe('A text that may be sent again', () => {
  const idempotent = { resendIsIdempotent: true };
  const idsOf = (outcomes: Awaited<ReturnType<SimulatorScene['sendAll']>>) =>
    outcomes.map((outcome) => (outcome.kind === 'accepted' ? outcome.gatewayMessageId : outcome.kind));

  it('is taken once, and answered with its first id, whatever the attempt, after a restart too', async () => {
    await scene.start();
    const [first] = idsOf(await scene.sendAll([5], idempotent));
    expect(idsOf(await scene.sendAll([5, 5, 5], idempotent))).toEqual([first, first, first]);
    await scene.simulator.kill();
    await scene.start();
    expect(idsOf(await scene.sendList([text(5, 2), text(5, 3), text(6, 1), text(6, 2)], idempotent))).toEqual([
      first,
      first,
      expect.stringMatching(/-2$/),
      expect.stringMatching(/-2$/),
    ]);
    expect(referencesOf()).toEqual(['1.5.1', '1.6.1']);
  });

  it('is taken as often as it comes where nobody asked for that: a witness sees every acceptance', async () => {
    await scene.start();
    await scene.sendAll([5]);
    await scene.sendList([text(5, 2), text(5, 2)]);
    expect(referencesOf()).toEqual(['1.5.1', '1.5.2', '1.5.2']);
  });
});
