import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import type TestAgent from 'supertest/lib/agent';
import { localDay } from '../src/platform/clock';
import { Secrets } from '../src/platform/secrets';
import { startTestApp, TestApp } from './harness/test-app';
import { TEST_SECRET } from './harness/test-database';

const DAY_MS = 24 * 60 * 60 * 1000;
const dayFromNow = (days: number): string => localDay(new Date(Date.now() + days * DAY_MS));

let app: TestApp;
let admin: TestAgent;
let staff: TestAgent;
let auditor: TestAgent;

beforeAll(async () => {
  app = await startTestApp();
  [admin, staff, auditor] = (await Promise.all(
    (['admin', 'staff', 'auditor'] as const).map((role) => app.signIn(role)),
  )) as [TestAgent, TestAgent, TestAgent];
});
afterAll(() => app.stop());
beforeEach(async () => {
  await app.database.run('delete from suppressions');
  await app.database.run('delete from consents');
});

async function optOut(phone: string, reason = 'Gọi điện đề nghị') {
  const { body } = await staff.post('/api/v1/opt-outs').send({ phone, source: 'phone-call', reason }).expect(201);
  return body as { isNew: boolean; phone: string; reason: string; recordedBy: string };
}

async function numbersOptedOut(): Promise<string[]> {
  const rows = await app.database.rows<{ phone: string }>('select phone from suppressions order by phone');
  return rows.map(({ phone }) => phone);
}

/** The acts put on record since the audit entry `after`. */
async function actsSince(after: number): Promise<{ act: string; subject: string; details: Record<string, unknown> }[]> {
  return app.database.rows('select act, subject, details from audit_entries where id > $1 order by id', [after]);
}

async function lastAudit(): Promise<number> {
  return (await app.database.row<{ id: number }>('select coalesce(max(id), 0) as id from audit_entries'))!.id;
}

const consent = { how: 'written', document: 'Phiếu đồng ý số 15/PĐY', givenOn: dayFromNow(0) };
const lift = (phone: string, changes: Record<string, unknown> = {}) =>
  admin.post('/api/v1/opt-outs/lift').send({ phone, consent: { ...consent, ...changes } });

describe('an opt-out', () => {
  it('is on record with its source, reason, time and who took it; a second one changes nothing', async () => {
    const first = await optOut('0912 345 678');
    expect(first).toMatchObject({
      isNew: true,
      phone: '+84912345678',
      recordedBy: expect.stringMatching(/^user:\d+$/),
    });
    const second = await optOut('+84912345678', 'Viết đơn');
    expect(second).toMatchObject({ isNew: false, reason: 'Gọi điện đề nghị', recordedBy: first.recordedBy });
    const { body } = await staff.get('/api/v1/opt-outs').expect(200);
    expect(body).toEqual({
      items: [
        {
          id: expect.any(Number),
          phone: '+84912345678',
          source: 'phone-call',
          reason: 'Gọi điện đề nghị',
          recordedAt: expect.stringMatching(/^\d{4}-/),
          recordedBy: first.recordedBy,
        },
      ],
      next: null,
    });
  });

  it('is found by any spelling of its number, and masked for an auditor', async () => {
    await optOut('0912345678');
    await optOut('0987654321');
    for (const spelling of ['0912 345 678', '84912345678', '+84 (0) 912-345-678', '912345678']) {
      const { body } = await auditor.get('/api/v1/opt-outs').query({ phone: spelling }).expect(200);
      expect([spelling, body.items.map(({ phone }: { phone: string }) => phone)]).toEqual([spelling, ['091***678']]);
    }
    const wrong = await auditor.get('/api/v1/opt-outs').query({ phone: '0296 3852345' }).expect(422);
    expect(wrong.body).toMatchObject({ code: 'phone.landline', field: 'phone' });
  });

  it('stands in pages, newest first, none twice and none left out while others come in', async () => {
    for (const n of [1, 2, 3, 4, 5]) await optOut(`091234567${n}`);
    const first = await staff.get('/api/v1/opt-outs?limit=2').expect(200);
    await optOut('0912345679');
    const second = await staff.get(`/api/v1/opt-outs?limit=2&after=${first.body.next}`).expect(200);
    const third = await staff.get(`/api/v1/opt-outs?limit=2&after=${second.body.next}`).expect(200);
    const shown = [first, second, third].flatMap(({ body }) => body.items.map(({ phone }: { phone: string }) => phone));
    expect(shown).toEqual([5, 4, 3, 2, 1].map((n) => `+8491234567${n}`));
    expect(third.body.next).toBeNull();
  });

  it('comes from a program with a key too', async () => {
    const key = await admin.post('/api/v1/api-keys').send({ name: 'Tổng đài 1022', role: 'staff' }).expect(201);
    const { body } = await app
      .request()
      .post('/api/v1/opt-outs')
      .set('Authorization', `Bearer ${key.body.token ?? key.body.key}`)
      .send({ phone: '0912345678', source: 'phone-call', reason: 'Bấm phím 0' })
      .expect(201);
    expect(body.recordedBy).toMatch(/^key:\d+$/);
  });
});

