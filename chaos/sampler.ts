import { setTimeout as sleep } from 'node:timers/promises';
import type { CampaignView } from '../src/demo/service-views';
import { afterOptOut } from './facts';
import { doubtOfOne } from './instance';
import { faultsOfSample } from './judge';
import type { Stage } from './stage';

const EVERY_MS = 250;
const MOST_CAMPAIGNS = 100;
/** A look into the database for each so many samples. */
const DEEPER_EVERY = 3;
const DEEPEST_EVERY = 20;

/** Looks at the service as people see it, all the time: the figures must add up at every sample. */
export async function keepSampling(stage: Stage, signal: AbortSignal): Promise<void> {
  const sizes = new Map<number, number>();
  for (let turn = 0; !signal.aborted; turn += 1) {
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
    const heard = await stage.office.askOnce('auditor', 'GET', `/api/v1/campaigns?limit=${MOST_CAMPAIGNS}`);
    if (heard?.status === 200) {
      stage.samples += 1;
      // Asked after: the carrier may only be ahead.
      const { accepted } = await stage.witness.health();
      const { items } = heard.body as unknown as { items: CampaignView[] };
      stage.see('figures', ...faultsOfSample(items, accepted, sizes));
    }
    if (turn % DEEPER_EVERY === 0) await lookDeeper(stage);
    if (turn % DEEPEST_EVERY === 0) stage.see('texted after an opt-out', ...(await afterOptOut(stage)));
    if (!stage.witness.isRunning) stage.see('the suite could not go on', 'the witness is gone');
    for (const { surprises } of stage.instances) stage.see('the service ended by itself', ...surprises.splice(0));
  }
}

/** What a kill at this very instant would leave in doubt, for each instance that holds a lease. */
const IN_DOUBT = `
  select c.owner, count(*) as texts
  from chunks c join handovers h on h.chunk_id = c.id
  cross join generate_series(h.from_item, h.to_item) item
  where c.state = 'leased' and not exists (
    select from outcomes o
    where o.batch_id = c.batch_id and o.seq = coalesce(c.seqs[item], item) and o.attempt = c.attempt)
  group by c.owner having count(*) > $1`;

async function lookDeeper(stage: Stage): Promise<void> {
  const most = doubtOfOne(stage.options.contract);
  // The database may be away at this moment.
  const found = await stage.database.rows<{ texts: number }>(IN_DOUBT, [most]).catch(() => []);
  const excess = ({ texts }: { texts: number }): string =>
    `an instance has ${texts} texts in doubt at once, of at most ${most}`;
  stage.see('unknown beyond the bound', ...found.map(excess));
  const { batches } = await stage.witness.ledger();
  for (const { batchId, repeated, repeatedReferences } of batches) {
    if (repeated === 0) continue;
    stage.see('doubled', `batch ${batchId} reached ${repeated} numbers again: ${repeatedReferences.join(', ')}`);
  }
}
