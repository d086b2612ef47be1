import type TestAgent from 'supertest/lib/agent';
import { type ImportAnswer, importFile } from './harness/imports';
import { startTestApp, TestApp } from './harness/test-app';

let app: TestApp;
let admin: TestAgent;
let listId: number;
let otherListId: number;

const HEAD = 'Họ tên,Số điện thoại,Xã/phường\n';
const BE = 'Lê Bé,0912345678,Ba Chúc\n';
const TU = 'Trần Tư,0912345679,Núi Tô\n';

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.signIn('admin');
});
afterAll(() => app.stop());
beforeEach(async () => {
  for (const table of [
    'import_rows',
    'import_files',
    'imports',
    'list_members',
    'subscribers',
    'subscriber_history',
    'withdrawals',
    'suppressions',
  ]) {
    await app.database.run(`delete from ${table}`);
  }
  listId = await newList();
  otherListId = await newList();
});

async function newList(): Promise<number> {
  const facts = { name: `Danh sách ${Math.random()}`, purpose: 'Thử', legalBasis: 'Luật 14/2012' };
  return (await admin.post('/api/v1/lists').send(facts).expect(201)).body.id;
}

const take = (content: string, { to = listId, choice = {} } = {}) => importFile(admin, to, HEAD + content, { choice });

async function undo(id: number): Promise<ImportAnswer> {
  const { body } = await admin.post(`/api/v1/imports/${id}/undo`).send({ reason: 'Nhập nhầm danh sách' }).expect(202);
  return body as ImportAnswer;
}

/** Everything of the register that people can see. */
const register = async (): Promise<unknown[]> => [
  await app.database.rows(
    `select phone, full_name, name_key, area_id, area_text, hamlet, language from subscribers order by phone`,
  ),
  await app.database.rows(
    `select m.list_id, s.phone from list_members m join subscribers s on s.id = m.subscriber_id order by 1, 2`,
  ),
];
const idOf = async (phone: string): Promise<number> =>
  (await app.database.row<{ id: number }>('select id from subscribers where phone = $1', [phone]))!.id;

