import type { Queries } from '../platform/database/database';

/** The batches of campaigns on a topic that may have texted somebody since an instant. */
export async function findTopicBatches(queries: Queries, topic: string, since: Date): Promise<number[]> {
  const rows = await queries.rows<{ id: number }>(
    `select c.batch_id as id
     from campaigns c join template_versions v on v.id = c.template_version_id join templates t on t.id = v.template_id
     where t.topic = $1 and c.started_at is not null and c.batch_id is not null
       and (c.completed_at is null or c.completed_at > $2)`,
    [topic, since],
  );
  return rows.map(({ id }) => id);
}
