import { formatLocalTime } from '../platform/clock';
import type { Queries } from '../platform/database/database';

/** A reason somebody gave, for a rule set aside or a rejection. */
export interface Remark {
  readonly kind: string;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

/** Oldest first. */
export async function findRemarks(queries: Queries, campaignId: number): Promise<Remark[]> {
  const rows = await queries.rows<Omit<Remark, 'at'> & { at: Date }>(
    'select kind, reason, by, at from campaign_remarks where campaign_id = $1 order by id',
    [campaignId],
  );
  return rows.map((row) => ({ ...row, at: formatLocalTime(row.at) }));
}
