import type TestAgent from 'supertest/lib/agent';
import { insertDraft } from '../src/campaigns/campaigns.store';
import { RecurrencesBell } from '../src/campaigns/schedule/recurrences.bell';
import { RecurrencesService } from '../src/campaigns/schedule/recurrences.service';
import { DEFAULT_WINDOW } from '../src/calendar';
import { Clock } from '../src/platform/clock';
import type { Person } from './harness/people';
import { startTestApp, type TestApp } from './harness/test-app';

/** A Monday. */
const MONDAY = new Date('2026-11-23T07:30:00+07:00');
const WEEKLY = {
  rule: { kind: 'weekly', weekday: 1 },
  startTime: '08:00',
  leadDays: 8,
  firstDay: '2026-11-01',
};

let app: TestApp;
let owner: Person;
let staff: TestAgent;
let listId: number;
/** The campaign that comes again. */
let source: number;

async function open(): Promise<void> {
  app = await startTestApp({ at: MONDAY });
  owner = await app.createUser('staff');
  staff = await app.signInAs(owner);
  const admin = await app.signIn('admin');
  const facts = { name: 'Cử tri', purpose: 'Thông báo bầu cử', legalBasis: 'Luật số 14/2012/QH13' };
  listId = (await admin.post('/api/v1/lists').send(facts).expect(201)).body.id as number;
  source = await newCampaign();
}

async function newCampaign(kind: 'notice' | 'correction' = 'notice'): Promise<number> {
  const version = await app.database.row<{ id: number }>('select min(id) as id from template_versions');
  const document = await app.database.row<{ id: number }>(
    `insert into official_documents (number, issued_on, signer, file_name, media_type, size, sha256, content, uploaded_by)
     values ($1, '2026-11-01', 'Giám đốc Sở', 'a.pdf', 'application/pdf', 1, sha256('x'), 'x', 'user:1') returning id`,
    [`${kind}/STP`],
  );
  return app.database.transaction((tx) =>
    insertDraft(
      tx,
      {
        ...{ name: 'Nhắc ngày bầu cử', templateVersionId: version!.id, values: { ngay_bau_cu: '8/3/2027' } },
        ...{ areaValues: [], listIds: [listId], exceptListIds: [], areaIds: [] },
        ...{ gateway: 'fake', sender: 'STP ANGIANG', alternatives: [], accented: true },
        ...{ startsAt: new Date('2026-11-10T09:00:00+07:00'), deadline: new Date('2026-11-11T21:00:00+07:00') },
        schedule: {
          window: DEFAULT_WINDOW,
          spreadMinutes: 60,
          misfire: 'ask',
          firstWave: { recipients: 10 },
          halt: null,
        },
        ...{ overrides: { urgent: 'Bão số 5' }, documentId: document!.id },
      },
      { id: 'user:1', person: owner.id },
      kind === 'notice' ? {} : { kind, originId: source },
    ),
  );
}

const recur = async (plan: object): Promise<{ id: number; upcoming: string[]; drafts: { day: string }[] }> =>
  (await staff.post(`/api/v1/campaigns/${source}/recurrences`).send(plan).expect(201)).body;
const ring = () => app.app.get(RecurrencesBell).ring();
const draftsOf = (recurrence: number) =>
  app.database.rows<{ id: number; day: string; state: string }>(
    'select id, recurrence_day as day, state from campaigns where recurrence_id = $1 order by recurrence_day',
    [recurrence],
  );
const daysOf = async (recurrence: number): Promise<string[]> => (await draftsOf(recurrence)).map(({ day }) => day);
/** As if nothing ran until then. A session lasts an hour. */
const moveTo = async (local: string): Promise<void> => {
  await app.moveTo(new Date(`${local}:00+07:00`));
  staff = await app.signInAs(owner);
};

