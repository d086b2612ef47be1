import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import type { SendOutcome } from '../src/gateways';
import { FakeGateway } from './harness/fake-gateway';
import { draftOf, type Launch, launched } from './harness/running-campaign';
import { startTestApp, TestApp } from './harness/test-app';

let app: TestApp;
let gateway: FakeGateway;
let admin: TestAgent;
let staff: TestAgent;
let approver: TestAgent;
let auditor: TestAgent;
let launch: Launch;
let versions: Map<string, number>;

beforeAll(async () => {
  gateway = new FakeGateway();
  app = await startTestApp({ gateway, bells: true });
  [admin, staff, approver, auditor] = (await Promise.all(
    (['admin', 'staff', 'approver', 'auditor'] as const).map((role) => app.signIn(role)),
  )) as [TestAgent, TestAgent, TestAgent, TestAgent];
  const list = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012' };
  const { body } = await admin.post('/api/v1/lists').send(list).expect(201);
  const templates = await staff.get('/api/v1/templates').expect(200);
  versions = new Map(templates.body.map(({ code, id }: { code: string; id: number }) => [code, id]));
  launch = { templateVersionId: versions.get('covid-19-face-masks')!, listIds: [body.id] };
});
afterAll(() => app.stop());
beforeEach(() => {
  gateway.answer = accept;
});
afterEach(() => expect(app.logged.filter((line) => line.includes('because of a bug'))).toEqual([]));

const accept: FakeGateway['answer'] = ({ reference }) => ({
  kind: 'accepted',
  gatewayMessageId: `fake-${reference.batchId}-${reference.seq}`,
});
const refuse: FakeGateway['answer'] = () => ({ kind: 'rejected', code: 'unknown-subscriber' });
/** A gateway takes its time: some 200 texts a second. */
const slowly =
  (answer: FakeGateway['answer']): FakeGateway['answer'] =>
  async (message): Promise<SendOutcome> => {
    await sleep(100);
    return answer(message);
  };

interface Shown {
  readonly state: string;
  readonly pauseReason: string | null;
  readonly figures: Record<string, number>;
  readonly [field: string]: unknown;
}

async function shown(id: number): Promise<Shown> {
  return (await auditor.get(`/api/v1/campaigns/${id}`).expect(200)).body as Shown;
}

async function untilState(id: number, state: string): Promise<Shown> {
  for (let i = 0; i < 150; i += 1) {
    const campaign = await shown(id);
    if (campaign.state === state) return campaign;
    await sleep(100);
  }
  throw new Error(`the campaign did not become ${state}: ${JSON.stringify((await shown(id)).figures)}`);
}

async function actsOn(id: number): Promise<{ act: string; actor: string; details: Record<string, unknown> }[]> {
  return app.database.rows('select act, actor, details from audit_entries where subject = $1 order by id', [
    `campaign:${id}`,
  ]);
}

/** A campaign of which some texts failed for good, and which has ended. */
async function ended(size: number, failed: number, options: Partial<Launch> = {}): Promise<number> {
  gateway.answer = (message) => (message.reference.seq <= failed ? refuse(message) : accept(message));
  const { id } = await launched(app, size, { ...launch, ...options });
  await untilState(id, 'completed');
  return id;
}

