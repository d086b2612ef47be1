import type TestAgent from 'supertest/lib/agent';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestApp, TestApp } from './harness/test-app';

let app: TestApp;
let admin: TestAgent;
let auditor: TestAgent;
let listId: number;

beforeAll(async () => {
  app = await startTestApp({ config: { UPLOAD_MAX_MB: 1 } });
  admin = await app.signIn('admin');
  auditor = await app.signIn('auditor');
});
afterAll(() => app.stop());
beforeEach(async () => {
  for (const table of ['import_rejections', 'imports', 'list_members', 'subscribers', 'areas']) {
    await app.database.run(`delete from ${table}`);
  }
  const name = `Danh sách ${Math.random()}`;
  const { body } = await admin.post('/api/v1/lists').send({ name, purpose: 'Thử', legalBasis: 'Luật 14/2012' });
  listId = body.id;
});

const upload = (content: string | Buffer, name = 'Danh sách cử tri.csv') =>
  admin.post(`/api/v1/lists/${listId}/imports`).attach('file', Buffer.from(content as string), name);

const subscribers = () =>
  app.database.rows<{ phone: string; full_name: string | null }>(
    'select phone, full_name from subscribers order by phone',
  );

const HEAD = 'Họ tên,Số điện thoại,Xã/phường\n';

describe('importing a file', () => {
  it('takes the good rows, merges repeated numbers and says of every other row what is wrong', async () => {
    const { body } = await upload(
      `${HEAD}Lê Bé,0912345678,Ba Chúc\nLê Văn Bé,+84 912 345 678,\nTrần Thị Tư,01669123456,Núi Tô\nSai Số,09123456,Ba Chúc\nHai Số,0912345679; 0987654321,Ba Chúc\n`,
    ).expect(201);
    expect(body).toMatchObject({ rows: 5, added: 2, changed: 0, unchanged: 0, repeated: 1, rejected: 2, headerRow: 1 });
    expect(body.fileName).toBe('Danh sách cử tri.csv');
    expect(await subscribers()).toEqual([
      { phone: '+84369123456', full_name: 'Trần Thị Tư' },
      { phone: '+84912345678', full_name: 'Lê Bé' },
    ]);
    const csv = await admin.get(`/api/v1/imports/${body.id}/rejections.csv`).set('Accept-Language', 'vi').expect(200);
    const lines = csv.text.split('\r\n').filter(Boolean);
    expect(lines[0]).toBe('\ufeffDòng,Cột,Giá trị,Mã lỗi,Lý do và cách xử lý');
    expect(lines[1]).toMatch(/^5,Số điện thoại,09123456,too-short,/);
    expect(lines[2]).toMatch(/^6,Số điện thoại,.*0912345679; 0987654321.*several-numbers/);
    expect(lines).toHaveLength(3);
  });

  it('of the same file again changes nothing', async () => {
    const file = `${HEAD}Lê Bé,0912345678,Ba Chúc\nTrần Thị Tư,0387654321,Núi Tô\n`;
    await upload(file).expect(201);
    const before = await app.database.rows('select * from subscribers order by id');
    const { body } = await upload(file).expect(201);
    expect(body).toMatchObject({ added: 0, changed: 0, unchanged: 2 });
    expect(await app.database.rows('select * from subscribers order by id')).toEqual(before);
  });

  it('fills in and corrects what is known, and never empties it', async () => {
    await upload(`${HEAD}Lê Bé,0912345678,Ba Chúc\n`).expect(201);
    const { body } = await upload(`${HEAD},0912345678,Núi Tô\n`).expect(201);
    expect(body).toMatchObject({ changed: 1 });
    const found = await admin.get('/api/v1/subscribers?phone=0912 345 678').expect(200);
    expect(found.body.items).toEqual([expect.objectContaining({ fullName: 'Lê Bé', area: 'Núi Tô' })]);
  });

  it('knows an area in every spelling of its accents', async () => {
    await upload(`${HEAD}A,0912345678,Mỹ Hoà Hưng\nB,0912345679,mỹ hòa hưng\nC,0912345680,Mỹ Hòa Hưng\n`).expect(201);
    expect((await admin.get('/api/v1/areas')).body).toEqual([expect.objectContaining({ subscribers: 3 })]);
  });

  it('at the same time as another one of the same people gives the right register', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `Người ${i},09${String(10_000_000 + i)},Xã ${i % 7}`);
    const [one, two] = await Promise.all([
      upload(HEAD + rows.join('\n')),
      upload(HEAD + [...rows].reverse().join('\n')),
    ]);
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(await subscribers()).toHaveLength(500);
    expect(one.body.added + two.body.added).toBe(500);
  });

  it('neutralises formulas in the file of rejected rows', async () => {
    const { body } = await upload(`${HEAD}Lê Bé,=HYPERLINK(1),Ba Chúc\n`).expect(201);
    const csv = await admin.get(`/api/v1/imports/${body.id}/rejections.csv`);
    expect(csv.text).toContain(`'=HYPERLINK`);
  });
});

