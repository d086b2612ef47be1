import { openRegisterScene, type RegisterScene } from './harness/register-scene';

let at: RegisterScene;
beforeAll(async () => {
  at = await openRegisterScene({ config: { NUMBER_LEFT_OUT_AFTER: 5 } });
});
afterAll(() => at.app.stop());

describe('a list', () => {
  it('says where it comes from and until when it may be kept, and how many of it opted out', async () => {
    const id = await at.newList({ source: 'UBND xã Núi Tô', retainUntil: '2099-12-31' });
    const { phone } = await at.add({}, [id]);
    await at.add({}, [id]);
    await at.staff.post('/api/v1/opt-outs').send({ phone, source: 'phone-call', reason: 'Gọi điện' }).expect(201);
    const { body } = await at.auditor.get(`/api/v1/lists/${id}`).expect(200);
    expect(body).toMatchObject({ source: 'UBND xã Núi Tô', retainUntil: '2099-12-31', subscribers: 2, optedOut: 1 });
    const all = await at.auditor.get('/api/v1/lists').expect(200);
    expect(all.body.find((list: { id: number }) => list.id === id)).toEqual(body);
  });

  it('is edited field by field; a time limit can be lifted, a name cannot be emptied', async () => {
    const id = await at.newList({ retainUntil: '2099-12-31' });
    const edited = await at.admin.patch(`/api/v1/lists/${id}`).send({ purpose: 'Phòng, chống dịch' }).expect(200);
    expect(edited.body).toMatchObject({ purpose: 'Phòng, chống dịch', retainUntil: '2099-12-31' });
    expect((await at.admin.patch(`/api/v1/lists/${id}`).send({ retainUntil: null })).body.retainUntil).toBeNull();
    expect((await at.admin.patch(`/api/v1/lists/${id}`).send({ name: null }).expect(422)).body.field).toBe('name');
    const taken = (await at.admin.get(`/api/v1/lists/${await at.newList()}`)).body.name;
    expect((await at.admin.patch(`/api/v1/lists/${id}`).send({ name: taken }).expect(409)).body.code).toBe(
      'list.name-taken',
    );
    await at.admin.patch('/api/v1/lists/2000000000').send({ purpose: 'Khác' }).expect(404);
    await at.admin.patch('/api/v1/lists/2000000000').send({}).expect(404);
    await at.staff.patch(`/api/v1/lists/${id}`).send({ purpose: 'Khác' }).expect(403);
    expect((await at.auditOf({ subject: `list:${id}`, act: 'list.edit' }))[1]!.details).toEqual({
      fields: ['purpose'],
    });
  });

  it('cannot have had its time already, nor a day that does not exist', async () => {
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const id = await at.newList();
    for (const retainUntil of [today, '2021-05-23', '2099-02-30', 'mai']) {
      const facts = { name: `Hết hạn ${retainUntil}`, purpose: 'Thử', legalBasis: 'Luật', retainUntil };
      expect((await at.admin.post('/api/v1/lists').send(facts).expect(422)).body.field).toBe('retainUntil');
      await at.admin.patch(`/api/v1/lists/${id}`).send({ retainUntil }).expect(422);
    }
  });

  it('is deleted only while it is empty and was never used', async () => {
    const [empty, used, imported] = [await at.newList(), await at.newList(), await at.newList()];
    await at.add({}, [used]);
    await at.newImport(imported, 'a.csv');
    await at.admin.delete(`/api/v1/lists/${empty}`).expect(204);
    await at.admin.get(`/api/v1/lists/${empty}`).expect(404);
    await at.admin.delete(`/api/v1/lists/${empty}`).expect(404);
    for (const id of [used, imported]) {
      expect((await at.admin.delete(`/api/v1/lists/${id}`).expect(409)).body.code).toBe('list.in-use');
      await at.admin.get(`/api/v1/lists/${id}`).expect(200);
    }
  });

  it('deleted while somebody is put on it leaves nobody on a list that is not there', async () => {
    for (let i = 0; i < 5; i++) {
      const id = await at.newList();
      const body = { phone: at.newNumber(), listIds: [id] };
      const [deleted, added] = await Promise.all([
        at.admin.delete(`/api/v1/lists/${id}`),
        at.staff.post('/api/v1/subscribers').send(body),
      ]);
      expect([
        [204, 404],
        [409, 201],
      ]).toContainEqual([deleted.status, added.status]);
    }
  });
});

