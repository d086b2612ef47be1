import { formatLocalTime } from '../../platform/clock';
import type { Queries } from '../../platform/database/database';
import type { Localised } from '../../platform/errors';
import { healthReason } from '../plain-reason';

/** Times are Vietnam time. */
export interface InstanceHealth {
  /** The instance's id since its last start. */
  readonly instance: string;
  readonly breaker: 'closed' | 'open' | 'half-open';
  /** Since when it is closed, or since when it is not. */
  readonly since: string;
  /** It had no answer for a minute. */
  readonly isIdle: boolean;
  /** How long the gateway took to answer of late; null before its first answer. */
  readonly latencyMs: number | null;
  readonly code: string;
  /** Why it is not closed. */
  readonly reason: Localised | null;
}

export interface ShownShift {
  readonly at: string;
  readonly shareBefore: number;
  readonly shareAfter: number;
  readonly code: string;
  readonly reason: Localised;
}

export interface GatewayHealthView {
  readonly gateway: string;
  /** Of the instances that send, those that are alive. */
  readonly instances: readonly InstanceHealth[];
  /** Percent of what may also go elsewhere that goes through this gateway. */
  readonly share: number;
  /** The last ones, the newest first. */
  readonly shifts: readonly ShownShift[];
  /** When somebody last had it tried again. */
  readonly triedAt: string | null;
}

const SHOWN_SHIFTS = 20;

/** What is reported of a gateway, and how its share moved. By primary keys and the index gateway_shifts_of. */
export async function gatewayHealth(queries: Queries, gateway: string): Promise<GatewayHealthView> {
  const now = await queries.row<{ share: number; triedAt: Date | null }>(
    `select coalesce((select share from gateway_shares where gateway = $1), 100) as share,
       (select at from gateway_trials where gateway = $1) as "triedAt"`,
    [gateway],
  );
  const instances = await queries.rows<Omit<InstanceHealth, 'reason' | 'since'> & { readonly since: Date }>(
    `select owner as instance, breaker, since, is_idle as "isIdle", latency_ms as "latencyMs", reason as code
     from gateway_reports where gateway = $1 and until > now() order by owner`,
    [gateway],
  );
  const shifts = await queries.rows<Omit<ShownShift, 'reason' | 'at'> & { readonly at: Date }>(
    `select at, share_before as "shareBefore", share_after as "shareAfter", reason as code
     from gateway_shifts where gateway = $1 order by id desc limit ${SHOWN_SHIFTS}`,
    [gateway],
  );
  return {
    gateway,
    share: now!.share,
    triedAt: now!.triedAt && formatLocalTime(now!.triedAt),
    instances: instances.map((one) => ({
      ...one,
      since: formatLocalTime(one.since),
      reason: one.code === '' ? null : healthReason(gateway, one.code),
    })),
    shifts: shifts.map((one) => ({ ...one, at: formatLocalTime(one.at), reason: healthReason(gateway, one.code) })),
  };
}
