import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import { AT_ANY_HOUR, officialDocument, tryOnStaff } from './harness/campaigns';
import { FakeGateway } from './harness/fake-gateway';
import { importFile } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';

/**
 * The rules between a draft and the first text, one sentence each. An office whose clock says Monday, 23 November 2026,
 * 10:00, database included. Its people:
 * 1 Nguyễn Thị Ngọc Phượng, Ba Chúc · 2 Lê Bé, Ba Chúc · 3 Trần Văn Hòa, Núi Tô · 4 without a name, Núi Tô · 5 Chau Sóc Khăm
 * (wishes Khmer), Núi Tô. List A has 1-4, list B has 4 and 5.
 */
let app: TestApp;
let gateway: FakeGateway;
let admin: TestAgent;
let staff: TestAgent;
let approver: TestAgent;
let auditor: TestAgent;
let listA: number;
let listB: number;
let documentId: number;
let masks: number;

const MORNING = new Date('2026-11-23T10:00:00+07:00');
const HEAD = 'Họ và tên;Số điện thoại;Xã/phường;Ngôn ngữ nhận tin';

beforeAll(async () => {
  gateway = new FakeGateway();
  app = await startTestApp({ gateway, bells: true, at: MORNING });
  [admin, staff, approver, auditor] = (await Promise.all(
    (['admin', 'staff', 'approver', 'auditor'] as const).map((role) => app.signIn(role)),
  )) as [TestAgent, TestAgent, TestAgent, TestAgent];
  listA = await newList('A', [
    'Nguyễn Thị Ngọc Phượng;0912345671;Ba Chúc;',
    'Lê Bé;0912345672;Ba Chúc;',
    'Trần Văn Hòa;0912345673;Núi Tô;',
    ';0912345674;Núi Tô;',
  ]);
  listB = await newList('B', [';0912345674;Núi Tô;', 'Chau Sóc Khăm;0912345675;Núi Tô;Khmer']);
  documentId = await officialDocument(staff);
  masks = await versionOf('covid-19-face-masks');
});
afterAll(() => app.stop());

async function newList(name: string, rows: readonly string[]): Promise<number> {
  const { body } = await admin.post('/api/v1/lists').send({ name, purpose: 'Bầu cử', legalBasis: 'Luật 14/2012/QH13' });
  await importFile(admin, body.id, [HEAD, ...rows].join('\r\n'));
  return body.id;
}

async function versionOf(code: string): Promise<number> {
  return (await staff.get(`/api/v1/templates/${code}`).expect(200)).body[0].id;
}

const path = (id: number, act = ''): string => `/api/v1/campaigns/${id}${act}`;

async function draft(changes: Record<string, unknown> = {}): Promise<{ id: number; revision: number }> {
  const base = {
    name: 'Đeo khẩu trang',
    templateVersionId: masks,
    listIds: [listA],
    sender: 'STP ANGIANG',
    accented: true,
    startsAt: '2026-11-24T08:00',
    documentId,
    overrides: AT_ANY_HOUR,
  };
  return (
    await staff
      .post('/api/v1/campaigns')
      .send({ ...base, ...changes })
      .expect(201)
  ).body;
}

async function tried(changes: Record<string, unknown> = {}): Promise<number> {
  const { id } = await draft(changes);
  await tryOnStaff(staff, id);
  return id;
}

/** Tried, submitted and approved while the gateway answers tests as usual. */
async function launchedWith(changes: Record<string, unknown>): Promise<number> {
  const { answer } = gateway;
  gateway.answer = new FakeGateway().answer;
  const submission = await submit(await tried(changes));
  gateway.answer = answer;
  await approve(submission);
  return submission.id;
}

async function submit(id: number): Promise<Submitted> {
  return (await staff.post(path(id, '/submit')).expect(200)).body;
}

interface Submitted {
  readonly id: number;
  readonly contentHash: string;
  readonly revision: number;
  readonly audience: Record<string, number>;
  readonly figures: Record<string, number>;
  readonly costVnd: number | null;
  readonly state: string;
}

async function refusal(id: number, act = '/submit'): Promise<{ code: string; status: number }> {
  const { body, status } = await staff.post(path(id, act));
  return { code: body.code, status };
}

