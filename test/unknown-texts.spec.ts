import type TestAgent from 'supertest/lib/agent';
import type { FakeGateway as Gateway } from './harness/fake-gateway';
import { FakeGateway } from './harness/fake-gateway';
import { type Launch, launched } from './harness/running-campaign';
import { startTestApp, TestApp } from './harness/test-app';

let app: TestApp;
let gateway: FakeGateway;
let admin: TestAgent;
let staff: TestAgent;
let approver: TestAgent;
let auditor: TestAgent;
let launch: Launch;

beforeAll(async () => {
  gateway = new FakeGateway();
  app = await startTestApp({ gateway, bells: true });
  [admin, staff, approver, auditor] = (await Promise.all(
    (['admin', 'staff', 'approver', 'auditor'] as const).map((role) => app.signIn(role)),
  )) as [TestAgent, TestAgent, TestAgent, TestAgent];
  const list = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012' };
  const { body } = await admin.post('/api/v1/lists').send(list).expect(201);
  const templates = await staff.get('/api/v1/templates').expect(200);
  const template = templates.body.find(({ code }: { code: string }) => code === 'covid-19-face-masks');
  launch = { templateVersionId: template.id, listIds: [body.id] };
});
afterAll(() => app.stop());
afterEach(() => expect(app.logged.filter((line) => line.includes('because of a bug'))).toEqual([]));

const REASON = 'Nhà cung cấp xác nhận bằng văn bản';
const PATH = '/api/v1/unknown-texts';

/** Of the first so many the gateway's answer is lost, the others it takes. */
const losing =
  (lost: number): Gateway['answer'] =>
  ({ reference: { batchId, seq, attempt } }) =>
    seq <= lost && attempt === 1
      ? { kind: 'unknown', code: 'time-out' }
      : { kind: 'accepted', gatewayMessageId: `fake-${batchId}-${seq}` };

interface Campaign {
  readonly id: number;
  readonly batchId: number;
}

/** A campaign with unknown texts that goes on: it waits for its rest after a first wave. */
async function running(size: number, lost: number): Promise<Campaign> {
  gateway.answer = losing(lost);
  const campaign = await launched(app, size + 1, { ...launch, batch: { firstWave: size } });
  await untilFigures(campaign.id, { unknown: lost, accepted: size - lost });
  return campaign;
}

async function completed(size: number, lost: number): Promise<Campaign> {
  gateway.answer = losing(lost);
  const campaign = await launched(app, size, launch);
  await until(async () => (await shown(campaign.id)).state === 'completed');
  return campaign;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 150; i += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('waited in vain');
}

async function shown(id: number): Promise<{ state: string; figures: Record<string, number> }> {
  return (await auditor.get(`/api/v1/campaigns/${id}`).expect(200)).body;
}

const untilFigures = (id: number, wanted: Record<string, number>): Promise<void> =>
  until(async () => {
    const { figures } = await shown(id);
    return Object.entries(wanted).every(([name, count]) => figures[name] === count);
  });

/** As if a minute had passed since the texts of a campaign were handed over. */
async function aMinuteLater({ batchId }: Campaign): Promise<void> {
  await app.database.run(
    `update handovers h set at = at - interval '2 minutes' from chunks c where c.id = h.chunk_id and c.batch_id = $1`,
    [batchId],
  );
}

const settle = (by: TestAgent, body: object) => by.post(`${PATH}/settle`).send({ reason: REASON, ...body });

async function list(by: TestAgent, query: string) {
  return (await by.get(`${PATH}?${query}`).expect(200)).body as {
    items: { reference: string; phone: string; choices: { decision: string }[]; [field: string]: unknown }[];
    next: string | null;
  };
}

describe('the list of unknown texts', () => {
  it('says why nobody knows, what a person may decide and from when, page by page; numbers only to whom they are shown', async () => {
    const { id, batchId } = await running(6, 3);
    const counts = async () => (await auditor.get(`${PATH}/counts?campaignId=${id}`).expect(200)).body;
    await until(async () => (await counts())[0].leftToPerson === 3);
    expect(await counts()).toMatchObject([{ code: 'time-out', gateway: 'fake', texts: 3 }]);
    const first = await list(staff, `campaignId=${id}&limit=2`);
    const rest = await list(staff, `campaignId=${id}&limit=2&after=${first.next}`);
    expect([...first.items, ...rest.items].map(({ reference }) => reference)).toEqual(
      [1, 2, 3].map((seq) => `${batchId}.${seq}.1`),
    );
    expect(rest.next).toBeNull();
    expect(first.items[0]).toMatchObject({
      campaignId: id,
      code: 'time-out',
      reason: { vi: expect.stringMatching(/.{10}/), en: expect.stringMatching(/.{10}/) },
      gateway: 'fake',
      nextLookUpAt: null,
      phone: '+84900000001',
    });
    expect(first.items[0]!.choices.map(({ decision }) => decision)).toEqual(['accepted', 'failed', 'send-again']);
    expect(first.items[0]).not.toHaveProperty('message');
    const masked = await list(auditor, `campaignId=${id}&code=time-out`);
    expect(masked.items.map(({ phone }) => phone)).toEqual(['090***001', '090***002', '090***003']);
    expect((await list(auditor, `campaignId=${id}&code=lease-expired`)).items).toEqual([]);
  });

  it('is not found for a campaign that does not exist', async () => {
    const { body } = await staff.get(`${PATH}?campaignId=999999`).expect(404);
    expect(body.code).toBe('campaign.not-found');
  });
});

