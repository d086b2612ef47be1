import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database';

export interface AuditFilter {
  readonly subject?: string;
  readonly act?: string;
  /** Half-open: from <= at < to. */
  readonly from?: Date;
  readonly to?: Date;
  /** Only entries older than this one. */
  readonly after?: number;
  readonly limit: number;
}

export interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly actor: string;
  readonly act: string;
  readonly subject: string;
  readonly details: Record<string, unknown>;
  readonly requestId: string | null;
  /** The place in the hash chain; null until the chainer came by. */
  readonly position: number | null;
  readonly hash: string | null;
}

@Injectable()
export class AuditReadModel {
  constructor(private readonly database: Database) {}

  /**
   * The newest entries first. With a subject it reads the index audit_entries_subject backwards, else the primary key;
   * parameters that are null vanish when the statement is planned.
   */
  search({ subject, act, from, to, after, limit }: AuditFilter): Promise<AuditRow[]> {
    return this.database.rows<AuditRow>(
      `select e.id, e.at, e.actor, e.act, e.subject, e.details, e.request_id as "requestId",
         l.position, encode(l.hash, 'hex') as hash
       from audit_entries e left join audit_links l on l.entry_id = e.id
       where ($1::text is null or e.subject = $1) and ($2::text is null or e.act = $2)
         and ($3::timestamptz is null or e.at >= $3) and ($4::timestamptz is null or e.at < $4)
         and ($5::bigint is null or e.id < $5)
       order by e.id desc limit $6`,
      [subject ?? null, act ?? null, from ?? null, to ?? null, after ?? null, limit],
    );
  }
}
