import type { Queries } from '../platform/database/database';

export interface OptOutRow {
  readonly phone: string | null;
  readonly source: string;
  readonly reason: string;
  readonly recordedAt: Date;
}

export function newestOptOuts(queries: Queries, limit: number): Promise<OptOutRow[]> {
  return queries.rows<OptOutRow>(
    `select phone, source, reason, recorded_at as "recordedAt" from suppressions
     order by recorded_at desc, phone_key limit $1`,
    [limit],
  );
}