describe('a first wave', () => {
  it('is sent, the campaign waits for a look, and the rest follows when a person lets it', async () => {
    const schedule = { firstWave: { recipients: 5 } };
    const { id } = await launched(app, 30, { ...launch, draft: withSchedule(schedule), batch: { firstWave: 5 } });
    const paused = await untilState(id, 'paused');
    expect(paused).toMatchObject({ pauseReason: 'first-wave', figures: { accepted: 5, queued: 25, sending: 0 } });
    expect((await actsOn(id)).at(-1)).toMatchObject({
      act: 'campaign.first-wave',
      actor: 'system',
      details: { messages: 30, released: 5, accepted: 5 },
    });
    await approver.post(`/api/v1/campaigns/${id}/resume`).expect(200);
    expect(await untilState(id, 'completed')).toMatchObject({ figures: { accepted: 30 } });
  });

  it('goes on as the first wave when somebody paused in the middle of it', async () => {
    gateway.answer = slowly(accept);
    const schedule = { firstWave: { recipients: 300 } };
    const { id } = await launched(app, 330, { ...launch, draft: withSchedule(schedule), batch: { firstWave: 300 } });
    await sleep(500);
    await staff.post(`/api/v1/campaigns/${id}/pause`).expect(200);
    await sleep(1_500);
    const before = await shown(id);
    expect(before).toMatchObject({ state: 'paused', pauseReason: 'person' });
    expect(before.figures.accepted).toBeLessThan(300);
    await staff.post(`/api/v1/campaigns/${id}/resume`).expect(200);
    await sleep(100);
    const paused = await untilState(id, 'paused');
    expect(paused).toMatchObject({ pauseReason: 'first-wave', figures: { accepted: 300, queued: 30 } });
    await staff.post(`/api/v1/campaigns/${id}/cancel`).expect(200);
  });
});

describe('the automatic halt', () => {
  it('stops a campaign that fails too often, does not stop it again for the same failures, and does for new ones', async () => {
    gateway.answer = slowly(refuse);
    const schedule = { halt: { failures: 20, percent: 50 } };
    const { id } = await launched(app, 2_000, { ...launch, draft: withSchedule(schedule) });
    const first = await untilState(id, 'paused');
    expect(first.pauseReason).toBe('failures');
    expect(first.figures.failed).toBeGreaterThanOrEqual(20);
    expect(first.figures.queued).toBeGreaterThan(500);
    expect((await actsOn(id)).at(-1)).toMatchObject({ act: 'campaign.halt', actor: 'system' });

    await sleep(1_000);
    gateway.answer = slowly(accept);
    await approver.post(`/api/v1/campaigns/${id}/resume`).expect(200);
    await sleep(2_500);
    expect(await shown(id)).toMatchObject({ state: 'sending' });

    gateway.answer = slowly(refuse);
    const second = await untilState(id, 'paused');
    expect(second.pauseReason).toBe('failures');
    expect(second.figures.queued).toBeGreaterThan(0);
    await staff.post(`/api/v1/campaigns/${id}/cancel`).expect(200);
  });

  it('counts texts of which nobody knows whether they arrived', async () => {
    // A gateway that answers nobody would be left alone before; this one answers every other text.
    gateway.answer = slowly((message) =>
      message.reference.seq % 2 === 0 ? accept(message) : { kind: 'unknown', code: 'timeout' },
    );
    const { id } = await launched(app, 2_000, {
      ...launch,
      draft: withSchedule({ halt: { failures: 20, percent: 30 } }),
    });
    expect(await untilState(id, 'paused')).toMatchObject({ pauseReason: 'failures' });
    await staff.post(`/api/v1/campaigns/${id}/cancel`).expect(200);
  });

  it('leaves a campaign alone whose failures are a small share', async () => {
    const id = await ended(400, 30, { draft: withSchedule({ halt: { failures: 20, percent: 50 } }) });
    expect(await shown(id)).toMatchObject({ state: 'completed', figures: { failed: 30, accepted: 370 } });
  });
});

function withSchedule(schedule: Record<string, unknown>): NonNullable<Launch['draft']> {
  const window = { from: '07:00', to: '21:00', days: [1, 2, 3, 4, 5, 6, 7], onHolidays: true };
  const plain = { window, spreadMinutes: null, misfire: 'send-late' as const, firstWave: null, halt: null };
  return { schedule: { ...plain, ...schedule } };
}

