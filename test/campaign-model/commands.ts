import * as fc from 'fast-check';
import { act, tryOnStaff } from './acts';
import { Command, hasCampaigns, reachable, shown, vias, whiches, writers } from './command';
import { inspect } from './inspection';
import type { Known, Model } from './model';
import { advance, create, isContestable, wished, wishes } from './moves';
import { plans } from './plans';
import { hasEnded } from './reference-table';
import { send } from './scene';
import { corrections, cuts, kills, optOuts, waits } from './troubles';

const creates = fc.record({ by: writers, via: vias, plan: plans, isTried: fc.constantFrom(true, true, false) }).map(
  ({ by, via, plan, isTried }) =>
    new Command(
      `create ${shown({ by, via, isTried, ...plan })}`,
      ({ campaigns }) => campaigns.size < 8,
      async (model, scene) => {
        const campaign = await create(model, scene, by, via, plan);
        if (isTried) await tryOnStaff(scene, model, campaign, await reachable(scene, via));
      },
    ),
);

const advances = fc.record({ which: whiches, by: writers, via: vias, steps: fc.constantFrom(1, 2, 4, 8) }).map(
  ({ which, by, via, steps }) =>
    new Command(`advance ${shown({ which, by, via, steps })}`, hasCampaigns, async (model, scene) => {
      const campaign = model.pickOpen(which);
      for (let step = 0; step < steps && !hasEnded(campaign.state); step += 1) {
        await advance(model, scene, campaign, by, await reachable(scene, via));
      }
    }),
);

const acts = fc.record({ which: whiches, via: vias, wish: wishes }).map(
  ({ which, via, wish }) =>
    new Command(`act ${shown({ which, via, ...wish })}`, hasCampaigns, async (model, scene) => {
      const campaign = wish.isFitting ? model.pickOpen(which) : model.pick(which);
      await act(scene, model, campaign, [wished(scene, model, campaign, wish, await reachable(scene, via))]);
    }),
);

const pairs = fc.record({ which: whiches, one: wishes, other: wishes }).map(
  ({ which, one, other }) =>
    new Command(`at once ${shown({ which, one, other })}`, hasCampaigns, async (model, scene) => {
      const campaign = one.isFitting ? model.pickOpen(which) : model.pick(which);
      const [a, b] = [await reachable(scene, 'A'), await reachable(scene, 'B')];
      const both = [wished(scene, model, campaign, one, a), wished(scene, model, campaign, other, b)];
      await act(scene, model, campaign, both.filter(isContestable).length === 2 ? both : both.slice(0, 1));
    }),
);

const COPIES = {
  clone: ['campaign.linked-not-cloned'],
  'resend-failed': ['campaign.origin-not-ended', 'campaign.nothing-failed', 'campaign.resend-exists'],
  correction: ['campaign.nothing-reached'],
} as const;

const copies = fc
  .record({
    which: whiches,
    via: vias,
    by: writers,
    how: fc.constantFrom<keyof typeof COPIES>('clone', 'resend-failed', 'resend-failed', 'correction'),
    times: fc.constantFrom(1, 1, 2),
  })
  .map(
    ({ which, via, by, how, times }) =>
      new Command(
        `${how} ${shown({ which, via, by, times })}`,
        (model) => hasCampaigns(model) && model.campaigns.size < 8,
        async (model, scene) => {
          const origin = pickOrigin(model, how, which);
          const via1 = await reachable(scene, via);
          const via2 = await reachable(scene, via === 'A' ? 'B' : 'A');
          const body =
            how === 'correction' ? { templateVersionId: scene.templateVersionId, values: { ngay: '3/6/2027' } } : {};
          const heard = await Promise.all(
            [via1, via2]
              .slice(0, times)
              .map((one) => send(scene, one, by, 'POST', `/api/v1/campaigns/${origin.id}/${how}`, body)),
          );
          const born: number[] = [];
          for (const answer of heard) {
            model.say(
              `${how} of campaign ${origin.id} ("${origin.state}") -> ${answer?.status} ${answer?.code || `campaign ${answer?.body.id as number}`}`,
            );
            if (answer?.status === 201) born.push(answer.body.id as number);
            else if (!(COPIES[how] as readonly string[]).includes(answer?.code ?? ''))
              throw new Error(`${how} was answered ${answer?.status} ${answer?.code}`);
            checkCopy(origin, how, answer?.code ?? '');
          }
          await inspect(scene, model, undefined, undefined, born);
        },
      ),
  );

/** One of which such a copy can be made, if there is any. */
function pickOrigin(model: Model, how: keyof typeof COPIES, which: number): Known {
  const fitting = [...model.campaigns.values()].filter(
    ({ state, row }) => row.startedAt && (how !== 'resend-failed' || hasEnded(state)),
  );
  return how === 'clone' || fitting.length === 0 ? model.pick(which) : fitting[which % fitting.length]!;
}

function checkCopy(origin: Known, how: keyof typeof COPIES, code: string): void {
  const wrong = (): Error => new Error(`${how} of campaign ${origin.id} ("${origin.state}") was answered "${code}"`);
  if (how === 'clone' && (code === '') !== (origin.row.kind === 'notice')) throw wrong();
  if (how === 'resend-failed' && code === 'campaign.origin-not-ended' && hasEnded(origin.state)) throw wrong();
  if (how === 'correction' && code === '' && origin.row.startedAt === null && !['scheduled'].includes(origin.state))
    throw wrong();
}

const repeated = (weight: number, arbitrary: fc.Arbitrary<Command>): fc.Arbitrary<Command>[] =>
  Array.from({ length: weight }, () => arbitrary);

/** Each as often as its weight says. */
export const COMMANDS: fc.Arbitrary<Command>[] = [
  ...repeated(3, creates),
  ...repeated(8, advances),
  ...repeated(4, acts),
  ...repeated(3, pairs),
  ...repeated(3, copies),
  ...repeated(2, optOuts),
  ...repeated(1, corrections),
  ...repeated(2, waits),
  ...repeated(1, kills),
  ...repeated(1, cuts),
];
