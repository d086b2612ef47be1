import type TestAgent from 'supertest/lib/agent';
import { findNumberResults } from '../src/delivery/number-results.read-model';
import { NumberUpkeepBell } from '../src/delivery/number-upkeep.bell';
import { countResults } from '../src/delivery/number-results.store';
import { GatewayRegistry } from '../src/gateways';
import { Secrets } from '../src/platform/secrets';
import { submitTried } from './harness/campaigns';
import { makeBatch, phoneOf } from './harness/batches';
import { startTestApp, TestApp } from './harness/test-app';
import { TEST_SECRET } from './harness/test-database';

const secrets = new Secrets(TEST_SECRET);

/** What became of the text to number n: a receipt, a refusal, or nothing that tells anything. */
type Fate = 'delivered' | 'undelivered' | 'dead' | 'filtered' | 'accepted' | 'unknown';

let app: TestApp;
let admin: TestAgent;
let staff: TestAgent;
let auditor: TestAgent;
let listId: number;

beforeAll(async () => {
  app = await startTestApp();
  [admin, staff, auditor] = (await Promise.all(
    (['admin', 'staff', 'auditor'] as const).map((role) => app.signIn(role)),
  )) as [TestAgent, TestAgent, TestAgent];
  const facts = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012/QH13' };
  listId = (await admin.post('/api/v1/lists').send(facts).expect(201)).body.id;
  await app.database.run(
    `insert into subscribers (id, phone, phone_key, full_name) overriding system value
     select * from unnest($1::int[], $2::text[], $3::bytea[], $4::text[])`,
    [
      [1, 2, 3, 4],
      [1, 2, 3, 4].map(phoneOf),
      [1, 2, 3, 4].map((n) => secrets.phoneDigest(phoneOf(n))),
      ['Nguyễn Văn An', 'Lê Bé', 'Trần Hòa', 'Đỗ Sáu'],
    ],
  );
  await app.database.run('insert into list_members (list_id, subscriber_id) select $1, generate_series(1, 4)', [
    listId,
  ]);
});
afterAll(() => app.stop());
beforeEach(() => app.database.run('delete from number_health').then(() => undefined));
afterEach(async () => {
  Object.assign(app.config, { NUMBER_FLAGGED_AFTER: 3, NUMBER_LEFT_OUT_AFTER: 0 });
  await app.database.run('update batches set results_counted_at = now()');
  await app.database.run('delete from suppressions');
});

/** A batch to numbers 1, 2, 3… that ended so many days ago, each text with its fate. */
async function endedBatch(daysAgo: number, ...fates: Fate[]): Promise<number> {
  // Never released: a worker would send it while its outcomes are written.
  const batchId = await makeBatch({ database: app.database, secrets }, fates.length, { listIds: [listId], hold: true });
  for (const [index, fate] of fates.entries()) {
    const isReceipt = fate === 'delivered' || fate === 'undelivered';
    const kind = fate === 'unknown' ? 'unknown' : fate === 'dead' || fate === 'filtered' ? 'failed' : 'accepted';
    await app.database.run(
      `insert into outcomes (batch_id, seq, attempt, certain, kind, code, day) values ($1, $2, 1, $3, $4, $5, '2021-05-20')`,
      [batchId, index + 1, kind !== 'unknown', kind, fate === 'dead' ? 'unknown-subscriber' : fate],
    );
    if (isReceipt) await receipt(batchId, index + 1, fate);
  }
  await app.database.run(
    `update batches set state = 'finished', finished_at = now() - make_interval(days => $2, mins => 1) where id = $1`,
    [batchId, daysAgo],
  );
  return batchId;
}

async function receipt(batchId: number, seq: number, status: 'delivered' | 'undelivered'): Promise<void> {
  await app.database.run(
    `insert into deliveries (batch_id, seq, status, code, at) values ($1, $2, $3, '', now())
     on conflict (batch_id, seq) do update set status = excluded.status`,
    [batchId, seq, status],
  );
}

/** What the bell does every ten minutes. @returns the batches counted, in their order */
async function countAll(): Promise<number[]> {
  const counted: number[] = [];
  const gateways = app.app.get(GatewayRegistry);
  for (let batch; (batch = await countResults(app.database, gateways)) !== undefined;) counted.push(batch);
  return counted;
}

/** How many texts in a row number 1, 2, 3… did not get. */
async function inRow(): Promise<number[]> {
  const rows = await app.database.rows<{ id: number; n: number }>(
    `select s.id, coalesce(h.undelivered_in_row, 0) as n
     from subscribers s left join number_health h on h.phone_key = s.phone_key where s.id <= 4 order by s.id`,
  );
  return rows.map(({ n }) => n);
}

const flagged = async (agent = staff, query = ''): Promise<Record<string, unknown>[]> =>
  (await agent.get(`/api/v1/subscribers/flagged${query}`).expect(200)).body.items;

