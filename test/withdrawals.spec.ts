import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import { Secrets } from '../src/platform/secrets';
import { lockRegister } from '../src/subscribers/register-lock';
import { submitTried } from './harness/campaigns';
import { FakeGateway } from './harness/fake-gateway';
import { startTestApp, TestApp } from './harness/test-app';
import { TEST_SECRET } from './harness/test-database';

const secrets = new Secrets(TEST_SECRET);
const keyOf = (phone: string): Buffer => secrets.phoneDigest(phone);

let app: TestApp;
let gateway: FakeGateway;
let admin: TestAgent;
let staff: TestAgent;
let approver: TestAgent;
let templateVersionId: number;
let nextNumber = 1;

beforeAll(async () => {
  gateway = new FakeGateway();
  app = await startTestApp({ gateway, bells: true });
  [admin, staff, approver] = (await Promise.all(
    (['admin', 'staff', 'approver'] as const).map((role) => app.signIn(role)),
  )) as [TestAgent, TestAgent, TestAgent];
  const { body } = await staff.get('/api/v1/templates');
  templateVersionId = body.find(({ code }: { code: string }) => code === 'covid-19-face-masks').id;
});
afterAll(() => app.stop());

/** A subscriber as an import leaves him: on the lists by that import. */
async function subscriber(...listIds: number[]): Promise<{ id: number; phone: string }> {
  const phone = `+849120000${String(nextNumber++).padStart(2, '0')}`;
  const row = await app.database.row<{ id: number }>(
    `insert into subscribers (phone, phone_key, full_name, import_id) values ($1, $2, 'Người dân', 1) returning id`,
    [phone, keyOf(phone)],
  );
  await putOn(row!.id, ...listIds);
  return { id: row!.id, phone };
}

async function putOn(id: number, ...listIds: number[]): Promise<void> {
  await app.database.run(
    'insert into list_members (list_id, subscriber_id, import_id) select unnest($2::int[]), $1, 1',
    [id, listIds],
  );
}

async function takeOff(id: number, listId: number): Promise<void> {
  await app.database.run('delete from list_members where list_id = $2 and subscriber_id = $1', [id, listId]);
}

/** What the undo of an import does to one person on one list. */
async function undoImport({ id, phone }: { id: number; phone: string }, listId: number, importId = 1): Promise<void> {
  await app.database.transaction(async (tx) => {
    await lockRegister(tx);
    await tx.run('delete from list_members where list_id = $2 and subscriber_id = $1', [id, listId]);
    await tx.run('insert into withdrawals (phone_key, list_id, import_id) values ($1, $2, $3)', [
      keyOf(phone),
      listId,
      importId,
    ]);
  });
}

async function newList(): Promise<number> {
  const facts = { name: `Danh sách ${Math.random()}`, purpose: 'Bầu cử', legalBasis: 'Luật 14/2012/QH13' };
  const { body } = await admin.post('/api/v1/lists').send(facts).expect(201);
  return body.id;
}

async function submitted(listIds: number[], startsAt = '2035-01-01T08:00') {
  const draft = { name: 'Khẩu trang', templateVersionId, listIds, sender: 'STP ANGIANG', accented: false, startsAt };
  return submitTried(staff, draft);
}

async function approve({ id, contentHash }: { id: number; contentHash: string }): Promise<void> {
  await approver.post(`/api/v1/campaigns/${id}/approve`).send({ contentHash }).expect(200);
}

/** Lets an approved campaign start now instead of in 2035: what it binds was checked before. */
async function startNow(id: number): Promise<void> {
  await app.database.run(
    `with c as (update campaigns set state = 'sending', started_at = now() where id = $1 returning batch_id)
     update batches b set state = 'released', not_before = now() from c where b.id = c.batch_id`,
    [id],
  );
}

async function completed(id: number): Promise<Record<string, number>> {
  for (let i = 0; i < 100; i += 1) {
    const { body } = await staff.get(`/api/v1/campaigns/${id}`);
    if (body.state === 'completed') return body.figures;
    await sleep(100);
  }
  throw new Error('the campaign did not complete');
}

async function changesOf(id: number): Promise<unknown> {
  return (await approver.get(`/api/v1/campaigns/${id}`).expect(200)).body.changedSinceSubmission;
}

const gotText = ({ phone }: { phone: string }): boolean => gateway.taken.some((text) => text.phone === phone);

