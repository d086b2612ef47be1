import { setTimeout as sleep } from 'node:timers/promises';
import { type CampaignNews, type Kind, KINDS, type VisitPlan, type VisitReport } from './visits';

/** What an office looks at: everything, by time, by topic, by commune, one period, one campaign. */
const STATISTICS = [
  '',
  '?by=month,topic',
  '?by=year',
  '?by=area&from=2019-01-01&to=2019-12-31',
  '?from=2018-03-01&to=2018-03-31',
  '?by=campaign&from=2020-01-01&to=2020-12-31',
  '?by=topic,area',
] as const;

const FIRST_EVENT = 'event: progress';

/** An answer that is none: an overloaded service's. It took its time all the same. */
class Refused extends Error {}

class Visitors {
  campaigns: readonly number[];
  private readonly milliseconds: Record<Kind, number[]> = { progress: [], statistics: [], metrics: [] };
  private readonly refused: Record<Kind, number> = { progress: 0, statistics: 0, metrics: 0 };
  private readonly ending = new AbortController();
  private events = 0;
  private visits = 0;

  constructor(private readonly plan: VisitPlan) {
    this.campaigns = plan.campaigns;
  }

  /** Requests leave when they are due, however long others take. */
  async visit(): Promise<VisitReport> {
    const { requestsPerSecond, warmUpSeconds, seconds, followers } = this.plan;
    const following = Array.from({ length: followers }, (_, place) => this.follow(place));
    const started = performance.now();
    const cpuBefore = process.cpuUsage();
    const requests: Promise<void>[] = [];
    for (let place = 0; place < requestsPerSecond * (warmUpSeconds + seconds); place += 1) {
      const due = started + (1_000 * place) / requestsPerSecond;
      await sleep(Math.max(0, due - performance.now()));
      requests.push(this.ask(KINDS[place % KINDS.length]!, due, place >= requestsPerSecond * warmUpSeconds));
    }
    await Promise.all(requests);
    this.ending.abort();
    await Promise.all(following);
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      milliseconds: this.milliseconds,
      refused: this.refused,
      events: this.events,
      cpuSeconds: (user + system) / 1e6,
    };
  }

  private async ask(kind: Kind, due: number, counts: boolean): Promise<void> {
    const visit = (this.visits += 1);
    const isAnswered = await this.askOnce(kind, visit).catch((error: unknown) => {
      if (!(error instanceof Refused)) throw error;
      return false;
    });
    if (!counts) return;
    if (!isAnswered) this.refused[kind] += 1;
    this.milliseconds[kind].push(performance.now() - due);
  }

  private async askOnce(kind: Kind, visit: number): Promise<true> {
    if (kind === 'statistics') await this.read(`/api/v1/statistics${STATISTICS[visit % STATISTICS.length]}`);
    else if (kind === 'metrics') await this.read('/metrics');
    else if (visit % 2 === 0) await this.read(`/api/v1/campaigns/${this.campaignAt(visit)}`);
    else await this.readFirstEvent(this.campaignAt(visit));
    return true;
  }

  private campaignAt(place: number): number {
    return this.campaigns[place % this.campaigns.length]!;
  }

  private async open(path: string, signal?: AbortSignal): Promise<Response> {
    const headers = { cookie: this.plan.cookies, 'sec-fetch-site': 'same-origin' };
    const response = await fetch(this.plan.url + path, { headers, signal });
    if (!response.ok) throw new Refused(`GET ${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  private async read(path: string): Promise<void> {
    await (await this.open(path)).text();
  }

  private async readFirstEvent(campaign: number): Promise<void> {
    const leaving = new AbortController();
    for await (const text of this.stream(campaign, leaving.signal)) if (text.includes(FIRST_EVENT)) break;
    leaving.abort();
  }

  /** Looks at a campaign until it is over, then at another. */
  private async follow(place: number): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      try {
        for await (const text of this.stream(this.campaignAt(place), signal))
          if (text.includes(FIRST_EVENT)) this.events += 1;
      } catch (error) {
        if (!signal.aborted && !(error instanceof Refused)) throw error;
      }
    }
  }

  private async *stream(campaign: number, signal: AbortSignal): AsyncGenerator<string> {
    const { body } = await this.open(`/api/v1/campaigns/${campaign}/progress`, signal);
    const decoder = new TextDecoder();
    for await (const bytes of body!) yield decoder.decode(bytes as Uint8Array, { stream: true });
  }
}

let visitors: Visitors | undefined;
process.on('message', (message: VisitPlan | CampaignNews) => {
  if (visitors) {
    visitors.campaigns = message.campaigns;
    return;
  }
  visitors = new Visitors(message as VisitPlan);
  visitors.visit().then(
    (report) => process.send!(report),
    (error: Error) => process.send!({ error: error.stack }),
  );
});
process.on('disconnect', () => process.exit(0));
