import { setTimeout as sleep } from 'node:timers/promises';
import {
  admin,
  app,
  approve,
  approver,
  auditor,
  documentId,
  draft,
  gateway,
  listA,
  listB,
  masks,
  newList,
  openOffice,
  path,
  refusal,
  staff,
  submit,
  tried,
  until,
  versionOf,
} from './harness/rules-office';
import { AT_ANY_HOUR, tryOnStaff } from './harness/campaigns';
import { FakeGateway } from './harness/fake-gateway';

/** The rules that a draft keeps before people are asked to approve it, one sentence each. */
beforeAll(openOffice);
afterAll(() => app.stop());

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
