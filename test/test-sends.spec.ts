import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import { contentKeyOf, testSendState } from '../src/campaigns/approval/test-sends.read-model';
import { readCampaign } from '../src/campaigns/campaigns.store';
import { FakeGateway } from './harness/fake-gateway';
import { importFile } from './harness/imports';
import type { Person } from './harness/people';
import { startTestApp, type TestApp } from './harness/test-app';

let app: TestApp;
let gateway: FakeGateway;
let accept: FakeGateway['answer'];
let admin: TestAgent;
let staff: TestAgent;
let author: Person;
let listId: number;

const OFFICE_FILE = [
  'STT;Họ và tên;Số điện thoại;Xã/phường',
  '1;Nguyễn Thị Ngọc Phượng;0912345678;Vĩnh Thạnh Trung',
  '2;Lê Bé;0987 654 321;Ba Chúc',
  '3;;0939111222;Núi Tô',
].join('\r\n');

/** Half past eleven at night, when no campaign may text anybody. */
const NIGHT = new Date('2026-11-23T23:30:00+07:00');

beforeAll(async () => {
  gateway = new FakeGateway();
  accept = gateway.answer;
  app = await startTestApp({ gateway, bells: true, at: NIGHT });
  admin = await app.signIn('admin');
  author = await app.createUser('staff');
  staff = await app.signInAs(author);
  await admin.patch(`/api/v1/users/${author.id}`).send({ phone: '0901000001' }).expect(200);
  const list = await admin
    .post('/api/v1/lists')
    .send({ name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 85/2015/QH13' });
  listId = list.body.id;
  await importFile(admin, listId, OFFICE_FILE);
});
afterEach(() => {
  gateway.answer = accept;
});
afterAll(() => app.stop());

const ELECTION = {
  values: {
    ngay_bau_cu: '23/5/2021',
    khoa_qh: 'XV',
    gio_mo: '7 giờ',
    gio_dong: '19 giờ',
    diem_bau_cu: 'Trụ sở ấp 3',
  },
};

const pathOf = (id: number): string => `/api/v1/campaigns/${id}`;

async function draft(code: string, changes: object = {}): Promise<number> {
  const { body: templates } = await staff.get('/api/v1/templates');
  const { id: templateVersionId } = templates.find((version: { code: string }) => version.code === code);
  const campaign = { name: `Chiến dịch ${code}`, templateVersionId, listIds: [listId], sender: 'STP ANGIANG' };
  const { body } = await staff
    .post('/api/v1/campaigns')
    .send({ ...campaign, accented: true, startsAt: '2030-05-20T08:00', ...changes })
    .expect(201);
  return body.id;
}

async function colleague(phone: string | null): Promise<number> {
  const made = await app.createUser('staff');
  await admin.patch(`/api/v1/users/${made.id}`).send({ phone }).expect(200);
  return made.id;
}

const send = (id: number, body: object = {}) => staff.post(`${pathOf(id)}/test-sends`).send(body);

async function stateOf(id: number): Promise<string> {
  return testSendState(app.database, id, contentKeyOf((await readCampaign(app.database, id))!));
}

/** The texts the gateway was given for it, once all of them have an outcome. */
async function sent(id: number, body: object = {}): Promise<{ phone: string; text: string; sender: string }[]> {
  const before = gateway.taken.length;
  await send(id, body).expect(201);
  for (let turn = 0; turn < 150; turn += 1) {
    const [newest] = (await staff.get(`${pathOf(id)}/test-sends?limit=1`).expect(200)).body.items;
    if (newest.figures.queued + newest.figures.sending === 0) return gateway.taken.slice(before);
    await sleep(100);
  }
  throw new Error('the test send did not end');
}

const subscriberCalled = async (name: string): Promise<number> =>
  (await app.database.row<{ id: number }>('select id from subscribers where full_name = $1', [name]))!.id;

describe('a test send', () => {
  it('brings the text of a recipient to the phone of who asks, at any hour, and is on record', async () => {
    const id = await draft('election-day-reminder', ELECTION);
    expect(await stateOf(id)).toBe('none');
    const subscriberId = await subscriberCalled('Lê Bé');
    const [text, ...more] = await sent(id, { subscriberId });
    expect(text).toMatchObject({
      phone: '+84901000001',
      sender: 'STP ANGIANG',
      text: expect.stringMatching(/Lê Bé.*23\/5\/2021.*Trụ sở ấp 3/),
    });
    expect(more).toEqual([]);
    expect(await stateOf(id)).toBe('accepted');
    const [entry] = await app.database.rows<{ details: object }>(
      `select actor, details from audit_entries where subject = $1 and act = 'campaign.test-send'`,
      [`campaign:${id}`],
    );
    const details = { testSend: expect.any(Number), userIds: [author.id], subscriberId };
    expect(entry).toEqual({ actor: `user:${author.id}`, details });
  });

  it('is, to the letter, what that recipient gets', async () => {
    const { body: document } = await staff
      .post('/api/v1/official-documents')
      .attach('file', Buffer.from('%PDF-1.7'), 'cong-van.pdf')
      .field({ number: '1/STP', issuedOn: '2026-11-01', signer: 'Giám đốc' })
      .expect(201);
    const id = await draft('covid-19-face-masks', {
      documentId: document.id,
      overrides: { expiredTemplate: 'Tin mẫu' },
    });
    const [test] = await sent(id, { subscriberId: await subscriberCalled('Lê Bé') });
    await staff.post(`${pathOf(id)}/submit`).expect(200);
    const { body } = await staff.get(`${pathOf(id)}/messages`).expect(200);
    const his = body.items.find(({ phone }: { phone: string }) => phone === '+84987654321');
    expect(test!.text).toBe(his.text);
  });

  it('speaks to the person of the example when no recipient is named; without accents where the campaign has none', async () => {
    const [test] = await sent(await draft('election-day-reminder', { ...ELECTION, accented: false }));
    expect(test!.text).toMatch(/^[\x20-\x7e]+$/);
    expect(test!.text).toMatch(/23\/5\/2021.*Tru so ap 3/);
  });

  it('gives a recipient the values of his own area', async () => {
    const { body: areas } = await staff.get('/api/v1/areas');
    const areaId = areas.find(({ name }: { name: string }) => name === 'Xã Ba Chúc').id;
    const areaValues = [{ areaIds: [areaId], values: { ngay_bau_cu: '8/3/2026' } }];
    const id = await draft('election-day-reminder', { ...ELECTION, areaValues });
    expect((await sent(id, { subscriberId: await subscriberCalled('Lê Bé') }))[0]!.text).toContain('8/3/2026');
    const elsewhere = await subscriberCalled('Nguyễn Thị Ngọc Phượng');
    expect((await sent(id, { subscriberId: elsewhere }))[0]!.text).toContain('23/5/2021');
  });

  it('goes to several colleagues, and once to two who share a phone', async () => {
    const userIds = [await colleague('0901000002'), await colleague('0901000003'), await colleague('0901000002')];
    const texts = await sent(await draft('covid-19-face-masks'), { userIds });
    expect(texts.map(({ phone }) => phone).sort()).toEqual(['+84901000002', '+84901000003']);
  });

  it('counts in no statistics', async () => {
    const figures = async () => (await staff.get('/api/v1/statistics').expect(200)).body;
    const before = await figures();
    await sent(await draft('covid-19-face-masks'));
    expect(await figures()).toEqual(before);
  });
});

describe('what was tried', () => {
  it('is the present text only until anything that decides it is edited; the name and the start do not', async () => {
    const id = await draft('election-day-reminder', ELECTION);
    await sent(id);
    const edit = async (change: object): Promise<string> => {
      const { body } = await staff.get(pathOf(id));
      await staff
        .patch(pathOf(id))
        .send({ revision: body.revision, ...change })
        .expect(200);
      return stateOf(id);
    };
    expect(await edit({ name: 'Tên khác', startsAt: '2030-06-01T08:00' })).toBe('accepted');
    expect(await edit({ values: { ...ELECTION.values, gio_mo: '8 giờ' } })).toBe('none');
    expect((await staff.get(`${pathOf(id)}/test-sends`)).body.items[0].isCurrent).toBe(false);
    expect(await edit({ values: ELECTION.values })).toBe('accepted');
    expect(await edit({ accented: false })).toBe('none');
    expect(await edit({ accented: true, sender: 'STPAG' })).toBe('none');
    expect(await edit({ sender: 'STP ANGIANG' })).toBe('accepted');
  });

  it('is accepted when the gateway took one text of one test; until then it waits or has failed', async () => {
    const id = await draft('covid-19-face-masks');
    gateway.answer = () => ({ kind: 'rejected', code: 'blocked' });
    await sent(id);
    expect(await stateOf(id)).toBe('failed');
    let answer = (): void => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    gateway.answer = async (message) => {
      await answered;
      return accept(message);
    };
    await send(id).expect(201);
    expect(await stateOf(id)).toBe('waiting');
    answer();
    for (let turn = 0; turn < 100 && (await stateOf(id)) === 'waiting'; turn += 1) await sleep(100);
    expect(await stateOf(id)).toBe('accepted');
  });

  it('is unknown when the answer was lost: whoever submits is told to try once more', async () => {
    const id = await draft('covid-19-face-masks');
    gateway.answer = () => ({ kind: 'unknown', code: 'time-out' });
    await sent(id);
    expect(await stateOf(id)).toBe('unknown');
    gateway.answer = accept;
    await sent(id);
    expect(await stateOf(id)).toBe('accepted');
  });

  it('does not reach a colleague who opted out himself: that is final', async () => {
    const userId = await colleague('0901000009');
    const optOut = { phone: '0901000009', source: 'phone-call', reason: 'Gọi điện đề nghị' };
    await staff.post('/api/v1/opt-outs').send(optOut).expect(201);
    const id = await draft('covid-19-face-masks');
    expect(await sent(id, { userIds: [userId] })).toEqual([]);
    expect(await stateOf(id)).toBe('failed');
  });

  it('is listed with its figures; numbers and texts only for who may see them, which is put on record', async () => {
    const id = await draft('covid-19-face-masks');
    await sent(id);
    const views = `select count(*) as n from audit_entries where act = 'campaign.view-phones' and subject = $1`;
    const count = async () => (await app.database.row<{ n: number }>(views, [`campaign:${id}`]))!.n;
    const before = await count();
    const seen = (await staff.get(`${pathOf(id)}/test-sends`).expect(200)).body;
    expect(seen).toEqual({
      items: [
        {
          id: expect.any(Number),
          sentBy: `user:${author.id}`,
          sentAt: expect.stringMatching(/^2026-11-\d\dT.*\+07:00$/),
          isCurrent: true,
          figures: expect.objectContaining({ messages: 1, accepted: 1, queued: 0 }),
          messages: [
            expect.objectContaining({
              state: 'accepted',
              phone: '+84901000001',
              text: expect.stringContaining('khẩu trang'),
            }),
          ],
        },
      ],
      next: null,
    });
    expect(await count()).toBe(before + 1);
    const masked = (await (await app.signIn('auditor')).get(`${pathOf(id)}/test-sends`).expect(200)).body;
    expect(masked.items[0].messages).toMatchObject([{ state: 'accepted', phone: '090***001', text: null }]);
    expect(await count()).toBe(before + 1);
    await staff.get('/api/v1/campaigns/2147483647/test-sends').expect(404);
  });

  it('is emptied when the person is erased whose data it was made of', async () => {
    const areaId = (await staff.get('/api/v1/areas')).body[0].id;
    const subscriber = { phone: '0966000111', fullName: 'Trần Văn Xóa', areaId, listIds: [listId] };
    const { body } = await staff.post('/api/v1/subscribers').send(subscriber).expect(201);
    await sent(await draft('election-day-reminder', ELECTION), { subscriberId: body.id });
    const texts = () => app.database.rows(`select 1 from messages where text like '%Trần Văn Xóa%'`);
    expect(await texts()).toHaveLength(1);
    await admin
      .post('/api/v1/privacy/persons/erasure')
      .send({ phone: '0966000111', reason: 'person-asked' })
      .expect(200);
    expect(await texts()).toEqual([]);
  });
});

describe('a test send is refused', () => {
  const nothingWritten = async <T>(work: () => Promise<T>): Promise<T> => {
    const count = `select (select count(*) from test_sends) + (select count(*) from batches) as n`;
    const before = await app.database.row(count);
    const result = await work();
    expect(await app.database.row(count)).toEqual(before);
    return result;
  };

  it('when nothing can be sent there: no number, no such account, a disabled one, no such subscriber', async () => {
    const id = await draft('covid-19-face-masks');
    const [silent, gone] = [await colleague(null), await colleague('0901000004')];
    await admin.patch(`/api/v1/users/${gone}`).send({ disabled: true }).expect(200);
    for (const [body, code, field] of [
      [{ userIds: [silent] }, 'test-send.no-phone', 'userIds'],
      [{ userIds: [author.id, gone] }, 'test-send.unknown-person', 'userIds'],
      [{ userIds: [2_147_483_647] }, 'test-send.unknown-person', 'userIds'],
      [{ subscriberId: 2_147_483_647 }, 'test-send.unknown-subscriber', 'subscriberId'],
      [{ userIds: [] }, 'request.invalid', 'userIds'],
      [{ userIds: [author.id, author.id] }, 'request.invalid', 'userIds'],
      [{ userIds: Array.from({ length: 11 }, (_, index) => index + 1) }, 'request.invalid', 'userIds'],
    ] as const) {
      const answer = await nothingWritten(() => send(id, body));
      expect([answer.status, answer.body.code, answer.body.field]).toEqual([422, code, field]);
    }
  });

  it('when the campaign or the recipient lacks a value, naming each', async () => {
    const { gio_mo: _, ...values } = ELECTION.values;
    const id = await draft('election-day-reminder', { values });
    const example = await nothingWritten(() => send(id));
    expect([example.status, example.body.code]).toEqual([422, 'test-send.not-sendable']);
    expect(example.body.errors).toMatchObject([{ field: 'values.gio_mo', code: 'test-send.value-missing' }]);
    const nameless = (await app.database.row<{ id: number }>('select id from subscribers where full_name is null'))!;
    const recipient = await nothingWritten(() => send(id, { subscriberId: nameless.id }));
    expect(recipient.body.errors.map(({ field }: { field: string }) => field).sort()).toEqual([
      'ho_ten',
      'values.gio_mo',
    ]);
  });

  it('of what is no draft any more', async () => {
    const id = await draft('covid-19-face-masks');
    await staff.post(`${pathOf(id)}/cancel`).expect(200);
    const { body } = await nothingWritten(() => send(id).expect(409));
    expect(body).toMatchObject({ code: 'test-send.only-drafts', params: { state: 'cancelled' } });
    await send(2_147_483_647).expect(404);
  });

  it('to who writes no campaigns', async () => {
    const id = await draft('covid-19-face-masks');
    for (const role of ['admin', 'approver', 'auditor'] as const) {
      const agent = await app.signIn(role);
      await agent
        .post(`${pathOf(id)}/test-sends`)
        .send({ userIds: [author.id] })
        .expect(403);
    }
  });

  it('after twenty within an hour, also when they are asked for at once, and goes on when the hour is over', async () => {
    const id = await draft('covid-19-face-masks');
    const answers = await Promise.all(Array.from({ length: 22 }, () => send(id)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(20);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.body.code).toBe('test-send.too-many');
    expect(Number(refused.get('Retry-After'))).toBeGreaterThan(3_500);
    await app.database.run(`update test_sends set sent_at = sent_at - interval '1 hour' where campaign_id = $1`, [id]);
    await send(id).expect(201);
  });
});
