import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import { AT_ANY_HOUR, officialDocument, submitTried, tryOnStaff } from './harness/campaigns';
import { FakeGateway } from './harness/fake-gateway';
import { importFile } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';

const REFUSED = '+84987654321';
const UNKNOWN = '+84387654321';
const REACHED = ['+84912345678', '+84939111222'];
const OFFICE_FILE = [
  'STT;Họ và tên;Số điện thoại;Xã/phường',
  '1;Nguyễn Thị Ngọc Phượng;0912345678;Vĩnh Thạnh Trung',
  '2;Lê Bé;0987 654 321;Ba Chúc',
  '3;Trần Văn Hòa;+84 38 765 4321;Ba Chúc',
  '4;;0939111222;Núi Tô',
].join('\r\n');

describe('campaigns that follow another one', () => {
  let app: TestApp;
  let gateway: FakeGateway;
  let staff: TestAgent;
  let approver: TestAgent;
  let listId: number;
  let originId: number;
  const versions = new Map<string, number>();

  /** To people, tests on staff left out. */
  const textedIn = async (id: number): Promise<string[]> => {
    const batch = await app.database.row<{ id: number }>('select batch_id as id from campaigns where id = $1', [id]);
    const texts = gateway.taken.filter(({ reference }) => reference.batchId === batch!.id);
    return texts.map(({ phone }) => phone).sort();
  };

  async function sent(id: number, contentHash: string): Promise<void> {
    await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);
    for (let i = 0; i < 150; i += 1) {
      const { body } = await staff.get(`/api/v1/campaigns/${id}`).expect(200);
      if (body.state === 'completed') return;
      await sleep(100);
    }
    throw new Error('the campaign did not complete');
  }

  /** From a fresh draft on: its own document, its own test send, its own approval. */
  async function carriedOut({ id, revision }: { id: number; revision: number }): Promise<void> {
    const early = await staff.post(`/api/v1/campaigns/${id}/submit`);
    expect([409, 422]).toContain(early.status);
    const changes = { revision, documentId: await officialDocument(staff), overrides: AT_ANY_HOUR };
    await staff.patch(`/api/v1/campaigns/${id}`).send(changes).expect(200);
    await tryOnStaff(staff, id);
    const { body } = await staff.post(`/api/v1/campaigns/${id}/submit`).expect(200);
    await sent(id, body.contentHash);
  }

  beforeAll(async () => {
    gateway = new FakeGateway();
    app = await startTestApp({ gateway, bells: true });
    const admin = await app.signIn('admin');
    [staff, approver] = [await app.signIn('staff'), await app.signIn('approver')];
    const list = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012' };
    listId = (await admin.post('/api/v1/lists').send(list).expect(201)).body.id;
    await importFile(admin, listId, OFFICE_FILE);
    const { body } = await staff.get('/api/v1/templates').expect(200);
    for (const { code, id } of body) versions.set(code, id);
    gateway.answer = ({ phone, reference }) => {
      if (phone === REFUSED) return { kind: 'rejected', code: 'unknown-subscriber' };
      if (phone === UNKNOWN) return { kind: 'unknown', code: 'timeout' };
      return { kind: 'accepted', gatewayMessageId: `fake-${reference.batchId}-${reference.seq}` };
    };
    const origin = await submitTried(staff, {
      name: 'Nhắc đeo khẩu trang',
      templateVersionId: versions.get('covid-19-face-masks'),
      listIds: [listId],
      sender: 'STP ANGIANG',
      accented: true,
      startsAt: '2021-05-20T08:00',
    });
    originId = origin.id;
    await sent(origin.id, origin.contentHash);
    expect(await textedIn(originId)).toEqual([...REACHED, UNKNOWN, REFUSED].sort());
    gateway.answer = ({ reference }) => ({
      kind: 'accepted',
      gatewayMessageId: `fake-${reference.batchId}-${reference.seq}`,
    });
  }, 60_000);
  afterAll(() => app.stop());

  it('a correction reaches exactly those whom the campaign reached or may have reached, and nobody else', async () => {
    const body = { templateVersionId: versions.get('covid-19-false-news') };
    const draft = await staff.post(`/api/v1/campaigns/${originId}/correction`).send(body).expect(201);
    await carriedOut(draft.body);
    expect(await textedIn(draft.body.id)).toEqual([...REACHED, UNKNOWN].sort());
  });

  it('a resend reaches those whose text was refused for good, and nobody of whom that is not sure', async () => {
    const draft = await staff.post(`/api/v1/campaigns/${originId}/resend-failed`).send({}).expect(201);
    await carriedOut(draft.body);
    expect(await textedIn(draft.body.id)).toEqual([REFUSED]);
    const none = await staff.post(`/api/v1/campaigns/${draft.body.id}/resend-failed`).send({}).expect(409);
    expect(none.body.code).toBe('campaign.nothing-failed');
  });

  it('their audience is that of the campaign they follow: nobody edits it', async () => {
    const body = { templateVersionId: versions.get('covid-19-false-news') };
    const draft = await staff.post(`/api/v1/campaigns/${originId}/correction`).send(body).expect(201);
    const { id, revision } = draft.body;
    const edit = await staff
      .patch(`/api/v1/campaigns/${id}`)
      .send({ revision, listIds: [listId] })
      .expect(422);
    expect(edit.body.code).toBe('campaign.audience-is-linked');
  });

  it('a clone goes to the lists again', async () => {
    const { body } = await staff.post(`/api/v1/campaigns/${originId}/clone`).send({}).expect(201);
    await carriedOut(body);
    expect(await textedIn(body.id)).toEqual([...REACHED, UNKNOWN, REFUSED].sort());
  });
});
