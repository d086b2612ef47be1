import type { Queries } from '../platform/database/database';

/** Batches on one topic that count against its cap. */
export interface TopicBatches {
  /** May have texted somebody since the instant asked for. */
  readonly texted: readonly number[];
  /** Will text everybody in them who is still waiting: submitted, approved or on their way, and near in time. */
  readonly planned: readonly number[];
}

/**
 * What counts against the cap of a topic for a campaign that starts at an instant.
 *
 * @param days the topic's; what is planned counts when it starts less than so many days earlier or later
 */
export async function findTopicBatches(
  queries: Queries,
  question: { topic: string; campaignId: number; startsAt: Date; since: Date; days: number },
): Promise<TopicBatches> {
  const rows = await queries.rows<{ id: number; texted: boolean; planned: boolean }>(
    `select c.batch_id as id, c.started_at is not null and (c.completed_at is null or c.completed_at > $2) as texted,
       c.state in ('submitted', 'scheduled', 'sending', 'paused')
         and greatest(c.starts_at, now()) > $3::timestamptz - make_interval(days => $4)
         and greatest(c.starts_at, now()) < $3::timestamptz + make_interval(days => $4) as planned
     from campaigns c join template_versions v on v.id = c.template_version_id join templates t on t.id = v.template_id
     where t.topic = $1 and c.batch_id is not null and c.id <> $5`,
    [question.topic, question.since, question.startsAt, question.days, question.campaignId],
  );
  return {
    texted: rows.filter(({ texted }) => texted).map(({ id }) => id),
    planned: rows.filter(({ planned }) => planned).map(({ id }) => id),
  };
}
