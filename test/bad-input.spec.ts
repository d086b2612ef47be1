import type TestAgent from 'supertest/lib/agent';
import { startTestApp, TestApp } from './harness/test-app';

/** The largest id there is room for, and one more. */
const MOST_ID = 2 ** 31 - 1;
const NUL = '\u0000';

describe('bad input over REST', () => {
  let app: TestApp;
  let admin: TestAgent;
  let staff: TestAgent;
  let approver: TestAgent;
  let auditor: TestAgent;

  beforeAll(async () => {
    app = await startTestApp();
    admin = await app.signIn('admin');
    staff = await app.signIn('staff');
    approver = await app.signIn('approver');
    auditor = await app.signIn('auditor');
  });
  afterAll(() => app.stop());
  // Whatever a caller sends is his fault, never a bug of ours.
  afterEach(() => expect(app.logged.filter((line) => line.includes('because of a bug'))).toEqual([]));

  const agents = (): Record<string, TestAgent> => ({ admin, staff, approver, auditor });
  const draft = {
    name: 'Nhắc ngày bầu cử',
    templateVersionId: 1,
    listIds: [1],
    sender: 'STP ANGIANG',
    accented: true,
    startsAt: '2030-05-20T08:00',
  };
  const weekly = { kind: 'weekly', weekday: 1 };
  const recurrence = { rule: weekly, startTime: '08:00', leadDays: 7, firstDay: '2026-11-23' };
  const list = { name: 'Cử tri', purpose: 'Thông báo bầu cử', legalBasis: 'Luật số 14/2012/QH13' };
  const codesOf = ({ body }: { body: { errors?: { field: string; code: string }[] } }): string[] =>
    (body.errors ?? []).map(({ field, code }) => `${field} ${code}`);

  describe('a number in an address is digits alone, and has room in the database', () => {
    it.each([
      ['admin', 'get', '/lists/:id'],
      ['admin', 'patch', '/lists/:id', {}],
      ['admin', 'delete', '/lists/:id'],
      ['admin', 'post', '/lists/:id/members', { selection: { everybody: true } }],
      ['admin', 'post', '/lists/:id/members/removal', { selection: { everybody: true } }],
      ['admin', 'get', '/lists/:id/members.csv'],
      ['admin', 'get', '/subscribers/:id'],
      ['admin', 'get', '/subscribers/:id/history'],
      ['staff', 'patch', '/subscribers/:id', { revision: 1, reason: 'Sai tên' }],
      ['staff', 'post', '/subscribers/flagged/:id/clear', { reason: 'Đã gọi' }],
      ['admin', 'post', '/lists/:id/imports'],
      ['admin', 'get', '/imports/:id'],
      ['admin', 'patch', '/imports/:id', { mergePolicy: 'keep' }],
      ['admin', 'post', '/imports/:id/confirm', { revision: 1 }],
      ['admin', 'post', '/imports/:id/undo', { reason: 'Nhập nhầm' }],
      ['admin', 'post', '/imports/:id/discard'],
      ['admin', 'get', '/imports/:id/rows'],
      ['admin', 'get', '/imports/:id/findings'],
      ['admin', 'get', '/imports/:id/rejected-rows.csv'],
      ['admin', 'get', '/imports/:id/rejected-rows.xlsx'],
      ['admin', 'get', '/imports/:id/verdicts.csv'],
      ['admin', 'get', '/imports/:id/verdicts.xlsx'],
      ['staff', 'get', '/areas/:id/aliases'],
      ['admin', 'post', '/areas/:id/aliases', { alias: 'Ô Lâm cũ' }],
      ['admin', 'delete', '/areas/:id/aliases/o-lam-cu'],
      ['admin', 'patch', '/users/:id'],
      ['admin', 'delete', '/api-keys/:id'],
      ['admin', 'post', '/deputies/:id/revoke'],
      ['staff', 'get', '/official-documents/:id'],
      ['staff', 'get', '/official-documents/:id/file'],
      ['staff', 'get', '/campaigns/:id/test-sends'],
      ['staff', 'post', '/campaigns/:id/test-sends'],
      ['staff', 'post', '/template-versions/:id/preview'],
      ['staff', 'get', '/campaigns/:id'],
      ['staff', 'patch', '/campaigns/:id', { revision: 1 }],
      ['staff', 'get', '/campaigns/:id/messages'],
      ['staff', 'post', '/campaigns/:id/submit'],
      ['staff', 'post', '/campaigns/:id/pause'],
      ['staff', 'post', '/campaigns/:id/resume'],
      ['staff', 'post', '/campaigns/:id/cancel'],
      ['staff', 'post', '/campaigns/:id/clone', {}],
      ['staff', 'post', '/campaigns/:id/resend-failed', {}],
      ['staff', 'post', '/campaigns/:id/correction', { templateVersionId: 1 }],
      ['staff', 'get', '/campaigns/:id/progress'],
      ['staff', 'get', '/campaigns/:id/forecast'],
      ['staff', 'post', '/campaigns/:id/recurrences', recurrence],
      ['staff', 'post', '/recurrences/:id/end'],
      ['approver', 'post', '/campaigns/:id/approve', { contentHash: 'a'.repeat(64) }],
      ['approver', 'post', '/campaigns/:id/reject', { reason: 'Sai ngày' }],
      ['staff', 'get', '/requests/:id'],
      ['staff', 'post', '/requests/:id/answer', { answer: 'Đã trả lời' }],
    ] as [string, 'get' | 'post' | 'patch' | 'delete', string, object?][])(
      '%s %s %s',
      async (...[role, method, path, body]) => {
        for (const id of [
          MOST_ID + 1,
          2 ** 53,
          '99999999999999999999',
          '0',
          '-1',
          '1.5',
          '1e3',
          '0x1',
          '%201',
          '%00',
        ]) {
          const answer = await agents()
            [role]![method](`/api/v1${path.replace(':id', String(id))}`)
            .send(body);
          expect([id, answer.status, answer.body.code, answer.body.field]).toEqual([id, 422, 'request.invalid', 'id']);
        }
        const missing = await agents()
          [role]![method](`/api/v1${path.replace(':id', String(MOST_ID))}`)
          .send(body);
        expect([404, 422]).toContain(missing.status);
      },
    );

    it.each([
      ['admin', '/subscribers', 'after'],
      ['staff', '/subscribers/flagged', 'after'],
      ['staff', '/opt-outs', 'after'],
      ['admin', '/subscribers', 'listId'],
      ['admin', '/subscribers', 'areaId'],
      ['staff', '/campaigns', 'after'],
      ['staff', '/recurrences', 'after'],
      ['staff', '/official-documents', 'after'],
      ['auditor', '/deputies', 'after'],
      ['staff', '/campaigns/1/preview/recipients', 'subscriberId'],
      ['admin', '/campaigns/hand-over', 'fromUserId'],
      ['auditor', '/audit', 'after'],
      ['auditor', '/stray-receipts', 'after'],
      ['auditor', '/statistics', 'campaignId'],
      ['auditor', '/statistics', 'areaId'],
      ['staff', '/requests', 'after'],
      ['admin', '/privacy/persons/export', 'subscriberId'],
      ['staff', '/templates/valid-ballot/compare', 'from'],
    ])('%s GET %s?%s=', async (role, path, name) => {
      for (const value of ['99999999999999999999', '1e3', '0x1', '', '%201', '-1']) {
        const answer = await agents()[role]!.get(`/api/v1${path}?${name}=${value}`);
        expect([value, answer.status, answer.body.field]).toEqual([value, 422, name]);
      }
    });

    it.each([
      ['templateVersionId', MOST_ID + 1, 'templateVersionId'],
      ['templateVersionId', 1e308, 'templateVersionId'],
      ['listIds', [MOST_ID + 1], 'listIds'],
      ['areaIds', [-1], 'areaIds'],
    ])('a campaign with %s %j', async (field, value, named) => {
      const answer = await staff.post('/api/v1/campaigns').send({ ...draft, [field]: value });
      expect([answer.status, answer.body.field]).toEqual([422, named]);
    });

    it('a preview for somebody whose number is beyond all numbers', async () => {
      const answer = await staff.post('/api/v1/template-versions/1/preview').send({ subscriberId: 1e308 });
      expect([answer.status, answer.body.field]).toEqual([422, 'subscriberId']);
    });
  });

  describe('text that cannot be kept or shown is refused, wherever it stands', () => {
    it.each([
      ['a NUL character', NUL],
      ['half a character', '\ud83d'],
      ['an escape character', '\u001b'],
      ['a mark that turns the letters round', '\u202e'],
    ])('%s', async (_name, character) => {
      const text = `a${character}b`;
      const answers = [
        await admin.post('/api/v1/lists').send({ ...list, purpose: text }),
        await staff.post('/api/v1/opt-outs').send({ phone: '0912345678', source: 'letter', reason: text }),
        await staff.post('/api/v1/campaigns').send({ ...draft, values: { ngay_bau_cu: text } }),
        await staff.post('/api/v1/template-versions/1/preview').send({ values: { ngay_bau_cu: text } }),
        await staff.post('/api/v1/topics').send({ code: 'a', nameVi: text, nameEn: 'a' }),
        await staff.post('/api/v1/legal-fields').send({ code: 'a', nameVi: 'a', nameEn: text }),
        await staff.post('/api/v1/text-check').send({ text }),
      ];
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 422));
      expect(answers.map(codesOf)).toEqual([
        ['purpose field.unfit-characters'],
        ['reason field.unfit-characters'],
        ['values.ngay_bau_cu field.unfit-characters'],
        ['values.ngay_bau_cu field.unfit-characters'],
        ['nameVi field.unfit-characters'],
        ['nameEn field.unfit-characters'],
        ['text field.unfit-characters'],
      ]);
    });

    it('a NUL character in an address or a query', async () => {
      expect((await staff.get('/api/v1/templates/%00')).body).toMatchObject({ status: 422, field: 'code' });
      expect((await auditor.get('/api/v1/statistics?topic=a%00')).body).toMatchObject({ status: 422, field: 'topic' });
    });

    it.each([
      ['patch', '/topics/%00', { archived: true }],
      ['patch', '/legal-fields/%00', { archived: true }],
      ['get', '/templates/%00/compare?from=1&to=1', undefined],
      ['post', '/templates/%00/versions', {}],
      ['post', '/templates/%00/archive', undefined],
      ['post', '/templates/%00/unarchive', undefined],
    ] as const)('a NUL character for a code: %s %s', async (method, path, body) => {
      const answer = await staff[method](`/api/v1${path}`).send(body);
      expect([answer.status, answer.body.code]).toEqual([422, 'request.invalid']);
    });

    it('a name of spaces, and a name of two lines', async () => {
      const blank = await admin.post('/api/v1/lists').send({ ...list, name: ' \u200b ' });
      expect(codesOf(blank)).toEqual(['name field.empty']);
      const lines = await staff.post('/api/v1/campaigns').send({ ...draft, name: 'Một\r\nHai' });
      expect(codesOf(lines)).toEqual(['name field.not-one-line']);
    });

    it('Vietnamese in any composition, and two lines of a reason, are taken', async () => {
      const answer = await admin
        .post('/api/v1/lists')
        .send({ name: 'Tiếng Việt'.normalize('NFD'), purpose: 'Dòng một\ndòng hai', legalBasis: 'Luật' });
      expect(answer.status).toBe(201);
    });
  });

  describe('a field that does not exist is refused, also under a name that every object has', () => {
    it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'zzz'])('%s', async (name) => {
      const body = JSON.stringify(list).replace('{', `{"${name}":{"isAdmin":true},`);
      const answer = await admin.post('/api/v1/lists').set('Content-Type', 'application/json').send(body);
      expect([answer.status, ...codesOf(answer)]).toEqual([422, `${name} field.unknown`]);
    });

    it.each(['__proto__', 'constructor', 'toString'])('the value %s of a campaign', async (name) => {
      const body = JSON.stringify({ ...draft, values: {} }).replace('"values":{', `"values":{"${name}":"1"`);
      const answer = await staff.post('/api/v1/campaigns').set('Content-Type', 'application/json').send(body);
      expect([answer.status, answer.body.field]).toEqual([422, `values.${name}`]);
    });

    it('a body nested a hundred thousand times', async () => {
      const deep = `{"values":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
      const answer = await staff.post('/api/v1/campaigns').set('Content-Type', 'application/json').send(deep);
      expect([answer.status, ...codesOf(answer).map((code) => code.split(' ')[1])]).toEqual([422, 'field.too-deep']);
    });

    it('of thousands of faults a hundred are named', async () => {
      const answer = await staff.post('/api/v1/campaigns').send({ ...draft, listIds: Array(5_000).fill(NUL) });
      expect(answer.status).toBe(422);
      expect(answer.body.errors).toHaveLength(100);
      expect(answer.body.detail).toContain('5000');
    });
  });

  it.each([
    '0000-01-01T00:00',
    '0001-01-01T00:00+14:00',
    '2100-01-01T00:00',
    '9999-12-31T23:59',
    '9999-12-31T23:59-12:00',
  ])('a campaign starts in a year people know, not at %s', async (startsAt) => {
    const answer = await staff.post('/api/v1/campaigns').send({ ...draft, startsAt });
    expect([answer.status, answer.body.field]).toEqual([422, 'startsAt']);
  });

  it.each([...Object.keys(draft), 'values', 'areaIds', 'gateway'])('null for %s is no edit', async (field) => {
    const answer = await staff.patch('/api/v1/campaigns/1').send({ revision: 1, [field]: null });
    expect([answer.status, answer.body.field]).toEqual([422, field]);
  });

  it.each([
    ['overrides', { overrides: [] }],
    ['overrides', { overrides: [{ urgent: 'Bão số 5' }] }],
    ['schedule', { schedule: [] }],
    ['schedule.window', { schedule: { window: [] } }],
    ['schedule.firstWave', { schedule: { firstWave: [{ percent: 5 }] } }],
    ['schedule.halt', { schedule: { halt: [] } }],
    ['areaValues', { areaValues: [[]] }],
  ])('a list is no %s of a campaign', async (field, part) => {
    for (const answer of [
      await staff.post('/api/v1/campaigns').send({ ...draft, ...part }),
      await staff.patch('/api/v1/campaigns/1').send({ revision: 1, ...part }),
    ]) {
      expect([answer.status, answer.body.field]).toEqual([422, field]);
    }
  });

  it('a price is a whole number of đồng, a limit a whole number of segments or texts, all of this world', async () => {
    const rate = { segmentsPerSecond: 10 };
    for (const [body, field] of [
      [{ ...rate, vndPerSegment: -1 }, 'vndPerSegment'],
      [{ ...rate, vndPerSegment: 850.5 }, 'vndPerSegment'],
      [{ ...rate, vndPerSegment: '850' }, 'vndPerSegment'],
      [{ ...rate, vndPerSegment: MOST_ID }, 'vndPerSegment'],
      [{ vndPerSegment: 850, segmentsPerSecond: 0 }, 'segmentsPerSecond'],
      [{ vndPerSegment: 850, segmentsPerSecond: 1.5 }, 'segmentsPerSecond'],
      [{ vndPerSegment: 850, segmentsPerSecond: '10' }, 'segmentsPerSecond'],
      [{ vndPerSegment: 850, segmentsPerSecond: MOST_ID }, 'segmentsPerSecond'],
      // A limit is not taken away by forgetting it.
      [{ vndPerSegment: 850 }, 'segmentsPerSecond'],
      [{ ...rate, messagesInFlight: 0 }, 'messagesInFlight'],
      [{ ...rate, segmentsPerDay: -1 }, 'segmentsPerDay'],
      [{ ...rate, segmentsPerDay: MOST_ID }, 'segmentsPerDay'],
      [{ ...rate, segmentsPerDay: [5] }, 'segmentsPerDay'],
    ] as const) {
      const answer = await admin.put('/api/v1/gateways/fake/terms').send(body);
      expect([body, answer.status, answer.body.field]).toEqual([body, 422, field]);
    }
    const ofSender = '/api/v1/gateways/fake/senders/STP/terms';
    for (const body of [{}, { segmentsPerSecond: 0 }, { ...rate, vndPerSegment: 850 }]) {
      expect([body, (await admin.put(ofSender).send(body)).status]).toEqual([body, 422]);
    }
    expect((await admin.put('/api/v1/gateways/%00/senders/STP/terms').send(rate)).status).toBe(422);
    expect((await admin.put('/api/v1/gateways/constructor/senders/STP/terms').send(rate)).status).toBe(404);
    expect((await admin.delete('/api/v1/gateways/fake/senders/%00/terms')).status).toBe(422);
    expect((await admin.put('/api/v1/gateways/%00/terms').send(rate)).status).toBe(422);
    expect((await admin.put('/api/v1/gateways/constructor/terms').send(rate)).status).toBe(404);
  });

  it('a gateway is asked for by a name that is used here', async () => {
    for (const [name, status] of [
      ['%00', 422],
      ['constructor', 404],
      ['FAKE', 404],
      ['fake%20', 404],
    ] as const) {
      expect([name, (await staff.get(`/api/v1/gateways/${name}/health`)).status]).toEqual([name, status]);
      expect([name, (await admin.post(`/api/v1/gateways/${name}/try-now`)).status]).toEqual([name, status]);
    }
  });

  it('a campaign of unknown texts is a number of this world, and a text named as the list names it', async () => {
    const path = '/api/v1/unknown-texts';
    for (const id of ['0', '-1', '1.5', '1e3', '%00', String(MOST_ID + 1)]) {
      for (const list of ['', '/counts', '/late-proofs']) {
        const answer = await auditor.get(`${path}${list}?campaignId=${id}`);
        expect([list, id, answer.status, answer.body.field]).toEqual([list, id, 422, 'campaignId']);
      }
    }
    const settle = { decision: 'accepted', reason: 'Nhà cung cấp xác nhận' };
    for (const text of ['1.1', '0.1.1', '1.1.1.1', `1.1.1${NUL}`, '99999999999999999.1.1', 5, null, {}]) {
      const answer = await admin.post(`${path}/settle`).send({ ...settle, texts: [text] });
      expect([text, answer.status]).toEqual([text, 422]);
    }
    expect((await admin.post(`${path}/settle`).send({ ...settle, texts: ['1.1.1'] })).status).toBe(409);
    expect((await admin.post(`${path}/settle`).send({ ...settle, campaignId: MOST_ID })).status).toBe(404);
  });

  it('a sender ID neither begins nor ends with a space', async () => {
    for (const sender of [' STP', 'STP ']) {
      const answer = await staff.post('/api/v1/campaigns').send({ ...draft, sender });
      expect([answer.status, answer.body.field]).toEqual([422, 'sender']);
    }
  });
});
