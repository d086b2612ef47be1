import { createHash } from 'node:crypto';
import type { Database } from '../../src/platform/database/database';
import { checkRecord, Known, type Model, ownActsOf } from './model';
import { allows, type State, withOwnActs } from './reference-table';
import { type Scene, send } from './scene';
import { look, type Row, stateOf } from './snapshot';

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a text of this campaign reads, with accents. */
const textFor = (fullName: string, day: string): string =>
  `Sở Tư pháp An Giang: Kính mời ${fullName} dự buổi phổ biến pháp luật ngày ${day}.`;

/**
 * Looks at every campaign of the run after a command and throws at whatever must not be.
 *
 * @param target the campaign that was acted on, and
 * @param after the states it may be in by now; all others may only have moved by themselves
 * @param born campaigns that were just made
 */
export async function inspect(
  scene: Scene,
  model: Model,
  target?: Known,
  after?: () => Set<State>,
  born: readonly number[] = [],
): Promise<void> {
  const suppressedBefore = model.suppressed;
  model.suppressed = await suppressedPhones(scene.database);
  const { campaigns, faults } = await look(scene.database, model.lastIdBefore);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  for (const row of campaigns) {
    const known = model.campaigns.get(row.id);
    if (known) moveOn(known, row, known === target ? after : undefined);
    else if (born.includes(row.id)) model.campaigns.set(row.id, new Known(row));
    else throw new Error(`nobody made campaign ${row.id}`);
    checkRecord(scene, model.campaigns.get(row.id)!);
    checkRow(row);
    await captureBatch(scene.database, model, row, suppressedBefore);
  }
  const gone = [...model.campaigns.keys()].filter((id) => !campaigns.some((row) => row.id === id));
  if (gone.length > 0) throw new Error(`campaigns are gone: ${gone.join(', ')}`);
  if (target) await checkView(scene, target);
}

function moveOn(known: Known, row: Row, after?: () => Set<State>): void {
  const before = known.state;
  const own = new Set([...ownActsOf(known.row), ...ownActsOf(row)]);
  known.row = row;
  const possible = after ? after() : withOwnActs([before], own);
  if (possible.size === 0) throw new Error(`campaign ${row.id} ("${before}"): no order of acts explains the answers`);
  if (!possible.has(stateOf(row))) {
    throw new Error(`campaign ${row.id} was "${before}" and is "${stateOf(row)}", not ${[...possible].join(' or ')}`);
  }
  const isExpired = row.deadline !== null && row.deadline.getTime() <= Date.now();
  if (!after && before === 'stopped under way' && stateOf(row) === 'completed' && !isExpired) {
    throw new Error(`campaign ${row.id} stood still and was completed before its deadline`);
  }
}

/** What belongs to each state: the batch, the hash, the approval. */
function checkRow(row: Row): void {
  const { id, batchState, contentHash, approvedBy, startedAt } = row;
  const state = stateOf(row);
  const batches: Readonly<Record<State, readonly (string | null)[]>> = {
    draft: [null],
    submitted: ['held'],
    scheduled: ['held'],
    sending: ['released', 'finished'],
    'stopped before its start': ['held'],
    'stopped under way': ['paused', 'finished'],
    completed: ['finished'],
    cancelled: startedAt ? ['cancelled'] : [null],
  };
  if (!batches[state].includes(batchState))
    throw new Error(`campaign ${id} is "${state}" with its batch ${batchState}`);
  if (state === 'draft' && (contentHash || approvedBy || row.audience)) {
    throw new Error(`campaign ${id} is a draft, and keeps marks of a submission`);
  }
  const isApproved = state !== 'draft' && state !== 'submitted' && state !== 'cancelled';
  if (isApproved !== (approvedBy !== null) && state !== 'cancelled') {
    throw new Error(`campaign ${id} is "${state}" and approved by ${approvedBy}`);
  }
}

async function suppressedPhones(database: Database): Promise<Set<string>> {
  const rows = await database.rows<{ phone: string }>('select phone from suppressions where phone is not null');
  return new Set(rows.map(({ phone }) => phone));
}

