import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { verifyChain } from '../../src/audit/verify';
import { reconcile } from '../../src/statistics/reconcile.read-model';
import { act } from './acts';
import { inspect } from './inspection';
import type { Known, Model } from './model';
import { hasEnded, type PeoplesAct } from './reference-table';
import { type Scene, send } from './scene';
import type { Row } from './snapshot';

const ENDS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;
/** A text on its way or in doubt when a campaign was submitted is not known to have arrived yet. */
const IN_FLIGHT_MS = 10_000;

/** Brings every campaign of the run to its end: what was let go goes on, the rest is cancelled. */
export async function endAll(scene: Scene, model: Model): Promise<void> {
  for (const instance of Object.values(scene.instances)) instance.start();
  await Promise.all(Object.values(scene.instances).map((instance) => instance.whenUp()));
  const deadline = performance.now() + ENDS_WITHIN_MS;
  const resumed = new Map<number, number>();
  for (;;) {
    await inspect(scene, model);
    const open = [...model.campaigns.values()].filter(({ state }) => !hasEnded(state));
    if (open.length === 0 && (await isQuiet(scene))) break;
    if (performance.now() > deadline) {
      const left = open.map(({ id, state, row }) => `${id} "${state}", its batch ${row.batchState}`);
      throw new Error(`the run did not come to its end: ${left.join('; ') || 'batches are unfinished'}`);
    }
    for (const campaign of open) {
      const next = nextToEnd(campaign, resumed.get(campaign.id) ?? 0);
      if (!next) continue;
      if (next === 'resume') resumed.set(campaign.id, (resumed.get(campaign.id) ?? 0) + 1);
      await act(scene, model, campaign, [{ act: next, by: 'approver', via: 'B' }]);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** Undefined: it ends by itself. */
function nextToEnd({ state, row }: Known, resumed: number): PeoplesAct | undefined {
  const { schedule, overrides, startsAt } = row;
  const isLong = schedule.spreadMinutes !== null || (!overrides.urgent && schedule.window.from !== '00:00');
  const isFar = startsAt.getTime() > Date.now() + 5_000;
  if (state === 'stopped under way') return isLong || resumed > 10 ? 'cancel' : 'resume';
  if (state === 'stopped before its start') return isLong || isFar ? 'cancel' : 'resume';
  if (state === 'sending') return isLong ? 'cancel' : undefined;
  if (state === 'scheduled') return isLong || isFar ? 'cancel' : undefined;
  return 'cancel';
}

/** Nothing is on its way any more and every receipt that came was applied. */
async function isQuiet({ database }: Scene): Promise<boolean> {
  const row = await database.row<{ open: number }>(
    `select (select count(*) from batches where finished_at is null) + (select count(*) from receipts_to_apply where due_at <= now()) as open`,
  );
  return row!.open === 0;
}

interface Taken {
  readonly batchId: number;
  readonly seq: number;
  readonly phone: string;
  readonly textDigest: string;
  readonly at: number;
}

/** What the carrier took, as its ledger has it. */
function readLedger(path: string): Taken[] {
  const lines = readFileSync(path, 'latin1').split('\n').slice(1).filter(Boolean);
  return lines.map((line) => {
    const [, reference, phone, textDigest, at] = line.split('\t');
    const [batchId, seq] = reference!.split('.').map(Number);
    return { batchId: batchId!, seq: seq!, phone: phone!, textDigest: textDigest!, at: Number(at) };
  });
}

/** What is true once everything has ended: of the tables, and of the carrier's own book. */
export async function checkEnd(scene: Scene, model: Model): Promise<void> {
  const taken = readLedger(scene.ledger).filter(({ batchId }) => model.batches.has(batchId));
  checkTexts(model, taken);
  await checkOptOuts(scene, model);
  for (const { row } of model.campaigns.values()) {
    if (row.batchId === null) continue;
    if (row.kind === 'resend') checkResend(model, row, taken);
    if (row.kind === 'correction') checkCorrection(model, row, taken);
    if (row.kind === 'notice' && !row.overrides.fatigueCap) checkCap(model, row.batchId, row.submittedAt!, taken);
  }
  await checkApprovedDigests(scene);
  const { differences } = await reconcile(scene.database);
  if (differences.length > 0)
    throw new Error(`figures differ from messages: ${JSON.stringify(differences.slice(0, 5))}`);
  const verdict = await verifyChain(scene.database);
  if (!verdict.intact) throw new Error(`the audit log is broken: ${JSON.stringify(verdict)}`);
  const shouts = Object.values(scene.instances).flatMap(({ lines }) =>
    lines.filter((line) => /"level":"(error|fatal)"/.test(line)),
  );
  if (shouts.length > 0) throw new Error(`the service called for help: ${shouts.slice(0, 3).join('\n')}`);
}

/** Each text was submitted to that number to the letter, by a campaign that was approved, and left once. */
function checkTexts(model: Model, taken: readonly Taken[]): void {
  const seen = new Set<string>();
  const started = new Set(
    [...model.campaigns.values()].filter(({ row }) => row.startedAt).map(({ row }) => row.batchId),
  );
  for (const { batchId, seq, phone, textDigest } of taken) {
    const submitted = model.batches.get(batchId)!.get(seq);
    if (submitted?.phone !== phone || submitted.textDigest !== textDigest)
      throw new Error(`batch ${batchId} sent what was not approved`);
    if (!started.has(batchId)) throw new Error(`batch ${batchId} was never started, and texts of it left`);
    if (seen.has(`${batchId} ${phone}`)) throw new Error(`batch ${batchId} reached a number twice`);
    seen.add(`${batchId} ${phone}`);
  }
}

/** Nobody was handed over after the service had confirmed that he opted out. */
async function checkOptOuts({ database }: Scene, model: Model): Promise<void> {
  const late = await database.rows<{ batchId: number; phone: string }>(
    `select distinct m.batch_id as "batchId", m.phone
     from unnest($1::text[], $2::timestamptz[]) as o (phone, at)
     join messages m on m.phone = o.phone
     join outcomes r on r.batch_id = m.batch_id and r.seq = m.seq and r.kind <> 'suppressed'
     join chunks c on c.batch_id = m.batch_id and c.attempt = r.attempt
       and case when c.seqs is null then m.seq between c.lo and c.hi else m.seq = any(c.seqs) end
     join handovers h on h.chunk_id = c.id and h.at > o.at
       and coalesce(array_position(c.seqs, m.seq), m.seq) between h.from_item and h.to_item
     where m.batch_id = any($3::bigint[]) and r.kind in ('accepted', 'unknown', 'failed')`,
    [[...model.optOuts.keys()], [...model.optOuts.values()].map((at) => new Date(at)), [...model.batches.keys()]],
  );
  if (late.length > 0) throw new Error(`handed over after the opt-out: ${JSON.stringify(late)}`);
}

const reachedBy = (taken: readonly Taken[], batchIds: readonly (number | null)[]): Set<string> =>
  new Set(taken.filter(({ batchId }) => batchIds.includes(batchId)).map(({ phone }) => phone));

/** The campaign that a resend, of whatever generation, goes back to. */
function rootOf(model: Model, row: Row): number {
  return row.kind === 'resend' ? rootOf(model, model.campaigns.get(row.originId!)!.row) : row.id;
}

/** Nobody whom the campaign, or another resend that goes back to it, reached gets it a second time. */
function checkResend(model: Model, resend: Row, taken: readonly Taken[]): void {
  const { batchId } = resend;
  const root = rootOf(model, resend);
  const kin = [...model.campaigns.values()].filter(({ row }) => rootOf(model, row) === root);
  const others = kin.map(({ row }) => row.batchId).filter((id) => id !== batchId);
  const reached = reachedBy(taken, others);
  const again = [...reachedBy(taken, [batchId])].filter((phone) => reached.has(phone));
  if (again.length > 0) throw new Error(`the resend ${batchId} reached ${again.length} people a second time`);
}

/** A correction is for everybody whom the wrong text reached. */
function checkCorrection(model: Model, { batchId, originId }: Row, taken: readonly Taken[]): void {
  const reached = reachedBy(taken, [model.campaigns.get(originId!)!.row.batchId]);
  const corrected = new Set([...model.batches.get(batchId!)!.values()].map(({ phone }) => phone));
  const forgotten = [...reached].filter((phone) => !corrected.has(phone) && !model.suppressed.has(phone));
  if (forgotten.length > 0) throw new Error(`the correction ${batchId} forgot ${forgotten.length} people`);
}

/** Who got a text on the topic shortly before is in no audience that keeps to the cap. */
function checkCap(model: Model, batchId: number, submittedAt: Date, taken: readonly Taken[]): void {
  const before = submittedAt.getTime() - IN_FLIGHT_MS;
  const texted = new Set(
    taken.filter(({ at, batchId: other }) => other !== batchId && at < before).map(({ phone }) => phone),
  );
  const again = [...model.batches.get(batchId)!.values()].filter(({ phone }) => texted.has(phone));
  if (again.length > 0) throw new Error(`batch ${batchId} is for ${again.length} people who were texted lately`);
}

/** The digest that approvals bind, once more from numbers and texts. */
async function checkApprovedDigests({ database }: Scene): Promise<void> {
  const differing = await database.rows(
    `select b.id from batches b join messages m on m.batch_id = b.id group by b.id
     having sha256(string_agg(sha256(m.phone_key || convert_to(m.text, 'UTF8')), ''::bytea order by m.seq)) <> b.digest`,
  );
  if (differing.length > 0) throw new Error(`batches differ from their digests: ${JSON.stringify(differing)}`);
}

/** Test sends are in no statistics: those are of the messages of campaigns alone. */
export async function checkStatistics(scene: Scene): Promise<void> {
  const counted = await send(scene, 'A', 'author', 'GET', '/api/v1/statistics');
  const sent = await scene.database.row<{ messages: number }>(
    `select coalesce(sum(b.size), 0)::int as messages from campaigns c join batches b on b.id = c.batch_id where b.state <> 'held'`,
  );
  const { messages } = (counted?.body as { total: { messages: number } }).total;
  if (messages !== sent!.messages)
    throw new Error(`statistics count ${messages} messages, campaigns have ${sent!.messages}`);
}