describe('lifting an opt-out', () => {
  it('needs the consent of the person, which stays on record with the opt-out for ever', async () => {
    const { recordedBy } = await optOut('0912345678');
    const before = await lastAudit();
    await lift('0912.345.678').expect(200);
    expect(await numbersOptedOut()).toEqual([]);
    const { body } = await auditor.get('/api/v1/opt-outs/history').query({ phone: '0912345678' }).expect(200);
    expect(body).toEqual([
      {
        source: 'phone-call',
        reason: 'Gọi điện đề nghị',
        recordedAt: expect.any(String),
        recordedBy,
        lifted: {
          ...consent,
          recordedAt: expect.any(String),
          recordedBy: expect.stringMatching(/^user:\d+$/),
        },
      },
    ]);
    const digest = new Secrets(TEST_SECRET).phoneDigest('+84912345678').toString('hex');
    const [act] = await actsSince(before);
    expect(act).toMatchObject({
      act: 'opt-out.lift',
      subject: `opt-out:${digest}`,
      details: { how: 'written', givenOn: consent.givenOn, source: 'phone-call' },
    });
    expect(JSON.stringify(act)).not.toMatch(/912345678|Phiếu/);
  });

  it('lets the same person opt out again, and lift it again; the history tells all of it', async () => {
    await optOut('0912345678', 'Lần một');
    await lift('0912345678').expect(200);
    expect((await optOut('0912345678', 'Lần hai')).isNew).toBe(true);
    await lift('0912345678', { how: 'electronic', document: 'Thư điện tử 7' }).expect(200);
    await optOut('0912345678', 'Lần ba');
    const { body } = await staff.get('/api/v1/opt-outs/history').query({ phone: '84912345678' }).expect(200);
    expect(body.map(({ reason, lifted }: { reason: string; lifted: object | null }) => [reason, !!lifted])).toEqual([
      ['Lần ba', false],
      ['Lần hai', true],
      ['Lần một', true],
    ]);
    expect(await numbersOptedOut()).toEqual(['+84912345678']);
  });

  it.each([
    ['of before the opt-out', { givenOn: dayFromNow(-1) }, 'consent.before-opt-out', 'consent.givenOn'],
    ['of tomorrow', { givenOn: dayFromNow(1) }, 'consent.in-future', 'consent.givenOn'],
    ['of a day that does not exist', { givenOn: '2026-02-30' }, 'request.invalid', 'consent.givenOn'],
    ['given nobody knows how', { how: 'hearsay' }, 'request.invalid', 'consent.how'],
    ['without a document', { document: '  ' }, 'request.invalid', 'consent.document'],
  ])('is refused with a consent %s, and the opt-out holds', async (_, changes, code, field) => {
    await optOut('0912345678');
    const { body } = await lift('0912345678', changes).expect(422);
    expect(body).toMatchObject({ code, field });
    expect(await numbersOptedOut()).toEqual(['+84912345678']);
  });

  it('is refused without any consent, for a number that has not opted out, and to staff and programs', async () => {
    await optOut('0912345678');
    const none = await admin.post('/api/v1/opt-outs/lift').send({ phone: '0912345678' }).expect(422);
    expect(none.body.field).toBe('consent');
    const unknown = await lift('0987654321').expect(404);
    expect(unknown.body).toMatchObject({ code: 'opt-out.not-found', field: 'phone' });
    await staff.post('/api/v1/opt-outs/lift').send({ phone: '0912345678', consent }).expect(403);
    const key = await admin.post('/api/v1/api-keys').send({ name: 'Máy', role: 'admin' }).expect(201);
    await app
      .request()
      .post('/api/v1/opt-outs/lift')
      .set('Authorization', `Bearer ${key.body.token ?? key.body.key}`)
      .send({ phone: '0912345678', consent })
      .expect(403);
    expect(await numbersOptedOut()).toEqual(['+84912345678']);
  });

  it('by two people at once is done by one of them', async () => {
    await optOut('0912345678');
    const answers = await Promise.all([lift('0912345678'), lift('0912345678')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect(await app.database.row('select count(*) as n from consents')).toEqual({ n: 1 });
  });
});

describe('a file of opt-outs', () => {
  const upload = (content: string | Buffer, name = 'từ chối.csv', reason = 'UBND xã Ba Chúc chuyển đến') =>
    staff.post('/api/v1/opt-outs/file').field('reason', reason).attach('file', Buffer.from(content), name);

  it('is recorded with its name and the reason; what cannot be read is told row by row, and the rows add up', async () => {
    await optOut('0912345678');
    const before = await lastAudit();
    const rows = [
      'Danh sách người dân không nhận tin',
      'STT;Họ tên;Số điện thoại',
      '1;Nguyễn Văn An;0912 345 678',
      '2;Lê Bé;0987654321',
      '3;Trần Hòa;+84987654321',
      '4;Phạm Tư;0296 3852345',
      '5;Võ Năm;01689123456',
      '6;Đỗ Sáu;',
    ];
    const { body } = await upload(rows.join('\r\n')).set('Accept-Language', 'vi').expect(200);
    expect(body).toEqual({
      rows: 6,
      recorded: 2,
      alreadyOptedOut: 1,
      repeated: 1,
      rejected: 2,
      rejectedRows: [
        { row: 6, value: '0296 3852345', code: 'landline', message: expect.stringContaining('số cố định') },
        { row: 8, value: '', code: 'phone-missing', message: expect.stringContaining('Không có số điện thoại') },
      ],
    });
    expect(await numbersOptedOut()).toEqual(['+84389123456', '+84912345678', '+84987654321']);
    const { body: kept } = await staff.get('/api/v1/opt-outs').query({ phone: '0987654321' });
    expect(kept.items[0]).toMatchObject({ source: 'file', reason: 'từ chối.csv: UBND xã Ba Chúc chuyển đến' });
    const { body: first } = await staff.get('/api/v1/opt-outs').query({ phone: '0912345678' });
    expect(first.items[0]).toMatchObject({ source: 'phone-call' });
    const [act] = await actsSince(before);
    expect(act).toMatchObject({ act: 'opt-out.record-file', details: { rows: 6, recorded: 2, rejected: 2 } });
    expect(JSON.stringify(act)).not.toMatch(/987654321|389123456|Lê Bé/);
  });

  it('may be a workbook, and may be sent twice: the second time nothing is new', async () => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('Từ chối');
    sheet.addRow(['Số điện thoại']);
    for (let n = 0; n < 2_500; n += 1) sheet.addRow([912_000_000 + n]);
    const content = Buffer.from(await book.xlsx.writeBuffer());
    const first = await upload(content, 'từ chối.xlsx').expect(200);
    expect(first.body).toMatchObject({ rows: 2_500, recorded: 2_500, alreadyOptedOut: 0, rejected: 0 });
    const again = await upload(content, 'từ chối.xlsx').expect(200);
    expect(again.body).toMatchObject({ rows: 2_500, recorded: 0, alreadyOptedOut: 2_500 });
  });

  it('names the first hundred rows that cannot be read, and counts all of them', async () => {
    const { body } = await upload(['SĐT', ...Array(150).fill('xin bỏ số'), '0912345678'].join('\n')).expect(200);
    expect(body).toMatchObject({ rows: 151, recorded: 1, rejected: 150 });
    expect(body.rejectedRows).toHaveLength(100);
    expect(body.rejectedRows[99].row).toBe(101);
  });

  it('records nothing when the file is at fault, however late that shows', async () => {
    const long = ['SĐT', ...Array.from({ length: 3_000 }, (_, n) => `0912${String(n).padStart(6, '0')}`)].join('\n');
    const late = await upload(`${long}\n${'9'.repeat(33_000)}`).expect(422);
    expect(late.body.code).toBe('import.cell-too-long');
    const untitled = await upload('Họ tên\nLê Bé').expect(422);
    expect(untitled.body.code).toBe('import.no-phone-column');
    const empty = await upload('SĐT\n').expect(422);
    expect(empty.body.code).toBe('import.no-rows');
    expect(await numbersOptedOut()).toEqual([]);
  });

  it('needs a file and a reason, and leaves nothing on the disk, whatever comes of it', async () => {
    const missing = await staff.post('/api/v1/opt-outs/file').field('reason', 'x').expect(422);
    expect(missing.body.code).toBe('upload.missing');
    const silent = await staff.post('/api/v1/opt-outs/file').attach('file', Buffer.from('SĐT\n0912345678'), 'a.csv');
    expect([silent.status, silent.body.field]).toEqual([422, 'reason']);
    await upload('SĐT\n0912345678').expect(200);
    await auditor
      .post('/api/v1/opt-outs/file')
      .field('reason', 'x')
      .attach('file', Buffer.from('SĐT\n0912345678'), 'a.csv')
      .expect(403);
    expect(await readdir(join(app.config.DATA_DIR, 'uploads'))).toEqual([]);
  });

  it('and another one with the same numbers at the same time are both right', async () => {
    const numbers = Array.from({ length: 400 }, (_, n) => `0912${String(n).padStart(6, '0')}`);
    const files = [numbers, [...numbers].reverse()].map((list) => upload(['SĐT', ...list].join('\n')));
    const answers = await Promise.all(files);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers.reduce((sum, { body }) => sum + body.recorded, 0)).toBe(400);
    expect(await numbersOptedOut()).toHaveLength(400);
  });
});

it('the log of all this holds no phone number', () => {
  expect(app.logged.join('')).not.toMatch(/912345678|987654321/);
});