/** Notes what was submitted, once, and that it is what had to be. */
async function captureBatch(
  database: Database,
  model: Model,
  row: Row,
  suppressedBefore: ReadonlySet<string>,
): Promise<void> {
  const { id, batchId, accented, values } = row;
  if (batchId === null || model.batches.has(batchId)) return;
  const messages = await database.rows<{ seq: number; subscriberId: number; phone: string; text: string }>(
    `select seq, subscriber_id as "subscriberId", phone, text from messages where batch_id = $1 order by seq`,
    [batchId],
  );
  const lines = messages.map(({ seq, phone, text }) => [seq, { phone, textDigest: digestOf(text) }] as const);
  model.batches.set(batchId, new Map(lines));
  for (const { subscriberId, text } of accented ? messages : []) {
    const { fullName } = model.subscribers.find((one) => one.id === subscriberId)!;
    if (text !== textFor(fullName, values.ngay!)) throw new Error(`campaign ${id} has a wrong text: ${text}`);
  }
  const suppressedNow = await suppressedPhones(database);
  if (row.kind === 'notice')
    checkAudience(model, row, new Set(messages.map(({ phone }) => phone)), [suppressedBefore, suppressedNow]);
}

/** Counts the audience of a notice once more, from what the run put into the register. */
function checkAudience(
  model: Model,
  row: Row,
  recipients: ReadonlySet<string>,
  [suppressedBefore, suppressedNow]: readonly [ReadonlySet<string>, ReadonlySet<string>],
): void {
  const { id, listIds, exceptListIds, areaIds, overrides } = row;
  const audience = row.audience!;
  const on = (lists: readonly number[]) =>
    model.subscribers.filter((one) => lists.some((list) => one.listIds.has(list)));
  const listed = on(listIds);
  const places = listed.reduce((sum, one) => sum + listIds.filter((list) => one.listIds.has(list)).length, 0);
  const excluded = listed.filter((one) => exceptListIds.some((list) => one.listIds.has(list)));
  const rest = listed.filter((one) => !excluded.includes(one));
  const chosen = rest.filter(({ areaId }) => areaIds.length === 0 || areaIds.includes(areaId));
  const counts = {
    members: places,
    duplicate: places - listed.length,
    excluded: excluded.length,
    otherArea: rest.length - chosen.length,
  };
  for (const [name, count] of Object.entries(counts)) {
    if (audience[name] !== count) throw new Error(`campaign ${id}: ${name} is ${audience[name]}, but it is ${count}`);
  }
  const phones = chosen.map(({ phone }) => phone);
  const [least, most] = [suppressedBefore, suppressedNow].map((set) => phones.filter((phone) => set.has(phone)).length);
  const { optedOut, recentlyTexted } = audience;
  // The carrier's own opt-outs may come at any moment.
  if (optedOut! > most! || optedOut! < least!) throw new Error(`campaign ${id}: ${optedOut} opted out, not ${most}`);
  if (overrides.fatigueCap && recentlyTexted !== 0)
    throw new Error(`campaign ${id} kept to the cap it was to set aside`);
  for (const phone of recipients) {
    if (!phones.includes(phone)) throw new Error(`campaign ${id} is to reach a number that is not in its audience`);
  }
}

interface View {
  readonly id: number;
  readonly state: string;
  readonly startedAt: string | null;
  readonly allowedActs: readonly string[];
  readonly audience: Readonly<Record<string, number>> | null;
  readonly figures: Readonly<Record<string, number>> | null;
}

const SHARES = ['queued', 'sending', 'accepted', 'failed', 'unknown', 'suppressed', 'cancelled', 'expired'];

/** What is offered to whoever writes campaigns; approving is not. */
const AUTHORS_ACTS = ['edit', 'submit', 'pause', 'resume', 'cancel'] as const;

/** What people see must add up at every instant. */
async function checkView(scene: Scene, { id }: Known): Promise<void> {
  const via = scene.instances.A.isUp ? 'A' : 'B';
  const heard = await send(scene, via, 'author', 'GET', `/api/v1/campaigns/${id}`);
  if (!heard) return;
  const view = heard.body as unknown as View;
  const state = stateOf({ state: view.state, startedAt: view.startedAt ? new Date(view.startedAt) : null });
  const offered = AUTHORS_ACTS.filter((act) => allows(state, act));
  if ([...view.allowedActs].sort().join() !== [...offered].sort().join()) {
    throw new Error(`campaign ${id} ("${state}") offers ${view.allowedActs.join(', ')}`);
  }
  const { figures, audience } = view;
  if (!figures) return;
  const sum = SHARES.reduce((total, share) => total + figures[share]!, 0);
  const isWhole = sum === figures.messages && SHARES.every((share) => figures[share]! >= 0);
  if (
    !isWhole ||
    figures.messages !== audience?.recipients ||
    figures.delivered! + figures.undelivered! > figures.accepted!
  ) {
    throw new Error(`campaign ${id}: figures do not add up: ${JSON.stringify({ figures, audience })}`);
  }
}