describe('counting undelivered texts', () => {
  it('counts them in a row, in the order in which batches ended; a delivered one begins anew', async () => {
    const third = await endedBatch(4, 'undelivered', 'undelivered', 'delivered', 'accepted');
    const first = await endedBatch(9, 'undelivered', 'undelivered', 'undelivered', 'undelivered');
    const second = await endedBatch(6, 'undelivered', 'delivered', 'undelivered', 'undelivered');
    expect(await countAll()).toEqual([first, second, third]);
    expect(await inRow()).toEqual([3, 1, 0, 2]);
  });

  it('takes a refusal for the number’s own sake as undelivered, and nothing from what says nothing of it', async () => {
    await endedBatch(4, 'dead', 'filtered', 'accepted', 'unknown');
    await countAll();
    expect(await inRow()).toEqual([1, 0, 0, 0]);
  });

  it('takes nothing from test sends to staff', async () => {
    const batchId = await endedBatch(4, 'undelivered', 'dead');
    await app.database.run(`update batches set kind = 'test' where id = $1`, [batchId]);
    expect(await countAll()).toEqual([]);
    expect(await inRow()).toEqual([0, 0, 0, 0]);
  });

  it('waits three days for receipts, and counts a batch once, also when two instances are at it', async () => {
    await endedBatch(2, 'undelivered');
    expect(await countAll()).toEqual([]);
    const batchId = await endedBatch(3, 'undelivered', 'undelivered');
    await receipt(batchId, 2, 'delivered');
    const counted = await Promise.all([countAll(), countAll(), countAll()]);
    expect(counted.flat()).toEqual([batchId]);
    expect(await countAll()).toEqual([]);
    expect(await inRow()).toEqual([1, 0, 0, 0]);
  });

  it('is done by the service itself, every ten minutes', async () => {
    await endedBatch(5, 'undelivered');
    await endedBatch(4, 'undelivered');
    await app.app.get(NumberUpkeepBell).ring();
    expect(await inRow()).toEqual([2, 0, 0, 0]);
    await endedBatch(4, 'undelivered');
    // Another instance's bell of the same ten minutes.
    await app.app.get(NumberUpkeepBell).ring();
    expect(await inRow()).toEqual([2, 0, 0, 0]);
  });

  it('leaves a batch that is under way alone, and people whose data were erased', async () => {
    const open = await endedBatch(4, 'undelivered');
    await app.database.run(`update batches set state = 'released', finished_at = null where id = $1`, [open]);
    const ended = await endedBatch(4, 'undelivered', 'undelivered');
    await app.database.run('update messages set phone = null, text = null where batch_id = $1 and seq = 2', [ended]);
    expect(await countAll()).toEqual([ended]);
    expect(await inRow()).toEqual([1, 0, 0, 0]);
  });

  it('reads the whole of a batch, step by step', async () => {
    const batchId = await endedBatch(4, 'delivered', 'undelivered', 'dead', 'delivered');
    const halves = [
      { batchId, after: 0, upTo: 2 },
      { batchId, after: 2, upTo: 4 },
    ];
    const results = await Promise.all(
      halves.map((half) => findNumberResults(app.database, half, ['unknown-subscriber'])),
    );
    expect(results.map((half) => half.map(({ delivered }) => delivered).sort())).toEqual([
      [false, true],
      [false, true],
    ]);
  });
});

