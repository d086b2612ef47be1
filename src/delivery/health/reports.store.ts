import type { Queries } from '../../platform/database/database';
import type { BreakerState } from './next-breaker';

export interface Report {
  readonly gateway: string;
  readonly breaker: BreakerState['phase'];
  readonly reason: string;
  readonly isIdle: boolean;
  /** How long the gateway took to answer of late; null before its first answer. */
  readonly latencyMs: number | null;
}

/** So long a report counts: three times the interval at which it is renewed. */
const GOOD_FOR_SECONDS = 30;

/** `since` is that of the trouble, or of its end: a breaker that tries again and again has been open all the time. */
export async function writeReports(queries: Queries, owner: string, reports: readonly Report[]): Promise<void> {
  await queries.run(
    `insert into gateway_reports as r (owner, gateway, breaker, reason, is_idle, latency_ms, until)
     select $1, g.gateway, g.breaker, g.reason, g.is_idle, g.latency_ms, now() + make_interval(secs => ${GOOD_FOR_SECONDS})
     from unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::integer[])
       as g (gateway, breaker, reason, is_idle, latency_ms)
     order by g.gateway
     on conflict (gateway, owner) do update set breaker = excluded.breaker, reason = excluded.reason,
       is_idle = excluded.is_idle, latency_ms = excluded.latency_ms, until = excluded.until,
       since = case when (r.breaker = 'closed') = (excluded.breaker = 'closed') then r.since else excluded.since end`,
    [
      owner,
      reports.map(({ gateway }) => gateway),
      reports.map(({ breaker }) => breaker),
      reports.map(({ reason }) => reason),
      reports.map(({ isIdle }) => isIdle),
      reports.map(({ latencyMs }) => (latencyMs === null ? null : Math.round(latencyMs))),
    ],
  );
}

/** Those of an instance that stops, and of all that died long ago. */
export async function removeReports(queries: Queries, owner: string): Promise<void> {
  await queries.run(`delete from gateway_reports where owner = $1 or until < now() - interval '1 hour'`, [owner]);
}

/** When somebody last asked each gateway to be tried again, as the database writes it. */
export async function readTrials(queries: Queries): Promise<Map<string, string>> {
  const rows = await queries.rows<{ gateway: string; at: string }>('select gateway, at::text from gateway_trials');
  return new Map(rows.map(({ gateway, at }) => [gateway, at]));
}

/** Every instance sees it within a second. */
export async function writeTrial(queries: Queries, gateway: string): Promise<void> {
  await queries.run(
    `insert into gateway_trials (gateway, at) values ($1, clock_timestamp())
     on conflict (gateway) do update set at = excluded.at`,
    [gateway],
  );
}
