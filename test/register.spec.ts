import { openRegisterScene, type RegisterScene } from './harness/register-scene';

let at: RegisterScene;
beforeAll(async () => {
  at = await openRegisterScene();
});
afterAll(() => at.app.stop());

const e164 = (typed: string): string => `+84${typed.slice(1)}`;

describe('a search of the register', () => {
  it('finds a name in every spelling of its accents, its words in any order', async () => {
    const listId = await at.newList();
    const hoa = await at.add({ fullName: 'Lê Thị Hòa' }, [listId]);
    const khoa = await at.add({ fullName: 'Lê Thị Khoa' }, [listId]);
    for (const name of ['Hoà', 'Hòa', 'hoa', 'HOÀ', 'hoa le', 'le thi hoa', 'Hòa Thị Lê', 'ho', '  lê,  hoà ']) {
      expect([name, await at.find(at.admin, { name, listId })]).toEqual([name, [hoa.id]]);
    }
    expect(await at.find(at.admin, { name: 'le thi', listId })).toEqual([hoa.id, khoa.id]);
    expect(await at.find(at.admin, { name: 'Hoa Nguyễn', listId })).toEqual([]);
  });

  it('takes the signs of a search pattern for what they are: no letters', async () => {
    const { body } = await at.admin.get('/api/v1/subscribers').query({ name: '%_%' }).expect(422);
    expect(body).toMatchObject({ code: 'subscriber.name-without-letters', field: 'name' });
  });

  it('finds a number in every spelling', async () => {
    const { id, phone } = await at.add({ phone: '0361234567' }, [await at.newList()]);
    expect(phone).toBe('+84361234567');
    for (const typed of ['0361234567', '+84 361 234 567', '84361234567', '01661234567', '(036) 123-4567']) {
      expect([typed, await at.find(at.staff, { phone: typed })]).toEqual([typed, [id]]);
    }
  });

  it('says what is wrong with a number that can be nobody’s', async () => {
    const { body } = await at.staff.get('/api/v1/subscribers').query({ phone: '09123' }).expect(422);
    expect(body).toMatchObject({ code: 'phone.service-number', field: 'phone' });
  });

  it('finds a number by its last digits, but only for who may see numbers', async () => {
    const { id } = await at.add({ phone: '0377654321' }, [await at.newList()]);
    expect(await at.find(at.staff, { phoneEnd: '654321' })).toEqual([id]);
    const { body } = await at.auditor.get('/api/v1/subscribers').query({ phoneEnd: '654321' }).expect(403);
    expect(body.code).toBe('subscriber.phone-end-hidden');
  });

  it('finds by area, by list and by state, and by all of them together', async () => {
    const [listId, areaId] = [await at.newList(), await at.newArea('Ba Chúc')];
    const here = await at.add({ fullName: 'Trần An', areaId }, [listId]);
    const nowhere = await at.add({ fullName: 'Trần Bình' }, [listId]);
    const silent = await at.add({ fullName: 'Trần An', areaId }, [listId]);
    await at.staff
      .post('/api/v1/opt-outs')
      .send({ phone: silent.phone, source: 'letter', reason: 'Công văn đề nghị' })
      .expect(201);
    expect(await at.find(at.admin, { areaId })).toEqual([here.id, silent.id]);
    expect(await at.find(at.admin, { listId, state: 'area-unknown' })).toEqual([nowhere.id]);
    expect(await at.find(at.admin, { listId, state: 'opted-out' })).toEqual([silent.id]);
    expect(await at.find(at.admin, { listId, state: 'active' })).toEqual([here.id, nowhere.id]);
    expect(await at.find(at.admin, { listId, areaId, name: 'an', state: 'active' })).toEqual([here.id]);
    await at.admin
      .post(`/api/v1/lists/${listId}/members/removal`)
      .send({ selection: { subscriberIds: [nowhere.id] } })
      .expect(200);
    expect(await at.find(at.admin, { name: 'Trần Bình', state: 'no-list' })).toEqual([nowhere.id]);
  });

  it('finds who wishes to be texted in a language, Vietnamese included', async () => {
    const listId = await at.newList();
    const khmer = await at.add({ language: 'km' }, [listId]);
    const cham = await at.add({ language: 'cja' }, [listId]);
    const vietnamese = await at.add({}, [listId]);
    for (const [language, one] of [
      ['km', khmer],
      ['cja', cham],
      ['vi', vietnamese],
    ] as const) {
      expect(await at.find(at.auditor, { listId, language })).toEqual([one.id]);
      const selection = { listIds: [listId], language };
      const { body } = await at.admin.post('/api/v1/subscribers/count').send({ selection }).expect(200);
      expect(body.subscribers).toBe(1);
    }
    await at.admin.get('/api/v1/subscribers').query({ language: 'Khmer' }).expect(422);
  });

  it('of an area finds who lived in the units it was made of', async () => {
    const [today, former] = [await at.newArea('Xã Tân Hòa'), await at.newArea('Xã Tân Hòa cũ')];
    await at.app.database.run('insert into area_successions (old_id, new_id) values ($1, $2)', [former, today]);
    const { id } = await at.add({ areaId: former }, [await at.newList()]);
    expect(await at.find(at.admin, { areaId: today })).toEqual([id]);
    const counted = await at.admin.post('/api/v1/subscribers/count').send({ selection: { areaIds: [today] } });
    expect(counted.body.subscribers).toBe(1);
  });

  it('turns the pages without missing or repeating anybody', async () => {
    const listId = await at.newList();
    const everyone: number[] = [];
    for (let i = 0; i < 5; i++) everyone.push((await at.add({ fullName: `Người ${i}` }, [listId])).id);
    const seen: number[] = [];
    for (let after: number | null = 0; after !== null;) {
      const page: { body: { items: { id: number }[]; next: number | null } } = await at.admin
        .get('/api/v1/subscribers')
        .query({ listId, limit: 2, after })
        .expect(200);
      seen.push(...page.body.items.map(({ id }) => id));
      after = page.body.next;
    }
    expect(seen).toEqual(everyone);
  });

  it('shows everything that is known, and masks numbers for who may not see them', async () => {
    const [listId, areaId] = [await at.newList({ name: 'Cử tri Núi Tô' }), await at.newArea('Núi Tô')];
    const facts = { phone: '0912345678', fullName: 'Lê Bé', areaId, hamlet: 'Ấp Tô Hạ', language: 'km' };
    const { id } = await at.add(facts, [listId]);
    const { body } = await at.admin.get(`/api/v1/subscribers/${id}`).expect(200);
    expect(body).toMatchObject({
      ...{ id, phone: '+84912345678', fullName: 'Lê Bé', area: 'Núi Tô', areaId, areaText: null, hamlet: 'Ấp Tô Hạ' },
      ...{ language: 'km', lists: [{ id: listId, name: 'Cử tri Núi Tô' }], optedOut: false, revision: 1 },
    });
    expect((await at.auditor.get(`/api/v1/subscribers/${id}`).expect(200)).body.phone).toBe('091***678');
    expect((await at.auditor.get('/api/v1/subscribers').query({ listId }).expect(200)).body.items[0].phone).toBe(
      '091***678',
    );
    expect((await at.auditOf({ act: 'subscribers.view-phones' })).length).toBeGreaterThan(0);
    await at.admin.get('/api/v1/subscribers/2000000000').expect(404);
  });
});

