import type TestAgent from 'supertest/lib/agent';
import { batchFigures, moveBatch, prepareBatch, verifyBatch } from '../src/delivery';
import { countInFlight } from '../src/delivery';
import { closeUnsentChunk } from '../src/delivery/sweep.store';
import { shareRegister } from '../src/subscribers';
import { Secrets } from '../src/platform/secrets';
import { HandOver } from './harness/hand-over';
import { importFile, upload } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';
import { TEST_SECRET } from './harness/test-database';
import { findTraces } from './harness/traces';

const secrets = new Secrets(TEST_SECRET);
const BE = { phone: '+84369123456', typed: '0369 123 456', name: 'Lê Thị Bé Ngọc', nameKey: 'le thi be ngoc' };
const TU = { phone: '+84912345678', name: 'Trần Văn Tư' };
const TRACES = { digits: ['369123456', '1669123456'], names: [BE.name, BE.nameKey] };
const HEAD = 'Họ tên,Số điện thoại,Xã/phường\n';
const FILE = `${HEAD}${BE.name},01669123456,Xã Ba Chúc\n${TU.name},0912345678,Xã Ba Chúc\n${BE.name},"0369123456; 0912",Xã Ba Chúc\n`;

let app: TestApp;
let admin: TestAgent;
let staff: TestAgent;
let listId: number;

beforeEach(async () => {
  app = await startTestApp();
  admin = await app.signIn('admin');
  staff = await app.signIn('staff');
  listId = await newList('Cử tri');
});
afterEach(() => app.stop());

async function newList(name: string): Promise<number> {
  const facts = { name, purpose: 'Bầu cử', legalBasis: 'Luật 14/2012/QH13', source: 'Ủy ban nhân dân xã' };
  return (await admin.post('/api/v1/lists').send(facts).expect(201)).body.id;
}

const erase = (body: object = { phone: BE.typed }, agent = admin) =>
  agent.post('/api/v1/privacy/persons/erasure').send({ reason: 'person-asked', ...body });

const idOf = async (phone: string): Promise<number> =>
  (await app.database.row<{ id: number }>('select id from subscribers where phone = $1', [phone]))!.id;

/** A batch with a text to each of the two, the first one to the person that is erased; released unless held. */
async function makeTexts(
  options: { hold?: boolean; state?: 'released' } = {},
): Promise<{ id: number; digest: Buffer }> {
  const ids = [await idOf(BE.phone), await idOf(TU.phone)];
  async function* pages() {
    yield [BE, TU].map(({ phone, name }, i) => ({
      subscriberId: ids[i]!,
      areaId: 0,
      phone,
      phoneKey: secrets.phoneDigest(phone),
      text: `Kính mời ${name} đi bầu cử.`,
      segments: 1,
    }));
  }
  return app.database.transaction(async (tx) => {
    const plan = {
      gateway: 'elsewhere',
      sender: 'STP',
      plannedDay: '2026-11-20',
      notBefore: new Date(0),
      listIds: [listId],
    };
    const batch = (await prepareBatch(tx, plan, pages()))!;
    if (!options.hold) await moveBatch(tx, batch.id, 'released');
    return batch;
  });
}

/** Everything a person can have left behind: record, history, lists, imports in every state, texts, wishes, requests. */
async function leaveTracesEverywhere(): Promise<void> {
  await importFile(admin, listId, FILE, { name: `${BE.name} 0369123456.csv` });
  const other = await newList('Hội viên');
  await importFile(admin, other, `${HEAD}${BE.name},${BE.typed},Xã Núi Tô\n`, { choice: { mergePolicy: 'overwrite' } });
  await upload(admin, other, FILE, { name: 'đang chờ.csv' });
  const record = { phone: BE.typed, source: 'phone-call', reason: `Bà ${BE.name} gọi từ 0369123456` };
  await staff.post('/api/v1/opt-outs').send(record).expect(201);
  const request = { kind: 'access', channel: 'letter', phone: BE.typed, name: BE.name, text: `Tôi, ${BE.name}, hỏi…` };
  await staff.post('/api/v1/requests').send(request).expect(201);
  await app.database.run(
    `insert into consents (phone_key, phone, how, document, given_on, recorded_by, lifted_source, lifted_reason,
       lifted_recorded_by, lifted_recorded_at) values ($1, $2, 'written', $3, '2025-01-01', 'user:1', 'letter', $3, 'user:1', now())`,
    [secrets.phoneDigest(BE.phone), BE.phone, `Đơn của ${BE.name}`],
  );
  await app.database.run('insert into withdrawals (phone_key, list_id, import_id) values ($1, $2, 1)', [
    secrets.phoneDigest(BE.phone),
    listId,
  ]);
  await app.database.run(
    `insert into subscriber_history (subscriber_id, actor, act, revision, before, after, reason)
     values ($1, 'user:1', 'corrected', 2, $2, $3, 'máy của mẹ là 0369.123.456')`,
    [await idOf(TU.phone), JSON.stringify({ phone: BE.phone, fullName: 'Tư' }), JSON.stringify({ phone: TU.phone })],
  );
}

