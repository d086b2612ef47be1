import { type CampaignDraft, type DraftOrigin, insertDraft } from '../../src/campaigns/campaigns.store';
import { DEFAULT_WINDOW } from '../../src/calendar';
import { moveBatch } from '../../src/delivery';
import { Secrets } from '../../src/platform/secrets';
import { makeBatch, SENDER } from './batches';
import type { TestApp } from './test-app';

type BatchOptions = NonNullable<Parameters<typeof makeBatch>[2]>;

export interface Launch {
  readonly templateVersionId: number;
  readonly listIds: readonly number[];
  readonly draft?: Partial<CampaignDraft>;
  readonly batch?: BatchOptions;
  readonly origin?: DraftOrigin;
}

/** A draft by the register's own hand: what the rules of a submission ask for is beside the point of the test. */
export function draftOf({ database }: TestApp, launch: Launch): Promise<number> {
  const draft: CampaignDraft = {
    name: 'Nhắc ngày bầu cử',
    templateVersionId: launch.templateVersionId,
    values: {},
    areaValues: [],
    listIds: launch.listIds,
    exceptListIds: [],
    areaIds: [],
    gateway: 'fake',
    sender: SENDER,
    alternatives: [],
    accented: true,
    startsAt: new Date('2021-05-20T08:00:00+07:00'),
    deadline: null,
    schedule: { window: DEFAULT_WINDOW, spreadMinutes: null, misfire: 'send-late', firstWave: null, halt: null },
    overrides: { urgent: 'Kiểm thử vào giờ bất kỳ' },
    documentId: null,
    ...launch.draft,
  };
  return database.transaction((tx) => insertDraft(tx, draft, { id: 'user:0', person: null }, launch.origin));
}

/** A campaign of so many one-segment texts that was approved and has started; it is sent as soon as bells ring. */
export async function launched(app: TestApp, size: number, launch: Launch): Promise<{ id: number; batchId: number }> {
  const id = await draftOf(app, launch);
  const parts = { database: app.database, secrets: app.app.get(Secrets) };
  const batchId = await makeBatch(parts, size, { ...launch.batch, hold: true });
  await app.database.transaction(async (tx) => {
    await tx.run(
      `update campaigns set state = 'sending', batch_id = $2, started_at = now(), vnd_per_segment = 350 where id = $1`,
      [id, batchId],
    );
    await moveBatch(tx, batchId, 'released');
  });
  return { id, batchId };
}
