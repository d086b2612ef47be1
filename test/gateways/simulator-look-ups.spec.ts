import { kindsOf, SimulatorScene, text } from './simulator-scene';

let scene: SimulatorScene;
beforeEach(async () => void (scene = await SimulatorScene.open()));
afterEach(() => scene.close());

const ABSENT = { kind: 'absent' };
const CLOSED = { kind: 'deferred', because: 'temporary', code: 'reference-closed' };

describe('A look-up at the simulator', () => {
  it('finds what is on the ledger, each attempt for itself, after a restart too', async () => {
    await scene.start({ dropShare: 1 });
    expect(kindsOf(await scene.sendAll([1]))).toEqual(['unknown']);
    await scene.simulator.control.setBehaviour({});
    await scene.sendList([text(1, 2), text(2_000)]);
    const ids = scene.ledgerEntries().map(({ id }) => id);
    for (const when of ['before', 'after']) {
      if (when === 'after') {
        await scene.simulator.kill();
        await scene.start();
      }
      const found = await Promise.all([text(1), text(1, 2), text(2_000)].map((message) => scene.lookUp(message)));
      expect(found).toEqual(ids.map((gatewayMessageId) => ({ kind: 'accepted', gatewayMessageId })));
    }
  });

  it('that finds nothing proves it: this attempt is never taken afterwards, a restart notwithstanding', async () => {
    await scene.start();
    expect(await scene.lookUp(text(7))).toEqual(ABSENT);
    expect(await scene.sendAll([7])).toEqual([CLOSED]);
    await scene.simulator.kill('SIGKILL');
    await scene.start();
    expect(await scene.sendAll([7])).toEqual([CLOSED]);
    expect(await scene.sendList([text(7), text(8)])).toEqual([CLOSED, expect.objectContaining({ kind: 'accepted' })]);
    expect(await scene.sendAll([7], { resendIsIdempotent: true })).toEqual([CLOSED]);
    expect(await scene.lookUp(text(7))).toEqual(ABSENT);
    expect(scene.ledgerEntries().map(({ reference }) => reference)).toEqual(['1.8.1']);
  });

  it('closes that attempt only: the next one is taken', async () => {
    await scene.start();
    expect(await scene.lookUp(text(7))).toEqual(ABSENT);
    expect(kindsOf(await scene.sendList([text(7, 2)]))).toEqual(['accepted']);
  });

  it('and the text itself, at once: one of the two wins, and both say the same', async () => {
    await scene.start();
    const sender = scene.simulator.gateway({ sockets: 100 });
    const asker = scene.simulator.gateway({ sockets: 100 });
    const pairs = Array.from({ length: 1_000 }, (_, index) => index + 1).map(async (seq) => {
      const both =
        seq % 2
          ? [sender.send(text(seq)), asker.lookUp!(text(seq))]
          : [asker.lookUp!(text(seq)), sender.send(text(seq))];
      const kinds = (await Promise.all(both)).map(({ kind }) => kind);
      return (seq % 2 ? kinds : kinds.reverse()).join(' ');
    });
    const seen = new Set(await Promise.all(pairs));
    await Promise.all([sender.close(), asker.close()]);
    expect([...seen].sort()).toEqual(['accepted accepted', 'deferred absent']);
  });

  it('may be slow, fail or break off as any request, and then proves nothing', async () => {
    await scene.start({ hangShare: 1 });
    expect(await scene.lookUp(text(1), { timeoutMs: 300 })).toEqual({ kind: 'inconclusive', code: 'timeout' });
    for (const behaviour of [{ failShare: 1 }, { dropShare: 1 }, { resetShare: 1 }]) {
      await scene.simulator.control.setBehaviour(behaviour);
      expect(await scene.lookUp(text(1))).toMatchObject({ kind: 'inconclusive' });
    }
  });

  it('of what is no reference is refused', async () => {
    await scene.start();
    const headers = { authorization: 'Bearer its-token' };
    for (const reference of ['7.1', 'x', '', '1.1.99999']) {
      const response = await fetch(`${scene.simulator.url}/messages/${reference}`, { headers });
      expect(response.status).toBe(400);
    }
    expect((await fetch(`${scene.simulator.url}/messages/1.1.1`)).status).toBe(401);
  });
});
