import type { Queries } from '../platform/database/database';
import { maskPhone } from '../subscribers';
import { LEFT_OUT_REASONS, type LeftOutReason } from './audience';

export interface LeftOutView {
  readonly subscriberId: number;
  /** Masked unless revealed; null where the record is gone. */
  readonly phone: string | null;
  readonly fullName: string | null;
  readonly areaName: string | null;
}

/** Who was left out of a submission for one reason, by the ids of their records; the primary key finds them. */
export async function findLeftOut(
  queries: Queries,
  filter: { campaignId: number; reason: LeftOutReason; after?: number; limit: number; reveal: boolean },
): Promise<LeftOutView[]> {
  const rows = await queries.rows<LeftOutView>(
    `select l.subscriber_id as "subscriberId", s.phone, s.full_name as "fullName", a.name as "areaName"
     from campaign_left_out l left join subscribers s on s.id = l.subscriber_id left join areas a on a.id = s.area_id
     where l.campaign_id = $1 and l.reason = $2 and l.subscriber_id > $3
     order by l.subscriber_id limit $4`,
    [filter.campaignId, LEFT_OUT_REASONS[filter.reason], filter.after ?? 0, filter.limit],
  );
  return filter.reveal ? rows : rows.map((row) => ({ ...row, phone: row.phone && maskPhone(row.phone) }));
}
