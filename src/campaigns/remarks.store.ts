import type { Transaction } from '../platform/database/database';
import type { Overrides } from './plan';

export type RemarkKind = 'rejection' | keyof Overrides;

/** Keeps a reason for good: the campaign itself shows only the last one. */
export async function keepRemark(
  tx: Transaction,
  campaignId: number,
  remark: { kind: RemarkKind; reason: string; by: string },
): Promise<void> {
  await tx.run('insert into campaign_remarks (campaign_id, kind, reason, by) values ($1, $2, $3, $4)', [
    campaignId,
    remark.kind,
    remark.reason,
    remark.by,
  ]);
}

/** The reasons that are new or say something else now. */
export async function keepReasons(
  tx: Transaction,
  campaignId: number,
  reasons: { before: Overrides; after: Overrides; by: string },
): Promise<void> {
  for (const [rule, reason] of Object.entries(reasons.after) as [keyof Overrides, string][]) {
    if (reasons.before[rule] !== reason) await keepRemark(tx, campaignId, { kind: rule, reason, by: reasons.by });
  }
}
