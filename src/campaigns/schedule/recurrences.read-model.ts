import type { Queries } from '../../platform/database/database';
import type { CampaignState } from '../lifecycle';
import type { RecurrencePlan } from './recurrence';

/** A draft that was made, and what became of it. */
export interface RecurrenceDraft {
  readonly campaignId: number;
  /** Local day of the occurrence. */
  readonly day: string;
  readonly state: CampaignState;
}

export interface RecurrenceRow extends RecurrencePlan {
  readonly id: number;
  readonly campaignId: number;
  readonly campaignName: string;
  readonly ownerPerson: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
  /** Newest first, at most 20. */
  readonly drafts: readonly RecurrenceDraft[];
  /** Drafts keep the version of their campaign; a later one of the same template, if there is one. */
  readonly newerVersionId: number | null;
}

/** Of the template of campaign c: its newest version, when the campaign uses an older one. */
const NEWER_VERSION = `
  select v.id from template_versions used join template_versions v using (template_id)
  where used.id = c.template_version_id and v.version > used.version order by v.version desc limit 1`;

/** Newest first. Drafts come by the index of campaigns_recurrence_once. */
export function findRecurrences(
  queries: Queries,
  { before, id, limit }: { before?: number; id?: number; limit: number },
): Promise<RecurrenceRow[]> {
  return queries.rows<RecurrenceRow>(
    `select r.id, r.campaign_id as "campaignId", c.name as "campaignName", r.rule,
       to_char(r.start_time, 'HH24:MI') as "startTime", r.lead_days as "leadDays", r.first_day as "firstDay",
       r.last_day as "lastDay", r.owner_person as "ownerPerson", r.created_by as "createdBy",
       r.created_at as "createdAt", r.ended_at as "endedAt", r.ended_by as "endedBy",
       (select coalesce(json_agg(json_build_object('campaignId', d.id, 'day', d.recurrence_day, 'state', d.state)
          order by d.recurrence_day desc), '[]')
        from (select id, recurrence_day, state from campaigns where recurrence_id = r.id
              order by recurrence_day desc limit 20) d) as drafts,
       newer.id as "newerVersionId"
     from recurrences r join campaigns c on c.id = r.campaign_id
       left join lateral (${NEWER_VERSION}) newer on true
     where ($1::int is null or r.id < $1) and ($2::int is null or r.id = $2)
     order by r.id desc limit $3`,
    [before ?? null, id ?? null, limit],
  );
}

export async function newerVersion(queries: Queries, campaignId: number): Promise<number | null> {
  const row = await queries.row<{ id: number | null }>(
    `select newer.id from campaigns c left join lateral (${NEWER_VERSION}) newer on true where c.id = $1`,
    [campaignId],
  );
  return row!.id;
}

/** Days whose draft was made already, whatever became of it. */
export async function daysMade(queries: Queries, recurrenceId: number): Promise<Set<string>> {
  const rows = await queries.rows<{ day: string }>(
    'select recurrence_day as day from campaigns where recurrence_id = $1',
    [recurrenceId],
  );
  return new Set(rows.map(({ day }) => day));
}
