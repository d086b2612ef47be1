import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Workbook } from 'exceljs';
import type { Response } from 'supertest';
import type TestAgent from 'supertest/lib/agent';
import { ImportWork } from '../src/subscribers/import/import-work';
import { importFile, upload } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';
import { encodeTcvn3, encodeVni } from './subscribers/old-codings';

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
  for (const table of ['import_rows', 'import_files', 'imports', 'list_members', 'subscribers', 'suppressions']) {
    await app.database.run(`delete from ${table}`);
  }
  const name = `Danh sách ${Math.random()}`;
  const { body } = await admin.post('/api/v1/lists').send({ name, purpose: 'Thử', legalBasis: 'Luật 14/2012' });
  listId = body.id;
});

const send = (content: string | Buffer, name = 'Danh sách cử tri.csv') =>
  admin.post(`/api/v1/lists/${listId}/imports`).attach('file', Buffer.from(content as string), name);
const taken = (content: string | Buffer, choice: Record<string, string> = {}) =>
  importFile(admin, listId, content, { choice });

const subscribers = () =>
  app.database.rows<{ phone: string; full_name: string | null }>(
    'select phone, full_name from subscribers order by phone',
  );
const members = async (): Promise<number> =>
  (await app.database.row<{ n: number }>('select count(*) as n from list_members where list_id = $1', [listId]))!.n;

const HEAD = 'Họ tên,Số điện thoại,Xã/phường\n';
const MIXED =
  `${HEAD}Lê Bé,0912345678,Ba Chúc\nLê Văn Bé,+84 912 345 678,\nTrần Thị Tư,01669123456,Núi Tô\n` +
  `Sai Số,09123456,Ba Chúc\nHai Số,0912345679; 0987654321,Ba Chúc\n`;