async function approve({ id, contentHash }: Submitted): Promise<void> {
  await approver.post(path(id, '/approve')).send({ contentHash }).expect(200);
}

async function until(id: number, state: string): Promise<Submitted & { pauseReason: string | null }> {
  for (let i = 0; i < 100; i += 1) {
    const { body } = await auditor.get(path(id));
    if (body.state === state) return body;
    await sleep(100);
  }
  throw new Error(`the campaign is not ${state}`);
}

describe('a campaign is submitted', () => {
  it('with a document behind it', async () => {
    const id = await tried({ documentId: null });
    expect(await refusal(id)).toEqual({ code: 'campaign.document-missing', status: 422 });
  });

  it('after its very text was tried on staff', async () => {
    const { id, revision } = await draft();
    expect(await refusal(id)).toEqual({ code: 'campaign.test-send-missing', status: 409 });
    await tryOnStaff(staff, id);
    await staff.patch(path(id)).send({ revision, accented: false }).expect(200);
    expect(await refusal(id)).toEqual({ code: 'campaign.test-send-missing', status: 409 });
    await tryOnStaff(staff, id);
    expect((await submit(id)).state).toBe('submitted');
  });

  it('after the gateway has accepted the test', async () => {
    const { id } = await draft();
    gateway.answer = () => ({ kind: 'rejected', code: 'sender-not-registered' });
    try {
      await staff.post(path(id, '/test-sends')).send({}).expect(201);
      await sleep(1_500);
      expect(await refusal(id)).toEqual({ code: 'campaign.test-send-not-accepted', status: 409 });
    } finally {
      gateway.answer = new FakeGateway().answer;
    }
  });

  it('with a template that is valid on its day, or with the reason why not', async () => {
    const { urgent, fatigueCap } = AT_ANY_HOUR;
    const id = await tried({ overrides: { urgent, fatigueCap } });
    const { body } = await staff.post(path(id, '/submit')).set('Accept-Language', 'vi').expect(422);
    expect(body.code).toBe('campaign.template-expired');
    expect(body.detail).toContain('24/11/2026');
    const { revision } = (await staff.get(path(id))).body;
    await staff.patch(path(id)).send({ revision, overrides: AT_ANY_HOUR }).expect(200);
    expect((await submit(id)).state).toBe('submitted');
  });

  it('with a template that is not archived', async () => {
    const id = await tried();
    await staff.post('/api/v1/templates/covid-19-face-masks/archive').expect(200);
    try {
      expect(await refusal(id)).toEqual({ code: 'campaign.template-archived', status: 422 });
    } finally {
      await staff.post('/api/v1/templates/covid-19-face-masks/unarchive').expect(200);
    }
  });

  it('with a deadline that is not over, and a window that opens before it', async () => {
    const late = await tried({ startsAt: '2026-11-20T08:00', deadline: '2026-11-22T08:00' });
    expect(await refusal(late)).toEqual({ code: 'campaign.deadline-passed', status: 422 });
    const { expiredTemplate, fatigueCap } = AT_ANY_HOUR;
    const schedule = { window: { from: '09:00', to: '17:00', days: [7], onHolidays: false } };
    const overrides = { expiredTemplate, fatigueCap };
    const closed = await tried({ schedule, overrides, deadline: '2026-11-27T08:00' });
    expect(await refusal(closed)).toEqual({ code: 'campaign.never-opens', status: 422 });
  });

  it('within hours at which an office rings at doors, or with the reason why not', async () => {
    const { expiredTemplate, fatigueCap } = AT_ANY_HOUR;
    const schedule = { window: { from: '02:00', to: '03:00', days: [7], onHolidays: true } };
    const id = await tried({ schedule, overrides: { expiredTemplate, fatigueCap } });
    expect(await refusal(id)).toEqual({ code: 'campaign.window-needs-reason', status: 422 });
    const { revision } = (await staff.get(path(id))).body;
    const overrides = { expiredTemplate, fatigueCap, window: 'Thông báo cho người đi ca đêm' };
    await staff.patch(path(id)).send({ revision, overrides }).expect(200);
    expect((await submit(id)).state).toBe('submitted');
  });

  it('when all of this holds, which its preview lists beforehand', async () => {
    const { id } = await draft({ documentId: null, overrides: {} });
    const unmet = async (): Promise<string[]> =>
      (await staff.get(path(id, '/preview')).expect(200)).body.unmet.map(({ code }: { code: string }) => code);
    expect(await unmet()).toEqual([
      'campaign.template-expired',
      'campaign.document-missing',
      'campaign.test-send-missing',
    ]);
    await staff.patch(path(id)).send({ revision: 1, documentId, overrides: AT_ANY_HOUR }).expect(200);
    await tryOnStaff(staff, id);
    expect(await unmet()).toEqual([]);
  });

  it('with a reason of at least some words for every rule that is set aside', async () => {
    const { body } = await staff
      .post('/api/v1/campaigns')
      .send({ name: 'x', templateVersionId: masks, listIds: [listA], sender: 'STP', accented: true })
      .send({ startsAt: '2026-11-24T08:00', overrides: { urgent: 'vội' } })
      .expect(422);
    expect(body).toMatchObject({
      field: 'overrides.urgent',
      errors: [expect.objectContaining({ code: 'field.too-short' })],
    });
  });

  it('with texts the gateway takes, naming how many are not', async () => {
    const content = {
      title: 'Dài',
      legalBasis: [{ document: 'Luật', article: '1' }],
      variables: {},
      example: {},
      body: 'Sở Tư pháp An Giang: '.padEnd(700, 'không '),
    };
    const template = await staff.post('/api/v1/templates').send({ code: 'too-long', topic: 'election', ...content });
    const { id } = await draft({ templateVersionId: template.body.id });
    const { body } = await staff.get(path(id, '/preview')).expect(200);
    expect(body.troubles.map(({ code }: { code: string }) => code)).toContain('campaign.too-many-segments');
    expect(body.modes.accented.messages).toBe(0);
    const test = await staff.post(path(id, '/test-sends')).send({}).expect(422);
    expect(test.body.code).toBe('test-send.not-sendable');
  });
});