describe('a selection', () => {
  let north: number;
  let south: number;
  let areaId: number;
  /** In the north; in both; in the south, opted out; in the south, with an area. */
  let people: { id: number; phone: string }[];

  beforeAll(async () => {
    [north, south, areaId] = [await at.newList(), await at.newList(), await at.newArea('Óc Eo')];
    people = [
      await at.add({ fullName: 'Võ Một' }, [north]),
      await at.add({ fullName: 'Võ Hai' }, [north, south]),
      await at.add({ fullName: 'Võ Ba' }, [south]),
      await at.add({ fullName: 'Võ Bốn', areaId }, [south]),
    ];
    const optOut = { phone: people[2]!.phone, source: 'letter', reason: 'Thư' };
    await at.staff.post('/api/v1/opt-outs').send(optOut).expect(201);
  });
  const ids = (...places: number[]): number[] => places.map((place) => people[place]!.id);
  const post = (path: string, selection: unknown) => at.admin.post(`/api/v1${path}`).send({ selection });

  it('is counted live: lists united, other lists taken away, filtered', async () => {
    const count = async (selection: object) => (await post('/subscribers/count', selection).expect(200)).body;
    expect(await count({ listIds: [north, south] })).toMatchObject({ subscribers: 4, optedOut: 1, willBeTexted: 3 });
    expect(await count({ listIds: [south], exceptListIds: [north] })).toMatchObject({
      subscribers: 2,
      willBeTexted: 1,
    });
    expect(await count({ listIds: [north, south], areaIds: [areaId] })).toMatchObject({ subscribers: 1 });
    expect(await count({ listIds: [north, south], name: 'bà vỏ' })).toMatchObject({ subscribers: 1, willBeTexted: 0 });
    expect(await count({ listIds: [south], state: 'active' })).toMatchObject({ subscribers: 2, optedOut: 0 });
    await at.add({}, [north]);
    expect(await count({ listIds: [north] })).toMatchObject({ subscribers: 3 });
    await at.auditor
      .post('/api/v1/subscribers/count')
      .send({ selection: { listIds: [north] } })
      .expect(200);
  });

  it('counts as not texted whoever a rule leaves out because no text reached him', async () => {
    const listId = await at.newList();
    for (const fullName of ['Một', 'Hai']) {
      const { phone } = await at.add({ fullName }, [listId]);
      await at.app.database.run(
        `insert into number_health (phone_key, undelivered_in_row, last_undelivered_at)
         select phone_key, $2, now() from subscribers where phone = $1`,
        [phone, fullName === 'Hai' ? 5 : 4],
      );
    }
    const { body } = await post('/subscribers/count', { listIds: [listId] });
    expect(body).toEqual({ subscribers: 2, optedOut: 0, unreachable: 1, willBeTexted: 1 });
  });

  it('makes a list out of two others, and says who was on it already', async () => {
    const union = await at.newList();
    const first = await post(`/lists/${union}/members`, { subscriberIds: ids(0, 1) }).expect(200);
    expect(first.body).toEqual({ added: 2, alreadyThere: 0 });
    const all = await post(`/lists/${union}/members`, { listIds: [north, south], name: 'võ' }).expect(200);
    expect(all.body).toEqual({ added: 2, alreadyThere: 2 });
    expect(await at.membersOf(union)).toEqual(ids(0, 1, 2, 3));
    const less = await post(`/lists/${union}/members/removal`, { listIds: [north] }).expect(200);
    expect(less.body).toEqual({ removed: 2 });
    expect(await at.membersOf(union)).toEqual(ids(2, 3));
    expect(await at.auditOf({ subject: `list:${union}`, act: 'list.add-members' })).toMatchObject([
      { details: { listIds: [north, south], byName: true, added: 2, alreadyThere: 2 } },
      { details: { subscriberIds: ids(0, 1), added: 2 } },
    ]);
  });

  it('of nobody in particular means everybody only when that is said', async () => {
    const target = await at.newList();
    for (const selection of [{}, { exceptListIds: [north] }]) {
      for (const path of ['/subscribers/count', `/lists/${target}/members`, `/lists/${target}/members/removal`]) {
        expect((await post(path, selection).expect(422)).body.code).toBe('selection.empty');
      }
    }
    for (const selection of [{ everybody: false }, { listIds: [] }, { listIds: null }, { name: '...' }, 5, null, []]) {
      await post(`/lists/${target}/members`, selection).expect(422);
    }
    expect(await at.membersOf(target)).toEqual([]);
    const { n } = (await at.app.database.row<{ n: number }>('select count(*) as n from subscribers'))!;
    const { body } = await post(`/lists/${target}/members`, { everybody: true }).expect(200);
    expect(body).toEqual({ added: n, alreadyThere: 0 });
    expect((await post('/subscribers/count', { everybody: true, exceptListIds: [target] })).body.subscribers).toBe(0);
  });

  it('that names a list or an area that is not there is refused, lest an exception let too many in', async () => {
    const target = await at.newList();
    const gone = 2_000_000_000;
    const refused = await post(`/lists/${target}/members`, { listIds: [north], exceptListIds: [gone] }).expect(404);
    expect(refused.body).toMatchObject({ code: 'list.not-found', field: 'selection.exceptListIds' });
    await post(`/lists/${target}/members`, { areaIds: [gone] }).expect(404);
    await post(`/lists/${gone}/members`, { listIds: [north] }).expect(404);
    await post(`/lists/${gone}/members/removal`, { listIds: [north] }).expect(404);
  });

  it('of many at once ends well also while others put on and take off the same people', async () => {
    const target = await at.newList();
    const selection = { listIds: [north, south] };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) => post(`/lists/${target}/members${i % 2 ? '/removal' : ''}`, selection)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  it('is changed only by who manages lists', async () => {
    await at.staff
      .post(`/api/v1/lists/${north}/members`)
      .send({ selection: { listIds: [south] } })
      .expect(403);
    await at.staff
      .post(`/api/v1/lists/${north}/members/removal`)
      .send({ selection: { listIds: [south] } })
      .expect(403);
  });
});

describe('an export', () => {
  it('of a list is a file with numbers, on record, and harmless in a spreadsheet', async () => {
    const listId = await at.newList();
    const { phone } = await at.add(
      { phone: '0398765432', fullName: '=HYPERLINK("x")', hamlet: 'Ấp 1', language: 'cja' },
      [listId],
    );
    await at.add({ fullName: 'Ở danh sách khác' }, [await at.newList()]);
    await at.staff.post('/api/v1/opt-outs').send({ phone, source: 'letter', reason: 'Thư' }).expect(201);
    const csv = await at.staff.get(`/api/v1/lists/${listId}/members.csv`).set('Accept-Language', 'vi').expect(200);
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.text.split('\r\n')).toEqual([
      '\ufeffHọ và tên,Số điện thoại,Xã/phường,Ấp/khóm,Ngôn ngữ nhận tin,Từ chối nhận tin',
      `"'=HYPERLINK(""x"")",0398 765 432,,Ấp 1,Chăm,có`,
      '',
    ]);
    expect(await at.auditOf({ subject: `list:${listId}`, act: 'list.export' })).toMatchObject([
      { details: { subscribers: 1 } },
    ]);
    await at.admin.get('/api/v1/lists/2000000000/members.csv').expect(404);
  });

  it('of a selection holds whom the count says', async () => {
    const [one, two] = [await at.newList(), await at.newList()];
    await at.add({ fullName: 'Cả hai' }, [one, two]);
    await at.add({ fullName: 'Chỉ một' }, [one]);
    const selection = { listIds: [one], exceptListIds: [two] };
    const csv = await at.admin.post('/api/v1/subscribers/export').set('Accept-Language', 'en').send({ selection });
    expect(csv.status).toBe(200);
    expect(csv.text).toContain('Chỉ một');
    expect(csv.text).not.toContain('Cả hai');
    expect(csv.text).toMatch(/^\ufeffFull name,Phone number,/);
    expect((await at.auditOf({ act: 'subscribers.export' }))[0]).toMatchObject({
      details: { ...selection, subscribers: 1 },
    });
  });

  it('is not for who may not see numbers', async () => {
    const listId = await at.newList();
    await at.auditor.get(`/api/v1/lists/${listId}/members.csv`).expect(403);
    await at.auditor
      .post('/api/v1/subscribers/export')
      .send({ selection: { listIds: [listId] } })
      .expect(403);
  });
});