describe('a clone', () => {
  const startsAt = new Date('2030-05-20T08:00:00+07:00');

  it('is a fresh draft of the same, in whatever state the campaign is, for which only a new act speaks', async () => {
    const draft = {
      ...withSchedule({ halt: { failures: 7, percent: 9 }, firstWave: { percent: 3 } }),
      ...{ startsAt, deadline: new Date('2030-05-22T20:00:00+07:00'), accented: false },
      values: {},
    };
    const id = await draftOf(app, { ...launch, draft });
    for (const state of ['draft', 'completed', 'cancelled']) {
      await app.database.run('update campaigns set state = $2 where id = $1', [id, state]);
      const { body } = await staff.post(`/api/v1/campaigns/${id}/clone`).send({}).expect(201);
      expect(body).toMatchObject({
        state: 'draft',
        name: 'Bản sao: Nhắc ngày bầu cử',
        clonedFrom: id,
        kind: 'notice',
        originId: null,
        templateVersionId: launch.templateVersionId,
        listIds: launch.listIds,
        accented: false,
        schedule: { halt: { failures: 7, percent: 9 }, firstWave: { percent: 3 } },
        overrides: {},
        document: null,
        figures: null,
        startsAt: '2030-05-20T08:00:00+07:00',
        deadline: '2030-05-22T20:00:00+07:00',
      });
      expect(body.author).not.toBe('user:0');
      expect(await actsOn(body.id)).toMatchObject([{ act: 'campaign.clone', details: { from: id } }]);
    }
  });

  it('takes another name and start, and its deadline moves with the start', async () => {
    const deadline = new Date('2030-05-22T20:00:00+07:00');
    const id = await draftOf(app, { ...launch, draft: { startsAt, deadline } });
    const { body } = await staff
      .post(`/api/v1/campaigns/${id}/clone`)
      .send({ name: 'Lần hai', startsAt: '2030-06-01T08:00' })
      .expect(201);
    expect(body).toMatchObject({ name: 'Lần hai', startsAt: '2030-06-01T08:00:00+07:00' });
    expect(body.deadline).toBe('2030-06-03T20:00:00+07:00');
  });

  it('of a campaign whose start is past starts as soon as it is approved', async () => {
    const id = await draftOf(app, launch);
    const { body } = await staff.post(`/api/v1/campaigns/${id}/clone`).send({}).expect(201);
    expect(Math.abs(Date.parse(body.startsAt) - Date.now())).toBeLessThan(60_000);
  });

  it('keeps a name that people can read when it grows too long', async () => {
    const id = await draftOf(app, { ...launch, draft: { name: 'ă'.repeat(200) } });
    const { body } = await staff.post(`/api/v1/campaigns/${id}/clone`).send({}).expect(201);
    expect(body.name).toBe(`Bản sao: ${'ă'.repeat(190)}…`);
  });

  it('is not made of a resend or correction, nor by who writes no campaigns, nor of nothing', async () => {
    const originId = await draftOf(app, launch);
    const id = await draftOf(app, { ...launch, origin: { kind: 'resend', originId } });
    const linked = await staff.post(`/api/v1/campaigns/${id}/clone`).send({}).expect(409);
    expect(linked.body).toMatchObject({ code: 'campaign.linked-not-cloned', params: { originId } });
    await approver.post(`/api/v1/campaigns/${originId}/clone`).send({}).expect(403);
    await staff.post('/api/v1/campaigns/999999/clone').send({}).expect(404);
    const unreadable = await staff.post(`/api/v1/campaigns/${originId}/clone`).send({ startsAt: 'mai' }).expect(422);
    expect(unreadable.body.field).toBe('startsAt');
    await staff.post(`/api/v1/campaigns/${originId}/clone`).send({ name: null }).expect(422);
  });
});

