import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import { AT_ANY_HOUR, officialDocument, tryOnStaff } from './harness/campaigns';
import { FakeGateway } from './harness/fake-gateway';
import { importFile } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';

let app: TestApp;
let gateway: FakeGateway;
let admin: TestAgent;
let staff: TestAgent;
let approver: TestAgent;
let auditor: TestAgent;
let listId: number;
let documentId: number;

const OFFICE_FILE = [
  'STT;Họ và tên;Số điện thoại;Xã/phường',
  '1;Nguyễn Thị Ngọc Phượng;0912345678;Vĩnh Thạnh Trung',
  '2;Lê Bé;0987 654 321;Ba Chúc',
  '3;Trần Văn Hòa;+84 38 765 4321;Ba Chúc',
  '4;;0939111222;Núi Tô',
].join('\r\n');

beforeAll(async () => {
  gateway = new FakeGateway();
  app = await startTestApp({ gateway, bells: true });
  [admin, staff, approver, auditor] = (await Promise.all(
    (['admin', 'staff', 'approver', 'auditor'] as const).map((role) => app.signIn(role)),
  )) as [TestAgent, TestAgent, TestAgent, TestAgent];
  const list = await admin
    .post('/api/v1/lists')
    .send({ name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012' });
  listId = list.body.id;
  await importFile(admin, listId, OFFICE_FILE);
  documentId = await officialDocument(staff);
});
afterAll(() => app.stop());

async function versionOf(code: string): Promise<number> {
  const { body } = await staff.get('/api/v1/templates');
  return body.find((version: { code: string }) => version.code === code).id;
}

async function draft(code: string, changes: Record<string, unknown> = {}): Promise<{ id: number; revision: number }> {
  const { body } = await staff
    .post('/api/v1/campaigns')
    .send({
      name: `Chiến dịch ${code}`,
      templateVersionId: await versionOf(code),
      listIds: [listId],
      sender: 'STP ANGIANG',
      accented: true,
      startsAt: '2021-05-20T08:00',
      overrides: AT_ANY_HOUR,
      documentId,
      ...changes,
    })
    .expect(201);
  return body;
}

async function submitted(code: string, changes: Record<string, unknown> = {}) {
  const { id } = await draft(code, changes);
  await tryOnStaff(staff, id);
  const { body } = await staff.post(`/api/v1/campaigns/${id}/submit`).expect(200);
  return body as { id: number; contentHash: string; revision: number; figures: Record<string, number> };
}

async function completed(id: number): Promise<Record<string, number>> {
  for (let i = 0; i < 100; i += 1) {
    const { body } = await auditor.get(`/api/v1/campaigns/${id}`);
    if (body.state === 'completed') return body.figures;
    await sleep(100);
  }
  throw new Error('the campaign did not complete');
}

describe('a campaign', () => {
  it('goes from draft over another person’s approval to every recipient, and the figures add up', async () => {
    const { id, contentHash, figures } = await submitted('covid-19-face-masks');
    const before = gateway.taken.length;
    expect(figures).toMatchObject({ messages: 4, queued: 4, segments: 12 });
    await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);
    expect(await completed(id)).toMatchObject({ messages: 4, accepted: 4, queued: 0, sending: 0 });
    const texts = gateway.taken.slice(before);
    expect(texts.map(({ phone }) => phone).sort()).toEqual([
      '+84387654321',
      '+84912345678',
      '+84939111222',
      '+84987654321',
    ]);
    expect(texts[0]).toMatchObject({ sender: 'STP ANGIANG', text: expect.stringContaining('Không đeo khẩu trang') });
  });

  it('without accents is plain ASCII and shorter', async () => {
    const { figures } = await submitted('covid-19-face-masks', { accented: false });
    expect(figures.segments).toBe(4);
  });

  it('reaches only the areas that were chosen', async () => {
    const { body: areas } = await staff.get('/api/v1/areas');
    const areaId = areas.find(({ name }: { name: string }) => name === 'Xã Ba Chúc').id;
    const { figures } = await submitted('covid-19-face-masks', { areaIds: [areaId] });
    expect(figures.messages).toBe(2);
  });

  it('leaves out who opted out before submission, and does not text who opts out after approval', async () => {
    await staff
      .post('/api/v1/opt-outs')
      .send({ phone: '0939.111.222', source: 'phone-call', reason: 'Gọi điện đề nghị' })
      .expect(201);
    const early = await submitted('covid-19-face-masks');
    expect(early.figures.messages).toBe(3);
    const startsAt = new Date(Date.now() + 2_500).toISOString();
    const { id, contentHash } = await submitted('covid-19-face-masks', { startsAt });
    await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);
    await staff
      .post('/api/v1/opt-outs')
      .send({ phone: '84987654321', source: 'letter', reason: 'Đơn đề nghị' })
      .expect(201);
    expect(await completed(id)).toMatchObject({ messages: 3, accepted: 2, suppressed: 1 });
    await app.database.run('delete from suppressions');
  });

  it('cannot be approved by its author, nor by anyone who saw something else', async () => {
    const { id, contentHash } = await submitted('covid-19-face-masks');
    await staff.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(403);
    const wrong = await approver
      .post(`/api/v1/campaigns/${id}/approve`)
      .send({ contentHash: 'f'.repeat(64) })
      .expect(409);
    expect(wrong.body).toMatchObject({ code: 'campaign.content-differs', field: 'contentHash' });
    const { id: person } = (await app.database.row<{ id: number }>(
      `select editor_persons[1] as id from campaigns where id = $1`,
      [id],
    ))!;
    await app.database.run(`update users set role = 'approver' where id = $1`, [person]);
    const own = await staff.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(403);
    expect(own.body.code).toBe('campaign.author-cannot-approve');
    await app.database.run(`update users set role = 'staff' where id = $1`, [person]);
  });

  it('cannot be approved by whoever edited it, although somebody else wrote and submitted it', async () => {
    const { id, revision } = await draft('covid-19-face-masks');
    const editor = await app.createUser('staff');
    const editing = await app.signInAs(editor);
    await editing.patch(`/api/v1/campaigns/${id}`).send({ revision, name: 'Lời của tôi' }).expect(200);
    await tryOnStaff(staff, id);
    const { body } = await staff.post(`/api/v1/campaigns/${id}/submit`).expect(200);
    await app.database.run(`update users set role = 'approver' where id = $1`, [editor.id]);
    const approval = { contentHash: body.contentHash };
    const own = await editing.post(`/api/v1/campaigns/${id}/approve`).send(approval).expect(403);
    expect(own.body.code).toBe('campaign.author-cannot-approve');
    await approver.post(`/api/v1/campaigns/${id}/approve`).send(approval).expect(200);
  });

  it('loses its approval and its rendered texts when it is edited', async () => {
    const startsAt = '2035-01-01T08:00';
    const { id, contentHash } = await submitted('covid-19-face-masks', { startsAt });
    const approved = await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);
    expect(approved.body.state).toBe('scheduled');
    expect(approved.body.startsAt).toBe('2035-01-01T08:00:00+07:00');
    const { body } = await staff
      .patch(`/api/v1/campaigns/${id}`)
      .send({ revision: approved.body.revision, sender: 'STPAG' })
      .expect(200);
    expect(body).toMatchObject({ state: 'draft', contentHash: null, approvedBy: null, figures: null, sender: 'STPAG' });
    const left = await app.database.row(
      'select count(*) as n from messages m join batches b on b.id = m.batch_id where b.sender = $1',
      ['STPAG'],
    );
    expect(left).toEqual({ n: 0 });
  });

  it('is not overwritten by somebody who saw an older revision', async () => {
    const { id, revision } = await draft('covid-19-face-masks');
    await staff.patch(`/api/v1/campaigns/${id}`).send({ revision, name: 'Bản của tôi' }).expect(200);
    const late = await staff.patch(`/api/v1/campaigns/${id}`).send({ revision, name: 'Bản cũ' }).expect(409);
    expect(late.body.code).toBe('campaign.changed-meanwhile');
  });

  it('can be edited while many others are: nobody waits for a connection that another one holds', async () => {
    const drafts = await Promise.all(Array.from({ length: 25 }, () => draft('covid-19-face-masks')));
    const edits = drafts.map(({ id, revision }) =>
      staff.patch(`/api/v1/campaigns/${id}`).send({ revision, listIds: [listId], name: 'Cùng lúc' }),
    );
    const answers = await Promise.all(edits);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('goes back to its author with the reason of a rejection', async () => {
    const { id } = await submitted('covid-19-face-masks');
    const { body } = await approver.post(`/api/v1/campaigns/${id}/reject`).send({ reason: 'Sai ngày' }).expect(200);
    expect(body).toMatchObject({ state: 'draft', rejectedReason: 'Sai ngày', figures: null });
  });

  it('is refused at submission when recipients lack a value, naming how many and which; nothing is written', async () => {
    const values = {
      ngay_bau_cu: '23/5/2021',
      khoa_qh: 'XV',
      gio_mo: '7 giờ',
      gio_dong: '19 giờ',
      diem_bau_cu: 'Trụ sở ấp 3',
    };
    const { id } = await draft('election-day-reminder', { values });
    await tryOnStaff(staff, id);
    const { body } = await staff.post(`/api/v1/campaigns/${id}/submit`).set('Accept-Language', 'vi').expect(422);
    expect(body.code).toBe('campaign.values-missing');
    expect(body.errors).toEqual([
      expect.objectContaining({
        field: 'ho_ten',
        code: 'campaign.recipients-lack-value',
        detail: expect.stringMatching(/^1 thuê bao/),
      }),
    ]);
    expect(await app.database.row(`select state, batch_id from campaigns where id = $1`, [id])).toEqual({
      state: 'draft',
      batch_id: null,
    });
  });

  it('cannot even be tried on staff while a value of its own is missing; its preview says how many lack it', async () => {
    const { id } = await draft('voting-elsewhere');
    const { body } = await staff.post(`/api/v1/campaigns/${id}/test-sends`).send({}).expect(422);
    expect(body).toMatchObject({ code: 'test-send.not-sendable', field: 'values.ngay_bau_cu' });
    const preview = await staff.get(`/api/v1/campaigns/${id}/preview`).expect(200);
    expect(preview.body.troubles).toEqual([
      expect.objectContaining({ field: 'values.ngay_bau_cu', code: 'campaign.value-missing' }),
    ]);
    const { body: refused } = await staff.post(`/api/v1/campaigns/${id}/submit`).expect(409);
    expect(refused.code).toBe('campaign.test-send-missing');
  });

  it('can be paused and resumed before it starts, and cancelled without a text', async () => {
    const { id, contentHash } = await submitted('covid-19-face-masks', { startsAt: '2035-01-01T08:00' });
    await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);
    expect((await staff.post(`/api/v1/campaigns/${id}/pause`).expect(200)).body.state).toBe('paused');
    expect((await staff.post(`/api/v1/campaigns/${id}/resume`).expect(200)).body.state).toBe('scheduled');
    expect((await staff.post(`/api/v1/campaigns/${id}/cancel`).expect(200)).body).toMatchObject({
      state: 'cancelled',
      figures: null,
    });
    const again = await staff.post(`/api/v1/campaigns/${id}/resume`).expect(409);
    expect(again.body.code).toBe('campaign.act-not-allowed');
  });

  it('is paused instead of sent when its rows are not what was approved', async () => {
    const startsAt = new Date(Date.now() + 2_000).toISOString();
    const { id, contentHash } = await submitted('covid-19-face-masks', { startsAt });
    await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);
    await app.database.run(
      `update messages set text = 'Đã bị sửa' where seq = 1 and batch_id = (select batch_id from campaigns where id = $1)`,
      [id],
    );
    await sleep(4_000);
    expect((await staff.get(`/api/v1/campaigns/${id}`)).body.state).toBe('paused');
    expect(gateway.taken.map(({ text }) => text)).not.toContain('Đã bị sửa');
    expect(app.logged.join('')).toContain('differs from what was approved');
  });

  it.each([
    ['a sender of digits alone', { sender: '19001234' }, 'sender'],
    ['a sender of twelve characters', { sender: 'SO TU PHAP AG' }, 'sender'],
    ['a day that does not exist', { startsAt: '2021-02-30T08:00' }, 'startsAt'],
    ['a list that does not exist', { listIds: [999] }, 'listIds'],
    ['an area that does not exist', { areaIds: [999] }, 'areaIds'],
    ['a gateway that is not configured', { gateway: 'smpp' }, 'gateway'],
    ['a value that the template has no use for', { values: { ngay: '1/1' } }, 'values.ngay'],
    ['an unknown field', { sendNow: true }, 'sendNow'],
  ])('is refused with %s, naming the field', async (_, changes, field) => {
    const templateVersionId = await versionOf('covid-19-face-masks');
    const base = {
      name: 'x',
      templateVersionId,
      listIds: [listId],
      sender: 'STP',
      accented: true,
      startsAt: '2021-05-20T08:00',
    };
    const { body } = await staff
      .post('/api/v1/campaigns')
      .send({ ...base, ...changes })
      .expect(422);
    expect(body.field).toBe(field);
    expect(body.detail).toBeTruthy();
  });
});

