import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../src/demo/seeded-random';
import type { Campaigns } from './campaigns';
import type { Stage } from './stage';

const LONGEST_BREATH_MS = 1_500;
/** Campaigns end while they are paused in vain no more than so often at once. */
const MOST_PAUSED = 1;

type Act = 'opt-out' | 'pause' | 'resume' | 'cancel';
const WEIGHTS: readonly (readonly [number, Act])[] = [
  [8, 'opt-out'],
  [3, 'pause'],
  [5, 'resume'],
  [1, 'cancel'],
];

/** What people do meanwhile, through the API; what they were told is put on record for the judge. */
export class PeoplesActs {
  private readonly random: SeededRandom;

  constructor(
    private readonly stage: Stage,
    private readonly campaigns: Campaigns,
  ) {
    this.random = stage.random(5);
  }

  async keepGoing(signal: AbortSignal): Promise<void> {
    const possible = WEIGHTS.filter(([, act]) => !this.stage.options.skipped.has(act));
    while (!signal.aborted) {
      await sleep(this.random.below(LONGEST_BREATH_MS), undefined, { signal }).catch(() => undefined);
      if (possible.length > 0) await this.do(this.random.pickWeighted(possible));
    }
  }

  /** Everything that stands still goes on: at the end of the run. */
  async resumeAll(): Promise<void> {
    for (const id of await this.inState('paused')) await this.move(id, 'resume');
  }

  private async do(act: Act): Promise<void> {
    if (act === 'opt-out') return this.optOut();
    if (act === 'pause' && (await this.inState('paused')).length >= MOST_PAUSED) return;
    const ids = await this.inState(act === 'resume' ? 'paused' : 'sending');
    if (ids.length > 0) await this.move(this.random.pick(ids), act);
  }

  private async inState(state: string): Promise<number[]> {
    const found = await this.stage.rows<{ id: number }>(
      'select id from campaigns where id = any($1) and state = $2 order by id',
      [this.campaigns.ids, state],
    );
    return found.map(({ id }) => id);
  }

  /** From the confirmation of a pause or a cancellation on, no text of the campaign passes the gate. */
  private async move(campaignId: number, act: 'pause' | 'resume' | 'cancel'): Promise<void> {
    const { office, acts, tally } = this.stage;
    const stop = acts.stops.find((one) => one.campaignId === campaignId && one.to === null);
    if (act === 'resume' && stop) stop.to = await this.stage.databaseTime();
    const { status } = await office.ask('approver', 'POST', `/api/v1/campaigns/${campaignId}/${act}`);
    // Refused: the campaign has moved on meanwhile, or a first answer was lost.
    if (status >= 300) return;
    tally.note(act);
    this.stage.say(`${act} of campaign ${campaignId} confirmed`);
    if (act !== 'resume') acts.stops.push({ campaignId, from: await this.stage.databaseTime(), to: null });
  }

  /** Of somebody whose text lies ready: his is the text that must not leave. */
  private async optOut(): Promise<void> {
    const { office, acts, tally } = this.stage;
    const [person] = await this.stage.rows<{ phone: string }>(
      `select m.phone from batches b join chunks c on c.batch_id = b.id and c.attempt = 1
       join messages m on m.batch_id = b.id and m.seq between c.marked + 1 and c.hi
       where b.kind = 'campaign' and b.state in ('released', 'paused') and c.state <> 'done'
         and not exists (select from suppressions s where s.phone_key = m.phone_key)
       order by md5(m.phone || $1) limit 1`,
      [this.random.digits(8)],
    );
    if (!person) return;
    const body = { phone: person.phone, source: 'phone-call', reason: 'Gọi điện đề nghị' };
    const { status } = await office.ask('author', 'POST', '/api/v1/opt-outs', body);
    if (status >= 300) throw new Error(`an opt-out was answered ${status}`);
    acts.optOuts.push({ phone: person.phone, at: await this.stage.databaseTime() });
    tally.note('opt-out');
  }
}
