import { formatLocalTime } from '../platform/clock';
import type { Queries } from '../platform/database/database';

/**
 * Whether deputyship `d` of approver `a` and deputy `p` counts on a day. It rests while the approver is disabled or none
 * any more, and while the deputy is disabled or not a member of staff: an administrator never approves, an auditor changes
 * nothing, an approver has the right himself.
 */
const counts = (d: string, a: string, p: string, day: string): string =>
  `(${d}.revoked_at is null and ${day} between ${d}.valid_from and ${d}.valid_to
    and ${a}.role = 'approver' and ${a}.disabled_at is null and ${p}.role = 'staff' and ${p}.disabled_at is null)`;

/**
 * SQL of the ids of those in whose place a user approves on a day, as an array; by the index deputies_deputy.
 * Both are words of ours, never input.
 *
 * @param user alias of a row of users @param day SQL of type date
 */
export function sqlStandsInFor(user: string, day: string): string {
  return `array(
    select distinct d.approver_id from deputies d join users a on a.id = d.approver_id
    where d.deputy_id = ${user}.id and ${counts('d', 'a', user, day)} order by 1)`;
}

export interface DeputyView {
  readonly id: number;
  readonly approverId: number;
  readonly approverName: string;
  readonly deputyId: number;
  readonly deputyName: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly reason: string;
  readonly countsToday: boolean;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly revokedBy: string | null;
  readonly revokedAt: string | null;
}

type Row = Omit<DeputyView, 'createdAt' | 'revokedAt'> & { createdAt: Date; revokedAt: Date | null };

/** Newest first; `before` is the id the page before ended with, `today` the local day. */
export async function findDeputies(
  queries: Queries,
  filter: { id?: number; before?: number; limit: number; today: string },
): Promise<DeputyView[]> {
  const rows = await queries.rows<Row>(
    `select d.id, d.approver_id as "approverId", a.full_name as "approverName", d.deputy_id as "deputyId",
       p.full_name as "deputyName", d.valid_from as "validFrom", d.valid_to as "validTo", d.reason,
       ${counts('d', 'a', 'p', '$4::date')} as "countsToday",
       d.created_by as "createdBy", d.created_at as "createdAt", d.revoked_by as "revokedBy", d.revoked_at as "revokedAt"
     from deputies d join users a on a.id = d.approver_id join users p on p.id = d.deputy_id
     where ($1::int is null or d.id = $1) and ($2::int is null or d.id < $2)
     order by d.id desc limit $3`,
    [filter.id ?? null, filter.before ?? null, filter.limit, filter.today],
  );
  return rows.map((row) => ({
    ...row,
    createdAt: formatLocalTime(row.createdAt),
    revokedAt: row.revokedAt && formatLocalTime(row.revokedAt),
  }));
}
