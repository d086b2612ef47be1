import type { Queries } from '../platform/database/database';
import type { RequestChannel, RequestKind, RequestState } from './request-kinds';

export interface RequestRow {
  readonly id: number;
  readonly kind: RequestKind;
  readonly channel: RequestChannel;
  readonly state: RequestState;
  readonly receivedAt: Date;
  /** The last second in which the answer is in time. */
  readonly dueAt: Date;
  /** Open past its time, or answered after it. */
  readonly isOverdue: boolean;
  readonly phone: string | null;
  readonly name: string | null;
  readonly text: string | null;
  readonly recordedBy: string;
  readonly answer: string | null;
  readonly answeredBy: string | null;
  readonly answeredAt: Date | null;
  /** The person's data were erased since; of the request only kind, channel and times are left. */
  readonly isErased: boolean;
}

export interface RequestFilter {
  readonly id?: number;
  readonly state?: RequestState;
  readonly overdue?: boolean;
  readonly now: Date;
  readonly after: number;
  readonly limit: number;
}

/** Pages by primary key, in the order of recording. */
export function findRequests(queries: Queries, filter: RequestFilter): Promise<RequestRow[]> {
  return queries.rows<RequestRow>(
    `select * from (
       select id, kind, channel, case when answered_at is null then 'open' else 'answered' end as state,
         received_at as "receivedAt", due_at as "dueAt", coalesce(answered_at, $3) > due_at as "isOverdue",
         phone, name, text, recorded_by as "recordedBy", answer, answered_by as "answeredBy", answered_at as "answeredAt",
         erased_at is not null as "isErased"
       from citizen_requests
     ) r
     where id > $1 and ($4::int is null or id = $4) and ($5::text is null or state = $5)
       and ($6::boolean is null or "isOverdue" = $6)
     order by id limit $2`,
    [filter.after, filter.limit, filter.now, filter.id ?? null, filter.state ?? null, filter.overdue ?? null],
  );
}
