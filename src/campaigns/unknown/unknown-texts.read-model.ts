import type { Queries } from '../../platform/database/database';

/** The campaigns whose texts are in these batches; a test send is of none. */
export async function campaignsOfBatches(queries: Queries, batchIds: readonly number[]): Promise<Map<number, number>> {
  const rows = await queries.rows<{ id: number; batchId: number }>(
    'select id, batch_id as "batchId" from campaigns where batch_id = any($1::bigint[])',
    [[...new Set(batchIds)]],
  );
  return new Map(rows.map(({ id, batchId }) => [batchId, id]));
}

/** @returns undefined when there is no such campaign; null while it has no batch */
export async function batchOfCampaign(queries: Queries, campaignId: number): Promise<number | null | undefined> {
  const row = await queries.row<{ batchId: number | null }>(
    'select batch_id as "batchId" from campaigns where id = $1',
    [campaignId],
  );
  return row?.batchId;
}
