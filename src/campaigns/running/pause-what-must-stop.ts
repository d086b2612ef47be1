import { appendAudit } from '../../audit';
import { batchFigures, moveBatch, releaseRest } from '../../delivery';
import type { Database, Transaction } from '../../platform/database/database';
import { SYSTEM } from '../../platform/http/actor';
import { lockCampaign, moveCampaign } from '../campaigns.store';
import { nextState } from '../lifecycle';
import { failuresOf, goneOf, isWaveOver, judgeRunning } from './watch';
import { findWatched, lowerFailuresSeen, WatchedCampaign, writeSeen } from './watch.store';

export interface Stopped {
  readonly id: number;
  readonly reason: 'first-wave' | 'failures';
}

const ACTS = { 'first-wave': 'campaign.first-wave', failures: 'campaign.halt' } as const;

/**
 * The service's own act each second: pauses what has sent its first wave, and what fails too often. It looks at figures
 * only, so a second that was missed is made up for by the next.
 *
 * @returns what it paused, for the log
 */
export async function pauseWhatMustStop(database: Database): Promise<Stopped[]> {
  const watched = await findWatched(database);
  const figures = await batchFigures(
    database,
    watched.map(({ batchId }) => batchId),
  );
  const stopped: Stopped[] = [];
  for (const campaign of watched) {
    const known = figures.get(campaign.batchId)!;
    const failures = failuresOf(known);
    if (failures < campaign.seen.failures) await lowerFailuresSeen(database, campaign, failures);
    if (judgeRunning(campaign.halt, known, campaign) === 'go-on') continue;
    const reason = await database.transaction((tx) => pause(tx, campaign));
    if (reason) stopped.push({ id: campaign.id, reason });
  }
  return stopped;
}

/** Judges once more, now that nobody else can change the campaign and delivery cannot finish its batch. */
async function pause(tx: Transaction, { id, batchId }: WatchedCampaign): Promise<Stopped['reason'] | undefined> {
  await lockCampaign(tx, id);
  await tx.row('select id from batches where id = $1 for update', [batchId]);
  const [campaign] = await findWatched(tx, id);
  if (!campaign) return undefined;
  const figures = (await batchFigures(tx, [batchId])).get(batchId)!;
  const reason = judgeRunning(campaign.halt, figures, campaign);
  if (reason === 'go-on') return undefined;
  await moveBatch(tx, batchId, 'paused');
  await moveCampaign(tx, id, { from: 'sending', to: nextState('sending', 'halt', true)! }, { pause_reason: reason });
  const { messages, released, accepted, failed, unknown } = figures;
  const details = { messages, released, accepted, failed, unknown };
  await appendAudit(tx, { actor: SYSTEM, act: ACTS[reason], subject: `campaign:${id}`, details });
  return reason;
}

/**
 * What a person's "go on" means for a campaign that has started: the failures he has before him do not stop it again, and
 * a first wave that is over is followed by the rest. Part of the resume, in its transaction; the caller has locked the
 * campaign and moves the batch himself.
 */
export async function letGoOn(tx: Transaction, campaign: { id: number; batchId: number }): Promise<void> {
  const { id, batchId } = campaign;
  const figures = (await batchFigures(tx, [batchId])).get(batchId)!;
  if (isWaveOver(figures)) await releaseRest(tx, batchId);
  await writeSeen(tx, id, { failures: failuresOf(figures), gone: goneOf(figures) });
}