describe('undoing an import', () => {
  it('puts the register back as it was before', async () => {
    await take(`Lê Cũ,0912345678,Núi Tô\n`);
    const before = await register();
    const { id, changed, added } = await take(BE + TU, { choice: { mergePolicy: 'overwrite' } });
    expect({ changed, added }).toEqual({ changed: 1, added: 1 });
    expect(await undo(id)).toMatchObject({
      state: 'undone',
      undoReason: 'Nhập nhầm danh sách',
      undo: { leftTheList: 1, deleted: 1, restored: 1, changedSince: 0, namedAgain: 0 },
    });
    expect(await register()).toEqual(before);
  });

  it('gives back the language somebody is texted in, which the file changed', async () => {
    const head = 'Họ tên,Số điện thoại,Ngôn ngữ\n';
    await importFile(admin, listId, `${head}Thạch Bé,0912345678,Khmer\nMách Tư,0912345679,Chăm\n`);
    const before = await register();
    const file = `${head}Thạch Bé,0912345678,tiếng Việt\nMách Tư,0912345679,Khmer\nLê Sáu,0912345680,Khmer\n`;
    const { id, changed } = await importFile(admin, listId, file, { choice: { mergePolicy: 'overwrite' } });
    expect(changed).toBe(2);
    expect(await register()).not.toEqual(before);
    await undo(id);
    expect(await register()).toEqual(before);
  });

  it('of several imports, the newest first, leads back step by step', async () => {
    const states: unknown[] = [await register()];
    const ids: number[] = [];
    for (const [content, mergePolicy] of [
      [BE, 'fill-gaps'],
      [`Lê Văn Bé,0912345678,\n${TU}`, 'overwrite'],
      [`Lê Thị Bé,0912345678,Cô Tô\n`, 'overwrite'],
    ]) {
      ids.push((await take(content!, { choice: { mergePolicy: mergePolicy! } })).id);
      states.push(await register());
    }
    while (ids.length > 0) {
      await undo(ids.pop()!);
      states.pop();
      expect(await register()).toEqual(states.at(-1));
    }
  });

  it('leaves alone whom somebody corrected since', async () => {
    const { id } = await take(BE + TU);
    const subscriber = await idOf('+84912345678');
    const seen = (await admin.get(`/api/v1/subscribers/${subscriber}`)).body;
    const correction = { fullName: 'Lê Thị Bé', revision: seen.revision, reason: 'Công dân báo sai tên' };
    await admin.patch(`/api/v1/subscribers/${subscriber}`).send(correction).expect(200);
    expect(await undo(id)).toMatchObject({ undo: { leftTheList: 1, deleted: 1, changedSince: 1 } });
    expect(await register()).toEqual([
      [expect.objectContaining({ phone: '+84912345678', full_name: 'Lê Thị Bé' })],
      [{ list_id: listId, phone: '+84912345678' }],
    ]);
  });

  it('leaves alone whom a later file names too, and that one’s undo takes them away', async () => {
    const first = await take(BE + TU);
    const second = await take(BE);
    expect(await undo(first.id)).toMatchObject({ undo: { leftTheList: 1, deleted: 1, namedAgain: 1 } });
    expect((await register())[1]).toEqual([{ list_id: listId, phone: '+84912345678' }]);
    await undo(second.id);
    expect(await register()).toEqual([[], []]);
  });

  it('hands whom several later files name to the next of them, whichever is undone first', async () => {
    const [first, second, third] = [await take(BE), await take(BE), await take(BE)];
    await undo(first.id);
    await undo(third.id);
    expect((await register())[1]).toEqual([{ list_id: listId, phone: '+84912345678' }]);
    await undo(second.id);
    expect(await register()).toEqual([[], []]);
  });

  it('of a file that completed somebody takes him away with what it added, once nobody else names him', async () => {
    const first = await take(',0912345678,\n');
    const second = await take(BE);
    await undo(first.id);
    expect(await undo(second.id)).toMatchObject({ undo: { changedSince: 0, deleted: 1 } });
    expect(await register()).toEqual([[], []]);
  });

  it('gives back what the file overwrote, although a later file that changed nothing names him too', async () => {
    await take('Lê Cũ,0912345678,\n');
    const second = await take(BE, { choice: { mergePolicy: 'overwrite' } });
    await take(',0912345678,\n', { to: otherListId, choice: { mergePolicy: 'keep' } });
    await undo(second.id);
    expect((await register())[0]).toEqual([expect.objectContaining({ full_name: 'Lê Cũ' })]);
  });

  it('lets nobody overwrite unseen what came after it', async () => {
    await take('Lê Cũ,0912345678,\n');
    const second = await take(BE, { choice: { mergePolicy: 'overwrite' } });
    const id = await idOf('+84912345678');
    const { revision } = (await admin.get(`/api/v1/subscribers/${id}`)).body;
    await undo(second.id);
    await take('Lê Mới,0912345678,\n', { choice: { mergePolicy: 'overwrite' } });
    const stale = { fullName: 'Lê Thị Bé', revision, reason: 'Sai tên' };
    await admin.patch(`/api/v1/subscribers/${id}`).send(stale).expect(409);
  });

  it('counts whose number was corrected since among those left alone', async () => {
    const { id } = await take(BE + TU);
    const subscriber = await idOf('+84912345678');
    const { revision } = (await admin.get(`/api/v1/subscribers/${subscriber}`)).body;
    const correction = { phone: '0912345670', revision, reason: 'Đổi số' };
    await admin.patch(`/api/v1/subscribers/${subscriber}`).send(correction).expect(200);
    expect(await undo(id)).toMatchObject({ undo: { leftTheList: 1, deleted: 1, changedSince: 1 } });
  });

  it('takes nobody off another list', async () => {
    const { id } = await take(BE + TU);
    await take(BE, { to: otherListId });
    await undo(id);
    expect((await register())[1]).toEqual([{ list_id: otherListId, phone: '+84912345678' }]);
  });

  it('does not bring back whoever was erased meanwhile', async () => {
    await take(`Lê Cũ,0912345678,Núi Tô\n`);
    const { id } = await take(BE, { choice: { mergePolicy: 'overwrite' } });
    const erasure = { phone: '0912345678', reason: 'person-asked' };
    await admin.post('/api/v1/privacy/persons/erasure').send(erasure).expect(200);
    await undo(id);
    expect(await register()).toEqual([[], []]);
  });

  it('withdraws whoever left the list from what is already queued', async () => {
    const { id } = await take(BE);
    await undo(id);
    expect(await app.database.rows('select list_id, import_id from withdrawals')).toEqual([
      { list_id: listId, import_id: id },
    ]);
  });

  it('can be done once, and only of an import that is done', async () => {
    const { id } = await take(BE);
    await undo(id);
    const again = await admin.post(`/api/v1/imports/${id}/undo`).send({ reason: 'Lần nữa' }).expect(409);
    expect(again.body.code).toBe('import.not-in-this-state');
  });

  it('is on record with its figures and without anybody’s name', async () => {
    const { id } = await take(BE);
    await undo(id);
    const { body } = await admin.get(`/api/v1/audit?subject=import:${id}`).expect(200);
    const acts = body.items.map(({ act }: { act: string }) => act).reverse();
    expect(acts).toEqual(['import.upload', 'import.confirm', 'import.done', 'import.undo', 'import.undone']);
    expect(JSON.stringify(body)).not.toMatch(/Bé|912345678/);
  });
});