describe('sending the failed texts again', () => {
  it('is a draft that is linked to the campaign, for whom it was', async () => {
    const id = await ended(6, 2);
    const { body } = await staff.post(`/api/v1/campaigns/${id}/resend-failed`).send({}).expect(201);
    expect(body).toMatchObject({
      kind: 'resend',
      originId: id,
      state: 'draft',
      listIds: launch.listIds,
      clonedFrom: null,
    });
    expect(body.name).toBe('Gửi lại: Nhắc ngày bầu cử');
    expect((await shown(id)).linked).toEqual([{ id: body.id, kind: 'resend', state: 'draft' }]);
    expect(await actsOn(body.id)).toMatchObject([
      { act: 'campaign.resend-failed', details: { origin: id, failed: 2 } },
    ]);
  });

  it('is refused while the campaign runs, when nothing failed, and for what is unknown', async () => {
    const running = await draftOf(app, launch);
    const early = await staff.post(`/api/v1/campaigns/${running}/resend-failed`).send({}).expect(409);
    expect(early.body.code).toBe('campaign.origin-not-ended');
    const none = await staff
      .post(`/api/v1/campaigns/${await ended(3, 0)}/resend-failed`)
      .send({})
      .expect(409);
    expect(none.body.code).toBe('campaign.nothing-failed');
    gateway.answer = () => ({ kind: 'unknown', code: 'timeout' });
    const { id } = await launched(app, 3, launch);
    await untilState(id, 'completed');
    const unknown = await staff.post(`/api/v1/campaigns/${id}/resend-failed`).send({}).expect(409);
    expect(unknown.body.code).toBe('campaign.nothing-failed');
  });

  it('happens once: a second one only after the first was cancelled', async () => {
    const id = await ended(4, 3);
    const again = (): Promise<{ status: number; body: { id: number; code: string; params: object } }> =>
      staff.post(`/api/v1/campaigns/${id}/resend-failed`).send({}) as never;
    const both = await Promise.all([again(), again()]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const first = both.find(({ status }) => status === 201)!.body.id;
    const refused = both.find(({ status }) => status === 409)!.body;
    expect(refused).toMatchObject({ code: 'campaign.resend-exists', params: { id, resendId: first } });
    await staff.post(`/api/v1/campaigns/${first}/cancel`).expect(200);
    expect((await again()).status).toBe(201);
  });
});

describe('a correction', () => {
  const correction = () => ({ templateVersionId: versions.get('voting-elsewhere')! });

  it('is a draft with another text, linked to the campaign, to all at once', async () => {
    const schedule = { firstWave: { recipients: 2 }, spreadMinutes: 60, halt: { failures: 9, percent: 9 } };
    const values = { khong_con_dung: 'x' };
    const { id } = await launched(app, 3, { ...launch, draft: { ...withSchedule(schedule), values } });
    await untilState(id, 'completed');
    const { body } = await staff.post(`/api/v1/campaigns/${id}/correction`).send(correction()).expect(201);
    expect(body).toMatchObject({
      kind: 'correction',
      originId: id,
      state: 'draft',
      name: 'Đính chính: Nhắc ngày bầu cử',
      templateVersionId: correction().templateVersionId,
      values: {},
      schedule: { firstWave: null, spreadMinutes: null, halt: { failures: 9, percent: 9 } },
    });
    expect((await shown(id)).linked).toEqual([{ id: body.id, kind: 'correction', state: 'draft' }]);
    expect(await actsOn(body.id)).toMatchObject([{ act: 'campaign.correct', details: { origin: id, reached: 3 } }]);
  });

  it('is refused while nobody was reached', async () => {
    const draft = await draftOf(app, launch);
    const early = await staff.post(`/api/v1/campaigns/${draft}/correction`).send(correction()).expect(409);
    expect(early.body.code).toBe('campaign.nothing-reached');
    const failed = await ended(3, 3);
    const none = await staff.post(`/api/v1/campaigns/${failed}/correction`).send(correction()).expect(409);
    expect(none.body.code).toBe('campaign.nothing-reached');
  });

  it('needs a text that exists, and takes only values that the text has', async () => {
    const id = await ended(2, 0);
    await staff.post(`/api/v1/campaigns/${id}/correction`).send({}).expect(422);
    await staff.post(`/api/v1/campaigns/${id}/correction`).send({ templateVersionId: 999_999 }).expect(404);
    const useless = await staff
      .post(`/api/v1/campaigns/${id}/correction`)
      .send({ ...correction(), values: { khong_co: '1' } })
      .expect(422);
    expect(useless.body).toMatchObject({ code: 'campaign.useless-value', field: 'values.khong_co' });
  });
});
