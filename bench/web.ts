import { join } from 'node:path';
import { BenchService } from './bench-service';
import { BenchOptions, BenchResult, median, rounded } from './report';
import { Child } from './send/child-process';
import { cpuMicroseconds } from './send/cpu-time';
import { fillHistory } from './send/history';
import { GATEWAY_TIMEOUT_SECONDS, SECRET } from './send/settings';
import { type Stage, withStage } from './send/stage';
import { CampaignsUnderWay } from './web/campaigns-under-way';
import { Kind, KINDS, type VisitPlan, type VisitReport } from './web/visits';

/** For a quick look; what is promised is promised with 10,000,000. */
const HISTORY = 374_000;
const REQUESTS_PER_SECOND = 20;
const WARM_UP_SECONDS = 5;
const SECONDS = 60;
const FULL_SECONDS = 300;
const FOLLOWERS = 10;
const BELOW_MS = 50;

interface Figures {
  readonly report: VisitReport;
  readonly seconds: number;
  readonly sentPerSecond: number;
  readonly webCpuShare: number;
}

/**
 * How long people wait for an instance that only answers, while another process sends at full speed and years of messages lie
 * in the database: the view and the stream of a campaign that is being sent, statistics, metrics. The requests come from a
 * process of their own, evenly, and wait for none before them.
 */
export function benchWeb({ full, history = HISTORY }: BenchOptions): Promise<BenchResult> {
  return withStage(async (stage) => {
    const web = await startService(stage, 'web');
    try {
      await web.signIn(stage.postgres.database);
      const templateVersionIds = await templatesOf(web);
      const areaIds = await areasOf(stage);
      await fillHistory(stage.postgres, { messages: history, templateVersionIds, areaIds });
      const figures = await visit(stage, web, templateVersionIds[0]!, full ? FULL_SECONDS : SECONDS);
      return report(figures, history);
    } finally {
      await web.stop();
    }
  });
}

function startService({ postgres, simulator }: Stage, role: 'web' | 'worker'): Promise<BenchService> {
  return BenchService.start({
    databaseUrl: postgres.url,
    secret: SECRET,
    dataDir: join(postgres.dataDir, role),
    settings: {
      ROLE: role,
      GATEWAYS: 'simulator',
      SIMULATOR_URL: simulator.url,
      GATEWAY_TIMEOUT_SECONDS: String(GATEWAY_TIMEOUT_SECONDS),
    },
  });
}

async function templatesOf(web: BenchService): Promise<number[]> {
  return (await web.get<{ id: number }[]>('/api/v1/templates')).map(({ id }) => id);
}

async function areasOf({ postgres }: Stage): Promise<number[]> {
  const found = await postgres.database.rows<{ id: number }>(
    `select id from areas where province_code = '91' and valid_until is null order by id limit 60`,
  );
  return found.map(({ id }) => id);
}

async function visit(stage: Stage, web: BenchService, templateVersionId: number, seconds: number): Promise<Figures> {
  const visitors = Child.start('web/visitors.main.ts');
  let hasBegun = false;
  const campaigns = new CampaignsUnderWay(stage, templateVersionId, (sending) => {
    if (hasBegun) visitors.tell({ campaigns: sending });
  });
  await campaigns.prepare();
  const worker = await startService(stage, 'worker');
  try {
    await campaigns.start();
    const [acceptedBefore, cpuBefore, started] = [
      await campaigns.accepted(),
      cpuMicroseconds(web.pid),
      performance.now(),
    ];
    const plan: VisitPlan = {
      url: web.url,
      cookies: web.cookies,
      requestsPerSecond: REQUESTS_PER_SECOND,
      warmUpSeconds: WARM_UP_SECONDS,
      seconds,
      followers: FOLLOWERS,
      campaigns: campaigns.campaigns,
    };
    console.log(
      `${REQUESTS_PER_SECOND} requests a second for ${WARM_UP_SECONDS + seconds} s while texts are being sent`,
    );
    const asking = visitors.ask<VisitReport>(plan);
    hasBegun = true;
    const answered = await asking;
    const elapsed = (performance.now() - started) / 1_000;
    const sentPerSecond = ((await campaigns.accepted()) - acceptedBefore) / elapsed;
    const webCpuShare = (cpuMicroseconds(web.pid) - cpuBefore) / 1e6 / elapsed;
    return { report: answered, seconds: elapsed, sentPerSecond, webCpuShare };
  } finally {
    await campaigns.stop();
    await worker.stop();
    await visitors.stop();
  }
}

function report({ report: visits, seconds, sentPerSecond, webCpuShare }: Figures, history: number): BenchResult {
  const of = (value: (milliseconds: readonly number[]) => number): Record<Kind, number> =>
    Object.fromEntries(KINDS.map((kind) => [kind, value(visits.milliseconds[kind])])) as Record<Kind, number>;
  const answers = of(({ length }) => length);
  const medians = of((milliseconds) => rounded(median(milliseconds)));
  const longest = of((milliseconds) => rounded(Math.max(...milliseconds)));
  return {
    settings: {
      history,
      requestsPerSecond: REQUESTS_PER_SECOND,
      followers: FOLLOWERS,
      answers: KINDS.map((kind) => `${kind} ${answers[kind]}`).join(', '),
      progress:
        'every other one the view of a campaign that is being sent, every other one the first event of its stream',
    },
    medians: {
      sent_per_second: Math.round(sentPerSecond),
      web_cpu_share: rounded(webCpuShare),
      load_generator_cpu_share: rounded(visits.cpuSeconds / seconds),
      events_followers_got: visits.events,
      ...Object.fromEntries(KINDS.map((kind) => [`${kind}_ms`, medians[kind]])),
      ...Object.fromEntries(KINDS.map((kind) => [`${kind}_longest_ms`, longest[kind]])),
      ...Object.fromEntries(KINDS.map((kind) => [`${kind}_refused`, visits.refused[kind]])),
    },
    ratios: {},
    p99Ms: of((milliseconds) => rounded(percentile99(milliseconds))),
    targets: Object.fromEntries(KINDS.map((kind) => [`p99_ms.${kind}`, { below: BELOW_MS }])),
  };
}

/** The nearest rank: 99 of 100 are not above it. */
function percentile99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1]!;
}
