import { kindsOf, SimulatorScene, seqsTo } from './simulator-scene';
import { until } from './simulator-process';

let scene: SimulatorScene;
beforeEach(async () => {
  scene = await SimulatorScene.open();
});
afterEach(() => scene.close());

describe('what the simulator says it did, to whoever judges faults', () => {
  it.each([
    [{ hangShare: 1 }, 'hung'],
    [{ dropShare: 1 }, 'dropped'],
    [{ resetShare: 1 }, 'dropped'],
    [{ throttleShare: 1 }, 'throttled'],
    [{ failShare: 1 }, 'failed'],
    [{ refuseShare: 1 }, 'refused'],
    [{ optedOutShare: 1 }, 'optedOut'],
  ] as const)('counts each text of %j as %s and as nothing else', async (behaviour, name) => {
    await scene.start(behaviour);
    await scene.sendAll(seqsTo(7), { timeoutMs: 500 });
    const { control } = scene.simulator;
    const deeds = Object.entries(await control.deeds()).filter(([, count]) => count !== 0);
    expect(deeds).toEqual([[name, 7]]);
  });

  it('counts answers that nobody waited for', async () => {
    await scene.start({ latencyMs: 1_500 });
    expect(kindsOf(await scene.sendAll(seqsTo(3), { timeoutMs: 300 }))).toEqual(['unknown']);
    await until(async () => (await scene.simulator.control.deeds()).unheard === 3);
    expect((await scene.simulator.control.health()).accepted).toBe(3);
  });

  it('counts nothing of a text that it took and answered', async () => {
    await scene.start();
    expect(kindsOf(await scene.sendAll(seqsTo(3)))).toEqual(['accepted']);
    expect(Object.values(await scene.simulator.control.deeds()).every((count) => count === 0)).toBe(true);
  });
});
