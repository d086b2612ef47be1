import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { act, tryOnStaff } from './acts';
import { inspect } from './inspection';
import { type Asked, contentOf, type Known, type Model } from './model';
import { audienceOf, changesOf, PLAIN, type Plan, plans } from './plans';
import { hasEnded, type PeoplesAct, type State } from './reference-table';
import { correct, optOut } from './register';
import { type PersonName, type Scene, send } from './scene';

type Via = 'A' | 'B';
type Work = (model: Model, scene: Scene) => Promise<void>;

/** One command of a random sequence; its text is what a report shows. */
class Command implements fc.AsyncCommand<Model, Scene> {
  constructor(
    private readonly text: string,
    private readonly isPossible: (model: Readonly<Model>) => boolean,
    private readonly work: Work,
  ) {}

  check(model: Readonly<Model>): boolean {
    return this.isPossible(model);
  }

  async run(model: Model, scene: Scene): Promise<void> {
    model.say(`— ${this.text}`);
    await this.work(model, scene);
  }

  toString(): string {
    return this.text;
  }
}

const always = (): boolean => true;
const hasCampaigns = ({ campaigns }: Readonly<Model>): boolean => campaigns.size > 0;
const shown = (facts: object): string => JSON.stringify(facts).replaceAll('"', '');

/** The instance asked for, or the other while it is down. */
async function reachable({ instances }: Scene, via: Via): Promise<Via> {
  if (instances[via].isUp) return via;
  const other = via === 'A' ? 'B' : 'A';
  if (instances[other].isUp) return other;
  await Promise.race(
    Object.values(instances)
      .filter(({ isDown }) => !isDown)
      .map((instance) => instance.whenUp()),
  );
  return instances.A.isUp ? 'A' : 'B';
}

const vias = fc.constantFrom<Via>('A', 'B');
const writers = fc.constantFrom<PersonName>('author', 'author', 'deputy');
/** Mostly the newest campaign. */
const whiches = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constant(1) },
  { weight: 1, arbitrary: fc.nat(5) },
);

async function create(model: Model, scene: Scene, by: PersonName, asked: Via, plan: Plan): Promise<Known> {
  const via = await reachable(scene, asked);
  const facts = {
    name: 'Mời dự phổ biến pháp luật',
    templateVersionId: scene.templateVersionId,
    sender: 'STP ANGIANG',
  };
  const draft = { ...facts, ...changesOf(scene, plan), ...audienceOf(scene, model, plan) };
  const heard = await send(scene, via, by, 'POST', '/api/v1/campaigns', draft);
  model.say(`${via}: create by ${by} -> ${heard?.status} ${heard?.code || `campaign ${heard?.body.id as number}`}`);
  if (heard?.status !== 201) throw new Error(`a draft was answered ${heard?.status} ${heard?.code}`);
  await inspect(scene, model, undefined, undefined, [heard.body.id as number]);
  return model.campaigns.get(heard.body.id as number)!;
}

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

/** What a run begins with: a campaign that can be submitted at once. */
export async function begin(scene: Scene, model: Model, plan: Plan): Promise<void> {
  const campaign = await create(model, scene, 'author', 'A', plan);
  await tryOnStaff(scene, model, campaign, await reachable(scene, 'B'));
}

/** The next step that leads to texts being sent. */
async function advance(model: Model, scene: Scene, campaign: Known, via: Via): Promise<void> {
  const { state, row } = campaign;
  const isLate = row.deadline !== null && row.deadline.getTime() < Date.now() + 500;
  const step = async (name: PeoplesAct, by: PersonName): Promise<void> => {
    await act(scene, model, campaign, [
      asking(scene, model, campaign, { act: name, by, via, plan: PLAIN, isWrong: false }),
    ]);
  };
  if (state === 'draft' && (isLate || !row.documentId)) return step('edit', 'author');
  if (state === 'draft' && !campaign.tried.has(contentOf(row))) return tryOnStaff(scene, model, campaign, via);
  if (state === 'draft') return step('submit', 'author');
  if (state === 'submitted') return step('approve', 'approver');
  if (state === 'stopped before its start' || state === 'stopped under way') return step('resume', 'approver');
  // It goes on by itself; what lies far ahead is not waited for.
  if (row.startsAt.getTime() > Date.now() + 5_000 || row.schedule.spreadMinutes) return;
  await sleep(400);
  return inspect(scene, model);
}

const advances = fc.record({ which: whiches, via: vias, steps: fc.constantFrom(1, 2, 4, 8) }).map(
  ({ which, via, steps }) =>
    new Command(`advance ${shown({ which, via, steps })}`, hasCampaigns, async (model, scene) => {
      const campaign = model.pickOpen(which);
      for (let step = 0; step < steps && !hasEnded(campaign.state); step += 1) {
        await advance(model, scene, campaign, await reachable(scene, via));
      }
    }),
);

interface Request {
  readonly act: PeoplesAct;
  readonly by: PersonName;
  readonly via: Via;
  readonly plan: Plan;
  /** A revision that is not the present one, a hash that nobody was shown. */
  readonly isWrong: boolean;
}

