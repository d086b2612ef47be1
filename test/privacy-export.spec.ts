import type TestAgent from 'supertest/lib/agent';
import { Secrets } from '../src/platform/secrets';
import { makeBatch } from './harness/batches';
import { HandOver } from './harness/hand-over';
import { importFile } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';
import { TEST_SECRET } from './harness/test-database';

/** The first recipient of `makeBatch`. */
const PHONE = '0900 000 001';
const HEAD = 'Họ tên,Số điện thoại,Ấp,Ngôn ngữ\n';

let app: TestApp;
let admin: TestAgent;
let staff: TestAgent;

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.signIn('admin');
  staff = await app.signIn('staff');
});
afterAll(() => app.stop());

describe('the export of one person', () => {
  it('holds everything that is known: record, lists, imports, texts with their outcome, wishes and requests', async () => {
    const facts = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012/QH13', source: 'UBND xã Ba Chúc' };
    const list = (await admin.post('/api/v1/lists').send(facts).expect(201)).body;
    const rows = `Lê Bé,0900000001,Ấp 3,Khmer\nTrần Tư,0900000002,Ấp 3\nLê Bé,0900000001; 0287,Ấp 3\n`;
    await importFile(admin, list.id, HEAD + rows, { name: 'cử tri.csv' });
    await importFile(admin, list.id, `${HEAD}Lê Thị Bé,+84900000001,\n`, { choice: { mergePolicy: 'overwrite' } });
    const batchId = await makeBatch({ database: app.database, secrets: new Secrets(TEST_SECRET) }, 2, {
      gateway: 'tay',
    });
    const handOver = new HandOver(app.database, 'tay');
    const marked = await handOver.mark((await handOver.lease())!, 2, '2021-05-20');
    await handOver.answer(marked!.inFlight[0]!, 'accepted');
    await staff.post('/api/v1/opt-outs').send({ phone: PHONE, source: 'letter', reason: 'Thư ngày 1/6' }).expect(201);
    const request = { kind: 'access', channel: 'letter', phone: PHONE, text: 'Xin bản sao dữ liệu' };
    await staff.post('/api/v1/requests').send(request).expect(201);

    const { body } = await admin.get('/api/v1/privacy/persons/export').query({ phone: PHONE }).expect(200);
    expect(body).toMatchObject({
      phone: '+84900000001',
      isKnown: true,
      subscriber: { phone: '+84900000001', fullName: 'Lê Thị Bé', hamlet: 'Ấp 3', language: 'km' },
      lists: [{ ...facts, fileName: 'cử tri.csv' }],
      history: [{ act: 'imported', before: { fullName: 'Lê Bé' }, after: { fullName: 'Lê Thị Bé' } }],
      importRows: [
        { rowNumber: 2, verdict: 'added', fileName: 'cử tri.csv', fullName: 'Lê Bé', language: 'km' },
        { rowNumber: 4, verdict: 'rejected', cells: expect.arrayContaining(['0900000001; 0287']) },
        { rowNumber: 2, verdict: 'changed' },
      ],
      optOut: { source: 'letter', reason: 'Thư ngày 1/6' },
      messages: [
        {
          batchId,
          seq: 1,
          state: 'accepted',
          day: '2021-05-20',
          text: 'Kính mời cử tri số 1 đi bầu cử.',
          campaign: null,
        },
      ],
      requests: [{ kind: 'access', text: 'Xin bản sao dữ liệu' }],
    });
    expect(JSON.stringify(body)).not.toMatch(/Trần Tư|900000002/);
    const byId = await admin.get(`/api/v1/privacy/persons/export?subscriberId=${body.subscriber.id}`).expect(200);
    expect(byId.body).toEqual(body);

    const file = await admin.get('/api/v1/privacy/persons/export.csv').query({ phone: PHONE }).expect(200);
    const lines = file.text.split('\r\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '\ufeffMục,Thông tin,Nội dung',
        'Hồ sơ thuê bao,Họ tên,Lê Thị Bé',
        'Hồ sơ thuê bao,Ngôn ngữ muốn nhận tin (không phải dân tộc),Khmer',
        'Danh sách,Căn cứ pháp lý,Luật 14/2012/QH13',
        'Tin nhắn,Nội dung,Kính mời cử tri số 1 đi bầu cử.',
        'Từ chối nhận tin,Lý do,Thư ngày 1/6',
        'Văn bản đồng ý,,(không có)',
        // A number would otherwise be run as a formula.
        "Hồ sơ thuê bao,Số điện thoại,'+84900000001",
      ]),
    );
    expect(file.headers['content-disposition']).toContain('du-lieu-ca-nhan.csv');
  });

  it("finds a number in the office's own cells in any spelling, and no other", async () => {
    const { id } = (await app.database.row<{ id: number }>('select min(id) as id from imports'))!;
    const cells = [
      '01669 123 456',
      '３６９１２３４５６ (Zalo)',
      'o369.123.456; 0912',
      '0369 123 457',
      '0369',
      '12 3456',
    ];
    await app.database.run(
      `insert into import_rows (import_id, row_number, verdict, opted_out, cells)
       select $1, 1000 + place, 'rejected', false, array['9', cell, '0369', '123456']
       from unnest($2::text[]) with ordinality c (cell, place)`,
      [id, cells],
    );
    const { body } = await admin.get('/api/v1/privacy/persons/export?phone=0369123456').expect(200);
    expect(body.importRows.map(({ cells: [, cell] }: { cells: string[] }) => cell)).toEqual(cells.slice(0, 3));
  });

  it('of an unknown number says that nothing is known', async () => {
    const { body } = await admin.get('/api/v1/privacy/persons/export?phone=0987654321').expect(200);
    expect(body).toMatchObject({ isKnown: false, subscriber: null, optOut: null, messages: [], importRows: [] });
  });

  it('is for administrators and is put on record, by the digest of the number', async () => {
    await staff.get('/api/v1/privacy/persons/export').query({ phone: PHONE }).expect(403);
    await staff.get('/api/v1/privacy/persons/export.csv').query({ phone: PHONE }).expect(403);
    await admin.get('/api/v1/privacy/persons/export').query({ phone: PHONE }).expect(200);
    const auditor = await app.signIn('auditor');
    const { body } = await auditor.get('/api/v1/audit?act=person.export').expect(200);
    const digest = new Secrets(TEST_SECRET).phoneDigest('+84900000001').toString('hex');
    expect(body.items).toContainEqual(expect.objectContaining({ subject: `person:${digest}` }));
    expect(JSON.stringify(body)).not.toContain('900000001');
  });

  it('says what is wrong with a number, and needs one', async () => {
    const ask = async (query: object) =>
      (await admin.get('/api/v1/privacy/persons/export').query(query)).body as object;
    expect(await ask({ phone: '091234' })).toMatchObject({ status: 422, field: 'phone' });
    expect(await ask({})).toMatchObject({ status: 422, code: 'person.phone-or-id' });
    expect(await ask({ subscriberId: 999_999 })).toMatchObject({ status: 404 });
  });
});
