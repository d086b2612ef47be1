import { setTimeout as sleep } from 'node:timers/promises';
import { type Asked, contentOf, hadPart, type Known, type Model, ownActsOf } from './model';
import { type Answer, allows, type OwnAct, type State, statesAfter, withOwnActs } from './reference-table';
import { type Heard, type Scene, send } from './scene';
import { inspect } from './inspection';

/** A request and what came of it. */
interface Told extends Asked {
  readonly answer: Answer;
  readonly code: string;
  /** How the campaign was seen before. */
  readonly state: State;
}

/** Refusals that say "not in this state". */
const NOT_ALLOWED = new Set(['campaign.act-not-allowed', 'test-send.only-drafts']);

/** The refusals each act may meet where the state allows it, whoever was faster meanwhile. */
const OWN_REASONS: Readonly<Record<Asked['act'], readonly string[]>> = {
  edit: ['campaign.changed-meanwhile'],
  'test-send': ['test-send.too-many'],
  submit: [
    ...['campaign.deadline-passed', 'campaign.document-missing', 'campaign.test-send-missing'],
    ...['campaign.test-send-not-accepted', 'campaign.origin-still-running', 'campaign.no-recipients'],
    ...['campaign.never-opens', 'campaign.window-needs-reason'],
  ],
  approve: ['campaign.author-cannot-approve', 'campaign.content-differs'],
  reject: [],
  // Delivery has finished the batch, and the campaign is completed within the next second.
  pause: ['delivery.batch-changed'],
  resume: ['delivery.batch-changed'],
  cancel: ['delivery.batch-changed'],
};

function bodyOf({ act, revision, hash, plan }: Asked): object | undefined {
  if (act === 'edit') return { revision, ...plan };
  if (act === 'approve') return { contentHash: hash };
  if (act === 'reject') return { reason: 'Sai ngày' };
  return act === 'test-send' ? {} : undefined;
}

function requestOf({ id }: Known, asked: Asked): [method: string, path: string] {
  const path = `/api/v1/campaigns/${id}`;
  if (asked.act === 'edit') return ['PATCH', path];
  return ['POST', asked.act === 'test-send' ? `${path}/test-sends` : `${path}/${asked.act}`];
}

/** Sends one request; nothing is judged yet. */
async function ask(scene: Scene, model: Model, campaign: Known, asked: Asked): Promise<Told> {
  const { state } = campaign;
  const [method, path] = requestOf(campaign, asked);
  const heard = await send(scene, asked.via, asked.by, method, path, bodyOf(asked));
  const [answer, code] = readAnswer(heard);
  model.say(`${asked.via}: ${asked.act} campaign ${campaign.id} ("${state}") by ${asked.by} -> ${answer} ${code}`);
  if (answer === 'done' || answer === 'unheard') campaign.note(asked.act, answer);
  return { ...asked, answer, code, state };
}

function readAnswer(heard: Heard | undefined): [Answer, string] {
  if (!heard) return ['unheard', ''];
  if (heard.status < 300) return ['done', ''];
  if (NOT_ALLOWED.has(heard.code)) return ['not-allowed', heard.code];
  return ['refused', `${heard.status} ${heard.code}`];
}

/**
 * Sends the requests at the same moment and judges the answers: there must be an order in which the table allows them all,
 * with what the service does by itself in between, and it must lead to the state that is found.
 *
 * @param during something else that happens while they are on their way
 */
export async function act(
  scene: Scene,
  model: Model,
  campaign: Known,
  asked: readonly Asked[],
  during?: () => Promise<void>,
): Promise<readonly Told[]> {
  const before = campaign.row;
  const triedBefore = campaign.tried.has(contentOf(before));
  const [told] = await Promise.all([Promise.all(asked.map((one) => ask(scene, model, campaign, one))), during?.()]);
  for (const one of told) {
    checkReason(scene, campaign, one, triedBefore, told.length > 1);
    if (one.act === 'submit' || one.act === 'edit') campaign.isEmpty = one.code.endsWith('campaign.no-recipients');
    if (one.act === 'test-send' && one.answer !== 'not-allowed') campaign.tried.add(contentOf(before));
  }
  const own = new Set<OwnAct>(ownActsOf(before));
  await inspect(scene, model, campaign, () => {
    ownActsOf(campaign.row).forEach((possible) => own.add(possible));
    const orders = told.length === 2 ? [told, [told[1]!, told[0]!]] : [told];
    return new Set(orders.flatMap((order) => [...follow(order, own)]));
  });
  return told;
}