describe('a campaign that comes again', () => {
  // Each begins on the same Monday.
  beforeEach(open);
  afterEach(() => app.stop());

  it('gets one draft for each day that is near enough, however often the bell rings', async () => {
    const { id, upcoming } = await recur(WEEKLY);
    expect(upcoming).toEqual(['2026-11-23', '2026-11-30', '2026-12-07', '2026-12-14', '2026-12-21']);
    await ring();
    expect(await daysOf(id)).toEqual(['2026-11-23', '2026-11-30']);
    await moveTo('2026-11-23T07:32');
    await ring();
    expect(await daysOf(id)).toEqual(['2026-11-23', '2026-11-30']);
    await moveTo('2026-11-29T00:00');
    await ring();
    expect(await daysOf(id)).toEqual(['2026-11-23', '2026-11-30', '2026-12-07']);
  });

  it('is drafted as its campaign is, for the new day, without what was decided for the old one alone', async () => {
    const { id } = await recur({ ...WEEKLY, startTime: '10:15', rule: { kind: 'monthly', day: 31 } });
    expect(await daysOf(id)).toEqual([]);
    await moveTo('2026-11-24T07:00');
    await ring();
    const [draft] = await draftsOf(id);
    const columns = `name, state, kind, template_version_id, campaign_values, gateway, sender, accented, starts_at, deadline, schedule,
      overrides, document_id, author, owner_person, editor_persons, cloned_from, recurrence_day,
      array(select list_id from campaign_lists where campaign_id = c.id) as lists`;
    const read = (one: number) =>
      app.database.row<Record<string, unknown>>(`select ${columns} from campaigns c where id = $1`, [one]);
    expect(await read(draft!.id)).toEqual({
      ...(await read(source)),
      name: 'Nhắc ngày bầu cử (30/11/2026)',
      state: 'draft',
      starts_at: new Date('2026-11-30T10:15:00+07:00'),
      deadline: new Date('2026-12-01T22:15:00+07:00'),
      overrides: {},
      document_id: null,
      author: `user:${owner.id}`,
      owner_person: owner.id,
      editor_persons: [owner.id],
      recurrence_day: '2026-11-30',
    });
  });

  it('comes before an event on each of the days chosen', async () => {
    const rule = { kind: 'before-event', day: '2026-12-10', daysBefore: [10, 3, 1] };
    const { id, upcoming } = await recur({ ...WEEKLY, rule, leadDays: 30 });
    expect(upcoming).toEqual(['2026-11-30', '2026-12-07', '2026-12-09']);
    await ring();
    expect(await daysOf(id)).toEqual(upcoming);
  });

  it('gets its drafts late after an outage, but none for a start that has passed', async () => {
    const { id } = await recur({ ...WEEKLY, leadDays: 3 });
    await moveTo('2026-12-07T08:01');
    await ring();
    expect(await daysOf(id)).toEqual([]);
    await moveTo('2026-12-13T23:00');
    await ring();
    expect(await daysOf(id)).toEqual(['2026-12-14']);
  });

  it('gets no second draft from a second instance at the same moment', async () => {
    const { id } = await recur({ ...WEEKLY, leadDays: 60 });
    const instances = Array.from({ length: 6 }, () => new RecurrencesService(app.database, app.app.get(Clock)));
    const made = await Promise.all(instances.map((instance) => instance.makeDrafts(id)));
    expect(made.filter((drafts) => drafts.length > 0)).toHaveLength(1);
    const days = await daysOf(id);
    expect(days).toHaveLength(9);
    expect(new Set(days).size).toBe(9);
  });

  it('gets no new draft for a day whose draft was cancelled', async () => {
    const { id } = await recur(WEEKLY);
    await ring();
    await app.database.run(`update campaigns set state = 'cancelled' where recurrence_id = $1`, [id]);
    await moveTo('2026-11-23T07:45');
    await ring();
    expect((await draftsOf(id)).map(({ day, state }) => [day, state])).toEqual([
      ['2026-11-23', 'cancelled'],
      ['2026-11-30', 'cancelled'],
    ]);
  });

  it('keeps the version of its text, and says that there is a newer one', async () => {
    await app.database.run(
      `insert into template_versions (template_id, version, title, body, legal_basis, variables, example, created_by)
       select template_id, version + 1, title, body, legal_basis, variables, example, 'system' from template_versions
       where id = (select template_version_id from campaigns where id = $1)`,
      [source],
    );
    const { id } = await recur(WEEKLY);
    await ring();
    const versions = await app.database.rows(
      'select distinct template_version_id from campaigns where id = $1 or recurrence_id = $2',
      [source, id],
    );
    expect(versions).toHaveLength(1);
    const { body } = await staff.get('/api/v1/recurrences').expect(200);
    expect(body.items[0].newerVersionId).toEqual(expect.any(Number));
    const [draft] = await draftsOf(id);
    const auditor = await app.signIn('auditor');
    const trail = await auditor.get(`/api/v1/audit?subject=campaign:${draft!.id}`).expect(200);
    expect(trail.body.items).toEqual([
      expect.objectContaining({
        act: 'recurrence.draft',
        actor: 'system',
        details: { recurrence: id, campaign: source, day: draft!.day, newerVersion: body.items[0].newerVersionId },
      }),
    ]);
  });

  it('gets no further draft once the recurrence is ended, which is done once; those made stay', async () => {
    const { id } = await recur(WEEKLY);
    await ring();
    const { body } = await staff.post(`/api/v1/recurrences/${id}/end`).expect(200);
    expect(body).toMatchObject({ endedBy: `user:${owner.id}`, upcoming: [] });
    const again = await staff.post(`/api/v1/recurrences/${id}/end`);
    expect([again.status, again.body.code]).toEqual([409, 'recurrence.ended-already']);
    await moveTo('2026-12-07T07:00');
    await ring();
    expect(await daysOf(id)).toEqual(['2026-11-23', '2026-11-30']);
    expect(await app.app.get(RecurrencesService).makeDrafts(id)).toEqual([]);
  });

  it('that fails does not keep another from its draft', async () => {
    const broken = await recur(WEEKLY);
    const whole = await recur(WEEKLY);
    await app.database.run(`update recurrences set rule = '{"kind":"before-event"}' where id = $1`, [broken.id]);
    await ring();
    expect(await daysOf(whole.id)).toHaveLength(2);
    expect(app.logged.filter((line) => line.includes('could not make its drafts'))).toHaveLength(1);
  });
});