function asking(scene: Scene, model: Model, { row }: Known, { act: name, by, via, plan, isWrong }: Request): Asked {
  const base = { act: name, by: performer(name, by), via };
  if (name === 'approve') return { ...base, hash: isWrong || !row.contentHash ? 'f'.repeat(64) : row.contentHash };
  if (name !== 'edit') return base;
  const audience = row.kind === 'notice' ? audienceOf(scene, model, plan) : {};
  const revision = isWrong ? row.revision + 1_000 : row.revision;
  return { ...base, revision, plan: { ...changesOf(scene, plan), ...audience } };
}

/** Somebody who may do such a thing at all; the deputy may do everything. */
function performer(name: PeoplesAct, by: PersonName): PersonName {
  if (by === 'deputy') return by;
  const isApproval = name === 'approve' || name === 'reject';
  return isApproval ? 'approver' : 'author';
}

/** An act that the state of a campaign calls for, and at times one that it does not. */
const FITTING: Readonly<Record<State, readonly PeoplesAct[]>> = {
  draft: ['submit', 'submit', 'submit', 'edit', 'edit', 'test-send', 'test-send', 'cancel'],
  submitted: ['approve', 'approve', 'approve', 'approve', 'reject', 'edit', 'edit', 'cancel'],
  scheduled: ['pause', 'pause', 'pause', 'edit', 'edit', 'edit', 'approve', 'cancel'],
  sending: ['pause', 'pause', 'pause', 'pause', 'pause', 'edit', 'cancel', 'cancel'],
  'stopped before its start': ['resume', 'resume', 'resume', 'cancel'],
  'stopped under way': ['resume', 'resume', 'resume', 'resume', 'resume', 'edit', 'cancel', 'cancel'],
  completed: ['resume', 'cancel'],
  cancelled: ['resume', 'edit'],
};
const ANY: readonly PeoplesAct[] = ['edit', 'submit', 'approve', 'reject', 'pause', 'resume', 'cancel', 'test-send'];

const wishes = fc.record({
  isFitting: fc.constantFrom(true, true, true, false),
  place: fc.nat(7),
  by: writers,
  isWrong: fc.constantFrom(false, false, false, true),
  plan: plans,
});
interface Wish {
  readonly isFitting: boolean;
  readonly place: number;
  readonly by: PersonName;
  readonly isWrong: boolean;
  readonly plan: Plan;
}

function wished(scene: Scene, model: Model, campaign: Known, wish: Wish, via: Via): Asked {
  const choice = wish.isFitting ? FITTING[campaign.state] : ANY;
  return asking(scene, model, campaign, { ...wish, act: choice[wish.place % choice.length]!, via });
}

const acts = fc.record({ which: whiches, via: vias, wish: wishes }).map(
  ({ which, via, wish }) =>
    new Command(`act ${shown({ which, via, ...wish })}`, hasCampaigns, async (model, scene) => {
      const campaign = wish.isFitting ? model.pickOpen(which) : model.pick(which);
      await act(scene, model, campaign, [wished(scene, model, campaign, wish, await reachable(scene, via))]);
    }),
);

/** A test send among two acts leaves open which content was tried. */
const isContestable = ({ act: name }: Asked): boolean => name !== 'test-send';

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

const optOuts = fc.record({ person: fc.nat(59), via: vias }).map(
  ({ person, via }) =>
    new Command(`opt-out ${shown({ person, via })}`, always, async (model, scene) => {
      await optOut(scene, model, model.subscribers[person]!, await reachable(scene, via));
      await inspect(scene, model);
    }),
);

const corrections = fc
  .record({ person: fc.nat(59), what: fc.constantFrom<'number' | 'area'>('number', 'area'), via: vias })
  .map(
    ({ person, what, via }) =>
      new Command(`correct ${shown({ person, what, via })}`, always, async (model, scene) => {
        await correct(scene, model, model.subscribers[person]!, what, await reachable(scene, via));
        await inspect(scene, model);
      }),
  );

const waits = fc.integer({ min: 200, max: 1_500 }).map(
  (ms) =>
    new Command(`wait ${ms} ms`, hasCampaigns, async (model, scene) => {
      await sleep(ms);
      await inspect(scene, model);
    }),
);

/** Kills an instance, at times in the middle of an act that it was asked for, and starts it again. */
const kills = fc
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

const repeated = (weight: number, arbitrary: fc.Arbitrary<Command>): fc.Arbitrary<Command>[] =>
  Array.from({ length: weight }, () => arbitrary);

/** Each as often as its weight says. */
export const COMMANDS: fc.Arbitrary<Command>[] = [
  ...repeated(3, creates),
  ...repeated(8, advances),
  ...repeated(4, acts),
  ...repeated(3, pairs),
  ...repeated(3, copies),
  ...repeated(1, optOuts),
  ...repeated(1, corrections),
  ...repeated(2, waits),
  ...repeated(1, kills),
];