describe('a file sent to a list', () => {
  it('is analysed first: nothing is imported before somebody confirms what he saw', async () => {
    const analysed = await upload(admin, listId, MIXED, { name: 'Danh sách cử tri.csv' });
    expect(analysed).toMatchObject({
      state: 'analysed',
      fileName: 'Danh sách cử tri.csv',
      allowedActs: ['choose', 'confirm', 'discard'],
      headerRow: 1,
      reading: { format: 'csv', coding: 'utf-8', delimiter: ',', columns: { phone: 'B', fullName: 'A', area: 'C' } },
      ...{ rows: 5, added: 2, changed: 0, unchanged: 0, repeated: 1, rejected: 2 },
    });
    expect(analysed.sample).toContainEqual({ rowNumber: 2, cells: ['Lê Bé', '0912345678', 'Ba Chúc'] });
    expect(await subscribers()).toEqual([]);
    const { id, revision } = analysed;
    const { body } = await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision }).expect(202);
    expect(body).toMatchObject({ state: 'done', rows: 5, added: 2, repeated: 1, rejected: 2, joined: 2, sample: null });
    expect(await subscribers()).toEqual([
      { phone: '+84369123456', full_name: 'Trần Thị Tư' },
      { phone: '+84912345678', full_name: 'Lê Bé' },
    ]);
    expect(await members()).toBe(2);
  });

  it('can be read differently, and only what was looked at can be confirmed', async () => {
    const odd = 'A,B,C\nLê Bé,0912345678,0987654321\nTrần Tư,0912345679,0987654322\n';
    const { id } = await upload(admin, listId, odd);
    const first = (await admin.get(`/api/v1/imports/${id}`).set('Accept-Language', 'en')).body;
    expect(first).toMatchObject({ state: 'analysed', rows: 0, fault: { code: 'import.no-phone-column' } });
    expect(first.sample[1].cells).toEqual(['Lê Bé', '0912345678', '0987654321']);
    await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision: first.revision }).expect(422);
    const columns = { phone: 'C', fullName: 'A' };
    const second = (await admin.patch(`/api/v1/imports/${id}`).send({ columns, headerRow: 1 }).expect(200)).body;
    expect(second).toMatchObject({ state: 'analysed', fault: null, rows: 2, added: 2, reading: { columns } });
    await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision: first.revision }).expect(409);
    await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision: second.revision }).expect(202);
    expect((await subscribers()).map(({ phone }) => phone)).toEqual(['+84987654321', '+84987654322']);
  });

  it('that cannot be read as chosen counts nothing, and is not confirmed', async () => {
    const { id } = await upload(admin, listId, MIXED);
    const chosen = (await admin.patch(`/api/v1/imports/${id}`).send({ coding: 'utf-16le' }).expect(200)).body;
    expect(chosen).toMatchObject({ state: 'analysed', rows: 0, added: 0, rejected: 0 });
    expect(chosen.fault).not.toBeNull();
    await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision: chosen.revision }).expect(422);
  });

  it('with titles that end within a sign of two halves is analysed like any other', async () => {
    const title = `a${'🎉'.repeat(80)}`;
    expect(await upload(admin, listId, `${title},SĐT\nLê Bé,0912345678\n`)).toMatchObject({
      state: 'analysed',
      added: 1,
    });
  });

  it('can be put away: the file and its rows are deleted', async () => {
    const { id } = await upload(admin, listId, MIXED);
    const { body } = await admin.post(`/api/v1/imports/${id}/discard`).expect(200);
    expect(body).toMatchObject({ state: 'discarded', sample: null, allowedActs: [] });
    for (const table of ['import_rows', 'import_files']) {
      expect(await app.database.rows(`select 1 from ${table}`)).toEqual([]);
    }
    await admin.get(`/api/v1/imports/${id}/rows`).expect(409);
  });

  it('is kept only until it is imported', async () => {
    await taken(MIXED);
    await app.app.get(ImportWork).tidyUp();
    expect(await app.database.rows('select 1 from import_files')).toEqual([]);
    expect(await readdir(join(app.config.DATA_DIR, 'uploads'))).toEqual([]);
  });

  it('again changes nothing', async () => {
    await taken(MIXED);
    const before = await app.database.rows('select * from subscribers order by id');
    const again = await taken(MIXED);
    expect(again).toMatchObject({ added: 0, changed: 0, unchanged: 2, joined: 0 });
    expect(await app.database.rows('select * from subscribers order by id')).toEqual(before);
  });

  it('tells of rows of one number the first, filled in by those after it', async () => {
    const { id } = await taken(`${HEAD},0912345678,\nLê Bé,0912 345 678,Ba Chúc\nTrần Tư,0912.345.678,Núi Tô\n`);
    const people = await app.database.rows(
      'select s.full_name, a.name from subscribers s join areas a on a.id = s.area_id',
    );
    expect(people).toEqual([{ full_name: 'Lê Bé', name: expect.stringContaining('Ba Chúc') }]);
    const { body } = await admin.get(`/api/v1/imports/${id}/rows?verdict=repeated`).set('Accept-Language', 'en');
    expect(body.items.map((row: { rowNumber: number }) => row.rowNumber)).toEqual([3, 4]);
    expect(body.items[0].findings[0]).toMatchObject({ code: 'repeated', column: 'B', value: '0912 345 678' });
    expect(body.items[0].findings[0].message).toContain('Row 2 of the file has this number already');
  });

  it.each([
    ['fill-gaps', { changed: 1, unchanged: 1 }, 'Lê Bé', 'Trần Tư'],
    ['overwrite', { changed: 2, unchanged: 0 }, 'Lê Văn Bé', 'Trần Tư'],
    ['keep', { changed: 0, unchanged: 2 }, 'Lê Bé', null],
  ])('by the policy %s does to known numbers what it says', async (mergePolicy, counts, first, second) => {
    await taken(`${HEAD}Lê Bé,0912345678,\n,0912345679,\n`);
    expect(await taken(`${HEAD}Lê Văn Bé,0912345678,\nTrần Tư,0912345679,\n`, { mergePolicy })).toMatchObject(counts);
    expect((await subscribers()).map(({ full_name }) => full_name)).toEqual([first, second]);
    await taken(`${HEAD},0912345678,\n`, { mergePolicy: 'overwrite' });
    expect((await subscribers())[0]!.full_name).toBe(first);
  });

  it('says which rows have opted out, and takes them without texting them', async () => {
    await admin.post('/api/v1/opt-outs').send({ phone: '0912345678', source: 'phone-call', reason: 'Gọi điện' });
    expect(await taken(MIXED)).toMatchObject({ added: 2, optedOut: 2 });
  });

  it('does not bring back whoever had his data erased', async () => {
    await admin.post('/api/v1/opt-outs').send({ phone: '0912345678', source: 'phone-call', reason: 'Gọi điện' });
    await app.database.run(`update suppressions set source = 'erasure', phone = null`);
    const { id } = await taken(MIXED);
    expect((await subscribers()).map(({ phone }) => phone)).toEqual(['+84369123456']);
    const { body } = await admin.get(`/api/v1/imports/${id}/rows?code=erased-on-request`).set('Accept-Language', 'en');
    expect(body.items).toHaveLength(2);
    expect(body.items[0]).toMatchObject({ rowNumber: 2, verdict: 'rejected', phone: null, fullName: null });
    expect(body.items[0].findings[0].message).toContain('consent');
  });

  it('does not bring back whoever had his data erased between the analysis and the confirmation', async () => {
    const { id, revision } = await upload(admin, listId, MIXED);
    await admin.post('/api/v1/opt-outs').send({ phone: '0912345678', source: 'phone-call', reason: 'Gọi điện' });
    await app.database.run(`update suppressions set source = 'erasure', phone = null`);
    const { body } = await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision }).expect(202);
    expect(body).toMatchObject({ rows: 5, added: 1, repeated: 0, rejected: 4 });
    expect((await subscribers()).map(({ phone }) => phone)).toEqual(['+84369123456']);
  });

  it('is judged again where the register changed since the analysis', async () => {
    const early = await upload(admin, listId, MIXED);
    await taken(MIXED);
    const { body } = await admin.post(`/api/v1/imports/${early.id}/confirm`).send({ revision: early.revision });
    expect(body).toMatchObject({ state: 'done', added: 0, unchanged: 2, repeated: 1, rejected: 2 });
  });

  it('at the same time as another one of the same people gives the right register', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => `Người ${i},09${String(10_000_000 + i)},Xã ${i % 7}`);
    const files = [HEAD + rows.join('\n'), HEAD + [...rows].reverse().join('\n')];
    const [one, two] = await Promise.all(files.map((file) => taken(file)));
    expect(await subscribers()).toHaveLength(500);
    expect(await members()).toBe(500);
    expect((one!.added as number) + (two!.added as number)).toBe(500);
    expect((one!.joined as number) + (two!.joined as number)).toBe(500);
  });

  it('warns of an area that is none, keeps what the file says, and names the nearest ones', async () => {
    const { id } = await taken(`${HEAD}Lê Bé,0912345678,Vĩnh Thạnh Trungg\n`);
    expect(await app.database.rows('select area_id, area_text from subscribers')).toEqual([
      { area_id: null, area_text: 'Vĩnh Thạnh Trungg' },
    ]);
    const { body } = await admin.get(`/api/v1/imports/${id}/rows?onlyFindings=true`).set('Accept-Language', 'en');
    expect(body.items[0].findings).toEqual([
      expect.objectContaining({ code: 'area-unknown', column: 'C', value: 'Vĩnh Thạnh Trungg' }),
    ]);
    expect(body.items[0].findings[0].message).toContain('Vĩnh Thạnh Trung');
  });

  it('knows an area in every spelling of its accents', async () => {
    await taken(`${HEAD}A,0912345678,Mỹ Hoà Hưng\nB,0912345679,mỹ hòa hưng\nC,0912345680,xã Mỹ Hòa Hưng\n`);
    const areas = (await admin.get('/api/v1/areas?withSubscribers=true')).body;
    expect(areas).toEqual([expect.objectContaining({ subscribers: 3 })]);
  });

  describe('with the language people wish to be texted in', () => {
    const SPEAK = 'Họ tên,SĐT,Ngôn ngữ nhận tin\n';
    const languages = async (): Promise<unknown[]> =>
      (await app.database.rows<{ language: unknown }>('select language from subscribers order by phone')).map(
        ({ language }) => language,
      );

    it('takes it in any spelling; a cell that says none is a warning and keeps nobody out', async () => {
      const file = `${SPEAK}A,0912345671,Khơ-me\nB,0912345672,CHÀM\nC,0912345673,Tiếng Việt\nD,0912345674,\nE,0912345675,Tày\nF,0912345676,Kinh\n`;
      const done = await taken(file);
      expect(done).toMatchObject({ added: 6, rejected: 0, warned: 2, reading: { columns: { language: 'C' } } });
      expect(await languages()).toEqual(['km', 'cja', null, null, null, null]);
      const rows = await admin.get(`/api/v1/imports/${done.id}/rows?onlyFindings=true`).set('Accept-Language', 'vi');
      const findings = rows.body.items.map((row: { rowNumber: number; findings: object[] }) => [
        row.rowNumber,
        row.findings,
      ]);
      const cell = { column: 'C', title: 'Ngôn ngữ nhận tin' };
      expect(findings).toEqual([
        [6, [{ code: 'language-unknown', ...cell, value: 'Tày', message: expect.stringContaining('Hãy ghi') }]],
        [7, [{ code: 'language-is-ethnicity', ...cell, value: 'Kinh', message: expect.stringContaining('dân tộc') }]],
      ]);
    });

    it.each([
      ['fill-gaps', ['km', 'cja', 'km']],
      ['overwrite', [null, 'km', 'km']],
      ['keep', ['km', 'cja', null]],
    ])(
      'by the policy %s does to what is known what it says; an empty cell does nothing',
      async (mergePolicy, after) => {
        await taken(`${SPEAK}A,0912345671,Khmer\nB,0912345672,Chăm\nC,0912345673,\n`);
        await taken(`${SPEAK}A,0912345671,tiếng Việt\nB,0912345672,Khmer\nC,0912345673,Khmer\n`, { mergePolicy });
        expect(await languages()).toEqual(after);
        const again = await taken(`${SPEAK}A,0912345671,\nB,0912345672,\nC,0912345673,Tày\n`, { mergePolicy });
        expect(again).toMatchObject({ changed: 0, unchanged: 3 });
        expect(await languages()).toEqual(after);
      },
    );

    it('takes from rows of one number what the first that says one says', async () => {
      await taken(
        `${SPEAK}A,0912345671,\nA,0912345671,Chăm\nA,0912345671,Khmer\nB,0912345672,Việt\nB,0912345672,Khmer\n`,
      );
      expect(await languages()).toEqual(['cja', null]);
    });

    it('shows in the history what each file made of it', async () => {
      await taken(`${SPEAK}A,0912345671,Khmer\n`);
      const { id } = (await admin.get('/api/v1/subscribers').expect(200)).body.items[0];
      const lastChanges = async () =>
        (await admin.get(`/api/v1/subscribers/${id}/history`).expect(200)).body.items.map(
          ({ changes }: { changes: object[] }) => changes.at(-1),
        );
      const came = { field: 'language', before: null, after: 'km' };
      expect(await lastChanges()).toEqual([came]);
      await taken(`${SPEAK}A,0912345671,Chăm\n`, { mergePolicy: 'overwrite' });
      expect(await lastChanges()).toEqual([came, { field: 'language', before: 'km', after: 'cja' }]);
    });

    it('keeps nothing of it for whoever had his data erased', async () => {
      const erased = { phone: '0912345671', reason: 'person-asked' };
      await admin.post('/api/v1/privacy/persons/erasure').send(erased).expect(200);
      const { id } = await upload(admin, listId, `${SPEAK}A,0912345671,Khmer\nB,0912345672,Khmer\n`);
      const rows = await app.database.rows(
        'select verdict, language from import_rows where import_id = $1 order by row_number',
        [id],
      );
      expect(rows).toEqual([
        { verdict: 'rejected', language: null },
        { verdict: 'added', language: 'km' },
      ]);
    });

    it('reads it in the codings of the nineties', async () => {
      const people = ['Nguyễn Văn Bé', 'Trần Thị Tư', 'Lê Thị Hồng'].map(
        (name, at) => `${name},091234567${at},Tiếng Chăm\n`,
      );
      const file = `Họ và tên,Số điện thoại,Ngôn ngữ nhận tin\n${people.join('')}`;
      for (const encode of [encodeTcvn3, encodeVni]) {
        await app.database.run('delete from subscribers');
        expect(await taken(Buffer.from(encode(file), 'latin1'))).toMatchObject({ rejected: 0, warned: 0 });
        expect(await languages()).toEqual(['cja', 'cja', 'cja']);
      }
    });

    it('goes out with a list and comes in with it again', async () => {
      await taken(`${SPEAK}A,0912345671,Khmer\nB,0912345672,Chăm\nC,0912345673,\n`);
      const csv = await admin.get(`/api/v1/lists/${listId}/members.csv`).set('Accept-Language', 'en').expect(200);
      await app.database.run('delete from subscribers');
      await taken(csv.text);
      expect(await languages()).toEqual(['km', 'cja', null]);
    });

    it('comes back with the rejected rows, in its own column', async () => {
      const { id } = await taken(`${SPEAK}A,0912345671,Khmer\nB,09123456,Chăm\n`);
      const path = `/api/v1/imports/${id}/rejected-rows.xlsx`;
      const file = (await admin.get(path).buffer(true).parse(bytes).expect(200)).body as Buffer;
      const again = await upload(admin, listId, file, { name: 'dong-loi.xlsx' });
      expect(again.reading).toMatchObject({ columns: { language: 'C' } });
      expect(again.sample).toMatchObject([{ cells: ['B', '09123456', 'Chăm', '3', 'too-short', expect.any(String)] }]);
    });

    it('does not take a column of ethnicity for it, although both may say Khmer', async () => {
      const { id } = await upload(admin, listId, 'Họ tên,SĐT,Dân tộc\nThạch Bé,0912345678,Khmer\n');
      const columns = { fullName: 'A', phone: 'B', language: 'C' };
      const { body } = await admin.patch(`/api/v1/imports/${id}`).send({ columns }).expect(200);
      expect(body).toMatchObject({ rows: 0, fault: { code: 'import.language-not-ethnicity' } });
      await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision: body.revision }).expect(422);
    });
  });

  it('that looks like health or sanction data is taken only on a recorded legal basis', async () => {
    const file = 'Họ tên,SĐT,Tình trạng cách ly\nLê Bé,0912345678,F1\n';
    const { id, revision } = await upload(admin, listId, file);
    const refused = await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision }).expect(422);
    expect(refused.body).toMatchObject({ code: 'import.sensitive-columns', field: 'sensitiveBasis' });
    expect(refused.body.detail).toContain('Tình trạng cách ly');
    const choice = { sensitiveBasis: 'Luật Phòng, chống bệnh truyền nhiễm 2007, Điều 20' };
    const chosen = (await admin.patch(`/api/v1/imports/${id}`).send(choice).expect(200)).body;
    await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision: chosen.revision }).expect(202);
  });

  it('with a column of ethnicity is taken only on a recorded legal basis, and the column never', async () => {
    const { id, revision, reading } = await upload(admin, listId, 'Họ tên,SĐT,Dân tộc\nThạch Bé,0912345678,Khmer\n');
    expect(reading).toMatchObject({ columns: { fullName: 'A', phone: 'B' }, sensitive: [{ kind: 'ethnicity' }] });
    const refused = await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision }).expect(422);
    expect(refused.body).toMatchObject({ code: 'import.sensitive-columns', field: 'sensitiveBasis' });
    const choice = { sensitiveBasis: 'Căn cứ pháp lý do quản trị viên ghi' };
    const chosen = (await admin.patch(`/api/v1/imports/${id}`).send(choice).expect(200)).body;
    await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision: chosen.revision }).expect(202);
    expect(await app.database.rows('select language from subscribers')).toEqual([{ language: null }]);
  });

  it('of which nothing can be taken is not confirmed', async () => {
    const { id, revision } = await upload(admin, listId, `${HEAD}Lê Bé,091234,Ba Chúc\n`);
    const { body } = await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision }).expect(422);
    expect(body.code).toBe('import.nothing-to-take');
  });

  it('left behind by a service that died is finished by the next one', async () => {
    const { id } = await upload(admin, listId, MIXED);
    await app.database.run(`delete from import_rows`);
    await app.database.run(`update imports set state = 'uploaded', rows = 0, added = 0, repeated = 0, rejected = 0`);
    await app.app.get(ImportWork).resume();
    expect((await admin.get(`/api/v1/imports/${id}?wait=20`)).body).toMatchObject({ state: 'analysed', rows: 5 });
    await app.database.run(`update imports set state = 'confirmed', confirmed_by = 'user:1', confirmed_at = now()`);
    await app.app.get(ImportWork).resume();
    expect((await admin.get(`/api/v1/imports/${id}?wait=20`)).body).toMatchObject({ state: 'done', added: 2 });
    expect(await members()).toBe(2);
  });

  it('that makes the service die again and again is given up, and says so', async () => {
    const { id, revision } = await upload(admin, listId, MIXED);
    await app.database.run('update imports set state = $1, confirmed_by = $2, tries = 20', ['confirmed', 'user:1']);
    await app.app.get(ImportWork).resume();
    const { body } = await admin.get(`/api/v1/imports/${id}?wait=20`).set('Accept-Language', 'en');
    expect(body).toMatchObject({ state: 'analysed', fault: { code: 'import.gave-up' }, revision: revision + 1 });
    expect(await subscribers()).toEqual([]);
  });
});

