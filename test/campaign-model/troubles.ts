import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { act } from './acts';
import { always, Command, hasCampaigns, reachable, shown, type Via, vias, whiches, writers } from './command';
import { inspect } from './inspection';
import type { Model, Subscriber } from './model';
import { advance, isContestable, wished, wishes } from './moves';
import { hasEnded } from './reference-table';
import { correct, optOut } from './register';
import type { Scene } from './scene';

/** The last in line of the newest campaign whose texts lie ready or are leaving: his is the text that must not leave. */
function lastInLine(model: Model): Subscriber | undefined {
  const ready = [...model.campaigns.values()]
    .filter(({ state, row }) => row.batchId !== null && !hasEnded(state))
    .at(-1);
  const phone = ready && [...model.batches.get(ready.row.batchId!)!.values()].at(-1)!.phone;
  return model.subscribers.find((one) => one.phone === phone && !model.optOuts.has(one.phone));
}

export const optOuts = fc.record({ person: fc.nat(59), isLast: fc.constantFrom(true, true, false), via: vias }).map(
  ({ person, isLast, via }) =>
    new Command(`opt-out ${shown({ person, isLast, via })}`, always, async (model, scene) => {
      const subscriber = (isLast && lastInLine(model)) || model.subscribers[person]!;
      await optOut(scene, model, subscriber, await reachable(scene, via));
      await inspect(scene, model);
    }),
);

export const corrections = fc
  .record({ person: fc.nat(59), what: fc.constantFrom<'number' | 'area'>('number', 'area'), via: vias })
  .map(
    ({ person, what, via }) =>
      new Command(`correct ${shown({ person, what, via })}`, always, async (model, scene) => {
        await correct(scene, model, model.subscribers[person]!, what, await reachable(scene, via));
        await inspect(scene, model);
      }),
  );

export const waits = fc.integer({ min: 200, max: 1_500 }).map(
  (ms) =>
    new Command(`wait ${ms} ms`, hasCampaigns, async (model, scene) => {
      await sleep(ms);
      await inspect(scene, model);
    }),
);

/** Kills an instance, at times in the middle of an act that it was asked for, and starts it again. */
export const kills = fc
  .record({
    victim: vias,
    which: whiches,
    wish: wishes,
    isDuringAct: fc.boolean(),
    afterMs: fc.nat(40),
    downMs: fc.constantFrom(0, 0, 800),
  })
  .map(
    ({ victim, which, wish, isDuringAct, afterMs, downMs }) =>
      new Command(
        `kill ${shown({ victim, which, isDuringAct, afterMs, downMs, ...wish })}`,
        always,
        async (model, scene) => {
          const instance = scene.instances[victim];
          // One is always there: what both held would only wait for one of them to come back.
          await scene.instances[victim === 'A' ? 'B' : 'A'].whenUp();
          await instance.whenUp();
          const die = async (): Promise<void> => {
            await sleep(afterMs);
            model.say(`${victim} is killed`);
            await instance.kill();
          };
          const campaign = isDuringAct && model.campaigns.size > 0 ? model.pickOpen(which) : undefined;
          const asked = campaign && wished(scene, model, campaign, wish, victim);
          if (campaign && asked && isContestable(asked)) await act(scene, model, campaign, [asked], die);
          else await die();
          await sleep(downMs);
          instance.start();
          await inspect(scene, model);
        },
      ),
  );

/** Both at once is a power cut. */
const victims = fc.constantFrom<readonly Via[]>(['A'], ['B'], ['A', 'B'], ['A', 'B']);

/** Kills while texts of a campaign are on their way, which it is first brought to. */
export const cuts = fc.record({ dying: victims, which: whiches, by: writers, via: vias }).map(
  ({ dying, which, by, via }) =>
    new Command(`cut ${shown({ dying, which, by, via })}`, hasCampaigns, async (model, scene) => {
      const campaign = model.pickOpen(which);
      const isReady = (): boolean => ['scheduled', 'sending', 'completed', 'cancelled'].includes(campaign.state);
      for (let step = 0; step < 6 && !isReady(); step += 1) {
        await advance(model, scene, campaign, by, await reachable(scene, via));
      }
      await Promise.all(Object.values(scene.instances).map((instance) => instance.whenUp()));
      for (let looks = 0; looks < 250 && !(await isLeaving(scene, campaign.id)); looks += 1) await sleep(10);
      model.say(`${dying.join(' and ')} is killed`);
      await Promise.all(dying.map((name) => scene.instances[name].kill()));
      for (const name of dying) scene.instances[name].start();
      await Promise.all(dying.map((name) => scene.instances[name].whenUp()));
      await inspect(scene, model);
    }),
);

/** Some texts have left, or there is nothing to wait for. */
async function isLeaving({ database }: Scene, id: number): Promise<boolean> {
  const left = await database.row<{ isDue: boolean; gone: number }>(
    `select c.state in ('scheduled', 'sending') and c.starts_at < now() + interval '2 seconds' as "isDue",
       (select count(*) from outcomes o where o.batch_id = c.batch_id and o.kind <> 'suppressed') as gone
     from campaigns c where c.id = $1`,
    [id],
  );
  return !left!.isDue || left!.gone > 2;
}