describe('a file that cannot be taken', () => {
  it.each([
    ['is empty', '', 'rong.csv', 400],
    ['has a header and nobody below it', `${HEAD}`, 'khong-ai.csv', 422],
    ['is text that calls itself a workbook', `${HEAD}Lê Bé,0912345678,Ba Chúc\n`, 'danh-sach.xlsx', 400],
    ['has no phone column', 'Họ tên,Ngày sinh\nLê Bé,1/1/1990\n', 'ngay-sinh.csv', 422],
    ['is not what its name says', '<html><body>Không có quyền</body></html>', 'danh-sach.xlsx', 400],
    ['is an old Excel file', Buffer.from('d0cf11e0a1b11ae1'.padEnd(2048, '0'), 'hex'), 'cu.xls', 400],
    ['is a damaged workbook', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(300, 7)]), 'hong.xlsx', 400],
    ['is too large', Buffer.alloc(2 * 1024 * 1024, 'a'), 'to.csv', 413],
  ])('because it %s is refused with the reason, and nothing is changed', async (_, content, name, status) => {
    const { body } = await upload(content as string, name).expect(status);
    expect(body.code).toMatch(/^(import|request)\./);
    expect(body.detail.length).toBeGreaterThan(30);
    expect(await subscribers()).toEqual([]);
    expect(await app.database.row('select count(*) as n from imports')).toEqual({ n: 0 });
  });

  it('leaves no file behind, taken or not', async () => {
    await upload('').expect(400);
    await upload(`${HEAD}Lê Bé,0912345678,Ba Chúc\n`).expect(201);
    expect(await readdir(join(app.config.DATA_DIR, 'uploads'))).toEqual([]);
  });

  it('or no file at all is answered in the language asked for', async () => {
    const vi = await admin.post(`/api/v1/lists/${listId}/imports`).set('Accept-Language', 'vi-VN').expect(422);
    const en = await admin.post(`/api/v1/lists/${listId}/imports`).set('Accept-Language', 'en').expect(422);
    expect(vi.body).toMatchObject({ code: 'upload.missing', field: 'file', detail: expect.stringContaining('tệp') });
    expect(en.body.detail).toContain('file');
  });
});

describe('who may see numbers', () => {
  it('an auditor finds subscribers with masked numbers, an administrator sees them and is on record', async () => {
    await upload(`${HEAD}Lê Bé,0912345678,Ba Chúc\n`).expect(201);
    expect((await auditor.get('/api/v1/subscribers')).body.items[0].phone).toBe('091***678');
    expect((await admin.get('/api/v1/subscribers')).body.items[0].phone).toBe('+84912345678');
    const trail = await auditor.get('/api/v1/audit?act=subscribers.view-phones').expect(200);
    expect(trail.body.items.length).toBeGreaterThan(0);
  });

  it('an auditor may neither import nor see rejected rows', async () => {
    await auditor.post(`/api/v1/lists/${listId}/imports`).attach('file', Buffer.from(HEAD), 'a.csv').expect(403);
    await auditor.get('/api/v1/imports/1/rejections.csv').expect(403);
  });
});
