import type { Queries, Transaction } from '../../platform/database/database';

const HOUR_SECONDS = 3600;

/** The tests of a campaign in the last hour, and how many seconds it is until the first of them is an hour old. */
export async function testsOfLastHour(
  queries: Queries,
  campaignId: number,
): Promise<{ count: number; secondsUntilNext: number }> {
  const row = await queries.row<{ count: number; secondsUntilNext: number | null }>(
    `select count(*) as count, ceil($2 - extract(epoch from now() - min(sent_at)))::int as "secondsUntilNext"
     from test_sends where campaign_id = $1 and sent_at > now() - make_interval(secs => $2)`,
    [campaignId, HOUR_SECONDS],
  );
  return { count: row!.count, secondsUntilNext: row!.secondsUntilNext ?? 0 };
}

export async function insertTestSend(
  tx: Transaction,
  test: { campaignId: number; batchId: number; contentKey: Buffer; sentBy: string },
): Promise<number> {
  const row = await tx.row<{ id: number }>(
    `insert into test_sends (campaign_id, batch_id, content_key, sent_by) values ($1, $2, $3, $4) returning id`,
    [test.campaignId, test.batchId, test.contentKey, test.sentBy],
  );
  return row!.id;
}