describe('erasing a person', () => {
  it('leaves neither number nor name anywhere in the database', async () => {
    await leaveTracesEverywhere();
    await makeTexts();
    await makeTexts({ hold: true });
    const before = await findTraces(app.database, TRACES);
    expect(before).toEqual(
      expect.arrayContaining([
        'citizen_requests.text',
        'consents.phone',
        'import_files.bytes',
        'import_rows.cells',
        'import_rows.phone',
        'imports.file_name',
        'imports.sample',
        'messages.text',
        'subscriber_history.before',
        'subscribers.name_key',
        'suppressions.reason',
      ]),
    );
    const { body } = await erase().expect(200);
    expect(body).toMatchObject({ isKnown: true, wasErasedBefore: false, inFlight: 0 });
    expect(body.erased).toMatchObject({
      subscribers: 1,
      listMemberships: 2,
      messages: 2,
      requests: 1,
      uploadedFiles: 1,
    });
    expect(body.said).toContain('Đã xóa mọi dữ liệu');
    expect(await findTraces(app.database, TRACES)).toEqual([]);
    expect(await findTraces(app.database, { digits: ['912345678'], names: [TU.name] })).toEqual(
      expect.arrayContaining(['import_rows.phone', 'messages.phone', 'subscribers.phone']),
    );
  });

  it('clears the language he wished to be texted in, from the register and from every import', async () => {
    const head = 'Họ tên,Số điện thoại,Ngôn ngữ\n';
    await importFile(admin, listId, `${head}${BE.name},${BE.typed},Khmer\n${BE.name},${BE.typed},Chăm\n`);
    await upload(admin, listId, `${head}${BE.name},${BE.typed},Chăm\n${TU.name},${TU.phone},Khmer\n`);
    await staff
      .patch(`/api/v1/subscribers/${await idOf(BE.phone)}`)
      .send({ language: 'cja', revision: 1, reason: 'Công dân báo' })
      .expect(200);
    await erase().expect(200);
    expect(await app.database.rows('select language from import_rows where language is not null')).toEqual([
      { language: 'km' },
    ]);
    expect(await app.database.rows('select language from subscribers')).toEqual([]);
    expect(await app.database.rows('select before, after from subscriber_history')).toEqual([]);
  });

  it('leaves the figures, the distinct people and what was approved as they were', async () => {
    await importFile(admin, listId, FILE);
    const sent = await makeTexts();
    const held = await makeTexts({ hold: true });
    const figures = async () => {
      const statistics = (await staff.get('/api/v1/statistics?by=area').expect(200)).body;
      const rows = await app.database.rows(
        'select rows, added, changed, unchanged, repeated, rejected from imports order by id',
      );
      return { statistics, rows, batches: [...(await batchFigures(app.database, [sent.id, held.id]))] };
    };
    const before = await figures();
    expect(before.statistics.total).toMatchObject({ messages: 2, subscribers: 2 });
    await erase().expect(200);
    expect(await figures()).toEqual(before);
    for (const { id, digest } of [sent, held]) await verifyBatch(app.database, id, digest);
  });

  it('keeps queued texts from being sent, and says how many were handed over before', async () => {
    await importFile(admin, listId, FILE);
    const first = await makeTexts();
    const handOver = new HandOver(app.database, 'elsewhere');
    const chunk = (await handOver.lease())!;
    const marked = (await handOver.mark(chunk, 1, '2026-11-20'))!;
    const second = await makeTexts();
    // Taken by a sender, but no text of it handed over yet.
    const leased = (await handOver.lease())!;
    const { body } = await erase().expect(200);
    expect(body).toMatchObject({ inFlight: 1, erased: { messages: 2 } });
    expect(body.said).toContain('1 tin đã giao cho nhà mạng');
    await handOver.answer(marked.inFlight[0]!, 'accepted');
    expect(await countInFlight(app.database, [{ batchId: first.id, seq: 1 }])).toBe(0);
    const later = (await handOver.mark(leased, 2, '2026-11-20'))!;
    expect(later.inFlight.map(({ seq }) => seq)).toEqual([2]);
    expect(
      await app.database.row('select kind, code from outcomes where batch_id = $1 and seq = 1', [second.id]),
    ).toEqual({ kind: 'suppressed', code: 'erased' });
    expect((await batchFigures(app.database, [second.id])).get(second.id)).toMatchObject({
      messages: 2,
      suppressed: 1,
    });
    while (await closeUnsentChunk(app.database, 1));
  });

  it('waits for a submission that is being written, and reaches its texts too', async () => {
    await importFile(admin, listId, FILE);
    let erasure: Promise<unknown> | undefined;
    await app.database.transaction(async (tx) => {
      await shareRegister(tx);
      const { id } = await makeTexts({ hold: true });
      erasure = Promise.resolve(erase().expect(200));
      await expect(Promise.race([erasure, new Promise((done) => setTimeout(() => done('waits'), 300))])).resolves.toBe(
        'waits',
      );
      await tx.run(`update messages set text = text || ' Trân trọng.' where batch_id = $1`, [id]);
    });
    await erasure;
    expect(await findTraces(app.database, TRACES)).toEqual([]);
  });

  it('is not taken back by undoing the import that brought him, nor by sending the file again', async () => {
    const { id } = await importFile(admin, listId, FILE);
    await erase().expect(200);
    const again = await importFile(admin, listId, FILE, { name: 'lần hai.csv' });
    expect(again).toMatchObject({ rows: 3, added: 0, unchanged: 1, rejected: 2 });
    await admin.post(`/api/v1/imports/${id}/undo`).send({ reason: 'nhầm danh sách' }).expect(202);
    expect(await app.database.rows('select phone from subscribers')).toEqual([{ phone: TU.phone }]);
    expect(await findTraces(app.database, { ...TRACES, names: [BE.nameKey] })).not.toContain('subscribers.phone');
  });

  it('takes him out of an import that waits for its confirmation, whose figures still add up', async () => {
    const waiting = await upload(admin, listId, `${FILE}Bé Ngọc,+84369123456,\n`);
    expect(waiting).toMatchObject({ rows: 4, added: 2, repeated: 1, rejected: 1 });
    const { body } = await erase().expect(200);
    expect(body.erased).toMatchObject({ importRows: 3, uploadedFiles: 1 });
    const { body: now } = await admin.get(`/api/v1/imports/${waiting.id}`).expect(200);
    expect(now).toMatchObject({ state: 'analysed', rows: 4, added: 1, repeated: 0, rejected: 3 });
    await admin.post(`/api/v1/imports/${waiting.id}/confirm`).send({ revision: waiting.revision }).expect(409);
    await admin.patch(`/api/v1/imports/${waiting.id}`).send({ mergePolicy: 'keep' }).expect(409);
    await admin.post(`/api/v1/imports/${waiting.id}/confirm`).send({ revision: now.revision }).expect(202);
    expect(await app.database.rows('select phone from subscribers')).toEqual([{ phone: TU.phone }]);
  });

  it('reaches the texts he got under a number that was corrected since, and leaves those of its new owner', async () => {
    await importFile(admin, listId, FILE);
    await makeTexts();
    const [be, tu] = [await idOf(BE.phone), await idOf(TU.phone)];
    const newPhone = '+84977000111';
    await app.database.run('update subscribers set phone = $2, phone_key = $3 where id = $1', [
      be,
      newPhone,
      secrets.phoneDigest(newPhone),
    ]);
    await app.database.run(
      `insert into subscriber_history (subscriber_id, actor, act, revision, before, after) values ($1, 'user:1', 'corrected', 2, $2, $3)`,
      [be, JSON.stringify({ phone: BE.phone }), JSON.stringify({ phone: newPhone })],
    );
    const { id } = await makeTextsTo(tu, BE.phone, 'Kính mời chủ mới của số.');
    const { body } = await erase({ subscriberId: be }).expect(200);
    expect(body.erased).toMatchObject({ messages: 1, importRows: 2 });
    expect(await findTraces(app.database, { digits: ['977000111'], names: [BE.name, BE.nameKey] })).toEqual([]);
    expect(await app.database.row('select text from messages where batch_id = $1', [id])).toEqual({
      text: 'Kính mời chủ mới của số.',
    });
  });

  it('of an unknown number says so, and suppresses it all the same; a second time it says that it was done', async () => {
    const first = await erase({ phone: '0987 654 321' }).set('Accept-Language', 'en').expect(200);
    expect(first.body).toMatchObject({ isKnown: false, wasErasedBefore: false });
    expect(first.body.said).toMatch(/Nothing was known.*gets no texts/);
    const second = await erase({ phone: '+84 987 654 321' }).set('Accept-Language', 'en').expect(200);
    expect(second.body).toMatchObject({ isKnown: false, wasErasedBefore: true });
    expect(second.body.said).toMatch(/erased before/);
    expect(await app.database.rows('select phone, source from suppressions')).toEqual([
      { phone: null, source: 'erasure' },
    ]);
  });

  it('is for administrators, as persons: neither staff nor a key may do it', async () => {
    await erase({ phone: BE.typed }, staff).expect(403);
    const { body } = await admin.post('/api/v1/api-keys').send({ name: 'máy', role: 'admin' }).expect(201);
    await erase({ phone: BE.typed }, app.request().set('Authorization', `Bearer ${body.key}`)).expect(403);
  });

  it('is on record by the digest of the number, with the reason and the request, and without his name', async () => {
    await importFile(admin, listId, FILE);
    const request = { kind: 'erasure', channel: 'in-person', text: 'Xin xóa dữ liệu của tôi' };
    const { id } = (await staff.post('/api/v1/requests').send(request).expect(201)).body;
    await erase({ phone: BE.typed, requestId: id, legalBasis: 'Công văn số 12/STP-VP' }).expect(200);
    const auditor = await app.signIn('auditor');
    const { items } = (await auditor.get('/api/v1/audit?act=person.erase').expect(200)).body;
    expect(items).toEqual([
      expect.objectContaining({
        subject: `person:${secrets.phoneDigest(BE.phone).toString('hex')}`,
        details: expect.objectContaining({ reason: 'person-asked', requestId: id, subscribers: 1 }),
      }),
    ]);
    expect((await staff.get(`/api/v1/requests/${id}`)).body).toMatchObject({
      text: null,
      isErased: true,
      state: 'open',
    });
  });

  it('wants to know who, and a basis that names nobody', async () => {
    await importFile(admin, listId, FILE);
    const codeOf = async (body: object) => (await erase(body)).body.code as string;
    expect(await codeOf({})).toBe('person.phone-or-id');
    expect(await codeOf({ phone: BE.typed, subscriberId: 1 })).toBe('person.phone-or-id');
    expect(await codeOf({ subscriberId: 2 ** 31 - 1 })).toBe('person.subscriber-not-found');
    expect(await codeOf({ phone: BE.typed, requestId: 99 })).toBe('request.not-found');
    for (const legalBasis of [`Đơn của bà ${BE.name}`, 'Đơn về số 0369.123.456']) {
      expect(await codeOf({ phone: BE.typed, legalBasis })).toBe('erasure.basis-names-person');
    }
    expect(await app.database.rows('select id from subscribers')).toHaveLength(2);
  });
});

async function makeTextsTo(subscriberId: number, phone: string, text: string): Promise<{ id: number }> {
  async function* pages() {
    yield [{ subscriberId, areaId: 0, phone, phoneKey: secrets.phoneDigest(phone), text, segments: 1 }];
  }
  const plan = { gateway: 'elsewhere', sender: 'STP', plannedDay: '2026-11-20', notBefore: new Date(0), listIds: [] };
  return (await app.database.transaction((tx) => prepareBatch(tx, plan, pages())))!;
}