describe('a subscriber whom the undo of an import took off a list', () => {
  it('gets no text of a campaign approved before; it is suppressed with that reason and the figures add up', async () => {
    const listId = await newList();
    const [kept, withdrawn] = [await subscriber(listId), await subscriber(listId)];
    const campaign = await submitted([listId]);
    await approve(campaign);
    await undoImport(withdrawn, listId);
    await startNow(campaign.id);
    expect(await completed(campaign.id)).toMatchObject({ messages: 2, accepted: 1, suppressed: 1, queued: 0 });
    expect([gotText(kept), gotText(withdrawn)]).toEqual([true, false]);
    const { body } = await staff.get(`/api/v1/campaigns/${campaign.id}/messages?state=suppressed`).expect(200);
    expect(body.items).toMatchObject([
      { phone: withdrawn.phone, state: 'suppressed', code: 'import-undone', attempts: 0 },
    ]);
  });

  it('gets none of a campaign that was paused then, once it goes on', async () => {
    const listId = await newList();
    const withdrawn = await subscriber(listId);
    await subscriber(listId);
    const campaign = await submitted([listId]);
    await approve(campaign);
    await staff.post(`/api/v1/campaigns/${campaign.id}/pause`).expect(200);
    await undoImport(withdrawn, listId);
    expect(await changesOf(campaign.id)).toMatchObject({ importUndone: 1 });
    await staff.post(`/api/v1/campaigns/${campaign.id}/resume`).expect(200);
    await startNow(campaign.id);
    expect(await completed(campaign.id)).toMatchObject({ accepted: 1, suppressed: 1 });
    expect(gotText(withdrawn)).toBe(false);
  });

  it('gets his text when another list of the campaign has him, or a mended file brought him back', async () => {
    const [first, second] = [await newList(), await newList()];
    const onBoth = await subscriber(first, second);
    const back = await subscriber(first);
    const campaign = await submitted([first, second]);
    await approve(campaign);
    await undoImport(onBoth, first);
    await undoImport(back, first);
    await putOn(back.id, first);
    await startNow(campaign.id);
    expect(await completed(campaign.id)).toMatchObject({ accepted: 2, suppressed: 0 });
    expect([gotText(onBoth), gotText(back)]).toEqual([true, true]);
  });

  it('gets his text when the undo concerned a list of other campaigns, or an import of long before', async () => {
    const [listId, other] = [await newList(), await newList()];
    const elsewhere = await subscriber(listId, other);
    const earlier = await subscriber(listId);
    await undoImport(earlier, listId);
    await putOn(earlier.id, listId);
    const campaign = await submitted([listId]);
    await approve(campaign);
    await undoImport(elsewhere, other);
    // By hand: the approved rows stay.
    await takeOff(elsewhere.id, listId);
    await takeOff(earlier.id, listId);
    expect(await changesOf(campaign.id)).toMatchObject({ importUndone: 0 });
    await startNow(campaign.id);
    expect(await completed(campaign.id)).toMatchObject({ accepted: 2, suppressed: 0 });
  });

  it('while a campaign is submitted: the submission waits, and leaves him out', async () => {
    const listId = await newList();
    const [withdrawn] = [await subscriber(listId), await subscriber(listId)];
    let isSubmitted = false;
    const submitting = await app.database.transaction(async (tx) => {
      await lockRegister(tx);
      const submission = submitted([listId]).finally(() => (isSubmitted = true));
      await sleep(500);
      expect(isSubmitted).toBe(false);
      await tx.run('delete from list_members where subscriber_id = $1', [withdrawn.id]);
      await tx.run('insert into withdrawals (phone_key, list_id, import_id) values ($1, $2, 1)', [
        keyOf(withdrawn.phone),
        listId,
      ]);
      return { submission };
    });
    expect((await submitting.submission).figures.messages).toBe(1);
  });

  it('just after a submission that began later than the undo: his withdrawal counts as the later one', async () => {
    const listId = await newList();
    const withdrawn = await subscriber(listId);
    let id = 0;
    await app.database.transaction(async (tx) => {
      await tx.run('select now()');
      id = (await submitted([listId])).id;
      await lockRegister(tx);
      await tx.run('delete from list_members where subscriber_id = $1', [withdrawn.id]);
      await tx.run('insert into withdrawals (phone_key, list_id, import_id) values ($1, $2, 1)', [
        keyOf(withdrawn.phone),
        listId,
      ]);
    });
    expect(await changesOf(id)).toMatchObject({ importUndone: 1 });
  });
});

describe('what changed since the submission', () => {
  it('is shown to the approver in numbers, each recipient once, and changes no text that lies ready', async () => {
    const listId = await newList();
    const [corrected, optedOut, withdrawn, erased, both] = [
      await subscriber(listId),
      await subscriber(listId),
      await subscriber(listId),
      await subscriber(listId),
      await subscriber(listId),
    ];
    const campaign = await submitted([listId]);
    const none = { recordsCorrected: 0, numbersCorrected: 0, optedOut: 0, importUndone: 0, erased: 0 };
    expect(await changesOf(campaign.id)).toEqual(none);
    const newNumber = '+84988777666';
    for (const { id } of [corrected, both]) {
      const number = id === corrected.id ? newNumber : '+84988777667';
      await app.database.run(
        'update subscribers set phone = $2, phone_key = $3, revision = revision + 1 where id = $1',
        [id, number, keyOf(number)],
      );
    }
    for (const { phone } of [optedOut, both]) {
      const wish = { phone, source: 'letter', reason: 'Đơn' };
      await staff.post('/api/v1/opt-outs').send(wish).expect(201);
    }
    await undoImport(withdrawn, listId);
    await app.database.run('update messages set phone = null, text = null where subscriber_id = $1', [erased.id]);
    await app.database.run('delete from list_members where subscriber_id = $1', [erased.id]);
    await app.database.run('delete from subscribers where id = $1', [erased.id]);
    expect(await changesOf(campaign.id)).toMatchObject({
      numbersCorrected: 1,
      optedOut: 2,
      importUndone: 1,
      erased: 1,
    });
    await approve(campaign);
    await startNow(campaign.id);
    expect(await completed(campaign.id)).toMatchObject({ messages: 5, accepted: 1, suppressed: 4 });
    expect([gotText(corrected), gotText({ phone: newNumber })]).toEqual([true, false]);
    expect(await changesOf(campaign.id)).toBeNull();
  });

  it('is not asked of drafts, and not told of whole pages of campaigns', async () => {
    const listId = await newList();
    await subscriber(listId);
    const { id } = await submitted([listId]);
    expect(await changesOf(id)).not.toBeNull();
    await approver.post(`/api/v1/campaigns/${id}/reject`).send({ reason: 'Sai ngày' }).expect(200);
    expect(await changesOf(id)).toBeNull();
    const { body } = await approver.get('/api/v1/campaigns').expect(200);
    expect(body.items[0]).not.toHaveProperty('changedSinceSubmission');
  });
});
