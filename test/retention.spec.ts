import type TestAgent from 'supertest/lib/agent';
import { batchFigures, verifyBatch } from '../src/delivery';
import { Secrets } from '../src/platform/secrets';
import { RetentionBell } from '../src/privacy/retention.bell';
import { RetentionReport, runRetention } from '../src/privacy/retention';
import { makeBatch } from './harness/batches';
import { importFile, upload } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';
import { TEST_SECRET } from './harness/test-database';

const HEAD = 'Họ tên,Số điện thoại\n';
const FILE = `${HEAD}Lê Bé,0912345678\nTrần Tư,0987654321\nSai Số,0912\n`;
const TIMES = { IMPORT_ROWS_KEPT_DAYS: 90, UNCONFIRMED_IMPORT_KEPT_DAYS: 7, MESSAGES_KEPT_DAYS: 0 };
const NOTHING: RetentionReport = {
  discardedImports: 0,
  emptiedImports: 0,
  importRows: 0,
  expiredLists: 0,
  members: 0,
  subscribers: 0,
  withdrawals: 0,
  emptiedBatches: 0,
  messages: 0,
};

let app: TestApp;
let admin: TestAgent;

beforeEach(async () => {
  app = await startTestApp();
  admin = await app.signIn('admin');
});
afterEach(() => app.stop());

const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);
const run = (days: number, times: Partial<typeof TIMES> = {}): Promise<RetentionReport> =>
  runRetention(app.database, { ...TIMES, ...times }, inDays(days));
const count = async (table: string): Promise<number> =>
  (await app.database.row<{ n: number }>(`select count(*) as n from ${table}`))!.n;

const keepUntil = (listId: number, day: string): Promise<number> =>
  app.database.run('update subscriber_lists set retain_until = $2 where id = $1', [listId, day]);

async function newList(name: string): Promise<number> {
  const facts = { name, purpose: 'Bầu cử', legalBasis: 'Luật 14/2012/QH13', source: 'Ủy ban nhân dân xã' };
  const { id } = (await admin.post('/api/v1/lists').send(facts).expect(201)).body as { id: number };
  return id;
}

describe('imports', () => {
  it('lose their rows when their time is over, and keep their figures', async () => {
    const { id } = await importFile(admin, await newList('Cử tri'), FILE);
    const before = (await admin.get(`/api/v1/imports/${id}`).expect(200)).body;
    expect(await run(89)).toEqual(NOTHING);
    expect(await count('import_rows')).toBe(3);
    expect(await run(91)).toEqual({ ...NOTHING, emptiedImports: 1, importRows: 3 });
    expect(await count('import_rows')).toBe(0);
    const after = (await admin.get(`/api/v1/imports/${id}`).expect(200)).body;
    for (const figure of ['rows', 'added', 'changed', 'unchanged', 'repeated', 'rejected']) {
      expect([figure, after[figure]]).toEqual([figure, before[figure]]);
    }
    expect(await count('subscribers')).toBe(2);
    expect(await run(92)).toEqual(NOTHING);
  });

  it('cannot be undone any more once their rows are gone', async () => {
    const { id } = await importFile(admin, await newList('Cử tri'), FILE);
    await run(91);
    const { body } = await admin.post(`/api/v1/imports/${id}/undo`).send({ reason: 'nhầm' });
    expect(body).toMatchObject({ status: 409, code: 'import.rows-emptied' });
  });

  it('that nobody confirmed are discarded, with file and rows', async () => {
    const { id } = await upload(admin, await newList('Cử tri'), FILE);
    expect(await run(6)).toEqual(NOTHING);
    expect(await run(8)).toEqual({ ...NOTHING, discardedImports: 1, emptiedImports: 1, importRows: 3 });
    expect([await count('import_files'), await count('import_rows'), await count('subscribers')]).toEqual([0, 0, 0]);
    expect((await admin.get(`/api/v1/imports/${id}`).expect(200)).body).toMatchObject({
      state: 'discarded',
      sample: null,
    });
  });

  it('that failed or were discarded leave nothing behind, even if a row of theirs was left', async () => {
    const { id } = await upload(admin, await newList('Cử tri'), FILE);
    await app.database.run(`update imports set state = 'failed' where id = $1`, [id]);
    expect(await run(0)).toEqual({ ...NOTHING, emptiedImports: 1, importRows: 3 });
    expect(await count('import_files')).toBe(0);
  });

  it('whose emptying was cut off are emptied by the next run', async () => {
    const { id } = await importFile(admin, await newList('Cử tri'), FILE);
    await app.database.run('update imports set emptied_at = now() where id = $1', [id]);
    expect(await run(91)).toMatchObject({ emptiedImports: 1, importRows: 3 });
  });
});