describe('what an auditor sees of a campaign', () => {
  it('is every message with its outcome, without numbers and texts', async () => {
    const { id, contentHash } = await submitted('covid-19-face-masks');
    await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);
    await completed(id);
    const { body } = await auditor.get(`/api/v1/campaigns/${id}/messages?limit=3`).expect(200);
    expect(body.items).toHaveLength(3);
    expect(body.next).toBe(3);
    for (const item of body.items)
      expect(item).toMatchObject({ state: 'accepted', text: null, phone: expect.stringMatching(/^0\d\d\*\*\*\d{3}$/) });
    const failed = await auditor.get(`/api/v1/campaigns/${id}/messages?state=failed`).expect(200);
    expect(failed.body.items).toEqual([]);
  });

  it('and whoever sees numbers is on record', async () => {
    const { id } = await submitted('covid-19-face-masks');
    const { body } = await staff.get(`/api/v1/campaigns/${id}/messages`).expect(200);
    expect(body.items[0].phone).toMatch(/^\+84\d{9}$/);
    const trail = await admin.get(`/api/v1/audit?subject=campaign:${id}`).expect(200);
    const acts = new Set(trail.body.items.map(({ act }: { act: string }) => act));
    expect([...acts]).toEqual(['campaign.view-phones', 'campaign.submit', 'campaign.test-send', 'campaign.create']);
  });
});

describe('delivery receipts over HTTP', () => {
  it('move a campaign’s figures to delivered', async () => {
    const { id, contentHash } = await submitted('covid-19-face-masks');
    await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);
    await completed(id);
    const { batch } = (await app.database.row<{ batch: number }>(
      'select batch_id as batch from campaigns where id = $1',
      [id],
    ))!;
    const receipts = [1, 2].map((seq) => ({ reference: `${batch}.${seq}.1`, status: 'delivered' }));
    await app.request().post('/gateways/fake/receipts').send(receipts).expect(204);
    await sleep(2_500);
    expect((await auditor.get(`/api/v1/campaigns/${id}`)).body.figures).toMatchObject({ accepted: 4, delivered: 2 });
  });

  it('for a gateway that is not configured are refused', async () => {
    const { body } = await app.request().post('/gateways/nobody/receipts').send([]).expect(404);
    expect(body.code).toBe('delivery.no-such-gateway');
  });
});

describe('the log of all this', () => {
  it('holds no phone number and no text', () => {
    const log = app.logged.join('');
    expect(log).toContain('answered');
    expect(log).not.toMatch(/912345678|987654321|Không đeo khẩu trang|Phượng/);
  });
});
