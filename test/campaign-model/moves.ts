import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { act, tryOnStaff } from './acts';
import { reachable, type Via, writers } from './command';
import { inspect } from './inspection';
import { type Asked, contentOf, type Known, type Model } from './model';
import { audienceOf, changesOf, PLAIN, type Plan, plans } from './plans';
import type { PeoplesAct, State } from './reference-table';
import { type PersonName, type Scene, send } from './scene';

export async function create(model: Model, scene: Scene, by: PersonName, asked: Via, plan: Plan): Promise<Known> {
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

/** What a run begins with: a campaign that can be submitted at once. */
export async function begin(scene: Scene, model: Model, by: PersonName, plan: Plan): Promise<void> {
  const campaign = await create(model, scene, by, 'A', plan);
  await tryOnStaff(scene, model, campaign, await reachable(scene, 'B'));
}

/** The next step that leads to texts being sent. */
export async function advance(model: Model, scene: Scene, campaign: Known, by: PersonName, via: Via): Promise<void> {
  const { state, row } = campaign;
  const isLate = row.deadline !== null && row.deadline.getTime() < Date.now() + 500;
  const step = async (name: PeoplesAct, who: PersonName): Promise<void> => {
    const request = { act: name, by: who, via, plan: PLAIN, isWrong: false };
    await act(scene, model, campaign, [asking(scene, model, campaign, request)]);
  };
  if (state === 'draft' && campaign.isEmpty) return step(row.kind === 'notice' ? 'edit' : 'cancel', by);
  if (state === 'draft' && (isLate || !row.documentId)) return step('edit', by);
  if (state === 'draft' && !campaign.tried.has(contentOf(row))) return tryOnStaff(scene, model, campaign, via);
  if (state === 'draft') return step('submit', by);
  if (state === 'submitted') {
    // The deputy is refused where he had a part in it.
    if (by === 'deputy') await step('approve', by);
    return campaign.state === 'submitted' ? step('approve', 'approver') : undefined;
  }
  if (state === 'stopped before its start' || state === 'stopped under way') return step('resume', 'approver');
  // It goes on by itself; what lies far ahead is not waited for.
  if (row.startsAt.getTime() > Date.now() + 5_000 || row.schedule.spreadMinutes) return;
  await sleep(400);
  return inspect(scene, model);
}

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

export const wishes = fc.record({
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

export function wished(scene: Scene, model: Model, campaign: Known, wish: Wish, via: Via): Asked {
  const choice = wish.isFitting ? FITTING[campaign.state] : ANY;
  return asking(scene, model, campaign, { ...wish, act: choice[wish.place % choice.length]!, via });
}

/** A test send among two acts leaves open which content was tried. */
export const isContestable = ({ act: name }: Asked): boolean => name !== 'test-send';
