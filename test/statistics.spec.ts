import type { Response } from 'supertest';
import type TestAgent from 'supertest/lib/agent';
import { moveBatch, prepareBatch, PreparedMessage } from '../src/delivery';
import { closeUnsentChunk } from '../src/delivery/sweep.store';
import { reconcile } from '../src/statistics/reconcile.read-model';
import { Secrets } from '../src/platform/secrets';
import { makeBatch, phoneOf, SENDER } from './harness/batches';
import { Answer, HandOver, InFlight } from './harness/hand-over';
import { peopleOf } from './harness/people';
import { startTestApp, TestApp } from './harness/test-app';
import { TEST_SECRET } from './harness/test-database';

/**
 * A small office. Six subscribers: 1 and 2 live in xã Ba Chúc, 3 and 4 in xã Đa Phước, 5 in xã Vĩnh Tế, of 6 no area is known.
 *
 * - A "Nhắc ngày bầu cử" (election), 20/5/2021, to all six, 2 segments each: 1 delivered; 2 undelivered; 3 refused; 4 put
 *   off and accepted the next day, delivered; 5 unknown until its receipt said delivered; 6 opted out after approval.
 * - B "Khẩu trang" (covid-19), from 31/5/2021 past midnight, to 1-4, 1 segment each: on 31/5 1 accepted and 2 unknown, on
 *   1/6 3 delivered and 4 accepted without a receipt.
 * - C "Phiếu hợp lệ" (election), 10/6/2021, to 1 and 5, 3 segments each: 1 accepted, then cancelled, 5 never sent.
 * - D "Chưa duyệt" (covid-19), 15/6/2021, to all six, not released.
 * - E "Bầu cử bổ sung" (election), planned for 5/1/2022, to 2 and 3, 1 segment each, released, nothing handed over yet.
 * - A test send to two numbers of the staff on 20/5/2021, delivered to one of them: in no figure.
 */
let app: TestApp;
let auditor: TestAgent;
const areaIds: Record<string, number> = {};
const campaignIds: Record<string, number> = {};

beforeAll(async () => {
  // No worker: it would send what the test hands over itself.
  app = await startTestApp({ config: { ROLE: 'web' } });
  auditor = await peopleOf(app).signIn('auditor');
  for (const name of ['Xã Vĩnh Tế', 'Xã Đa Phước', 'Xã Ba Chúc']) {
    const row = await app.database.row<{ id: number }>(
      'insert into areas (name, search_key) values ($1, $1) returning id',
      [name],
    );
    areaIds[name] = row!.id;
  }
  await sendA();
  await sendB();
  await sendC();
  await makeCampaign('D', 'Chưa duyệt', 'covid-19-face-masks', '2021-06-15', [1, 2, 3, 4, 5, 6], 1);
  const batchE = await makeCampaign('E', 'Bầu cử bổ sung', 'voter-list-check', '2022-01-05', [2, 3], 1);
  await move(batchE, 'released');
  await sendTest();
});
afterAll(() => app.stop());

async function makeCampaign(
  key: string,
  name: string,
  templateCode: string,
  plannedDay: string,
  people: number[],
  segments: number,
): Promise<number> {
  const areaOf = [0, ...[1, 1, 2, 2, 3].map((i) => areaIds[['', 'Xã Ba Chúc', 'Xã Đa Phước', 'Xã Vĩnh Tế'][i]!]!), 0];
  const page = people.map((n): PreparedMessage => ({
    subscriberId: n,
    areaId: areaOf[n]!,
    phone: phoneOf(n),
    phoneKey: keyOf(n),
    text: `${name} gửi thuê bao ${n}`,
    segments,
  }));
  async function* pages(): AsyncGenerator<PreparedMessage[]> {
    yield page;
  }
  const plan = { gateway: 'fake', sender: SENDER, plannedDay, notBefore: new Date(0), listIds: [] };
  const batch = await app.database.transaction((tx) => prepareBatch(tx, plan, pages()));
  const row = await app.database.row<{ id: number }>(
    `insert into campaigns (name, template_version_id, gateway, sender, accented, starts_at, state, author, batch_id)
     select $1, v.id, 'fake', $2, true, now(), 'sending', 'user:1', $3
     from templates t join template_versions v on v.template_id = t.id where t.code = $4 returning id`,
    [name, SENDER, batch!.id, templateCode],
  );
  campaignIds[key] = row!.id;
  return batch!.id;
}