/** Where such answers lead in this order, with the service's own acts in between; nowhere when they cannot be. */
function follow(told: readonly Told[], own: ReadonlySet<OwnAct>): Set<State> {
  let states = withOwnActs([told[0]!.state], own);
  let hasChanged = false;
  for (const { act: name, answer, revision } of told) {
    // Each act raises the revision: an edit of an older one is refused.
    if (name === 'edit' && answer === 'done' && hasChanged && revision !== undefined) return new Set();
    states = withOwnActs(statesAfter(states, name, answer), own);
    if (answer === 'done' && name !== 'test-send') hasChanged = true;
  }
  return states;
}

/** Whether a refusal is one that the act may meet, and an answer one that it had to be given. */
function checkReason(scene: Scene, campaign: Known, told: Told, triedBefore: boolean, isContested: boolean): void {
  const { act: name, answer, code, state, by } = told;
  const wrong = (why: string): Error =>
    new Error(`campaign ${campaign.id} ("${state}"): ${name} by ${by} was answered ${answer} ${code}: ${why}`);
  const reason = code.replace(/^\d+ /, '');
  if (answer === 'refused' && !OWN_REASONS[name].includes(reason)) throw wrong('no such refusal is known');
  if (reason === 'delivery.batch-changed' && state !== 'sending' && !hasExpired(campaign)) {
    throw wrong('its batch cannot have been finished');
  }
  // Nothing moves by itself in these two, so there is just one right answer.
  if (isContested || answer === 'unheard' || (state !== 'draft' && state !== 'submitted')) return;
  if (!allows(state, name)) return;
  const expected = rightAnswers(scene, campaign, told, triedBefore);
  if (!expected.includes(reason)) throw wrong(`expected ${expected.join(' or ') || '-'}`);
}

const hasExpired = ({ row: { deadline } }: Known): boolean => deadline !== null && deadline.getTime() <= Date.now();

/** The codes that are right, '' for being done. */
function rightAnswers(
  scene: Scene,
  campaign: Known,
  { act: name, by, revision, hash }: Told,
  tried: boolean,
): string[] {
  const { row } = campaign;
  if (name === 'edit') return [revision === row.revision ? '' : 'campaign.changed-meanwhile'];
  if (name === 'test-send') return ['', 'test-send.too-many'];
  if (name === 'approve') {
    if (hadPart(scene, campaign, by)) return ['campaign.author-cannot-approve'];
    return [hash === row.contentHash ? '' : 'campaign.content-differs'];
  }
  if (name !== 'submit') return [''];
  if (row.deadline && row.deadline.getTime() < Date.now() - 500) return ['campaign.deadline-passed'];
  const near = row.deadline && row.deadline.getTime() < Date.now() + 2_000 ? ['campaign.deadline-passed'] : [];
  if (row.deadline && !row.overrides.urgent) near.push('campaign.never-opens');
  // Every window of this test is wider than usual; a copy does not take the reason along.
  if (!row.overrides.urgent && !row.overrides.window) return ['campaign.window-needs-reason', ...near];
  if (!row.documentId) return ['campaign.document-missing', ...near];
  if (!tried) return ['campaign.test-send-missing', ...near];
  const linked = row.kind === 'notice' ? [] : ['campaign.origin-still-running'];
  return ['', 'campaign.test-send-not-accepted', 'campaign.no-recipients', ...linked, ...near];
}

/** Tries the text on staff and waits a while for the carrier; it may refuse that number. */
export async function tryOnStaff(scene: Scene, model: Model, campaign: Known, via: 'A' | 'B'): Promise<void> {
  const [told] = await act(scene, model, campaign, [{ act: 'test-send', by: 'author', via }]);
  for (let waits = 0; told!.answer === 'done' && waits < 30; waits += 1) {
    const waiting = await scene.database.row<{ count: number }>(
      `select count(*) as count from test_sends t join batches b on b.id = t.batch_id
       where t.campaign_id = $1 and b.finished_at is null
         and not exists (select from outcomes o where o.batch_id = b.id and o.kind in ('accepted', 'failed'))`,
      [campaign.id],
    );
    if (waiting?.count === 0) return;
    await sleep(50);
  }
}