describe('a recurrence', () => {
  beforeAll(open);
  afterAll(() => app.stop());
  beforeEach(async () => {
    await app.moveTo(MONDAY);
    staff = await app.signInAs(owner);
  });

  it('is listed with its next days and what became of its drafts, for everybody', async () => {
    const { id } = await recur({ ...WEEKLY, lastDay: '2026-12-01' });
    await ring();
    for (const role of ['admin', 'approver', 'auditor'] as const) {
      const { body } = await (await app.signIn(role)).get('/api/v1/recurrences').expect(200);
      expect(body).toMatchObject({
        next: null,
        items: [
          {
            ...{ id, campaignId: source, campaignName: 'Nhắc ngày bầu cử', ...WEEKLY, lastDay: '2026-12-01' },
            ...{ ownerPerson: owner.id, createdBy: `user:${owner.id}`, endedAt: null, newerVersionId: null },
            upcoming: ['2026-11-23', '2026-11-30'],
            drafts: [
              { day: '2026-11-30', state: 'draft', campaignId: expect.any(Number) },
              { day: '2026-11-23', state: 'draft' },
            ],
          },
        ],
      });
    }
  });

  it('is made and ended by staff, each on record', async () => {
    const { id } = await recur(WEEKLY);
    for (const role of ['admin', 'approver', 'auditor'] as const) {
      const agent = await app.signIn(role);
      await agent.post(`/api/v1/campaigns/${source}/recurrences`).send(WEEKLY).expect(403);
      await agent.post(`/api/v1/recurrences/${id}/end`).expect(403);
    }
    await staff.post(`/api/v1/recurrences/${id}/end`).expect(200);
    const auditor = await app.signIn('auditor');
    const { body } = await auditor.get(`/api/v1/audit?subject=recurrence:${id}`).expect(200);
    expect(body.items.map(({ act, actor }: { act: string; actor: string }) => [act, actor])).toEqual([
      ['recurrence.end', `user:${owner.id}`],
      ['recurrence.create', `user:${owner.id}`],
    ]);
  });

  it('of a campaign that does not exist, or of a correction, is refused', async () => {
    const unknown = await staff.post('/api/v1/campaigns/999/recurrences').send(WEEKLY);
    expect([unknown.status, unknown.body.code]).toEqual([404, 'campaign.not-found']);
    const correction = await newCampaign('correction');
    const refused = await staff.post(`/api/v1/campaigns/${correction}/recurrences`).send(WEEKLY);
    expect([refused.status, refused.body.code]).toEqual([409, 'recurrence.only-notices']);
    const missing = await staff.post('/api/v1/recurrences/999/end');
    expect([missing.status, missing.body.code]).toEqual([404, 'recurrence.not-found']);
  });

  const event = (changes: object) => ({
    rule: { kind: 'before-event', day: '2026-12-10', daysBefore: [1], ...changes },
  });
  it.each([
    ['whose last day is before its first', { lastDay: '2026-10-31' }, 'lastDay', 'recurrence.last-before-first'],
    ['of an event that is over', event({ day: '2026-11-20' }), 'rule', 'recurrence.no-occurrence'],
    ['that falls on none of its days', { lastDay: '2026-11-22' }, 'rule', 'recurrence.no-occurrence'],
    ['of a kind nobody knows', { rule: { kind: 'yearly' } }, 'rule.kind', 'field.not-allowed'],
    ['without a kind', { rule: {} }, 'rule.kind', 'field.missing'],
    ['that is no rule', { rule: 'weekly' }, 'rule', 'field.not-an-object'],
    ['on an eighth day of the week', { rule: { kind: 'weekly', weekday: 8 } }, 'rule.weekday', 'field.too-large'],
    ['on day 0 of the month', { rule: { kind: 'monthly', day: 0 } }, 'rule.day', 'field.too-small'],
    ['with a field of another kind', { rule: { kind: 'weekly', weekday: 1, day: 3 } }, 'rule.day', 'field.unknown'],
    ['before a day that does not exist', event({ day: '2026-02-30' }), 'rule.day', 'field.not-a-day'],
    ['on no day before the event', event({ daysBefore: [] }), 'rule.daysBefore', 'field.too-few'],
    ['twice on a day', event({ daysBefore: [1, 1] }), 'rule.daysBefore', 'field.repeated'],
    ['after the event', event({ daysBefore: [-1] }), 'rule.daysBefore', 'field.too-small'],
    ['at a time that does not exist', { startTime: '24:00' }, 'startTime', 'field.wrong-form'],
    ['drafted on the day itself', { leadDays: 0 }, 'leadDays', 'field.too-small'],
  ])('%s is refused', async (_name, changes, field, code) => {
    const { status, body } = await staff
      .post(`/api/v1/campaigns/${source}/recurrences`)
      .send({ ...WEEKLY, ...changes });
    const [named] = body.errors ?? [body];
    expect([status, named.field, named.code]).toEqual([422, field, code]);
  });
});