describe('the audience', () => {
  it('is the lists united without those of the excluded ones; every place on a list is accounted for', async () => {
    const both = await submit(await tried({ listIds: [listA, listB] }));
    expect(both.audience).toMatchObject({ members: 6, duplicate: 1, recipients: 5 });
    const { audience, id } = await submit(await tried({ listIds: [listA], exceptListIds: [listB] }));
    expect(audience).toMatchObject({ members: 4, excluded: 1, recipients: 3 });
    const { body } = await staff.get(path(id, '/left-out?reason=excluded')).expect(200);
    expect(body.items).toEqual([expect.objectContaining({ phone: '+84912345674', areaName: 'Xã Núi Tô' })]);
    const masked = await auditor.get(path(id, '/left-out?reason=excluded')).expect(200);
    expect(masked.body.items[0].phone).toMatch(/\*\*\*/);
  });

  it('is of the chosen areas, and those elsewhere can be listed', async () => {
    const areas = (await staff.get('/api/v1/areas')).body;
    const areaId = areas.find(({ name }: { name: string }) => name === 'Xã Ba Chúc').id;
    const { id, audience } = await submit(await tried({ areaIds: [areaId] }));
    expect(audience).toMatchObject({ members: 4, otherArea: 2, recipients: 2 });
    const { body } = await staff.get(path(id, '/left-out?reason=otherArea')).expect(200);
    expect(body.items).toHaveLength(2);
  });

  it('is without whoever opted out, who can be listed', async () => {
    const optOut = { phone: '0912345672', source: 'phone-call', reason: 'Gọi điện đề nghị' };
    await staff.post('/api/v1/opt-outs').send(optOut).expect(201);
    const { id, audience, figures } = await submit(await tried());
    await app.database.run('delete from suppressions');
    expect(audience).toMatchObject({ members: 4, optedOut: 1, recipients: 3 });
    expect(figures.messages).toBe(3);
    const { body } = await staff.get(path(id, '/left-out?reason=optedOut')).expect(200);
    expect(body.items).toEqual([expect.objectContaining({ fullName: 'Lê Bé' })]);
  });

  it('is without whoever got a text on the topic within the topic’s days before it starts, unless the cap is set aside', async () => {
    const { urgent, expiredTemplate } = AT_ANY_HOUR;
    const templateVersionId = await versionOf('valid-ballot');
    const first = await submit(await tried({ templateVersionId, listIds: [listB], startsAt: '2026-11-23T09:00' }));
    await approve(first);
    await until(first.id, 'completed');
    const audienceOf = async (changes: object): Promise<Record<string, number>> => {
      const { id, audience } = await submit(await tried({ templateVersionId, ...changes }));
      await staff.post(path(id, '/cancel')).expect(200);
      return audience;
    };
    const capped = { overrides: { urgent, expiredTemplate } };
    expect(await audienceOf(capped)).toMatchObject({ members: 4, recentlyTexted: 1, recipients: 3 });
    const later = { ...capped, startsAt: '2026-12-24T08:00' };
    expect(await audienceOf(later)).toMatchObject({ recentlyTexted: 0, recipients: 4 });
    expect(await audienceOf({})).toMatchObject({ recentlyTexted: 0, recipients: 4 });
    await admin.patch('/api/v1/topics/election').send({ fatigueDays: 0 }).expect(200);
    expect(await audienceOf(capped)).toMatchObject({ recentlyTexted: 0, recipients: 4 });
    await admin.patch('/api/v1/topics/election').send({ fatigueDays: 1 }).expect(200);
  });

  it('is also without whoever another campaign on the topic is to text in those days, submitted at the same moment or not', async () => {
    const { urgent, expiredTemplate } = AT_ANY_HOUR;
    const planned = { templateVersionId: await versionOf('valid-ballot'), overrides: { urgent, expiredTemplate } };
    const [one, other] = await Promise.all([
      tried({ ...planned, startsAt: '2027-02-01T08:00' }),
      tried({ ...planned, listIds: [listB], startsAt: '2027-02-01T20:00' }),
    ]);
    const both = await Promise.all([submit(one), submit(other)]);
    expect(both.map(({ audience }) => audience.recentlyTexted).sort()).toEqual([0, 1]);
    const later = await submit(await tried({ ...planned, startsAt: '2027-02-03T08:00' }));
    expect(later.audience).toMatchObject({ recentlyTexted: 0, recipients: 4 });
    await staff.post(path(one, '/cancel')).expect(200);
    await staff.post(path(other, '/cancel')).expect(200);
    const alone = await submit(await tried({ ...planned, startsAt: '2027-02-01T09:00' }));
    expect(alone.audience).toMatchObject({ recentlyTexted: 0, recipients: 4 });
  });

  it('is refused when nobody is left, and when a list is both chosen and excluded', async () => {
    const id = await tried({ exceptListIds: [listB], listIds: [await newList('C', [';0912345674;Núi Tô;'])] });
    expect(await refusal(id)).toEqual({ code: 'campaign.no-recipients', status: 422 });
    const { body } = await staff
      .patch(path(id))
      .send({ revision: (await staff.get(path(id))).body.revision, listIds: [listB] })
      .expect(422);
    expect(body.code).toBe('campaign.list-both-ways');
  });
});

