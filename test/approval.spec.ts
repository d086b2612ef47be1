import { createHash } from 'node:crypto';
import type TestAgent from 'supertest/lib/agent';
import { submitTried } from './harness/campaigns';
import { importFile } from './harness/imports';
import type { Person } from './harness/people';
import { startTestApp, type TestApp } from './harness/test-app';

const DOCUMENTS = '/api/v1/official-documents';
const CAMPAIGNS = '/api/v1/campaigns';
const HAND_OVER = '/api/v1/campaigns/hand-over';

let app: TestApp;
let admin: TestAgent;
let staff: TestAgent;
let auditor: TestAgent;
let author: Person;
let listId: number;

interface Signed extends Person {
  readonly agent: TestAgent;
}

beforeAll(async () => {
  app = await startTestApp({ bells: true });
  admin = await app.signIn('admin');
  auditor = await app.signIn('auditor');
  author = await app.createUser('staff');
  staff = await app.signInAs(author);
  const list = await admin
    .post('/api/v1/lists')
    .send({ name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 85/2015/QH13' });
  listId = list.body.id;
  await importFile(admin, listId, 'Họ và tên;Số điện thoại\r\nLê Bé;0987654321');
});
afterAll(() => app.stop());

async function person(role: 'admin' | 'staff' | 'approver' | 'auditor'): Promise<Signed> {
  const made = await app.createUser(role);
  return { ...made, agent: await app.signInAs(made) };
}

function auditOf(subject: string): Promise<{ act: string; actor: string; details: Record<string, unknown> }[]> {
  return app.database.rows('select act, actor, details from audit_entries where subject = $1 order by id', [subject]);
}

async function wording(): Promise<Record<string, unknown>> {
  const { body: templates } = await staff.get('/api/v1/templates');
  const { id } = templates.find(({ code }: { code: string }) => code === 'covid-19-face-masks');
  const campaign = { name: 'Đeo khẩu trang', templateVersionId: id, listIds: [listId], sender: 'STP ANGIANG' };
  return { ...campaign, accented: true, startsAt: '2030-05-20T08:00' };
}

async function draft(agent = staff): Promise<{ id: number; revision: number }> {
  return (
    await agent
      .post(CAMPAIGNS)
      .send(await wording())
      .expect(201)
  ).body;
}

describe('an official document', () => {
  const SCAN = Buffer.from('%PDF-1.7\nbản chụp công văn\n%%EOF');
  const facts = { number: '12/STP-PBGDPL', issuedOn: '2021-05-04', signer: 'Giám đốc Nguyễn Văn An' };

  function upload(agent: TestAgent, content: Buffer, name: string, changes: object = {}) {
    let form = agent.post(DOCUMENTS).attach('file', content, name);
    for (const [field, value] of Object.entries({ ...facts, ...changes })) form = form.field(field, value as string);
    return form;
  }

  it('is kept with its number, day, signer and scan, and comes back byte by byte under its own name', async () => {
    const { body } = await upload(staff, SCAN, 'Công văn số 12.pdf').expect(201);
    const sha256 = createHash('sha256').update(SCAN).digest('hex');
    expect(body).toMatchObject({ ...facts, sha256, fileName: 'Công văn số 12.pdf', size: SCAN.length });
    expect((await auditor.get(`${DOCUMENTS}/${body.id}`).expect(200)).body).toEqual(body);
    expect((await auditor.get(`${DOCUMENTS}?limit=1`).expect(200)).body.items).toEqual([body]);
    const file = await auditor.get(`${DOCUMENTS}/${body.id}/file`).buffer(true).expect(200);
    expect(Buffer.from(file.body)).toEqual(SCAN);
    expect(file.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(SCAN.length),
      'x-content-type-options': 'nosniff',
      'content-disposition': `attachment; filename="C?ng v?n s? 12.pdf"; filename*=UTF-8''C%C3%B4ng%20v%C4%83n%20s%E1%BB%91%2012.pdf`,
    });
    expect(await auditOf(`document:${body.id}`)).toEqual([
      { act: 'document.upload', actor: `user:${author.id}`, details: { bytes: SCAN.length } },
    ]);
  });

  it('is one document however often it is uploaded, and another one with another signer', async () => {
    const scan = Buffer.from('89504e470d0a1a0a0101', 'hex');
    const first = await upload(staff, scan, 'quet.png').expect(201);
    const again = await upload(admin, scan, 'ten-khac.png').expect(201);
    expect(again.body).toEqual(first.body);
    const corrected = await upload(staff, scan, 'quet.png', { signer: 'Phó Giám đốc Lê Thị B' }).expect(201);
    expect(corrected.body.id).toBeGreaterThan(first.body.id);
  });

  it.each([
    ['a program', Buffer.from('MZ\u0000'), 'cong-van.pdf', {}, 'document.not-a-scan file'],
    ['an empty file', Buffer.alloc(0), 'cong-van.pdf', {}, 'document.not-a-scan file'],
    ['a PDF called a picture', SCAN, 'cong-van.png', {}, 'document.name-differs file'],
    ['a day to come', SCAN, 'a.pdf', { issuedOn: '2099-01-01' }, 'document.issued-in-future issuedOn'],
    ['no such day', SCAN, 'a.pdf', { issuedOn: '2021-02-30' }, 'request.invalid issuedOn'],
    ['no number', SCAN, 'a.pdf', { number: '  ' }, 'request.invalid number'],
    ['two lines', SCAN, 'a.pdf', { signer: 'A\nB' }, 'request.invalid signer'],
    ['an unknown field', SCAN, 'a.pdf', { id: '1' }, 'request.invalid id'],
  ] as const)('is refused with %s', async (_what, content, name, changes, refusal) => {
    const { body } = await upload(staff, content, name, changes).expect(422);
    expect(`${body.code} ${body.field}`).toBe(refusal);
  });

  it('is refused without a scan, and with one of more than 10 MB, in words that fit a scan', async () => {
    const { body } = await staff.post(DOCUMENTS).field(facts).expect(422);
    expect(body).toMatchObject({ code: 'document.file-missing', field: 'file' });
    const most = 10 * 1024 * 1024;
    const large = Buffer.concat([SCAN, Buffer.alloc(most)]);
    const refused = await upload(staff, large, 'lon.pdf').expect(413);
    expect(refused.body).toMatchObject({ code: 'document.too-large', field: 'file', params: { megabytes: 10 } });
    const kept = await upload(staff, large.subarray(0, most), 'vua.pdf').expect(201);
    expect(kept.body.size).toBe(most);
  });

  it('is uploaded by staff and administrators only', async () => {
    for (const role of ['approver', 'auditor'] as const) {
      const { body } = await upload(await app.signIn(role), SCAN, 'a.pdf').expect(403);
      expect(body.code).toBe('access.not-permitted');
    }
    await upload(app.request(), SCAN, 'a.pdf').expect(401);
    await app.request().get(DOCUMENTS).expect(401);
  });

  it('cannot be changed, and is withheld with an alarm when the database was tampered with', async () => {
    const { body } = await upload(staff, Buffer.from('%PDF-1.4 gốc'), 'goc.pdf').expect(201);
    const tamper = `update official_documents set content = '\\x255044462d' where id = ${body.id}`;
    await expect(app.database.run(tamper)).rejects.toThrow();
    await app.database.transaction(async (tx) => {
      await tx.run('alter table official_documents disable trigger official_documents_immutable');
      await tx.run(tamper);
      await tx.run('alter table official_documents enable trigger official_documents_immutable');
    });
    const refused = await staff.get(`${DOCUMENTS}/${body.id}/file`).expect(409);
    expect(refused.body.code).toBe('document.not-intact');
    expect(refused.headers['content-disposition']).toBeUndefined();
    expect(app.logged.filter((line) => line.includes('"level":"error"') && line.includes('SHA-256'))).toHaveLength(1);
    expect((await staff.get(`${DOCUMENTS}/2147483647/file`).expect(404)).body.code).toBe('document.not-found');
  });
});

describe('handing over', () => {
  const handOver = (agent: TestAgent, fromUserId: number, toUserId: number, reason = 'left') =>
    agent.post(HAND_OVER).send({ fromUserId, toUserId, reason });

  async function ownerOf(id: number): Promise<{ owner: number; editors: number[] }> {
    const row = await app.database.row<{ owner: number; editors: number[] }>(
      'select owner_person as owner, editor_persons as editors from campaigns where id = $1',
      [id],
    );
    return row!;
  }

  it('makes a colleague answerable for everything open of who left; who wrote it still may not approve it', async () => {
    const [leaving, taker] = [await person('staff'), await person('staff')];
    const open = await draft(leaving.agent);
    const cancelled = await draft(leaving.agent);
    await leaving.agent.post(`${CAMPAIGNS}/${cancelled.id}/cancel`).expect(200);
    const others = await draft();
    await admin.patch(`/api/v1/users/${leaving.id}`).send({ disabled: true }).expect(200);

    const before = await admin.get(`${HAND_OVER}?fromUserId=${leaving.id}`).expect(200);
    expect(before.body).toMatchObject({ campaigns: [{ id: open.id, state: 'draft' }], recurrences: [] });
    const { body } = await handOver(admin, leaving.id, taker.id).expect(200);
    expect(body).toEqual({ campaignIds: [open.id], recurrenceIds: [] });
    expect(await ownerOf(open.id)).toEqual({ owner: taker.id, editors: [leaving.id, taker.id] });
    expect((await ownerOf(cancelled.id)).owner).toBe(leaving.id);
    expect((await ownerOf(others.id)).owner).toBe(author.id);
    expect((await auditOf(`campaign:${open.id}`)).at(-1)).toMatchObject({
      act: 'campaign.hand-over',
      details: { from: leaving.id, to: taker.id, reason: 'left' },
    });
    expect((await admin.get(`${HAND_OVER}?fromUserId=${leaving.id}`).expect(200)).body.campaigns).toEqual([]);
    expect((await handOver(admin, leaving.id, taker.id).expect(200)).body.campaignIds).toEqual([]);
  });

  it('takes the rules along that go on making drafts, but for those that ended', async () => {
    const [leaving, taker] = [await person('staff'), await person('staff')];
    const { id } = await draft(taker.agent);
    const recurrence = async (endedAt: string | null): Promise<number> => {
      const row = await app.database.row<{ id: number }>(
        `insert into recurrences (campaign_id, rule, start_time, lead_days, first_day, owner_person, created_by, ended_at)
         values ($1, '{"kind":"weekly","weekday":1}', '08:00', 3, '2030-01-01', $2, 'user:1', $3) returning id`,
        [id, leaving.id, endedAt],
      );
      return row!.id;
    };
    const [going, ended] = [await recurrence(null), await recurrence('2026-01-01T00:00:00Z')];
    const { body } = await handOver(admin, leaving.id, taker.id).expect(200);
    expect(body).toEqual({ campaignIds: [], recurrenceIds: [going] });
    const owners = await app.database.rows(
      'select id, owner_person as owner from recurrences where id = any($1) order by id',
      [[going, ended]],
    );
    expect(owners).toEqual([
      { id: going, owner: taker.id },
      { id: ended, owner: leaving.id },
    ]);
    expect((await auditOf(`recurrence:${going}`)).at(-1)).toMatchObject({ act: 'recurrence.hand-over' });
  });

  it('is done by staff with their own campaigns, and back again leaves each once among the editors', async () => {
    const [one, other] = [await person('staff'), await person('staff')];
    const { id } = await draft(one.agent);
    expect((await handOver(other.agent, one.id, other.id).expect(403)).body.code).toBe('hand-over.only-own');
    await other.agent.get(`${HAND_OVER}?fromUserId=${one.id}`).expect(403);
    await handOver(one.agent, one.id, other.id, 'absent').expect(200);
    await handOver(other.agent, other.id, one.id, 'reassigned').expect(200);
    expect(await ownerOf(id)).toEqual({ owner: one.id, editors: [one.id, other.id] });
  });

  it('goes only to a member of staff who can sign in, from somebody else who exists', async () => {
    const [one, gone, approver] = [await person('staff'), await person('staff'), await person('approver')];
    await admin.patch(`/api/v1/users/${gone.id}`).send({ disabled: true }).expect(200);
    for (const to of [gone.id, approver.id, 2_147_483_647]) {
      const { body } = await handOver(admin, one.id, to).expect(422);
      expect(body).toMatchObject({ code: 'hand-over.not-staff', field: 'toUserId' });
    }
    expect((await handOver(admin, one.id, one.id).expect(422)).body.code).toBe('hand-over.same-person');
    expect((await handOver(admin, 2_147_483_647, one.id).expect(422)).body.code).toBe('hand-over.unknown-person');
    expect((await handOver(admin, gone.id, one.id, 'because').expect(422)).body.field).toBe('reason');
    for (const role of ['approver', 'auditor'] as const) {
      await handOver(await app.signIn(role), gone.id, one.id).expect(403);
    }
  });
});

describe("an approval in an approver's place", () => {
  async function deputyOf(boss: Signed): Promise<Signed> {
    const deputy = await person('staff');
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const period = { validFrom: today, validTo: today, reason: 'Đi công tác' };
    await boss.agent
      .post('/api/v1/deputies')
      .send({ deputyId: deputy.id, ...period })
      .expect(201);
    return deputy;
  }

  const approve = ({ agent }: Signed, { id, contentHash }: { id: number; contentHash: string }) =>
    agent.post(`${CAMPAIGNS}/${id}/approve`).send({ contentHash });

  it('says on record who acted, and in whose place', async () => {
    const boss = await person('approver');
    const deputy = await deputyOf(boss);
    const submitted = await submitTried(staff, await wording());
    const { body } = await approve(deputy, submitted).expect(200);
    expect(body).toMatchObject({ state: 'scheduled', approvedBy: `user:${deputy.id}` });
    const { id } = submitted;
    expect(await app.database.row('select approved_for_person as person from campaigns where id = $1', [id])).toEqual({
      person: boss.id,
    });
    expect((await auditOf(`campaign:${id}`)).at(-1)).toMatchObject({
      act: 'campaign.approve',
      actor: `user:${deputy.id}`,
      details: { inPlaceOf: `user:${boss.id}` },
    });
  });

  it('is refused to a deputy who wrote or submitted the campaign himself', async () => {
    const deputy = await deputyOf(await person('approver'));
    const own = await submitTried(deputy.agent, await wording());
    expect((await approve(deputy, own).expect(403)).body.code).toBe('campaign.author-cannot-approve');
  });

  it('is refused to a deputy who took the campaign over, and to the deputy of its author', async () => {
    const writer = await person('staff');
    const boss = await person('approver');
    const deputy = await deputyOf(boss);
    const first = await submitTried(writer.agent, await wording());
    const handOver = { fromUserId: writer.id, toUserId: deputy.id, reason: 'left' };
    await admin.post(HAND_OVER).send(handOver).expect(200);
    expect((await approve(deputy, first).expect(403)).body.code).toBe('campaign.author-cannot-approve');

    const promoted = await person('staff');
    const second = await submitTried(promoted.agent, await wording());
    await admin.patch(`/api/v1/users/${promoted.id}`).send({ role: 'approver' }).expect(200);
    const hisDeputy = await deputyOf(promoted);
    expect((await approve(hisDeputy, second).expect(403)).body.code).toBe('campaign.author-cannot-approve');
  });
});