const keyOf = (n: number): Buffer => Buffer.alloc(16, n);

const move = (batchId: number, to: 'released' | 'cancelled'): Promise<void> =>
  app.database.transaction((tx) => moveBatch(tx, batchId, to));

/** Hands over the next texts of the one chunk there is and records the gateway's answers in the order of seq. */
async function send(handOver: HandOver, day: string, answers: Answer[], count = answers.length): Promise<InFlight[]> {
  const chunk = (await handOver.lease())!;
  const step = (await handOver.mark(chunk, count, day))!;
  for (const [index, kind] of answers.entries()) await handOver.answer(step.inFlight[index]!, kind);
  await handOver.release(step.chunk);
  return step.inFlight;
}

async function sendA(): Promise<void> {
  const handOver = new HandOver(app.database);
  await move(
    await makeCampaign('A', 'Nhắc ngày bầu cử', 'election-day-reminder', '2021-05-20', [1, 2, 3, 4, 5, 6], 2),
    'released',
  );
  const optOut = `insert into suppressions (phone_key, source, reason, recorded_by) values ($1, 'letter', '', 'user:1')`;
  await app.database.run(optOut, [keyOf(6)]);
  const first: Answer[] = ['accepted', 'accepted', 'failed', 'deferred', 'unknown'];
  const [one, two, , , five] = await send(handOver, '2021-05-20', first, 6);
  // The retry of 4, a day later.
  const [four] = await send(handOver, '2021-05-21', ['accepted']);
  await handOver.report(one!, 'delivered');
  await handOver.report(two!, 'undelivered');
  await handOver.report(four!, 'delivered');
  await handOver.report(five!, 'delivered');
  await handOver.applyReports();
  await app.database.run('delete from suppressions');
}

async function sendB(): Promise<void> {
  const handOver = new HandOver(app.database);
  await move(await makeCampaign('B', 'Khẩu trang', 'covid-19-face-masks', '2021-05-31', [1, 2, 3, 4], 1), 'released');
  await send(handOver, '2021-05-31', ['accepted', 'unknown']);
  const [three] = await send(handOver, '2021-06-01', ['accepted', 'accepted']);
  await handOver.report(three!, 'delivered');
  await handOver.applyReports();
}

async function sendC(): Promise<void> {
  const batchId = await makeCampaign('C', 'Phiếu hợp lệ', 'valid-ballot', '2021-06-10', [1, 5], 3);
  await move(batchId, 'released');
  await send(new HandOver(app.database), '2021-06-10', ['accepted']);
  await move(batchId, 'cancelled');
  await closeUnsentChunk(app.database, 1);
}

async function sendTest(): Promise<void> {
  const secrets = new Secrets(TEST_SECRET);
  await makeBatch({ database: app.database, secrets }, 2, { kind: 'test', plannedDay: '2021-05-20' });
  const handOver = new HandOver(app.database);
  const [first] = await send(handOver, '2021-05-20', ['accepted', 'failed']);
  await handOver.report(first!, 'delivered');
  await handOver.applyReports();
}

const ask = (query: Record<string, string | number>): Promise<Response> =>
  auditor.get('/api/v1/statistics').query(query).expect(200);

const NOTHING = {
  messages: 0,
  segments: 0,
  subscribers: 0,
  accepted: 0,
  delivered: 0,
  undelivered: 0,
  failed: 0,
  unknown: 0,
  suppressed: 0,
  cancelled: 0,
  expired: 0,
  pending: 0,
};