describe('what became of the rows', () => {
  it('is said of every one: row and column as in Excel, the cell, the reason and what to do', async () => {
    const { id } = await taken(`Danh sách cử tri xã Ba Chúc\n\n${MIXED}`);
    const { body } = await admin.get(`/api/v1/imports/${id}/rows?verdict=rejected`).set('Accept-Language', 'vi');
    expect(body.items).toEqual([
      expect.objectContaining({ rowNumber: 7, verdict: 'rejected' }),
      expect.objectContaining({ rowNumber: 8, verdict: 'rejected' }),
    ]);
    expect(body.items[0].findings).toEqual([
      {
        code: 'too-short',
        column: 'B',
        title: 'Số điện thoại',
        value: '09123456',
        message: expect.stringContaining('thiếu chữ số'),
      },
    ]);
    const counts = (await admin.get(`/api/v1/imports/${id}/findings`)).body;
    expect(counts).toContainEqual(expect.objectContaining({ code: 'several-numbers', verdict: 'rejected', rows: 1 }));
    expect(counts).toContainEqual(expect.objectContaining({ code: 'converted-from-11-digits', verdict: 'warned' }));
  });

  it('can be downloaded as CSV and as a workbook', async () => {
    const { id } = await taken(MIXED);
    const csv = await admin.get(`/api/v1/imports/${id}/verdicts.csv`).set('Accept-Language', 'vi').expect(200);
    const lines = csv.text.split('\r\n').filter(Boolean);
    expect(lines[0]).toBe('\ufeffDòng,Kết quả,Từ chối nhận tin,Cột,Tên cột,Giá trị,Mã,Lý do và cách xử lý');
    expect(lines[1]).toBe('2,mới,,,,,,');
    expect(lines.map((line) => line.split(',')[0])).toEqual(['\ufeffDòng', '2', '3', '3', '4', '4', '5', '6']);
    const sheet = await workbookOf(`/api/v1/imports/${id}/verdicts.xlsx`);
    expect(sheet[0]![0]).toBe('Dòng');
    expect(sheet[6]!.slice(0, 6)).toEqual(['5', 'bị loại', '', 'B', 'Số điện thoại', '09123456']);
  });

  it.each(['csv', 'xlsx'])(
    'gives the rejected rows in the office’s own columns, to be mended and sent again as %s',
    async (kind) => {
      const { id } = await taken(
        `STT;Họ tên;SĐT;Ghi chú;Xã\n1;Lê Bé;0912345678;a;Ba Chúc\n2;Trần Tư;09123456;x=1;Núi Tô\n`,
      );
      const path = `/api/v1/imports/${id}/rejected-rows.${kind}`;
      const file = (await admin.get(path).buffer(true).parse(bytes).expect(200)).body as Buffer;
      const again = await upload(admin, listId, file, { name: `dong-loi.${kind}` });
      expect(again).toMatchObject({ rows: 1, rejected: 1 });
      expect(again.sample).toEqual([
        {
          rowNumber: 2,
          cells: ['2', 'Trần Tư', '09123456', 'x=1', 'Núi Tô', '3', 'too-short', expect.stringContaining('thiếu')],
        },
      ]);
      expect(again.reading).toMatchObject({ columns: { phone: 'C', fullName: 'B', area: 'E' } });
    },
  );

  it('holds no formula that a spreadsheet would run', async () => {
    const { id } = await taken(`${HEAD}Lê Bé,=HYPERLINK(1),Ba Chúc\nTrần Tư,0912345678,Ba Chúc\n`);
    for (const file of ['rejected-rows.csv', 'verdicts.csv']) {
      expect((await admin.get(`/api/v1/imports/${id}/${file}`)).text).toContain(`'=HYPERLINK`);
    }
    const sheet = await workbookOf(`/api/v1/imports/${id}/rejected-rows.xlsx`);
    expect(sheet[1]![1]).toBe('=HYPERLINK(1)');
  });
});

