import {
  app,
  approve,
  approver,
  auditor,
  documentId,
  gateway,
  launchedWith,
  listA,
  listB,
  masks,
  openOffice,
  path,
  refusal,
  signIn,
  staff,
  submit,
  type Submitted,
  tried,
  until,
} from './harness/rules-office';
import { AT_ANY_HOUR, tryOnStaff } from './harness/campaigns';
import { FakeGateway } from './harness/fake-gateway';

/** What an approval binds, and what may follow a campaign. */
beforeAll(openOffice);
afterAll(() => app.stop());

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
    await signIn();

    const { contentHash } = waiting;
    const refused = await approver.post(path(waiting.id, '/approve')).send({ contentHash }).expect(422);
    expect(refused.body.code).toBe('campaign.template-expired');
    expect(await refusal(paused.id, '/resume')).toEqual({ code: 'campaign.template-expired', status: 422 });
    await approve(anyway);
    await until(anyway.id, 'completed');
  });
});
