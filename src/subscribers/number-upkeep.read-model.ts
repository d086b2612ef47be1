import type { Queries } from '../platform/database/database';

export interface FlaggedNumber {
  /** Of the subscriber. */
  readonly id: number;
  readonly phone: string;
  readonly fullName: string | null;
  readonly area: string | null;
  /** Texts in a row that were not delivered. */
  readonly undelivered: number;
  /** When the batch of the last one ended. */
  readonly lastUndeliveredAt: Date;
  /** Gets no texts until somebody verifies the number (NUMBER_LEFT_OUT_AFTER). */
  readonly leftOut: boolean;
  /** When somebody verified it the last time. */
  readonly clearedAt: Date | null;
}

/** Pages by the subscriber's id over number_health_in_row: as long as what is flagged, never as the register. */
export function findFlagged(
  queries: Queries,
  rule: { flaggedAfter: number; leftOutAfter: number },
  page: { after: number; limit: number },
): Promise<FlaggedNumber[]> {
  return queries.rows<FlaggedNumber>(
    `select s.id, s.phone, s.full_name as "fullName", coalesce(a.name, s.area_text) as area,
       h.undelivered_in_row as undelivered, h.last_undelivered_at as "lastUndeliveredAt",
       $2 > 0 and h.undelivered_in_row >= $2 as "leftOut", h.cleared_at as "clearedAt"
     from number_health h
     join subscribers s on s.phone_key = h.phone_key
     left join areas a on a.id = s.area_id
     where h.undelivered_in_row >= $1 and h.undelivered_in_row > 0 and s.id > $3
     order by s.id limit $4`,
    [rule.flaggedAfter, rule.leftOutAfter, page.after, page.limit],
  );
}