describe('the texts', () => {
  const VALUES = { khoa_qh: 'XVI', ngay_bau_cu: '15/3/2026', gio_mo: '7 giờ', gio_dong: '19 giờ', diem_bau_cu: 'Ấp 3' };

  it('have the values of a recipient’s own area, where the election is on another day', async () => {
    const areas = (await staff.get('/api/v1/areas')).body;
    const areaId = areas.find(({ name }: { name: string }) => name === 'Xã Núi Tô').id;
    const areaValues = [{ areaIds: [areaId], values: { ngay_bau_cu: '8/3/2026' } }];
    const templateVersionId = await versionOf('election-day-reminder');
    const { id } = await draft({ templateVersionId, values: VALUES, areaValues });
    const texts = async (name: string): Promise<string> =>
      (await staff.get(path(id, '/preview/recipients')).query({ name }).expect(200)).body[0].accented.text;
    expect(await texts('Trần Văn Hòa')).toContain('ngày 8/3/2026');
    expect(await texts('le be')).toContain('ngày 15/3/2026');
    const { body } = await staff
      .patch(path(id))
      .send({ revision: 1, areaValues: [...areaValues, ...areaValues] })
      .expect(422);
    expect(body.code).toBe('campaign.area-values-overlap');
  });

  it('are counted and priced for every recipient, in both modes, with the longest, the shortest and who lacks what', async () => {
    const templateVersionId = await versionOf('election-day-reminder');
    await admin.put('/api/v1/gateways/fake/terms').send({ vndPerSegment: 350, segmentsPerSecond: 10 }).expect(200);
    const { id } = await draft({ templateVersionId, values: VALUES });
    const { body } = await staff.get(path(id, '/preview')).expect(200);
    expect(body.longest.fullName).toBe('Nguyễn Thị Ngọc Phượng');
    expect(body.shortest.fullName).toBe('Lê Bé');
    expect(body.modes.accented).toMatchObject({ messages: 3, costVnd: body.modes.accented.segments * 350 });
    expect(body.modes.unaccented.segments).toBeLessThan(body.modes.accented.segments);
    expect(body.longest.unaccented.text).toContain('Nguyen Thi Ngoc Phuong');
    expect(body.troubles).toEqual([
      expect.objectContaining({ field: 'ho_ten', code: 'campaign.recipients-lack-value' }),
    ]);
    expect(body.troubled).toHaveLength(1);
    expect(body.audience).toMatchObject({ members: 4, recipients: 4 });
    expect(body.forecast).toMatchObject({ startsAt: '2026-11-24T08:00:00+07:00', basis: 'contract', expires: 0 });
    expect((await staff.get(path(id))).body).toMatchObject({ state: 'draft', figures: null });
  });

  it('are in a subscriber’s own language where the template has it', async () => {
    const content = {
      title: 'Đi bầu cử',
      legalBasis: [{ document: 'Luật Bầu cử', article: 'Điều 69' }],
      body: 'Kính mời {{ho_ten}} đi bầu cử.',
      variants: { km: 'សូមអញ្ជើញ {{ho_ten}}' },
      variables: { ho_ten: { label: 'Họ tên', source: 'subscriber', field: 'fullName', default: 'cử tri' } },
      example: { ho_ten: 'Lê Bé' },
    };
    const template = await staff.post('/api/v1/templates').send({ code: 'in-khmer', topic: 'election', ...content });
    const { id } = await submit(await tried({ templateVersionId: template.body.id, listIds: [listB] }));
    const { body } = await staff.get(path(id, '/messages')).expect(200);
    const texts = body.items.map(({ text }: { text: string }) => text).sort();
    expect(texts).toEqual(['Kính mời cử tri đi bầu cử.', 'សូមអញ្ជើញ Chau Sóc Khăm']);
  });

  it('are frozen with their price by the submission: a later price or name changes nothing', async () => {
    const { id, costVnd, figures, contentHash } = await submit(await tried());
    expect(costVnd).toBe(figures.segments! * 350);
    await admin.put('/api/v1/gateways/fake/terms').send({ vndPerSegment: 999, segmentsPerSecond: 10 }).expect(200);
    const { body } = await approver.get(path(id)).expect(200);
    expect(body).toMatchObject({ costVnd, contentHash });
  });
});