describe('a person who settles unknown texts', () => {
  it('is an administrator or an approver', async () => {
    for (const by of [staff, auditor])
      expect((await settle(by, { campaignId: 1, decision: 'accepted' })).status).toBe(403);
  });

  it('may have them sent again only when they surely are not on their way any more; each then leaves once', async () => {
    const campaign = await running(5, 2);
    const early = await settle(approver, { campaignId: campaign.id, decision: 'send-again' });
    expect([early.status, early.body.code]).toEqual([409, 'unknown.too-soon']);
    expect(Number(early.headers['retry-after'])).toBeGreaterThan(0);
    expect(early.body.params?.from ?? early.body.detail).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00/);
    await aMinuteLater(campaign);
    const answers = await Promise.all(
      [approver, admin].map((by) => settle(by, { campaignId: campaign.id, decision: 'send-again' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    await untilFigures(campaign.id, { unknown: 0, accepted: 5 });
    const sent = gateway.taken.filter(({ reference }) => reference.batchId === campaign.batchId);
    expect(
      sent
        .filter(({ reference }) => reference.attempt === 2)
        .map(({ reference }) => reference.seq)
        .sort(),
    ).toEqual([1, 2]);
    expect(sent).toHaveLength(7);
  });

  it('may say of single ones that they were accepted, or failed; it is on record with ids and counts alone', async () => {
    const campaign = await running(4, 3);
    await aMinuteLater(campaign);
    const text = (seq: number): string => `${campaign.batchId}.${seq}.1`;
    const one = await settle(admin, { texts: [text(1), text(4)], decision: 'accepted' }).expect(200);
    expect(one.body).toEqual({ settled: 1, left: 1 });
    await settle(approver, { texts: [text(2)], decision: 'failed' }).expect(200);
    expect((await shown(campaign.id)).figures).toMatchObject({ accepted: 2, failed: 1, unknown: 1 });
    expect((await list(staff, `campaignId=${campaign.id}`)).items.map((item) => item.reference)).toEqual([text(3)]);
    const again = await settle(admin, { texts: [text(1)], decision: 'failed' });
    expect([again.status, again.body.code]).toEqual([409, 'unknown.nothing-open']);
    const entries = await app.database.rows<{ details: Record<string, unknown> }>(
      `select details from audit_entries where act = 'unknown.settle' and subject = $1 order by id`,
      [`campaign:${campaign.id}`],
    );
    const details = { batch: campaign.batchId, texts: 1 };
    expect(entries.map((entry) => entry.details)).toEqual([
      { ...details, decision: 'accepted' },
      { ...details, decision: 'failed' },
    ]);
  });

  it('has none sent again by a campaign that is completed, but says that they failed and makes another one of them', async () => {
    const campaign = await completed(5, 2);
    await aMinuteLater(campaign);
    const refused = await settle(approver, { campaignId: campaign.id, decision: 'send-again' });
    expect([refused.status, refused.body.code]).toEqual([409, 'unknown.campaign-over']);
    const nothing = await staff.post(`/api/v1/campaigns/${campaign.id}/resend-failed`).send({});
    expect([nothing.status, nothing.body.code]).toEqual([409, 'campaign.nothing-failed']);
    await settle(approver, { campaignId: campaign.id, decision: 'failed' }).expect(200);
    expect(await shown(campaign.id)).toMatchObject({ state: 'completed', figures: { failed: 2, unknown: 0 } });
    await staff.post(`/api/v1/campaigns/${campaign.id}/resend-failed`).send({}).expect(201);
  });

  it('has none sent again past the deadline', async () => {
    const campaign = await running(3, 1);
    await aMinuteLater(campaign);
    await app.database.run(`update batches set deadline = now() where id = $1`, [campaign.batchId]);
    const refused = await settle(approver, { campaignId: campaign.id, decision: 'send-again' });
    expect(refused.status).toBe(409);
    expect(['unknown.deadline-passed', 'unknown.campaign-over']).toContain(refused.body.code);
  });

  it('sees afterwards which proofs contradict what was decided, and nobody is texted by it', async () => {
    const campaign = await running(3, 2);
    await aMinuteLater(campaign);
    const text = `${campaign.batchId}.1.1`;
    await settle(admin, { texts: [text], decision: 'failed' }).expect(200);
    const receipt = [{ reference: text, status: 'delivered' }];
    await app.request().post('/gateways/fake/receipts').send(receipt).expect(204);
    await until(async () => {
      const { items } = (await auditor.get(`${PATH}/late-proofs?campaignId=${campaign.id}`).expect(200)).body;
      return items.length === 1 && items[0].reference === text && items[0].effect === 'contradicts';
    });
    expect((await shown(campaign.id)).figures).toMatchObject({ failed: 1 });
  });
});

describe('what is refused', () => {
  it.each([
    [{ decision: 'accepted' }, 'texts'],
    [{ decision: 'accepted', campaignId: 1, texts: ['1.1.1'] }, 'texts'],
    [{ decision: 'accepted', texts: [] }, 'texts'],
    [{ decision: 'accepted', texts: ['1.1'] }, 'texts'],
    [{ decision: 'accepted', texts: ['1.9999999999.1'] }, 'texts'],
    [{ decision: 'accepted', texts: [1] }, 'texts'],
    [{ decision: 'sent', campaignId: 1 }, 'decision'],
    [{ decision: 'accepted', campaignId: 2 ** 31 }, 'campaignId'],
    [{ decision: 'accepted', campaignId: 1, reason: ' ' }, 'reason'],
  ])('%j', async (body, field) => {
    const answer = await settle(admin, body);
    expect([answer.status, answer.body.field?.replace(/\[.*/, '')]).toEqual([422, field]);
  });

  it.each(['after=1', 'after=0.1.1', 'limit=0', 'campaignId=x', 'code=%00'])('%s', async (query) => {
    expect((await staff.get(`${PATH}?${query}`)).status).toBe(422);
  });
});
