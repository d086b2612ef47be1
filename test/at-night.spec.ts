import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import { AT_ANY_HOUR, submitTried } from './harness/campaigns';
import { FakeGateway } from './harness/fake-gateway';
import { importFile } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';

/** Monday, 23 November 2026, half past eleven at night in Vietnam, for the service and its database. */
const NIGHT = new Date('2026-11-23T23:30:00+07:00');
const { urgent, ...WITHOUT_URGENCY } = AT_ANY_HOUR;

let app: TestApp;
let gateway: FakeGateway;
let staff: TestAgent;
let draft: Record<string, unknown>;

beforeEach(async () => {
  gateway = new FakeGateway();
  app = await startTestApp({ gateway, bells: true, at: NIGHT });
  const admin = await app.signIn('admin');
  staff = await app.signIn('staff');
  const facts = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012/QH13' };
  const { body: list } = await admin.post('/api/v1/lists').send(facts);
  await importFile(admin, list.id, 'Họ tên;Số điện thoại\nLê Bé;0912345671\nTrần Tư;0912345672');
  const { body: versions } = await staff.get('/api/v1/templates/covid-19-face-masks');
  draft = {
    ...{ name: 'Khẩu trang', templateVersionId: versions[0].id, listIds: [list.id], sender: 'STP ANGIANG' },
    ...{ accented: true, startsAt: '2026-11-23T23:00' },
  };
});
afterEach(() => app.stop());

async function launched(overrides: object): Promise<number> {
  const { id, contentHash } = await submitTried(staff, { ...draft, overrides });
  gateway.taken.length = 0;
  const approver = await app.signIn('approver');
  await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);
  return id;
}

async function until(agent: TestAgent, id: number, state: string): Promise<void> {
  for (let i = 0; i < 100; i += 1) {
    const { body } = await agent.get(`/api/v1/campaigns/${id}`).expect(200);
    if (body.state === state) return;
    await sleep(100);
  }
  throw new Error(`the campaign is not ${state}`);
}

describe('at half past eleven at night', () => {
  it('a campaign waits until seven in the morning, and its forecast says so beforehand', async () => {
    const id = await launched(WITHOUT_URGENCY);
    const { body } = await staff.get(`/api/v1/campaigns/${id}/forecast`).expect(200);
    expect(body.startsAt).toBe('2026-11-24T07:00:00+07:00');
    await until(staff, id, 'sending');
    await sleep(1_500);
    expect(gateway.taken).toEqual([]);
    await app.moveTo(new Date('2026-11-24T07:00:01+07:00'));
    await until(await app.signIn('staff'), id, 'completed');
    expect(gateway.taken).toHaveLength(2);
  });

  it('one that sets the rules aside, each with its reason on record, is sent at once', async () => {
    const id = await launched({ urgent, ...WITHOUT_URGENCY });
    await until(staff, id, 'completed');
    expect(gateway.taken).toHaveLength(2);
    expect((await staff.get(`/api/v1/campaigns/${id}`)).body.overrides).toEqual(AT_ANY_HOUR);
    const trail = await (await app.signIn('auditor')).get(`/api/v1/audit?subject=campaign:${id}`).expect(200);
    const created = trail.body.items.find(({ act }: { act: string }) => act === 'campaign.create');
    expect(created.details.overrides.split(',').sort()).toEqual(['expiredTemplate', 'fatigueCap', 'urgent']);
  });

  it('a test send reaches staff', async () => {
    await submitTried(staff, { ...draft, overrides: WITHOUT_URGENCY });
    expect(gateway.taken.map(({ phone }) => phone)).toEqual(['+84903000111']);
  });
});

describe('a campaign whose start the service slept through', () => {
  const MORNING = '2026-11-24T08:00';
  const LATE = new Date('2026-11-24T08:20:00+07:00');

  it.each([
    ['waits for a person, who may let it go on', 'ask', 'paused'],
    ['is not sent at all', 'skip', 'cancelled'],
    ['is sent late', 'send-late', 'completed'],
  ])('%s when its rule says %s', async (_, misfire, state) => {
    draft = { ...draft, startsAt: MORNING, schedule: { misfire } };
    const id = await launched(AT_ANY_HOUR);
    await app.moveTo(LATE);
    const later = await app.signIn('staff');
    await until(later, id, state);
    const { body } = await later.get(`/api/v1/campaigns/${id}`).expect(200);
    expect(body.pauseReason).toBe(misfire === 'ask' ? 'misfire' : null);
    expect(body.cancelledReason).toBe(misfire === 'skip' ? 'misfire' : null);
    if (misfire !== 'ask') return;
    await later.post(`/api/v1/campaigns/${id}/resume`).expect(200);
    await until(later, id, 'completed');
  });
});

describe('a campaign that stands still past its deadline', () => {
  it('expires what is unsent and is completed by itself', async () => {
    draft = { ...draft, deadline: '2026-11-24T01:00', schedule: { firstWave: { recipients: 1 } } };
    const id = await launched(AT_ANY_HOUR);
    await until(staff, id, 'paused');
    await app.moveTo(new Date('2026-11-24T01:00:05+07:00'));
    const later = await app.signIn('staff');
    await until(later, id, 'completed');
    const { body } = await later.get(`/api/v1/campaigns/${id}`).expect(200);
    expect(body).toMatchObject({ pauseReason: null, figures: { messages: 2, accepted: 1, expired: 1, queued: 0 } });
  });
});
