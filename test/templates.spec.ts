import type TestAgent from 'supertest/lib/agent';
import { createLog } from '../src/platform/observability/log';
import { TemplatesService } from '../src/templates';
import { phoneOf } from './harness/batches';
import { startTestApp, TestApp } from './harness/test-app';

interface Refused {
  readonly status: number;
  readonly body: {
    readonly code?: string;
    readonly field?: string;
    readonly errors?: { field: string; code: string }[];
  };
}

const refusal = ({ status, body }: Refused): unknown[] => [status, body.code, body.field];
const faultsOf = ({ body }: Refused): string[] => (body.errors ?? []).map(({ field, code }) => `${field} ${code}`);

describe('templates', () => {
  let app: TestApp;
  let admin: TestAgent;
  let staff: TestAgent;
  let approver: TestAgent;
  let auditor: TestAgent;

  beforeAll(async () => {
    app = await startTestApp();
    const roles = ['admin', 'staff', 'approver', 'auditor'] as const;
    [admin, staff, approver, auditor] = (await Promise.all(roles.map((role) => app.signIn(role)))) as [
      TestAgent,
      TestAgent,
      TestAgent,
      TestAgent,
    ];
  });
  afterAll(() => app.stop());

  const get = async (path: string): Promise<any> => (await staff.get(`/api/v1${path}`).expect(200)).body; // eslint-disable-line @typescript-eslint/no-explicit-any
  const notice = {
    title: 'Nhắc ngày bầu cử',
    body: 'Mời {{bareName ho_ten}} đi bầu cử ngày {{date ngay}}.',
    legalBasis: [{ document: 'Luật số 85/2015/QH13', article: 'Điều 69' }],
    variables: {
      ho_ten: { source: 'subscriber', field: 'fullName', label: 'Họ tên', default: 'cử tri' },
      ngay: { source: 'campaign', label: 'Ngày bầu cử' },
    },
    example: { ho_ten: 'Ông Nguyễn Văn An', ngay: '2026-03-15' },
  };
  let codes = 0;
  const newTemplate = async (facts: object = {}): Promise<{ code: string; id: number }> => {
    const code = `mau-${(codes += 1)}`;
    const { body } = await staff.post('/api/v1/templates').send({ ...notice, code, topic: 'election', ...facts });
    expect(body.code).toBe(code);
    return body;
  };
  const audited = async (subject: string): Promise<string[]> =>
    (
      await app.database.rows<{ act: string }>('select act from audit_entries where subject = $1 order by id', [
        subject,
      ])
    ).map(({ act }) => act);
  const restart = (): Promise<void> =>
    new TemplatesService(app.database, createLog('info', { write: () => undefined })).onModuleInit();

  describe.each([
    ['topics', 'topic'],
    ['legal-fields', 'legal-field'],
  ])('%s', (path, kind) => {
    const facts = { code: `duong-thuy-${kind}`, nameVi: 'Giao thông đường thủy', nameEn: 'Waterways' };

    it('are added, renamed, archived and taken back by staff, each act on record', async () => {
      const added = await staff
        .post(`/api/v1/${path}`)
        .send({ ...facts, nameVi: ` ${facts.nameVi} `.normalize('NFD') });
      expect([added.status, added.body]).toEqual([201, expect.objectContaining({ ...facts, archivedAt: null })]);
      const one = `/api/v1/${path}/${facts.code}`;
      expect((await staff.patch(one).send({ nameEn: 'Inland waterways' })).body.nameEn).toBe('Inland waterways');
      const archived = await admin.patch(one).send({ archived: true });
      expect(archived.body).toMatchObject({ nameVi: facts.nameVi, archivedAt: expect.any(String) });
      expect((await admin.patch(one).send({ archived: true })).body.archivedAt).toBe(archived.body.archivedAt);
      expect((await get(`/${path}`)).at(-1)).toEqual(archived.body);
      expect((await staff.patch(one).send({ archived: false })).body.archivedAt).toBeNull();
      expect(await audited(`${kind}:${facts.code}`)).toEqual([`${kind}.create`, ...Array(4).fill(`${kind}.edit`)]);
    });

    it('are refused when a code is taken, malformed or unknown, or a name is blank', async () => {
      expect(refusal(await staff.post(`/api/v1/${path}`).send(facts))).toEqual([409, `${kind}.code-taken`, 'code']);
      expect(refusal(await staff.patch(`/api/v1/${path}/khong-co`).send({ archived: true }))).toEqual([
        404,
        `${kind}.not-found`,
        undefined,
      ]);
      const malformed = await staff.post(`/api/v1/${path}`).send({ ...facts, code: 'Đường thủy', nameVi: ' ' });
      expect(faultsOf(malformed)).toEqual(['code field.wrong-form', 'nameVi field.empty']);
      expect(faultsOf(await staff.patch(`/api/v1/${path}/${facts.code}`).send({ code: 'khac' }))).toEqual([
        'code field.unknown',
      ]);
      expect((await staff.patch(`/api/v1/${path}/${facts.code}`).send({ archived: null })).status).toBe(422);
    });

    it('are read by everybody and written by staff and administrators alone', async () => {
      await auditor.get(`/api/v1/${path}`).expect(200);
      for (const agent of [approver, auditor]) {
        expect((await agent.post(`/api/v1/${path}`).send(facts)).status).toBe(403);
        expect((await agent.patch(`/api/v1/${path}/${facts.code}`).send({ archived: true })).status).toBe(403);
      }
    });

    it('cannot be chosen for a new template once archived, while templates that have one go on', async () => {
      const field = kind === 'topic' ? 'topic' : 'legalField';
      const before = await newTemplate({ [field]: facts.code });
      await staff.patch(`/api/v1/${path}/${facts.code}`).send({ archived: true }).expect(200);
      const after = await staff
        .post('/api/v1/templates')
        .send({ ...notice, topic: 'election', code: `sau-${kind}`, [field]: facts.code });
      expect(refusal(after)).toEqual([422, `template.${kind}-archived`, field]);
      const unknown = await staff
        .post('/api/v1/templates')
        .send({ ...notice, topic: 'election', code: `sau-${kind}`, [field]: 'khong-co' });
      expect(refusal(unknown)).toEqual([422, `template.${kind}-not-found`, field]);
      await staff.post(`/api/v1/templates/${before.code}/versions`).send(notice).expect(201);
    });

    it('keep what the office made of the shipped ones when the service starts again', async () => {
      const shipped = kind === 'topic' ? 'covid-19' : 'land';
      const changes = { nameVi: 'Tên của Sở', archived: true, ...(kind === 'topic' && { fatigueDays: 30 }) };
      const { body } = await staff.patch(`/api/v1/${path}/${shipped}`).send(changes).expect(200);
      await restart();
      expect((await get(`/${path}`)).find(({ code }: { code: string }) => code === shipped)).toEqual(body);
      expect(body.nameVi).toBe('Tên của Sở');
    });
  });

  it('cap the texts on a topic by days from 0 to 365, one when nothing is said', async () => {
    const topic = { code: 'dat-dai', nameVi: 'Đất đai', nameEn: 'Land' };
    expect((await staff.post('/api/v1/topics').send(topic)).body.fatigueDays).toBe(1);
    expect((await staff.patch('/api/v1/topics/dat-dai').send({ fatigueDays: 0 })).body.fatigueDays).toBe(0);
    expect(
      (await staff.post('/api/v1/topics').send({ ...topic, code: 'd-2', fatigueDays: 365 })).body.fatigueDays,
    ).toBe(365);
    for (const fatigueDays of [-1, 366, 1.5, '7', null]) {
      expect((await staff.patch('/api/v1/topics/dat-dai').send({ fatigueDays })).body.field).toBe('fatigueDays');
    }
    expect((await staff.patch('/api/v1/legal-fields/land').send({ fatigueDays: 3 })).status).toBe(422);
  });

  it('shipped with the product each belong to a legal field', async () => {
    const shipped = (await get('/templates')).filter(({ createdBy }: { createdBy: string }) => createdBy === 'system');
    expect(shipped).toHaveLength(10);
    expect(new Set(shipped.map(({ legalField }: { legalField: string }) => legalField))).toEqual(
      new Set(['election-law', 'public-health', 'information-and-communications']),
    );
  });

  it('shipped become a new version when only their variant in another language changed', async () => {
    const older = `insert into template_versions (template_id, version, title, body, legal_basis, valid_from, valid_to,
        variables, example, variants, created_by)
      select template_id, 2, title, body, legal_basis, valid_from, valid_to, variables, example, '{"km": "ក"}', created_by
      from template_versions v join templates t on t.id = v.template_id where t.code = 'vote-in-person'`;
    await app.database.run(older);
    await restart();
    await restart();
    const versions: { version: number; variants: object }[] = await get('/templates/vote-in-person');
    expect(versions.map(({ version, variants }) => [version, variants])).toEqual([
      [3, {}],
      [2, { km: 'ក' }],
      [1, {}],
    ]);
  });

  describe('out of use', () => {
    it('are archived and taken back, never deleted, and left out of the list unless asked for', async () => {
      const { code } = await newTemplate();
      const listed = async (query: string): Promise<boolean> =>
        (await get(`/templates${query}`)).some((one: { code: string }) => one.code === code);
      const archived = await staff.post(`/api/v1/templates/${code}/archive`).expect(200);
      expect(archived.body).toMatchObject({ code, version: 1, archivedAt: expect.any(String) });
      expect([await listed(''), await listed('?archived=false'), await listed('?archived=true')]).toEqual([
        false,
        false,
        true,
      ]);
      expect((await get(`/templates/${code}`))[0].archivedAt).toBe(archived.body.archivedAt);
      await staff.delete(`/api/v1/templates/${code}`).expect(404);
      const back = await staff.post(`/api/v1/templates/${code}/unarchive`).expect(200);
      expect([back.body.archivedAt, await listed('')]).toEqual([null, true]);
      expect(await audited(`template:${code}`)).toEqual(['template.create', 'template.archive', 'template.unarchive']);
    });

    it('take no further version, and are archived only once', async () => {
      const { code } = await newTemplate();
      await staff.post(`/api/v1/templates/${code}/archive`).expect(200);
      const answers = [
        await staff.post(`/api/v1/templates/${code}/versions`).send(notice),
        await staff.post(`/api/v1/templates/${code}/archive`),
        await staff.post('/api/v1/templates/khong-co/archive'),
      ];
      expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
        [409, 'template.archived'],
        [409, 'template.archived'],
        [404, 'template.not-found'],
      ]);
      expect(await get(`/templates/${code}`)).toHaveLength(1);
      await staff.post(`/api/v1/templates/${code}/unarchive`).expect(200);
      expect((await staff.post(`/api/v1/templates/${code}/unarchive`)).body.code).toBe('template.not-archived');
    });

    it('are known as such at once by who holds a compiled version, as the submission of a campaign does', async () => {
      const { code, id } = await newTemplate();
      const templates = app.app.get(TemplatesService);
      expect((await templates.version(id)).archivedAt).toBeNull();
      await staff.post(`/api/v1/templates/${code}/archive`).expect(200);
      expect((await templates.version(id)).archivedAt).toBeInstanceOf(Date);
    });

    it('get no new version from a newer release of the product either', async () => {
      await staff.post('/api/v1/templates/valid-ballot/archive').expect(200);
      const newer = `insert into template_versions (template_id, version, title, body, legal_basis, variables, example, created_by)
        select id, 2, 'Cũ', 'Cũ', '[]', '{}', '{}', 'system' from templates where code = 'valid-ballot'`;
      await app.database.run(newer);
      await restart();
      expect(await get('/templates/valid-ballot')).toHaveLength(2);
      await staff.post('/api/v1/templates/valid-ballot/unarchive').expect(200);
      await restart();
      expect(await get('/templates/valid-ballot')).toHaveLength(3);
    });

    it('are a matter of staff', async () => {
      const { code } = await newTemplate();
      for (const agent of [approver, auditor]) {
        expect((await agent.post(`/api/v1/templates/${code}/archive`)).status).toBe(403);
        expect((await agent.post(`/api/v1/templates/${code}/unarchive`)).status).toBe(403);
      }
    });
  });

  describe('in two versions', () => {
    it('are compared word by word, and by every other thing that changed', async () => {
      const { code } = await newTemplate();
      await staff.post(`/api/v1/templates/${code}/versions`).send(notice).expect(201);
      const changed = {
        ...notice,
        title: 'Nhắc đi bầu',
        body: 'Kính mời {{bareName ho_ten}} đi bầu cử ngày {{date ngay}}.',
        validTo: '2026-03-15',
        variants: { km: 'ក {{ho_ten}}' },
      };
      await staff.post(`/api/v1/templates/${code}/versions`).send(changed).expect(201);
      const { body } = await auditor.get(`/api/v1/templates/${code}/compare?from=1&to=3`).expect(200);
      expect(body).toEqual({
        code,
        from: 1,
        to: 3,
        body: [
          { kind: 'removed', text: 'Mời' },
          { kind: 'added', text: 'Kính mời' },
          { kind: 'same', text: ' {{bareName ho_ten}} đi bầu cử ngày {{date ngay}}.' },
        ],
        variants: { km: [{ kind: 'added', text: 'ក {{ho_ten}}' }] },
        changes: [
          { field: 'title', before: 'Nhắc ngày bầu cử', after: 'Nhắc đi bầu' },
          { field: 'validTo', before: null, after: '2026-03-15' },
        ],
      });
      const same = await get(`/templates/${code}/compare?from=1&to=2`);
      expect([same.body, same.changes]).toEqual([[{ kind: 'same', text: notice.body }], []]);
    });

    it('cannot be compared with one that there is not', async () => {
      const { code } = await newTemplate();
      const compare = (query: string): Promise<Refused> =>
        staff.get(`/api/v1/templates/${code}/compare${query}`) as never;
      expect(refusal(await compare('?from=1&to=2'))).toEqual([404, 'template.no-such-version', 'to']);
      expect(refusal(await compare('?from=9&to=1'))).toEqual([404, 'template.no-such-version', 'from']);
      expect(refusal(await compare('?from=1'))).toEqual([422, 'request.invalid', 'to']);
      expect(refusal(await compare('?from=1e1&to=1'))).toEqual([422, 'request.invalid', 'from']);
      const elsewhere = await staff.get('/api/v1/templates/khong-co/compare?from=1&to=1');
      expect(refusal(elsewhere)).toEqual([404, 'template.not-found', undefined]);
    });
  });

  describe('and what a body may hold', () => {
    it('are told with an example each, in two languages', async () => {
      const helpers = (await auditor.get('/api/v1/template-helpers').expect(200)).body;
      expect(helpers.map(({ name }: { name: string }) => name)).toEqual([
        'if',
        'unless',
        'date',
        'number',
        'bareName',
        'upper',
      ]);
      for (const { does, example } of helpers) {
        expect(does.vi).not.toBe(does.en);
        const { body } = await staff.post('/api/v1/text-check').send({ text: example.text }).expect(200);
        expect(body.wasNfc).toBe(true);
      }
    });

    it.each([
      ['{{> mau_khac}}', 'template.construct-refused'],
      ['{{#each ho_ten}}x{{/each}}', 'template.helper-unknown'],
      ['{{lower ho_ten}}', 'template.helper-unknown'],
      ['{{date ngay style="long"}}', 'template.helper-arguments'],
      ['{{upper (bareName ho_ten)}}', 'template.helper-arguments'],
      ['{{ho_ten.constructor}}', 'template.placeholder-name'],
      ['{{{ho_ten}}}', 'template.unescaped-placeholder'],
    ])('%s is refused with its place', async (body, code) => {
      const answer = await staff
        .post('/api/v1/templates')
        .send({ ...notice, body: `Mời ${body}`, code: 'xau', topic: 'election' });
      expect([answer.status, answer.body.code]).toEqual([422, 'template.version-invalid']);
      expect(faultsOf(answer)).toEqual([`body ${code}`]);
      expect(JSON.stringify(answer.body.errors)).toContain('cột 5');
    });

    it('is refused when the example or a default is no day', async () => {
      const post = async (facts: object): Promise<string[]> =>
        faultsOf(await staff.post('/api/v1/templates').send({ ...notice, ...facts, code: 'xau', topic: 'election' }));
      expect(await post({ example: { ...notice.example, ngay: '30/2/2026' } })).toEqual([
        'example template.value-unfit',
      ]);
      const ngay = { ...notice.variables.ngay, default: 'ngày mai' };
      expect(await post({ variables: { ...notice.variables, ngay } })).toEqual([
        'variables.ngay.default template.value-unfit',
      ]);
    });

    it('is refused in a variant by the same rules', async () => {
      const post = async (variants: object): Promise<string[]> =>
        faultsOf(await staff.post('/api/v1/templates').send({ ...notice, variants, code: 'xau', topic: 'election' }));
      expect(await post({ km: 'ក {{> p}}' })).toEqual(['variants.km template.construct-refused']);
      expect(await post({ cja: 'Cam {{gio}}' })).toEqual(['variants.cja template.variable-undeclared']);
      expect(await post({ fr: 'Bonjour' })).toEqual(['variants.fr template.field-unknown']);
      expect(await post({ km: 5 })).toEqual(['variants.km template.field-not-text']);
    });
  });

  describe('previewed', () => {
    const variants = { km: 'សូមអញ្ជើញ {{ho_ten}}', cja: 'Cam {{ho_ten}} {{date ngay}}' };
    let phones = 0;
    const person = async (fullName: string | null, language: string | null = null): Promise<number> => {
      const row = await app.database.row<{ id: number }>(
        `insert into subscribers (phone, phone_key, full_name, language, hamlet)
         values ($1, sha256($1::text::bytea), $2, $3, 'Ấp Vĩnh Hòa') returning id`,
        [phoneOf((phones += 1)), fullName, language],
      );
      return row!.id;
    };
    const preview = async (id: number, body: object): Promise<Refused & { body: Record<string, never> }> =>
      (await approver.post(`/api/v1/template-versions/${id}/preview`).send(body)) as never;
    const texts = async (id: number, body: object): Promise<string[]> => {
      const { language, accented, unaccented } = (await preview(id, body)).body as unknown as Record<
        string,
        { text: string }
      >;
      return [language as unknown as string, accented!.text, unaccented!.text];
    };

    it('show the text of a recipient, with a default for who has no name', async () => {
      const { id } = await newTemplate();
      const values = { ngay: '15-03-2026' };
      expect(await texts(id, { subscriberId: await person('Bà Lê Thị Bé'), values })).toEqual([
        'vi',
        'Mời Lê Thị Bé đi bầu cử ngày 15/3/2026.',
        'Moi Le Thi Be di bau cu ngay 15/3/2026.',
      ]);
      const nameless = await texts(id, { subscriberId: await person(null), values });
      expect(nameless[1]).toBe('Mời cử tri đi bầu cử ngày 15/3/2026.');
    });

    it('fill in the hamlet, written as within a sentence', async () => {
      const { id } = await newTemplate({
        body: 'Mời bà con {{ap}}.',
        variables: { ap: { source: 'subscriber', field: 'hamlet', label: 'Ấp' } },
        example: { ap: 'ấp Vĩnh Hòa' },
      });
      expect((await texts(id, { subscriberId: await person('Lê Bé') }))[1]).toBe('Mời bà con ấp Vĩnh Hòa.');
    });

    it('are in the language of the recipient where there is a variant, or in one that is chosen', async () => {
      const { id } = await newTemplate({ variants });
      const [khmer, cham] = [await person('Chau Sóc', 'km'), await person('Mohamad', 'cja')];
      const values = { ngay: '15/3/2026' };
      expect(await texts(id, { subscriberId: khmer, values })).toEqual(['km', 'សូមអញ្ជើញ Chau Sóc', 'សូមអញ្ជើញ Chau Sóc']);
      expect((await texts(id, { subscriberId: cham, values }))[1]).toBe('Cam Mohamad 15/3/2026');
      expect((await texts(id, { subscriberId: khmer, values, language: 'vi' }))[0]).toBe('vi');
      expect((await texts(id, { language: 'cja' }))[1]).toBe('Cam Ông Nguyễn Văn An 15/3/2026');
      const { id: plain } = await newTemplate();
      expect((await texts(plain, { subscriberId: khmer, values }))[0]).toBe('vi');
      expect(refusal(await preview(id, { language: 'fr' }))).toEqual([422, 'request.invalid', 'language']);
    });

    it('point out what makes a text dearer, and are refused for a value missing or unfit', async () => {
      const { id } = await newTemplate();
      const { body } = await preview(id, { values: { ho_ten: 'Ông Lê “Bé”', ngay: '15/3/2026' } });
      expect(body).toMatchObject({
        accented: {
          encoding: 'UCS-2',
          ucs2: { surprises: [{ character: '“', codePoint: 'U+201C', replacement: '"' }, {}] },
        },
        unaccented: { encoding: 'GSM-7', ucs2: { accentedLetters: [], surprises: [] } },
      });
      const subscriberId = await person('Lê Bé');
      expect(refusal(await preview(id, { subscriberId }))).toEqual([422, 'template.value-missing', 'values.ngay']);
      expect(refusal(await preview(id, { subscriberId, values: { ngay: 'mai' } }))).toEqual([
        422,
        'template.value-unfit',
        'values.ngay',
      ]);
      expect(refusal(await preview(id, { subscriberId: 2 ** 31 - 1 }))).toEqual([
        404,
        'template.recipient-not-found',
        'subscriberId',
      ]);
    });
  });

  it('tell of any typed text what it becomes and costs, and what to replace', async () => {
    const text = 'Phạt “từ 1 – 3 triệu”: 5.000₫'.normalize('NFD');
    const { body } = await auditor.post('/api/v1/text-check').send({ text }).expect(200);
    expect(body).toMatchObject({
      text: text.normalize('NFC'),
      wasNfc: false,
      replaced: 'Phạt "từ 1 - 3 triệu": 5.000 đồng',
      accented: { encoding: 'UCS-2', units: 29, segments: 1 },
      unaccented: { text: 'Phat "tu 1 - 3 trieu": 5.000 dong', encoding: 'GSM-7', units: 33, segments: 1 },
    });
    expect(body.accented.ucs2.accentedLetters.map(({ character }: { character: string }) => character)).toEqual([
      ...['ạ', 'ừ', 'ệ'],
    ]);
    expect(body.accented.ucs2.surprises[0]).toEqual({
      character: '“',
      position: 5,
      codePoint: 'U+201C',
      replacement: '"',
      name: { vi: 'dấu ngoặc kép cong', en: 'curly quotation mark' },
    });
    expect(refusal(await staff.post('/api/v1/text-check').send({ text: 'a'.repeat(4_001) }))).toEqual([
      422,
      'request.invalid',
      'text',
    ]);
    expect((await staff.post('/api/v1/text-check').send({})).body.field).toBe('text');
  });
});