describe('a file that cannot be taken', () => {
  it.each([
    ['is empty', '', 'rong.csv', 400],
    ['is text that calls itself a workbook', `${HEAD}Lê Bé,0912345678,Ba Chúc\n`, 'danh-sach.xlsx', 400],
    ['is not what its name says', '<html><body>Không có quyền</body></html>', 'danh-sach.xlsx', 400],
    ['is a damaged old Excel file', Buffer.from('d0cf11e0a1b11ae1'.padEnd(2048, '0'), 'hex'), 'cu.xls', 400],
    ['is a damaged workbook', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(300, 7)]), 'hong.xlsx', 400],
    ['is too large', Buffer.alloc(2 * 1024 * 1024, 'a'), 'to.csv', 413],
  ])('because it %s is refused with the reason, and nothing is changed', async (_, content, name, status) => {
    const { body } = await send(content as string, name).expect(status);
    expect(body.code).toMatch(/^(import|request)\./);
    expect(body.detail.length).toBeGreaterThan(30);
    expect(await subscribers()).toEqual([]);
    expect(await app.database.rows('select 1 from import_files')).toEqual([]);
    expect(await readdir(join(app.config.DATA_DIR, 'uploads'))).toEqual([]);
  });

  it('with nobody below its header says so, and stays open to another choice', async () => {
    expect(await upload(admin, listId, HEAD)).toMatchObject({ state: 'analysed', fault: { code: 'import.no-rows' } });
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
    await taken(`${HEAD}Lê Bé,0912345678,Ba Chúc\n`);
    expect((await auditor.get('/api/v1/subscribers')).body.items[0].phone).toBe('091***678');
    expect((await admin.get('/api/v1/subscribers')).body.items[0].phone).toBe('+84912345678');
    const trail = await auditor.get('/api/v1/audit?act=subscribers.view-phones').expect(200);
    expect(trail.body.items.length).toBeGreaterThan(0);
  });

  it('an auditor may neither import nor see rows', async () => {
    await auditor.post(`/api/v1/lists/${listId}/imports`).attach('file', Buffer.from(HEAD), 'a.csv').expect(403);
    for (const what of ['', '/rows', '/findings', '/rejected-rows.csv', '/verdicts.xlsx']) {
      await auditor.get(`/api/v1/imports/1${what}`).expect(403);
    }
  });
});

/** Keeps what was downloaded as it came. */
function bytes(response: Response, done: (error: Error | null, body: Buffer) => void): void {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.on('end', () => done(null, Buffer.concat(parts)));
}

async function workbookOf(path: string): Promise<string[][]> {
  const { body } = await admin.get(path).set('Accept-Language', 'vi').buffer(true).parse(bytes).expect(200);
  const workbook = new Workbook();
  await workbook.xlsx.load(body as never);
  const rows: string[][] = [];
  workbook.worksheets[0]!.eachRow((row) => {
    const cells: string[] = [];
    row.eachCell({ includeEmpty: true }, (cell) => cells.push(cell.formula ? 'FORMULA' : cell.text));
    rows.push(cells);
  });
  return rows;
}