describe('an approval', () => {
  it('is for one text, audience, price and schedule, with the paper behind it and the rules set aside in sight', async () => {
    const { id } = await submit(await tried());
    const { body } = await approver.get(path(id)).expect(200);
    expect(body.document).toMatchObject({ number: '12/KH-STP', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(body.overrides).toEqual(AT_ANY_HOUR);
    expect(body.audience.recipients).toBe(4);
    expect(body.schedule).toMatchObject({ misfire: 'ask', halt: { failures: 100, percent: 20 } });
    const other = await approver
      .post(path(id, '/approve'))
      .send({ contentHash: '0'.repeat(64) })
      .expect(409);
    expect(other.body.code).toBe('campaign.content-differs');
  });

  it('reads the very texts that lie ready, without numbers, also when a record was corrected since', async () => {
    const { id } = await submit(await tried());
    const { body: page } = await staff.get(path(id, '/messages')).expect(200);
    const { body: found } = await staff.get('/api/v1/subscribers').query({ name: 'Lê Bé' }).expect(200);
    const [citizen] = found.items;
    await staff
      .patch(`/api/v1/subscribers/${citizen.id}`)
      .send({ revision: citizen.revision, hamlet: 'Ấp 3', reason: 'Người dân báo' })
      .expect(200);
    const { body } = await approver.get(path(id, '/messages')).query({ subscriberId: citizen.id }).expect(200);
    expect(body.items).toHaveLength(1);
    expect(body.items[0].text).toBe(page.items[0].text);
    expect(body.items[0].phone).toMatch(/\*\*\*/);
    expect((await approver.get(path(id))).body.changedSinceSubmission).toMatchObject({ recordsCorrected: 1 });
    expect((await auditor.get(path(id, '/messages'))).body.items[0].text).toBeNull();
  });

  it('is offered to whoever may give it, and found among what waits', async () => {
    const { id } = await submit(await tried());
    expect((await approver.get(path(id))).body.allowedActs).toEqual(['approve', 'reject', 'cancel']);
    expect((await staff.get(path(id))).body.allowedActs).toEqual(['edit', 'cancel']);
    expect((await auditor.get(path(id))).body.allowedActs).toEqual([]);
    const { body } = await approver
      .get('/api/v1/campaigns')
      .query({ state: 'submitted', topic: 'covid-19' })
      .expect(200);
    expect(body.items.map((campaign: Submitted) => campaign.id)).toContain(id);
    expect(body.items.every(({ state }: Submitted) => state === 'submitted')).toBe(true);
  });

  it('is not for whoever wrote what a copy was made of', async () => {
    const writer = await app.createUser('staff');
    const id = await (async () => {
      const writing = await app.signInAs(writer);
      const base = { name: 'Gốc', templateVersionId: masks, listIds: [listA], sender: 'STP ANGIANG', accented: true };
      return (
        await writing
          .post('/api/v1/campaigns')
          .send({ ...base, startsAt: '2026-11-25T08:00' })
          .expect(201)
      ).body.id;
    })();
    const { body: copy } = await staff.post(path(id, '/clone')).send({}).expect(201);
    await staff.patch(path(copy.id)).send({ revision: 1, documentId, overrides: AT_ANY_HOUR }).expect(200);
    await tryOnStaff(staff, copy.id);
    const { contentHash } = await submit(copy.id);
    await app.database.run(`update users set role = 'approver' where id = $1`, [writer.id]);
    const approving = await app.signInAs(writer);
    const { body } = await approving.post(path(copy.id, '/approve')).send({ contentHash }).expect(403);
    expect(body.code).toBe('campaign.author-cannot-approve');
  });

  it('that waits for a long submission is told to come again, and holds no connection meanwhile', async () => {
    const submission = await submit(await tried());
    await app.database.transaction(async (tx) => {
      await tx.run('select from campaigns where id = $1 for update', [submission.id]);
      const { body, headers } = await approver
        .post(path(submission.id, '/approve'))
        .send({ contentHash: submission.contentHash })
        .expect(503);
      expect(body.code).toBe('campaign.busy');
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    });
    await approve(submission);
  });

  it('and a rejection keep their reasons, whatever is edited afterwards', async () => {
    const { id } = await submit(await tried());
    await approver.post(path(id, '/reject')).send({ reason: 'Sai ngày bầu cử' }).expect(200);
    const { revision } = (await staff.get(path(id))).body;
    await staff.patch(path(id)).send({ revision, overrides: {} }).expect(200);
    const { body } = await auditor.get(path(id)).expect(200);
    expect(body).toMatchObject({ rejectedReason: null, overrides: {} });
    const reasons = body.remarks.map(({ kind, reason }: { kind: string; reason: string }) => [kind, reason]);
    expect(reasons).toEqual(expect.arrayContaining([...Object.entries(AT_ANY_HOUR), ['rejection', 'Sai ngày bầu cử']]));
  });

  it('is void with any edit: a later start, another window, a reason taken back; and the rows go', async () => {
    for (const changes of [
      { startsAt: '2026-11-25T08:00' },
      { schedule: { firstWave: { percent: 10 } } },
      { overrides: { ...AT_ANY_HOUR, urgent: undefined } },
    ]) {
      const submission = await submit(await tried());
      await approve(submission);
      const { revision } = (await staff.get(path(submission.id))).body;
      const { body } = await staff
        .patch(path(submission.id))
        .send({ revision, ...changes })
        .expect(200);
      expect(body).toMatchObject({
        state: 'draft',
        contentHash: null,
        approvedBy: null,
        audience: null,
        costVnd: null,
      });
      const again = await submit(submission.id);
      expect(again.contentHash).not.toBe(submission.contentHash);
    }
    const held = await app.database.row(
      `select count(*) as n from batches b where b.kind = 'campaign' and not exists (
         select from campaigns c where c.batch_id = b.id)`,
    );
    expect(held).toEqual({ n: 0 });
    const listed = await app.database.row(
      `select count(*) as n from campaign_left_out l join campaigns c on c.id = l.campaign_id where c.batch_id is null`,
    );
    expect(listed).toEqual({ n: 0 });
  });
});

describe('a correction and a resend', () => {
  it('go to exactly those whom the campaign reached, and failed to reach', async () => {
    gateway.answer = ({ phone, reference: { batchId, seq } }) =>
      phone === '+84912345672'
        ? { kind: 'rejected', code: 'unknown-subscriber' }
        : phone === '+84912345673'
          ? { kind: 'unknown', code: 'timeout' }
          : { kind: 'accepted', gatewayMessageId: `${batchId}-${seq}` };
    const wrong = await submit(await tried({ startsAt: '2026-11-23T09:00' }));
    await approve(wrong);
    await until(wrong.id, 'completed');
    gateway.answer = new FakeGateway().answer;
    const phones = async (id: number): Promise<string[]> => {
      const { body } = await staff.get(path(id, '/messages')).expect(200);
      return body.items.map(({ phone }: { phone: string }) => phone).sort();
    };
    const correction = (await staff.post(path(wrong.id, '/correction')).send({ templateVersionId: masks }).expect(201))
      .body;
    expect(correction).toMatchObject({ kind: 'correction', originId: wrong.id, state: 'draft' });
    const resend = (await staff.post(path(wrong.id, '/resend-failed')).send({}).expect(201)).body;
    for (const { id, revision } of [correction, resend]) {
      await staff.patch(path(id)).send({ revision, documentId, overrides: AT_ANY_HOUR }).expect(200);
      await tryOnStaff(staff, id);
      await submit(id);
    }
    expect(await phones(correction.id)).toEqual(['+84912345671', '+84912345673', '+84912345674']);
    expect(await phones(resend.id)).toEqual(['+84912345672']);
    const lanes = await app.database.rows(
      'select c.kind, b.lane from campaigns c join batches b on b.id = c.batch_id where c.id = any($1) order by c.kind',
      [[correction.id, resend.id]],
    );
    expect(lanes).toEqual([
      { kind: 'correction', lane: 1 },
      { kind: 'resend', lane: 0 },
    ]);
    const { body: origin } = await auditor.get(path(wrong.id));
    expect(origin.linked).toHaveLength(2);
  });

  it('after a resend that was cancelled half-way, another one leaves out whom that reached', async () => {
    gateway.answer = () => ({ kind: 'rejected', code: 'unknown-subscriber' });
    const id = await launchedWith({ startsAt: '2026-11-23T09:00', schedule: { halt: null } });
    await until(id, 'completed');
    gateway.answer = new FakeGateway().answer;
    const resend = async (): Promise<number> => {
      const { body } = await staff.post(path(id, '/resend-failed')).send({}).expect(201);
      const schedule = { firstWave: { recipients: 1 } };
      await staff.patch(path(body.id)).send({ revision: 1, documentId, overrides: AT_ANY_HOUR, schedule }).expect(200);
      await tryOnStaff(staff, body.id);
      return body.id;
    };
    const first = await submit(await resend());
    expect(first.audience).toMatchObject({ members: 4, recipients: 4 });
    await approve(first);
    await until(first.id, 'paused');
    await staff.post(path(first.id, '/cancel')).expect(200);
    expect((await submit(await resend())).audience).toMatchObject({ members: 3, recipients: 3 });
  });

  it('after a resend that was cancelled half-way, those whom its own resend reached get no second one', async () => {
    gateway.answer = () => ({ kind: 'rejected', code: 'unknown-subscriber' });
    const id = await launchedWith({ startsAt: '2026-11-23T09:00', schedule: { halt: null } });
    await until(id, 'completed');
    const schedule = { firstWave: { recipients: 1 }, halt: null };
    const edit = { revision: 1, documentId, overrides: AT_ANY_HOUR };
    const ready = async (resend: number, changes = {}): Promise<Submitted> => {
      const { answer } = gateway;
      gateway.answer = new FakeGateway().answer;
      await staff
        .patch(path(resend))
        .send({ ...edit, ...changes })
        .expect(200);
      await tryOnStaff(staff, resend);
      gateway.answer = answer;
      return submit(resend);
    };
    const first = (await staff.post(path(id, '/resend-failed')).send({}).expect(201)).body.id;
    await approve(await ready(first, { schedule }));
    await until(first, 'paused');
    await staff.post(path(first, '/cancel')).expect(200);
    gateway.answer = new FakeGateway().answer;
    const both = await Promise.all([id, first].map((of) => staff.post(path(of, '/resend-failed')).send({})));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const made = both.find(({ status }) => status === 201)!.body;
    await staff.post(path(made.id, '/cancel')).expect(200);

    const ofResend = (await staff.post(path(first, '/resend-failed')).send({}).expect(201)).body.id;
    expect(await refusal(id, '/resend-failed')).toEqual({ code: 'campaign.resend-exists', status: 409 });
    await approve(await ready(ofResend));
    await until(ofResend, 'completed');
    const last = (await staff.post(path(id, '/resend-failed')).send({}).expect(201)).body.id;
    expect((await ready(last)).audience).toMatchObject({ members: 3, recipients: 3 });
  });

  it('cannot be given another audience, and wait until the campaign has ended', async () => {
    const running = await submit(
      await tried({ startsAt: '2026-11-23T09:00', schedule: { firstWave: { recipients: 1 } } }),
    );
    await approve(running);
    await until(running.id, 'paused');
    const { body } = await staff.post(path(running.id, '/correction')).send({ templateVersionId: masks }).expect(201);
    const edit = { revision: body.revision, documentId, overrides: AT_ANY_HOUR };
    const refused = await staff
      .patch(path(body.id))
      .send({ ...edit, listIds: [listB] })
      .expect(422);
    expect(refused.body.code).toBe('campaign.audience-is-linked');
    await staff.patch(path(body.id)).send(edit).expect(200);
    await tryOnStaff(staff, body.id);
    expect(await refusal(body.id)).toEqual({ code: 'campaign.origin-still-running', status: 409 });
    await staff.post(path(running.id, '/cancel')).expect(200);
    expect((await submit(body.id)).audience).toMatchObject({ members: 1, recipients: 1 });
  });
});

describe('days after it was submitted', () => {
  it('a campaign is neither approved nor let go on to its start with a template that has expired meanwhile', async () => {
    const version = {
      ...{ title: 'Nhắc', body: 'Thông báo', variables: {}, example: {}, validTo: '2026-11-24' },
      legalBasis: [{ document: 'Luật 14/2012/QH13', article: 'Điều 1' }],
    };
    const { code: topic } = (await staff.get('/api/v1/topics').expect(200)).body[0];
    const { body } = await staff
      .post('/api/v1/templates')
      .send({ code: 'sap-het-han', topic, ...version })
      .expect(201);
    const overrides = { urgent: AT_ANY_HOUR.urgent, fatigueCap: AT_ANY_HOUR.fatigueCap };
    const submitted = async (changes = {}): Promise<Submitted> =>
      submit(await tried({ templateVersionId: body.id, overrides, ...changes }));
    const [waiting, paused] = [await submitted(), await submitted()];
    const anyway = await submitted({ overrides: AT_ANY_HOUR });
    await approve(paused);
    await staff.post(path(paused.id, '/pause')).expect(200);
    await app.moveTo(new Date('2026-11-25T08:00:00+07:00'));
    [staff, approver, auditor] = [await app.signIn('staff'), await app.signIn('approver'), await app.signIn('auditor')];

    const { contentHash } = waiting;
    const refused = await approver.post(path(waiting.id, '/approve')).send({ contentHash }).expect(422);
    expect(refused.body.code).toBe('campaign.template-expired');
    expect(await refusal(paused.id, '/resume')).toEqual({ code: 'campaign.template-expired', status: 422 });
    await approve(anyway);
    await until(anyway.id, 'completed');
  });
});
