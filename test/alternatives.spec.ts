import type { Route } from '../src/campaigns/plan';
import { RecurrencesService } from '../src/campaigns/schedule/recurrences.service';
import { FakeGateway } from './harness/fake-gateway';
import { AT_ANY_HOUR, tryOnStaff } from './harness/campaigns';
import {
  admin,
  app,
  approve,
  approver,
  documentId,
  draft,
  launchedWith,
  listA,
  openOffice,
  path,
  refusal,
  staff,
  submit,
  tried,
  until,
  versionOf,
} from './harness/rules-office';

/** Takes shorter texts and shorter names than the first gateway. */
class Narrow extends FakeGateway {
  override readonly name: string = 'narrow';
  override readonly capabilities = {
    ...new FakeGateway().capabilities,
    limits: {
      ...new FakeGateway().capabilities.limits,
      maxSegments: 1,
      senderId: { maxLength: 6, specialCharacters: ' ' },
    },
  };
}

/** Takes what the first one takes. */
class Equal extends FakeGateway {
  override readonly name: string = 'equal';
}

const EQUAL: Route = { gateway: 'equal', sender: 'STP AG' };
const NARROW: Route = { gateway: 'narrow', sender: 'STP AG' };

beforeAll(() => openOffice(new Narrow(), new Equal()));
afterAll(() => app.stop());

const routesOf = async (batchOf: number) =>
  app.database.row(
    `select alternative_gateways as gateways, alternative_senders as senders
     from batches b join campaigns c on c.batch_id = b.id where c.id = $1`,
    [batchOf],
  );

