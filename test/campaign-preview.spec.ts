import type TestAgent from 'supertest/lib/agent';
import { FakeGateway } from './harness/fake-gateway';
import { AT_ANY_HOUR } from './harness/campaigns';
import { importFile } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';

/** A draft on paper: what its author sees of it before anybody is texted. Lê Bé has a hamlet, Trần Văn Hòa has none. */
let app: TestApp;
let gateway: FakeGateway;
let staff: TestAgent;
let listId: number;
let templateVersionId: number;

beforeAll(async () => {
  gateway = new FakeGateway();
  app = await startTestApp({ gateway, bells: true, at: new Date('2026-11-23T10:00:00+07:00') });
  const admin = await app.signIn('admin');
  staff = await app.signIn('staff');
  const list = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 85/2015/QH13' };
  listId = (await admin.post('/api/v1/lists').send(list).expect(201)).body.id;
  const rows = ['Lê Bé;0912345672;Ba Chúc;Ấp An Hòa', 'Trần Văn Hòa;0912345673;Núi Tô;'];
  await importFile(admin, listId, ['Họ và tên;Số điện thoại;Xã/phường;Ấp', ...rows].join('\r\n'));
  templateVersionId = await newTemplate();
});
afterAll(() => app.stop());

async function newTemplate(): Promise<number> {
  const content = {
    title: 'Đi bầu cử',
    legalBasis: [{ document: 'Luật Bầu cử', article: 'Điều 69' }],
    body: 'Mời cử tri{{#if ap}} {{ap}}{{/if}} đi bầu{{#if gio}} lúc {{gio}}{{/if}}.',
    variables: {
      ap: { label: 'Ấp', source: 'subscriber', field: 'hamlet' },
      gio: { label: 'Giờ', source: 'campaign' },
    },
    example: { ap: 'ấp Phước Lộc', gio: '7 giờ' },
  };
  const template = { code: 'hamlet-if-known', topic: 'election', ...content };
  return (await staff.post('/api/v1/templates').send(template).expect(201)).body.id;
}

const base = () => ({
  ...{ name: 'Đi bầu', templateVersionId, listIds: [listId], sender: 'STP ANGIANG', accented: true },
  ...{ startsAt: '2026-11-24T08:00', overrides: AT_ANY_HOUR },
});

async function draft(values: Record<string, string>): Promise<string> {
  const { body } = await staff
    .post('/api/v1/campaigns')
    .send({ ...base(), values })
    .expect(201);
  return `/api/v1/campaigns/${body.id}`;
}

const subscriberCalled = async (name: string): Promise<number> =>
  (await app.database.row<{ id: number }>('select id from subscribers where full_name = $1', [name]))!.id;

describe('the text of one recipient', () => {
  it('is found by the id of the record', async () => {
    const path = await draft({ gio: '7 giờ' });
    const subscriberId = await subscriberCalled('Lê Bé');
    const { body } = await staff.get(`${path}/preview/recipients`).query({ subscriberId }).expect(200);
    expect(body).toEqual([expect.objectContaining({ subscriberId, fullName: 'Lê Bé' })]);
    expect(body[0].accented.text).toBe('Mời cử tri ấp An Hòa đi bầu lúc 7 giờ.');
  });

  it('is without the part that asks for what his record does not say, and nobody is missing', async () => {
    const path = await draft({ gio: '7 giờ' });
    const found = await staff.get(`${path}/preview/recipients`).query({ name: 'Trần Văn Hòa' }).expect(200);
    expect(found.body[0].accented.text).toBe('Mời cử tri đi bầu lúc 7 giờ.');
    const { body } = await staff.get(`${path}/preview`).expect(200);
    expect([body.modes.accented.messages, body.troubles]).toEqual([2, []]);
  });
});

describe('a value of the campaign', () => {
  it('that is blank on purpose leaves its part out, in the preview and in a test send alike', async () => {
    const path = await draft({ gio: '' });
    const { body } = await staff.get(`${path}/preview`).expect(200);
    expect([body.shortest.accented.text, body.troubles]).toEqual(['Mời cử tri đi bầu.', []]);
    await staff.post(`${path}/test-sends`).send({}).expect(201);
    const texts = await app.database.rows<{ text: string }>('select text from messages');
    expect(texts).toEqual([{ text: 'Mời cử tri ấp Phước Lộc đi bầu.' }]);
  });

  it('that nobody has given is missing, and whoever reads so learns how to leave it blank', async () => {
    const path = await draft({});
    const [trouble] = (await staff.get(`${path}/preview`).set('Accept-Language', 'vi').expect(200)).body.troubles;
    expect(trouble).toMatchObject({ field: 'values.gio', code: 'campaign.value-missing' });
    expect(JSON.stringify(trouble)).toContain('nếu mẫu cho phép để trống thì ghi \\"\\"');
    await staff.post(`${path}/test-sends`).send({}).expect(422);
  });
});

describe('a first wave', () => {
  it.each([
    ['of nothing', {}, ['schedule.firstWave campaign.first-wave-unclear']],
    ['of both', { recipients: 10, percent: 5 }, ['schedule.firstWave campaign.first-wave-unclear']],
    ['of no whole number', { recipients: 1.5 }, ['schedule.firstWave.recipients field.not-whole-number']],
    ['of null', { percent: null }, ['schedule.firstWave.percent field.not-whole-number']],
  ])('%s is refused once', async (_name, firstWave, expected) => {
    const { body, status } = await staff.post('/api/v1/campaigns').send({ ...base(), schedule: { firstWave } });
    const named = body.errors ?? [{ field: body.field, code: body.code }];
    expect(status).toBe(422);
    expect(named.map(({ field, code }: Record<string, string>) => `${field} ${code}`)).toEqual(expected);
  });

  it('of so many recipients, or of so many per cent, is taken', async () => {
    for (const firstWave of [{ recipients: 10 }, { percent: 5 }]) {
      const { body } = await staff.post('/api/v1/campaigns').send({ ...base(), schedule: { firstWave } });
      expect(body.schedule.firstWave).toEqual(firstWave);
    }
  });
});
