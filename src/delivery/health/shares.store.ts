import { appendAudit } from '../../audit';
import type { Database, Queries, Transaction } from '../../platform/database/database';
import { SYSTEM } from '../../platform/http/actor';
import { HealthReport, isBroken, nextShare, Share, Shift } from './shares';

export interface GatewayShift extends Shift {
  readonly gateway: string;
  readonly shareBefore: number;
}

/**
 * Moves the share of each gateway by at most one step, with its reason on record and in the audit log.
 *
 * @param gateways of this installation, those a text could go to instead
 */
export async function shiftShares(database: Database, gateways: readonly string[]): Promise<GatewayShift[]> {
  const reports = await liveReports(database);
  const broken = new Set([...reports].filter(([, own]) => isBroken(own)).map(([gateway]) => gateway));
  const shifts: GatewayShift[] = [];
  for (const [gateway, own] of reports) {
    const hasElsewhere = gateways.some((name) => name !== gateway && !broken.has(name));
    const shift = await database.transaction((tx) => shiftShare(tx, gateway, { reports: own, hasElsewhere }));
    if (shift) shifts.push(shift);
  }
  return shifts;
}

async function liveReports(queries: Queries): Promise<Map<string, HealthReport[]>> {
  const rows = await queries.rows<HealthReport & { gateway: string }>(
    `select gateway, breaker, is_idle as "isIdle", reason, since from gateway_reports where until > now() order by since`,
  );
  const byGateway = new Map<string, HealthReport[]>();
  for (const { gateway, ...report } of rows) byGateway.set(gateway, [...(byGateway.get(gateway) ?? []), report]);
  return byGateway;
}

async function shiftShare(
  tx: Transaction,
  gateway: string,
  facts: Parameters<typeof nextShare>[1],
): Promise<GatewayShift | undefined> {
  const held = await tx.row<Share>(
    `select share, changed_at as "changedAt" from gateway_shares where gateway = $1 for update`,
    [gateway],
  );
  const current: Share = held ?? { share: 100, changedAt: null };
  const { now } = (await tx.row<{ now: Date }>('select clock_timestamp() as now'))!;
  const shift = nextShare(current, facts, now);
  if (!shift) return undefined;
  await writeShift(tx, { ...shift, gateway, shareBefore: current.share });
  return { ...shift, gateway, shareBefore: current.share };
}

async function writeShift(tx: Transaction, { gateway, shareBefore, share, reason }: GatewayShift): Promise<void> {
  await tx.run(
    `insert into gateway_shares (gateway, share) values ($1, $2)
     on conflict (gateway) do update set share = excluded.share, changed_at = excluded.changed_at`,
    [gateway, share],
  );
  await tx.run(`insert into gateway_shifts (gateway, share_before, share_after, reason) values ($1, $2, $3, $4)`, [
    gateway,
    shareBefore,
    share,
    reason,
  ]);
  const details = { shareBefore, share, reason };
  await appendAudit(tx, { actor: SYSTEM, act: 'gateway.shift-share', subject: `gateway:${gateway}`, details });
}
