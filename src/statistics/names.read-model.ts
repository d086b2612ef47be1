import type { Queries } from '../platform/database/database';
import type { Language } from '../platform/errors';
import type { CountedGroup } from './statistics.read-model';
import type { Scope } from './scope';
import { unknownArea, unknownCampaign, unknownTopic } from './statistics-faults';

export interface Names {
  readonly topics: ReadonlyMap<string, string>;
  readonly campaigns: ReadonlyMap<number, string>;
  readonly areas: ReadonlyMap<number, string>;
}

/**
 * The names of what the rows and the filters mention.
 *
 * @throws unknownTopic, unknownCampaign, unknownArea when a filter names what does not exist: a table of zeros would look
 *   like an answer
 */
export async function readNames(
  queries: Queries,
  { campaignId, topic, areaId }: Scope,
  groups: readonly CountedGroup[],
  language: Language,
): Promise<Names> {
  const campaignIds = new Set([campaignId, ...groups.map(({ group }) => group.campaignId)]);
  const areaIds = new Set([areaId, ...groups.map(({ group }) => group.areaId)]);
  const topics = await named<string>(
    queries,
    `select code as id, case $1 when 'vi' then name_vi else name_en end as name from topics order by code`,
    language,
  );
  const campaigns = await named<number>(queries, 'select id, name from campaigns where id = any($1)', campaignIds);
  const areas = await named<number>(queries, 'select id, name from areas where id = any($1)', areaIds);
  if (topic !== null && !topics.has(topic)) throw unknownTopic({ topic, known: [...topics.keys()].join(', ') });
  if (campaignId !== null && !campaigns.has(campaignId)) throw unknownCampaign({ id: campaignId });
  if (areaId !== null && areaId !== 0 && !areas.has(areaId)) throw unknownArea({ id: areaId });
  return { topics, campaigns, areas };
}

async function named<Id>(queries: Queries, sql: string, given: string | Set<number | null>): Promise<Map<Id, string>> {
  const value = typeof given === 'string' ? given : [...given].filter((id) => id !== null);
  const rows = await queries.rows<{ id: Id; name: string }>(sql, [value]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