describe('other gateways of a campaign', () => {
  it('are none unless somebody names them', async () => {
    const { id } = await submit(await tried());
    expect((await staff.get(path(id))).body.alternatives).toEqual([]);
    expect(await routesOf(id)).toEqual({ gateways: [], senders: [] });
  });

  it('are seen by the approver in their order, and stand with what delivery sends', async () => {
    const unaccented = { accented: false, alternatives: [NARROW, EQUAL] };
    const submission = await submit(await tried(unaccented));
    const { body } = await approver.get(path(submission.id)).expect(200);
    expect(body.alternatives).toEqual([NARROW, EQUAL]);
    expect(await routesOf(submission.id)).toEqual({ gateways: ['narrow', 'equal'], senders: ['STP AG', 'STP AG'] });
    await approve(submission);
  });

  it('are bound by the approval: whoever changes them needs another one', async () => {
    const first = await submit(await tried({ alternatives: [EQUAL] }));
    await app.database.run(
      `update campaigns set alternatives = '[{"gateway": "equal", "sender": "KHAC"}]' where id = $1`,
      [first.id],
    );
    const { body } = await approver
      .post(path(first.id, '/approve'))
      .send({ contentHash: first.contentHash })
      .expect(409);
    expect(body.code).toBe('campaign.content-differs');
    // The proper way: an edit, which makes it a draft again. Its text was tried already.
    const changed = await staff.patch(path(first.id)).send({ revision: first.revision, alternatives: [] }).expect(200);
    expect(changed.body).toMatchObject({ state: 'draft', alternatives: [] });
    expect((await submit(first.id)).contentHash).not.toBe(first.contentHash);
  });

  it('are gateways of this installation, each named once', async () => {
    const { id } = await draft({ alternatives: [EQUAL] });
    const twice = 'campaign.gateway-twice';
    for (const [changes, code, field] of [
      [{ alternatives: [{ ...EQUAL, gateway: 'viettel' }] }, 'campaign.unknown-gateway', 'alternatives[0].gateway'],
      [{ alternatives: [EQUAL, { ...EQUAL, gateway: 'fake' }] }, twice, 'alternatives[1].gateway'],
      [{ alternatives: [EQUAL, { ...EQUAL, sender: 'KHAC' }] }, twice, 'alternatives[1].gateway'],
      [{ gateway: 'equal' }, twice, 'alternatives[0].gateway'],
      [{ alternatives: [{ gateway: 'equal' }] }, 'request.invalid', 'alternatives[0].sender'],
      [{ alternatives: [{ gateway: 'equal', sender: '123' }] }, 'request.invalid', 'alternatives[0].sender'],
      [{ alternatives: 'equal' }, 'request.invalid', 'alternatives'],
      [{ alternatives: [[]] }, 'request.invalid', 'alternatives'],
    ] as const) {
      const { status, body } = await staff.patch(path(id)).send({ revision: 1, ...changes });
      expect([changes, status, body.code, body.field]).toEqual([changes, 422, code, field]);
    }
  });

  it('must take the sender ID they get, which the preview says before the submission does', async () => {
    const id = await tried({ accented: false, alternatives: [EQUAL, { gateway: 'narrow', sender: 'STP ANGIANG' }] });
    const { body } = await staff.get(path(id, '/preview')).expect(200);
    expect(body.unmet).toEqual([
      expect.objectContaining({ code: 'campaign.sender-refused', field: 'alternatives[1].sender' }),
    ]);
    expect(await refusal(id)).toEqual({ code: 'campaign.sender-refused', status: 422 });
  });

  it('must take the texts: one that is too long for any of them is refused, by name', async () => {
    const id = await tried({ alternatives: [EQUAL] });
    await staff
      .patch(path(id))
      .send({ revision: 1, alternatives: [EQUAL, NARROW] })
      .expect(200);
    expect((await staff.post(path(id, '/test-sends')).send({})).status).toBe(422);
    const { body: preview } = await staff.get(path(id, '/preview')).expect(200);
    const NAMED = expect.stringContaining('narrow');
    expect(preview.troubles).toEqual([
      expect.objectContaining({ code: 'campaign.too-many-segments', message: { vi: NAMED, en: NAMED } }),
    ]);
    const { body } = await staff.post(path(id, '/submit')).expect(422);
    expect([body.code, body.errors[0].code]).toEqual(['campaign.values-missing', 'campaign.too-many-segments']);
    const { revision } = (await staff.get(path(id))).body;
    await staff
      .patch(path(id))
      .send({ revision, alternatives: [EQUAL] })
      .expect(200);
    await submit(id);
  });

  it('cost what the dearest of them costs; the cost is not known while one has no price', async () => {
    const price = (name: string, vndPerSegment: number | null) =>
      admin.put(`/api/v1/gateways/${name}/terms`).send({ vndPerSegment, segmentsPerSecond: null }).expect(200);
    await price('fake', 350);
    const unpriced = await submit(await tried({ alternatives: [EQUAL] }));
    expect(unpriced.costVnd).toBeNull();
    await price('equal', 900);
    const id = await tried({ alternatives: [EQUAL] });
    const { body } = await staff.get(path(id, '/preview')).expect(200);
    expect(body.modes.accented.costVnd).toBe(body.modes.accented.segments * 900);
    const { costVnd, figures } = await submit(id);
    expect(costVnd).toBe(figures.segments! * 900);
    expect((await submit(await tried())).costVnd).toBe(figures.segments! * 350);
  });

  it('go along into copies, corrections and what recurs', async () => {
    const id = await launchedWith({
      alternatives: [EQUAL],
      startsAt: '2026-11-23T08:00',
      schedule: { misfire: 'send-late' },
    });
    await until(id, 'completed');
    const { body: clone } = await staff.post(path(id, '/clone')).send({}).expect(201);
    expect(clone.alternatives).toEqual([EQUAL]);
    const templateVersionId = await versionOf('covid-19-face-masks');
    const { body: correction } = await staff.post(path(id, '/correction')).send({ templateVersionId }).expect(201);
    expect(correction.alternatives).toEqual([EQUAL]);
    const rule = { rule: { kind: 'weekly', weekday: 3 }, startTime: '08:00', leadDays: 7, firstDay: '2026-11-23' };
    const { body: recurrence } = await staff.post(path(id, '/recurrences')).send(rule).expect(201);
    const [drafted] = await app.app.get(RecurrencesService).makeDrafts(recurrence.id);
    expect((await staff.get(path(drafted!)).expect(200)).body.alternatives).toEqual([EQUAL]);
  });

  it('also of a resend', async () => {
    const { body } = await staff
      .post('/api/v1/campaigns')
      .send({
        ...{ name: 'Gửi lại', templateVersionId: await versionOf('covid-19-face-masks'), listIds: [listA] },
        ...{ sender: 'STP ANGIANG', accented: true, startsAt: '2026-11-23T08:00', documentId, overrides: AT_ANY_HOUR },
        ...{ alternatives: [EQUAL], schedule: { misfire: 'send-late' } },
      })
      .expect(201);
    await tryOnStaff(staff, body.id);
    await approve(await submit(body.id));
    await until(body.id, 'completed');
    await app.database.run(
      `update counters set failed = accepted, accepted = 0 where batch_id = (select batch_id from campaigns where id = $1)`,
      [body.id],
    );
    const resend = await staff.post(path(body.id, '/resend-failed')).send({}).expect(201);
    expect(resend.body.alternatives).toEqual([EQUAL]);
  });
});