describe('a subscriber added by hand', () => {
  it('is on the lists named, with the name tidied, and his history says who added him', async () => {
    const listIds = [await at.newList(), await at.newList()];
    const added = await at.add({ fullName: '  Nguyễn   Văn  A ' }, listIds);
    expect(added).toMatchObject({ fullName: 'Nguyễn Văn A', lists: listIds.map((id) => ({ id })) });
    const { body } = await at.staff.get(`/api/v1/subscribers/${added.id}/history`).expect(200);
    expect(body).toEqual({
      items: [
        expect.objectContaining({
          ...{ act: 'added', actorName: 'Người thử staff', revision: 1, import: null },
          changes: [
            { field: 'phone', before: null, after: added.phone },
            { field: 'fullName', before: null, after: 'Nguyễn Văn A' },
          ],
        }),
      ],
      next: null,
    });
    expect(await at.auditOf({ subject: `subscriber:${added.id}`, act: 'subscriber.add' })).toEqual([
      expect.objectContaining({ details: { listIds } }),
    ]);
  });

  it('is refused when the number is somebody’s already, and says whose', async () => {
    const listIds = [await at.newList()];
    const { id, phone } = await at.add({}, listIds);
    const { body } = await at.staff.post('/api/v1/subscribers').send({ phone, listIds }).expect(409);
    expect(body).toMatchObject({ code: 'subscriber.number-taken', field: 'phone' });
    expect(body.detail).toContain(String(id));
  });

  it('of two who add the same number at once one succeeds and the other learns whose it is', async () => {
    const body = { phone: at.newNumber(), listIds: [await at.newList()] };
    const answers = await Promise.all([1, 2, 3].map(() => at.staff.post('/api/v1/subscribers').send(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('subscriber.number-taken');
  });

  it('is refused without a list, on an unknown list and in an unknown area; then nothing is kept', async () => {
    const phone = at.newNumber();
    const listIds = [await at.newList()];
    const refusals = [
      [{ phone, listIds: [] }, 422, 'listIds'],
      [{ phone, listIds: [...listIds, 2_000_000_000] }, 404, 'listIds'],
      [{ phone, listIds, areaId: 2_000_000_000 }, 404, 'areaId'],
      [{ phone, listIds, fullName: ' ' }, 422, 'fullName'],
    ] as const;
    for (const [facts, status, field] of refusals) {
      const { body } = await at.staff.post('/api/v1/subscribers').send(facts).expect(status);
      expect(body.field).toBe(field);
    }
    expect(await at.find(at.staff, { phone })).toEqual([]);
  });

  it('is refused when the person of that number had his data erased, until he consents', async () => {
    const phone = at.newNumber();
    await eraseNumber(phone);
    const listIds = [await at.newList()];
    const { body } = await at.staff
      .post('/api/v1/subscribers')
      .set('Accept-Language', 'vi')
      .send({ phone, listIds })
      .expect(409);
    expect(body).toMatchObject({ code: 'subscriber.number-erased', field: 'phone' });
    expect(body.detail).toContain('đồng ý');
    const other = await at.add({}, listIds);
    await correct(other, { phone }).expect(409);
    await at.app.database.run('delete from suppressions where phone_key = $1', [at.keyOf(phone)]);
    await correct(other, { phone }).expect(200);
  });

  it('may be added by at.staff, not by an at.auditor or an approver', async () => {
    const body = { phone: at.newNumber(), listIds: [await at.newList()] };
    await at.auditor.post('/api/v1/subscribers').send(body).expect(403);
    await (await at.app.signIn('approver')).post('/api/v1/subscribers').send(body).expect(403);
  });
});

/** What an erasure leaves of a number. */
const eraseNumber = (typed: string) =>
  at.app.database.run(
    `insert into suppressions (phone_key, source, reason, recorded_by) values ($1, 'erasure', 'Theo yêu cầu', 'user:1')`,
    [at.keyOf(typed)],
  );
const correct = ({ id, revision }: { id: number; revision: number }, facts: object) =>
  at.staff.patch(`/api/v1/subscribers/${id}`).send({ revision, reason: 'Công dân báo sai', ...facts });

describe('a correction', () => {
  it('changes what is said, keeps the rest, and stands in the history field by field', async () => {
    const areaId = await at.newArea('Tri Tôn');
    const before = await at.add({ fullName: 'Lê Văn Bé', hamlet: 'Khóm 1' }, [await at.newList()]);
    const phone = at.newNumber();
    const reason = 'Bà Sáu ở số 0912345678 gọi báo';
    const { body } = await correct(before, { fullName: 'Lê Văn Bế', phone, areaId, hamlet: null, reason }).expect(200);
    expect(body).toMatchObject({ id: before.id, revision: 2, phone: e164(phone), area: 'Tri Tôn', hamlet: null });
    expect(await at.find(at.staff, { phone })).toEqual([before.id]);
    expect(await at.find(at.staff, { phone: before.phone })).toEqual([]);
    expect(await at.find(at.staff, { name: 'be', phone })).toEqual([before.id]);
    const history = await at.staff.get(`/api/v1/subscribers/${before.id}/history`).expect(200);
    expect(history.body.items[1]).toMatchObject({
      ...{ act: 'corrected', revision: 2, actorName: 'Người thử staff', reason: 'Bà Sáu ở số 0***678 gọi báo' },
      changes: [
        { field: 'phone', before: before.phone, after: e164(phone) },
        { field: 'fullName', before: 'Lê Văn Bé', after: 'Lê Văn Bế' },
        { field: 'area', before: null, after: 'Tri Tôn' },
        { field: 'hamlet', before: 'Khóm 1', after: null },
      ],
    });
    const [entry] = await at.auditOf({ subject: `subscriber:${before.id}`, act: 'subscriber.correct' });
    expect(entry!.details).toEqual({ fields: ['phone', 'fullName', 'areaId', 'hamlet'], revision: 2 });
  });

  it('keeps only the changed fields', async () => {
    const kept = await at.add({ fullName: 'Lê Văn Bé' }, [await at.newList()]);
    await correct(kept, { fullName: 'Lê Văn Bế', phone: kept.phone, areaId: null }).expect(200);
    const row = await at.app.database.row(
      `select before, after from subscriber_history where subscriber_id = $1 and act = 'corrected'`,
      [kept.id],
    );
    expect(row).toEqual({ before: { fullName: 'Lê Văn Bé' }, after: { fullName: 'Lê Văn Bế' } });
  });

  it('of the language stands in the history as it was and as it is, and is on record without being told', async () => {
    const kept = await at.add({ fullName: 'Thạch Bé', language: 'km' }, [await at.newList()]);
    const chosen = (await correct(kept, { language: 'cja' }).expect(200)).body;
    expect(chosen).toMatchObject({ language: 'cja', fullName: 'Thạch Bé', revision: 2 });
    await correct(kept, { language: null }).expect(409);
    expect((await correct(chosen, { language: null }).expect(200)).body).toMatchObject({ language: null, revision: 3 });
    const { body } = await at.staff.get(`/api/v1/subscribers/${kept.id}/history`).expect(200);
    expect(body.items.slice(1).map(({ changes }: { changes: object }) => changes)).toEqual([
      [{ field: 'language', before: 'km', after: 'cja' }],
      [{ field: 'language', before: 'cja', after: null }],
    ]);
    expect((await at.auditOf({ subject: `subscriber:${kept.id}`, act: 'subscriber.correct' }))[0]!.details).toEqual({
      ...{ fields: ['language'], revision: 3 },
    });
  });

  it.each(['Khmer', 'Kinh', 'vi', ''])(
    'to the language %j is refused, saying that no ethnicity is asked for',
    async (language) => {
      const kept = await at.add({}, [await at.newList()]);
      const { body } = await correct(kept, { language }).set('Accept-Language', 'vi').expect(422);
      expect(body.errors).toEqual([expect.objectContaining({ field: 'language', code: 'field.wrong-form' })]);
      expect(body.errors[0].detail).toContain('không ghi dân tộc');
    },
  );

  it('that says only what is known already changes nothing', async () => {
    const kept = await at.add({ fullName: 'Lê Văn Bé' }, [await at.newList()]);
    const { body } = await correct(kept, { fullName: ' Lê  Văn Bé', phone: kept.phone }).expect(200);
    expect(body.revision).toBe(1);
    expect((await at.staff.get(`/api/v1/subscribers/${kept.id}/history`)).body.items).toHaveLength(1);
  });

  it('of two at once one wins, and the other is told so', async () => {
    const kept = await at.add({ fullName: 'Lê Văn Bé' }, [await at.newList()]);
    const answers = await Promise.all(['Một', 'Hai', 'Ba'].map((fullName) => correct(kept, { fullName })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('subscriber.changed-meanwhile');
    const winner = answers.find(({ status }) => status === 200)!.body;
    expect((await at.staff.get(`/api/v1/subscribers/${kept.id}`)).body).toMatchObject({
      ...{ fullName: winner.fullName, revision: 2 },
    });
  });

  it('to a number that is somebody else’s is refused, naming that one', async () => {
    const listIds = [await at.newList()];
    const [one, other] = [await at.add({}, listIds), await at.add({}, listIds)];
    const { body } = await correct(one, { phone: other.phone }).expect(409);
    expect(body).toMatchObject({ code: 'subscriber.number-taken', field: 'phone' });
    expect(body.detail).toContain(String(other.id));
  });

  it('needs a reason and the revision seen; a number cannot be emptied', async () => {
    const kept = await at.add({}, [await at.newList()]);
    for (const [facts, field] of [
      [{ reason: ' ' }, 'reason'],
      [{ reason: undefined }, 'reason'],
      [{ revision: undefined }, 'revision'],
      [{ phone: null }, 'phone'],
    ] as const) {
      expect((await correct(kept, { fullName: 'Lê Bé', ...facts }).expect(422)).body.field).toBe(field);
    }
    await correct({ id: 2_000_000_000, revision: 1 }, {}).expect(404);
  });

  it('of the area puts a known one in the place of what the file said', async () => {
    const kept = await at.add({}, [await at.newList()]);
    await at.app.database.run(`update subscribers set area_text = 'xã BaChúc' where id = $1`, [kept.id]);
    const areaId = await at.newArea('Ba Chúc');
    expect((await correct(kept, { areaId }).expect(200)).body).toMatchObject({ area: 'Ba Chúc', areaText: null });
    const { body } = await at.staff.get(`/api/v1/subscribers/${kept.id}/history`);
    expect(body.items[1].changes).toEqual([
      { field: 'area', before: null, after: 'Ba Chúc' },
      { field: 'areaText', before: 'xã BaChúc', after: null },
    ]);
  });

  it('leaves the texts of campaigns already submitted as they were approved', async () => {
    const kept = await at.add({ fullName: 'Lê Văn Bé' }, [await at.newList()]);
    await at.app.database.run(
      `insert into messages (batch_id, seq, subscriber_id, area_id, segments, phone, phone_key, digest, text)
       select 1, 1, id, 0, 1, phone, phone_key, phone_key, 'Moi ong Le Van Be' from subscribers where id = $1`,
      [kept.id],
    );
    const frozen = await at.app.database.rows('select * from messages');
    await correct(kept, { fullName: 'Lê Văn Bế', phone: at.newNumber() }).expect(200);
    expect(await at.app.database.rows('select * from messages')).toEqual(frozen);
  });
});

describe('the history of a subscriber who came with a file', () => {
  it('begins with the file, shows what it brought, and what later files and their undoing did', async () => {
    const listId = await at.newList({ name: 'Cử tri Ba Chúc' });
    const areaId = await at.newArea('Ba Chúc');
    const importId = await at.newImport(listId, 'ba-chuc.xlsx');
    const id = await importSubscriber(listId, importId, { fullName: 'Le Van Be', areaId });
    await correct({ id, revision: 1 }, { fullName: 'Lê Văn Bé' }).expect(200);
    const later = await at.newImport(listId, 'ba-chuc-2.xlsx');
    const images = ['Lê Văn Bé', 'LÊ VĂN BÉ'].map((fullName) =>
      JSON.stringify({ fullName, nameKey: 'le van be', areaId }),
    );
    await at.app.database.run(
      `insert into subscriber_history (subscriber_id, actor, act, import_id, revision, before, after) values
       ($1, 'user:1', 'imported', $2, 3, $3, $4), ($1, 'system', 'import-undone', $2, 2, null, $3)`,
      [id, later, ...images],
    );
    const { body } = await at.staff.get(`/api/v1/subscribers/${id}/history`).expect(200);
    expect(body.items.map(({ act, changes }: { act: string; changes: object[] }) => [act, changes])).toEqual([
      [
        'imported',
        [
          { field: 'phone', before: null, after: expect.stringMatching(/^\+84/) },
          { field: 'fullName', before: null, after: 'Le Van Be' },
          { field: 'area', before: null, after: 'Ba Chúc' },
        ],
      ],
      ['corrected', [{ field: 'fullName', before: 'Le Van Be', after: 'Lê Văn Bé' }]],
      ['imported', [{ field: 'fullName', before: 'Lê Văn Bé', after: 'LÊ VĂN BÉ' }]],
      ['import-undone', [{ field: 'fullName', before: 'LÊ VĂN BÉ', after: 'Lê Văn Bé' }]],
    ]);
    expect(body.items[0].import).toEqual({
      id: importId,
      fileName: 'ba-chuc.xlsx',
      listId,
      listName: 'Cử tri Ba Chúc',
    });
    expect(body.items[2].import.fileName).toBe('ba-chuc-2.xlsx');
  });

  it('masks numbers for an at.auditor, and puts on record who saw them', async () => {
    const listId = await at.newList();
    const id = await importSubscriber(listId, await at.newImport(listId, 'a.csv'), { fullName: 'Lê Bé' });
    const masked = await at.auditor.get(`/api/v1/subscribers/${id}/history`).expect(200);
    expect(masked.body.items[0].changes[0]).toEqual({
      ...{ field: 'phone', before: null, after: expect.stringMatching(/^0\d\d\*\*\*\d{3}$/) },
    });
    expect(JSON.stringify(masked.body)).not.toMatch(/\+84\d{9}/);
    expect(await at.auditOf({ subject: `subscriber:${id}` })).toEqual([]);
    await at.staff.get(`/api/v1/subscribers/${id}/history`).expect(200);
    expect(await at.auditOf({ subject: `subscriber:${id}`, act: 'subscriber.view-phones' })).toHaveLength(1);
    await at.staff.get('/api/v1/subscribers/2000000000/history').expect(404);
  });

  it('is turned page by page, with the beginning on the first', async () => {
    const listId = await at.newList();
    const id = await importSubscriber(listId, await at.newImport(listId, 'a.csv'), { fullName: 'Tên 0' });
    for (let i = 1; i <= 3; i++) await correct({ id, revision: i }, { fullName: `Tên ${i}` }).expect(200);
    const first = await at.staff.get(`/api/v1/subscribers/${id}/history?limit=2`).expect(200);
    const second = await at.staff.get(`/api/v1/subscribers/${id}/history?limit=2&after=${first.body.next}`).expect(200);
    const names = [...first.body.items, ...second.body.items].map(({ changes }) => changes.at(-1).after);
    expect(names).toEqual(['Tên 0', 'Tên 1', 'Tên 2', 'Tên 3']);
    expect(second.body.next).toBeNull();
  });
});

async function importSubscriber(listId: number, importId: number, facts: { fullName: string; areaId?: number }) {
  const phone = at.newNumber();
  const row = await at.app.database.row<{ id: number }>(
    `with born as (
       insert into subscribers (phone, phone_key, full_name, area_id, import_id) values ($1, $2, $3, $4, $5) returning id
     ), listed as (insert into list_members (list_id, subscriber_id, import_id) select $6, id, $5 from born)
     select id from born`,
    [e164(phone), at.keyOf(phone), facts.fullName, facts.areaId ?? null, importId, listId],
  );
  return row!.id;
}
