import type { Queries } from '../platform/database/database';

export interface SubscriberRow {
  readonly id: number;
  readonly phone: string;
  readonly fullName: string | null;
  readonly area: string | null;
  readonly optedOut: boolean;
}

export interface SubscriberFilter {
  readonly listId?: number;
  readonly areaId?: number;
  /** E.164. */
  readonly phone?: string;
  readonly after: number;
  readonly limit: number;
}

/** Pages by primary key; `phone` uses its unique index, `listId` the primary key of list_members. */
export function findSubscribers(queries: Queries, filter: SubscriberFilter): Promise<SubscriberRow[]> {
  return queries.rows<SubscriberRow>(
    `select s.id, s.phone, s.full_name as "fullName", a.name as area, x.phone_key is not null as "optedOut"
     from subscribers s
     left join areas a on a.id = s.area_id
     left join suppressions x on x.phone_key = s.phone_key
     where s.id > $1
       and ($2::text is null or s.phone = $2)
       and ($3::int is null or s.area_id = $3)
       and ($4::int is null or exists (select from list_members m where m.list_id = $4 and m.subscriber_id = s.id))
     order by s.id limit $5`,
    [filter.after, filter.phone ?? null, filter.areaId ?? null, filter.listId ?? null, filter.limit],
  );
}