const EVERYTHING = {
  messages: 14,
  segments: 24,
  subscribers: 6,
  accepted: 8,
  delivered: 4,
  undelivered: 1,
  failed: 1,
  unknown: 1,
  suppressed: 1,
  cancelled: 1,
  expired: 0,
  pending: 2,
};

describe('the statistics', () => {
  it('give the totals of all released work as one row, and nothing of a campaign that was not released', async () => {
    const { body } = await ask({});
    expect(body).toEqual({ period: { from: null, to: null }, by: [], total: EVERYTHING, rows: [EVERYTHING] });
  });

  it('count a text on the day of its first hand-over, on both sides of midnight', async () => {
    const { body } = await ask({ by: 'month' });
    expect(body.rows).toEqual([
      {
        ...NOTHING,
        month: '2021-05',
        messages: 8,
        segments: 14,
        subscribers: 6,
        accepted: 5,
        delivered: 3,
        undelivered: 1,
        failed: 1,
        unknown: 1,
        suppressed: 1,
      },
      {
        ...NOTHING,
        month: '2021-06',
        messages: 4,
        segments: 8,
        subscribers: 4,
        accepted: 3,
        delivered: 1,
        cancelled: 1,
      },
      { ...NOTHING, month: '2022-01', messages: 2, segments: 2, subscribers: 2, pending: 2 },
    ]);
    expect(body.total).toEqual(EVERYTHING);
  });

  it('count a text put off overnight on the day it was first handed over', async () => {
    expect((await ask({ from: '2021-05-21', to: '2021-05-21' })).body.total).toEqual(NOTHING);
    expect((await ask({ from: '2021-05-20', to: '2021-05-20' })).body.total).toMatchObject({
      messages: 6,
      accepted: 4,
    });
  });

  it('count a person once in each row and once in the total', async () => {
    const { body } = await ask({ by: 'topic' });
    expect(body.rows).toEqual([
      {
        ...NOTHING,
        topic: { code: 'election', name: 'Bầu cử' },
        messages: 10,
        segments: 20,
        subscribers: 6,
        accepted: 5,
        delivered: 3,
        undelivered: 1,
        failed: 1,
        suppressed: 1,
        cancelled: 1,
        pending: 2,
      },
      {
        ...NOTHING,
        topic: { code: 'covid-19', name: 'Phòng, chống dịch COVID-19' },
        messages: 4,
        segments: 4,
        subscribers: 4,
        accepted: 3,
        delivered: 1,
        unknown: 1,
      },
    ]);
    expect(body.total.subscribers).toBe(6);
  });

  it('include both the first and the last day of the period, of which either may be left out', async () => {
    const messages = async (query: Record<string, string>): Promise<[number, number]> => {
      const { total } = (await ask(query)).body as { total: { messages: number; subscribers: number } };
      return [total.messages, total.subscribers];
    };
    expect(await messages({ from: '2021-05-31', to: '2021-05-31' })).toEqual([2, 2]);
    expect(await messages({ from: '2021-06-01', to: '2021-06-10' })).toEqual([4, 4]);
    expect(await messages({ from: '2021-06-02' })).toEqual([4, 4]);
    expect(await messages({ to: '2021-05-31' })).toEqual([8, 6]);
    expect(await messages({ from: '2023-01-01' })).toEqual([0, 0]);
  });

  it('sort areas as Vietnamese does, those of no area last', async () => {
    const { body } = await ask({ by: 'area' });
    const rows = body.rows.map((row: { area: { name: string } | null; messages: number; subscribers: number }) => [
      row.area?.name,
      row.messages,
      row.subscribers,
    ]);
    expect(rows).toEqual([
      ['Xã Ba Chúc', 6, 2],
      ['Xã Đa Phước', 5, 2],
      ['Xã Vĩnh Tế', 2, 1],
      [undefined, 1, 1],
    ]);
    expect(body.rows[0].area.id).toBe(areaIds['Xã Ba Chúc']);
    expect(body.rows[3].area).toBeNull();
  });

  it('combine dimensions, in the order year, month, topic, campaign, area', async () => {
    const { body } = await ask({ by: 'campaign,year' });
    expect(body.by).toEqual(['year', 'campaign']);
    const rows = body.rows.map((row: { year: number; campaign: { id: number; name: string }; messages: number }) => [
      row.year,
      row.campaign.name,
      row.campaign.id,
      row.messages,
    ]);
    expect(rows).toEqual([
      [2021, 'Khẩu trang', campaignIds.B, 4],
      [2021, 'Nhắc ngày bầu cử', campaignIds.A, 6],
      [2021, 'Phiếu hợp lệ', campaignIds.C, 2],
      [2022, 'Bầu cử bổ sung', campaignIds.E, 2],
    ]);
  });

  it('count people of a campaign that crossed midnight by month and area', async () => {
    const { body } = await ask({ by: 'month,area', campaignId: campaignIds.B! });
    const rows = body.rows.map(
      (row: { month: string; area: { name: string }; messages: number; subscribers: number }) => [
        row.month,
        row.area.name,
        row.messages,
        row.subscribers,
      ],
    );
    expect(rows).toEqual([
      ['2021-05', 'Xã Ba Chúc', 2, 2],
      ['2021-06', 'Xã Đa Phước', 2, 2],
    ]);
  });

  it('narrow down to a topic, a campaign, an area, and to subscribers without an area', async () => {
    expect((await ask({ topic: 'covid-19' })).body.total).toMatchObject({ messages: 4, subscribers: 4 });
    expect((await ask({ campaignId: campaignIds.C! })).body.total).toMatchObject({ messages: 2, cancelled: 1 });
    expect((await ask({ campaignId: campaignIds.D! })).body.total).toEqual(NOTHING);
    const ofArea = (await ask({ areaId: areaIds['Xã Đa Phước']!, from: '2021-06-01' })).body.total;
    expect(ofArea).toMatchObject({ messages: 3, subscribers: 2, pending: 1 });
    expect((await ask({ areaId: 0 })).body.total).toMatchObject({ messages: 1, subscribers: 1, suppressed: 1 });
  });

  it('name topics in the language of the reader', async () => {
    const { body } = await auditor.get('/api/v1/statistics?by=topic').set('Accept-Language', 'en').expect(200);
    expect(body.rows.map(({ topic }: { topic: { name: string } }) => topic.name)).toEqual([
      'COVID-19 prevention and control',
      'Elections',
    ]);
  });

  it('count an erased number as before', async () => {
    await app.database.run('update messages set phone = null, text = null where subscriber_id = 1');
    expect((await ask({})).body.total).toEqual(EVERYTHING);
  });

  it('agree with the message rows, those of test sends too', async () => {
    expect(await reconcile(app.database)).toEqual({ batches: 6, messages: 22, differences: [] });
  });

  it('are for those who signed in', async () => {
    await app.request().get('/api/v1/statistics').expect(401);
    await app.request().get('/api/v1/statistics.csv').expect(401);
  });
});