describe('a list past its time', () => {
  it('loses its members and the rows of its imports; who is in another list stays in the register', async () => {
    const expired = await newList('Cử tri 2021');
    const kept = await newList('Hội viên');
    await importFile(admin, expired, FILE);
    await keepUntil(expired, '2021-12-31');
    await importFile(admin, kept, `${HEAD}Trần Văn Tư,0987654321\n`, { choice: { mergePolicy: 'overwrite' } });
    expect(await run(0)).toEqual({
      ...NOTHING,
      emptiedImports: 1,
      importRows: 3,
      expiredLists: 1,
      members: 2,
      subscribers: 1,
    });
    expect(await app.database.rows('select phone from subscribers')).toEqual([{ phone: '+84987654321' }]);
    expect(await app.database.rows('select list_id as "listId" from list_members')).toEqual([{ listId: kept }]);
    expect((await admin.get(`/api/v1/lists/${expired}`).expect(200)).body).toMatchObject({ name: 'Cử tri 2021' });
    const { items } = (await admin.get('/api/v1/audit?act=retention.empty-list').expect(200)).body;
    expect(items).toEqual([
      expect.objectContaining({ actor: 'system', details: { members: 2, subscribers: 1, historyEntries: 0 } }),
    ]);
    expect(await run(1)).toEqual(NOTHING);
  });

  it('takes no further file', async () => {
    const listId = await newList('Cử tri 2021');
    await keepUntil(listId, '2021-12-31');
    const path = `/api/v1/lists/${listId}/imports`;
    const { body } = await admin.post(path).attach('file', Buffer.from(FILE), 'cu-tri.csv').expect(409);
    expect(body.code).toBe('import.list-is-over');
  });

  it('keeps them on its last day', async () => {
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const listId = await newList('Cử tri');
    await keepUntil(listId, today);
    await importFile(admin, listId, FILE);
    expect(await run(0)).toEqual(NOTHING);
    expect(await run(1)).toMatchObject({ members: 2, subscribers: 2 });
  });
});

describe('messages', () => {
  const scene = () => ({ database: app.database, secrets: new Secrets(TEST_SECRET) });

  it('lose number and text so many days after their batch ended; figures and what was approved stay', async () => {
    // Of a gateway that this installation does not use: nobody sends it meanwhile.
    const ended = await makeBatch(scene(), 25, { gateway: 'elsewhere' });
    const open = await makeBatch(scene(), 5, { gateway: 'elsewhere' });
    await app.database.run(`update batches set state = 'finished', finished_at = now() where id = $1`, [ended]);
    const facts = async () => ({
      figures: [...(await batchFigures(app.database, [ended, open]))],
      statistics: (await admin.get('/api/v1/statistics?by=area').expect(200)).body,
    });
    const before = await facts();
    expect(await run(400)).toEqual(NOTHING);
    expect(await run(29, { MESSAGES_KEPT_DAYS: 30 })).toEqual(NOTHING);
    expect(await run(31, { MESSAGES_KEPT_DAYS: 30 })).toEqual({ ...NOTHING, emptiedBatches: 1, messages: 25 });
    expect(await count('messages where phone is null and text is null')).toBe(25);
    expect(await count(`messages where batch_id = ${open} and phone is not null and text is not null`)).toBe(5);
    expect(await facts()).toEqual(before);
    const digest = (await app.database.row<{ digest: Buffer }>('select digest from batches where id = $1', [ended]))!;
    await verifyBatch(app.database, ended, digest.digest);
    expect(await run(32, { MESSAGES_KEPT_DAYS: 30 })).toEqual(NOTHING);
  });
});

describe('the bell', () => {
  it('rings once a day, whoever pulls it, and not where only requests are answered', async () => {
    await upload(admin, await newList('Cử tri'), FILE);
    await app.database.run(`update imports set analysed_at = now() - interval '8 days'`);
    const bell = app.app.get(RetentionBell);
    app.config.ROLE = 'web';
    await bell.ring();
    expect(await count(`imports where state = 'analysed'`)).toBe(1);
    app.config.ROLE = 'all';
    await bell.ring();
    expect(await count(`imports where state = 'discarded'`)).toBe(1);
    await app.database.run(`update imports set state = 'analysed'`);
    await bell.ring();
    expect(await count(`imports where state = 'analysed'`)).toBe(1);
  });
});

describe('withdrawals', () => {
  it('stay as long as a text prepared before them may be sent, and then go', async () => {
    const secrets = new Secrets(TEST_SECRET);
    const batch = await makeBatch({ database: app.database, secrets }, 1, { gateway: 'elsewhere' });
    await app.database.run('insert into withdrawals (phone_key, list_id, import_id) values ($1, 1, 1)', [
      secrets.phoneDigest('+84900000001'),
    ]);
    expect(await run(30)).toEqual(NOTHING);
    await app.database.run(`update batches set state = 'cancelled', finished_at = now() where id = $1`, [batch]);
    expect(await run(0)).toEqual(NOTHING);
    expect(await run(2)).toEqual({ ...NOTHING, withdrawals: 1 });
  });
});