describe('the list of numbers to verify', () => {
  const undelivered = async (times: number, ...fates: Fate[]): Promise<void> => {
    for (let n = 0; n < times; n += 1) await endedBatch(10 - n, ...fates);
    await countAll();
  };

  it('has those whose last three texts were not delivered, masked for an auditor; who sees them is on record', async () => {
    await undelivered(2, 'undelivered', 'undelivered');
    expect(await flagged()).toEqual([]);
    await undelivered(1, 'undelivered', 'delivered');
    expect(await flagged()).toEqual([
      {
        id: 1,
        phone: phoneOf(1),
        fullName: 'Nguyễn Văn An',
        area: null,
        undelivered: 3,
        lastUndeliveredAt: expect.any(String),
        leftOut: false,
        clearedAt: null,
      },
    ]);
    expect((await flagged(auditor))[0]).toMatchObject({ id: 1, phone: '090***001' });
    const seen = await app.database.row('select act from audit_entries order by id desc limit 1');
    expect(seen).toEqual({ act: 'subscribers.view-phones' });
  });

  it('goes by the setting, and comes in pages', async () => {
    app.config.NUMBER_FLAGGED_AFTER = 1;
    await undelivered(1, 'undelivered', 'undelivered', 'undelivered');
    const first = await staff.get('/api/v1/subscribers/flagged?limit=2').expect(200);
    expect(first.body).toMatchObject({ items: [{ id: 1 }, { id: 2 }], next: 2 });
    expect(await flagged(staff, '?limit=2&after=2')).toMatchObject([{ id: 3 }]);
  });

  it('loses a number that somebody verified; texts of before that are not held against it any more', async () => {
    await undelivered(3, 'undelivered');
    const late = await endedBatch(4, 'undelivered');
    const cleared = await staff
      .post('/api/v1/subscribers/flagged/1/clear')
      .send({ reason: 'Đã gọi, đúng chủ' })
      .expect(200);
    expect(cleared.body).toEqual({ undelivered: 0 });
    expect(await flagged()).toEqual([]);
    expect(await countAll()).toEqual([late]);
    expect(await inRow()).toEqual([0, 0, 0, 0]);
    await app.database.run(`update number_health set cleared_at = now() - interval '30 days'`);
    await undelivered(3, 'undelivered');
    expect(await flagged()).toMatchObject([{ id: 1, undelivered: 3, clearedAt: expect.any(String) }]);
    const act = await app.database.row<{ details: object }>(
      `select act, subject, details from audit_entries where act = 'subscriber.clear-number'`,
    );
    expect(act).toEqual({ act: 'subscriber.clear-number', subject: 'subscriber:1', details: { undelivered: 3 } });
  });

  it('is cleared only by those who may change subscribers, with a reason, and only of what is on it', async () => {
    await undelivered(3, 'undelivered');
    const reason = 'Đã gọi';
    await auditor.post('/api/v1/subscribers/flagged/1/clear').send({ reason }).expect(403);
    const silent = await staff.post('/api/v1/subscribers/flagged/1/clear').send({ reason: ' ' }).expect(422);
    expect(silent.body.field).toBe('reason');
    const other = await staff.post('/api/v1/subscribers/flagged/2/clear').send({ reason }).expect(404);
    expect(other.body.code).toBe('number.not-flagged');
    expect(await inRow()).toEqual([3, 0, 0, 0]);
  });

  it('forgets a number that was corrected: the new one starts clean', async () => {
    await undelivered(3, 'undelivered');
    const correct = (n: number): Promise<number> =>
      app.database.run('update subscribers set phone = $1, phone_key = $2 where id = 1', [
        phoneOf(n),
        secrets.phoneDigest(phoneOf(n)),
      ]);
    await correct(99);
    expect(await flagged()).toEqual([]);
    await correct(1);
    expect(await flagged()).toHaveLength(1);
  });
});

describe('a campaign', () => {
  async function submitted(): Promise<{ figures: { messages: number }; audience: object; id: number }> {
    const { body: templates } = await staff.get('/api/v1/templates');
    const templateVersionId = templates.find(({ code }: { code: string }) => code === 'covid-19-face-masks').id;
    const draft = { name: 'Khẩu trang', templateVersionId, listIds: [listId], sender: 'STP', accented: false };
    return (await submitTried(staff, { ...draft, startsAt: '2035-01-01T08:00' })) as never;
  }

  it('leaves out numbers over the limit that is set, says how many, and texts them again once they are verified', async () => {
    app.config.NUMBER_LEFT_OUT_AFTER = 4;
    for (const daysAgo of [9, 8, 7]) await endedBatch(daysAgo, 'undelivered', 'undelivered', 'dead', 'delivered');
    await countAll();
    expect(await submitted()).toMatchObject({ figures: { messages: 4 }, audience: { optedOut: 0, unreachable: 0 } });
    await endedBatch(6, 'undelivered', 'undelivered', 'delivered', 'delivered');
    await countAll();
    const optOut = { phone: phoneOf(2), source: 'letter', reason: 'Đơn' };
    await staff.post('/api/v1/opt-outs').send(optOut).expect(201);
    const { id, ...shown } = await submitted();
    expect(shown).toMatchObject({ figures: { messages: 2 }, audience: { optedOut: 1, unreachable: 1 } });
    const trail = await admin.get(`/api/v1/audit?subject=campaign:${id}`).expect(200);
    expect(trail.body.items[0]).toMatchObject({ details: { recipients: 2, optedOut: 1, unreachable: 1 } });
    expect((await flagged()).map((row) => [row.id, row.leftOut])).toEqual([
      [1, true],
      [2, true],
    ]);
    await staff.post('/api/v1/subscribers/flagged/1/clear').send({ reason: 'Đã gọi' }).expect(200);
    expect(await submitted()).toMatchObject({ figures: { messages: 3 }, audience: { optedOut: 1, unreachable: 0 } });
  });

  it('texts every number as long as no limit is set', async () => {
    for (const daysAgo of [9, 8, 7, 6, 5]) await endedBatch(daysAgo, 'undelivered');
    await countAll();
    expect(await submitted()).toMatchObject({ figures: { messages: 4 }, audience: { optedOut: 0, unreachable: 0 } });
  });
});