describe('the CSV', () => {
  const lines = ({ text }: Response): string[] => text.replace('\uFEFF', '').trimEnd().split('\r\n');

  it('has Vietnamese headings and a last row of totals', async () => {
    const response = await auditor
      .get('/api/v1/statistics.csv?by=month,area&from=2021-06-01&to=2021-12-31')
      .expect(200);
    expect(response.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(response.headers['content-disposition']).toBe(
      'attachment; filename="thong-ke-tu-2021-06-01-den-2021-12-31.csv"',
    );
    expect(response.text.startsWith('\uFEFF')).toBe(true);
    expect(lines(response)).toEqual([
      'Tháng,Địa bàn,Lượt tin nhắn,Số bản tin (MT),Thuê bao (không trùng),Nhà mạng tiếp nhận,Đã nhận (thành công),' +
        'Không đến máy nhận,Thất bại,Không rõ kết quả,Không gửi do từ chối hoặc thu hồi dữ liệu,Đã hủy,Quá hạn,Chưa có kết quả',
      '2021-06,Xã Ba Chúc,1,3,1,1,0,0,0,0,0,0,0,0',
      '2021-06,Xã Đa Phước,2,2,2,2,1,0,0,0,0,0,0,0',
      '2021-06,Xã Vĩnh Tế,1,3,1,0,0,0,0,0,0,1,0,0',
      'Tổng cộng,,4,8,4,3,1,0,0,0,0,1,0,0',
    ]);
  });

  it('has English headings for an English reader, and only the totals without a dimension', async () => {
    const response = await auditor.get('/api/v1/statistics.csv').set('Accept-Language', 'en').expect(200);
    expect(lines(response)).toEqual([
      'Messages,Segments (MT),Distinct subscribers,Accepted,Delivered,Undelivered,Failed,Unknown outcome,' +
        'Suppressed (opted out or withdrawn),Cancelled,Expired,Pending',
      '14,24,6,8,4,1,1,1,1,1,0,2',
    ]);
    expect(response.headers['content-disposition']).toBe('attachment; filename="statistics.csv"');
  });

  it('puts the export on record, with what was asked for', async () => {
    await auditor.get('/api/v1/statistics.csv?by=topic,year&to=2021-05-30&topic=election').expect(200);
    const entry = await app.database.row<{ actor: string; subject: string; details: unknown }>(
      `select actor, subject, details from audit_entries where act = 'statistics.export' order by id desc limit 1`,
    );
    expect(entry).toEqual({
      actor: expect.stringMatching(/^user:\d+$/),
      subject: 'statistics',
      details: {
        from: null,
        to: '2021-05-30',
        by: ['year', 'topic'],
        campaignId: null,
        topic: 'election',
        areaId: null,
        rows: 1,
      },
    });
  });
});

describe('a question that makes no sense', () => {
  it.each([
    ['from=2021-06-02&to=2021-06-01', 'statistics.period-reversed', 'to'],
    ['from=2021-02-29', 'statistics.not-a-day', 'from'],
    ['to=31/12/2021', 'statistics.not-a-day', 'to'],
    ['from=', 'statistics.not-a-day', 'from'],
    ['from=0000-01-01', 'statistics.not-a-day', 'from'],
    ['topic=bau-cu', 'statistics.unknown-topic', 'topic'],
    ['campaignId=999999', 'statistics.unknown-campaign', 'campaignId'],
    ['areaId=999999', 'statistics.unknown-area', 'areaId'],
    ['by=month,week', 'request.invalid', 'by'],
    ['by=month,month', 'request.invalid', 'by'],
    ['campaignId=1e3', 'request.invalid', 'campaignId'],
    ['campaignId=0', 'request.invalid', 'campaignId'],
    ['areaId=', 'request.invalid', 'areaId'],
    ['areaId=99999999999', 'request.invalid', 'areaId'],
    ['topic=Bầu cử', 'request.invalid', 'topic'],
    ['from=2021-05-01&from=2021-05-02', 'request.invalid', 'from'],
    ['period=2021', 'request.invalid', 'period'],
  ])('%s is refused with %s', async (query, code, field) => {
    for (const path of ['/api/v1/statistics', '/api/v1/statistics.csv']) {
      const { body } = await auditor.get(`${path}?${encodeURI(query)}`).expect(422);
      expect(body).toMatchObject({ code, field });
    }
  });

  it('takes an empty list of dimensions for none, and repeated ones for a list', async () => {
    expect((await ask({ by: '' })).body.by).toEqual([]);
    const { body } = await auditor.get('/api/v1/statistics?by=year&by=topic').expect(200);
    expect(body.by).toEqual(['year', 'topic']);
  });
});
