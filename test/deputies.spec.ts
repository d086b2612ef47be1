import type TestAgent from 'supertest/lib/agent';
import type { Person } from './harness/people';
import { startTestApp, type TestApp } from './harness/test-app';

const SESSION = '/api/v1/session';
const DEPUTIES = '/api/v1/deputies';
/** An approval of a campaign that does not exist: 404 for who may approve, 403 for who may not. */
const APPROVAL = '/api/v1/campaigns/2147483647/approve';

let app: TestApp;
let admin: TestAgent;

beforeAll(async () => {
  app = await startTestApp({ at: new Date('2026-11-23T09:00:00+07:00') });
  admin = await app.signIn('admin');
});
afterAll(() => app.stop());

interface Signed extends Person {
  readonly agent: TestAgent;
}

async function person(role: 'admin' | 'staff' | 'approver' | 'auditor'): Promise<Signed> {
  const made = await app.createUser(role);
  return { ...made, agent: await app.signInAs(made) };
}

const period = { validFrom: '2026-11-23', validTo: '2026-11-30', reason: 'Đi công tác' };

async function standsInFor({ agent }: { agent: TestAgent }): Promise<number[]> {
  const { body } = await agent.get(SESSION).expect(200);
  expect(body.permissions.includes('campaigns.approve')).toBe(body.standsInFor.length > 0);
  const { status } = await agent.post(APPROVAL).send({ contentHash: 'a'.repeat(64) });
  expect(status).toBe(body.standsInFor.length > 0 ? 404 : 403);
  return body.standsInFor;
}

describe('a deputy', () => {
  it('may approve on the days named, both included, by the calendar of Vietnam, and on no other', async () => {
    const time = await startTestApp({ at: new Date('2026-11-30T23:50:00+07:00') });
    try {
      const [boss, deputy] = [await time.createUser('approver'), await time.createUser('staff')];
      const days = { validFrom: '2026-12-01', validTo: '2026-12-02', reason: 'Nghỉ phép' };
      await (
        await time.signInAs(boss)
      )
        .post(DEPUTIES)
        .send({ deputyId: deputy.id, ...days })
        .expect(201);
      for (const [at, expected] of [
        ['2026-11-30T23:59:00+07:00', []],
        ['2026-12-01T00:00:01+07:00', [boss.id]],
        ['2026-12-02T23:59:00+07:00', [boss.id]],
        ['2026-12-03T00:00:01+07:00', []],
      ] as const) {
        await time.moveTo(new Date(at));
        expect([at, await standsInFor({ agent: await time.signInAs(deputy) })]).toEqual([at, expected]);
      }
    } finally {
      await time.stop();
    }
  });

  it('is named by the approver himself or by an administrator, and both see it, as everybody does', async () => {
    const [boss, other] = [await person('approver'), await person('approver')];
    const deputy = await person('staff');
    const own = await boss.agent
      .post(DEPUTIES)
      .send({ deputyId: deputy.id, ...period })
      .expect(201);
    expect(own.body).toMatchObject({
      approverId: boss.id,
      deputyId: deputy.id,
      ...period,
      countsToday: true,
      createdBy: `user:${boss.id}`,
      revokedAt: null,
    });
    await admin
      .post(DEPUTIES)
      .send({ deputyId: deputy.id, approverId: other.id, ...period })
      .expect(201);
    expect(await standsInFor(deputy)).toEqual([boss.id, other.id]);
    for (const role of ['staff', 'auditor'] as const) {
      const { body } = await (await app.signIn(role)).get(`${DEPUTIES}?limit=1`).expect(200);
      expect(body.items).toMatchObject([{ approverId: other.id }]);
      expect(body.next).toBe(body.items[0].id);
    }
    const audit = await app.database.rows('select actor, act, details from audit_entries where subject = $1', [
      `deputy:${own.body.id}`,
    ]);
    const { validFrom, validTo } = period;
    const details = { deputyId: deputy.id, approverId: boss.id, validFrom, validTo };
    expect(audit).toEqual([{ actor: `user:${boss.id}`, act: 'deputy.name', details }]);
  });

  it('stops being one with the next request when the deputyship is revoked, once and for all', async () => {
    const [boss, deputy] = [await person('approver'), await person('staff')];
    const { body } = await boss.agent
      .post(DEPUTIES)
      .send({ deputyId: deputy.id, ...period })
      .expect(201);
    expect(await standsInFor(deputy)).toEqual([boss.id]);
    const stranger = await person('approver');
    const refused = await stranger.agent.post(`${DEPUTIES}/${body.id}/revoke`).expect(403);
    expect(refused.body.code).toBe('deputy.only-for-oneself');
    const revoked = await boss.agent.post(`${DEPUTIES}/${body.id}/revoke`).expect(200);
    expect(revoked.body).toMatchObject({ revokedBy: `user:${boss.id}`, countsToday: false });
    expect(await standsInFor(deputy)).toEqual([]);
    const again = await admin.post(`${DEPUTIES}/${body.id}/revoke`).expect(200);
    expect(again.body).toEqual(revoked.body);
    expect(
      await app.database.rows(`select act from audit_entries where subject = $1 and act = 'deputy.revoke'`, [
        `deputy:${body.id}`,
      ]),
    ).toHaveLength(1);
    await boss.agent
      .post(DEPUTIES)
      .send({ deputyId: deputy.id, ...period })
      .expect(201);
    await admin.post(`${DEPUTIES}/2147483647/revoke`).expect(404);
  });

  it('approves for nobody while the approver is disabled, or is none any more', async () => {
    const [boss, deputy] = [await person('approver'), await person('staff')];
    await boss.agent
      .post(DEPUTIES)
      .send({ deputyId: deputy.id, ...period })
      .expect(201);
    for (const [rest, back] of [
      [{ disabled: true }, { disabled: false }],
      [{ role: 'staff' }, { role: 'approver' }],
    ]) {
      await admin.patch(`/api/v1/users/${boss.id}`).send(rest).expect(200);
      expect(await standsInFor(deputy)).toEqual([]);
      await admin.patch(`/api/v1/users/${boss.id}`).send(back).expect(200);
      expect(await standsInFor(deputy)).toEqual([boss.id]);
    }
  });

  it.each(['admin', 'auditor'] as const)('who becomes %s approves no more', async (role) => {
    const [boss, deputy] = [await person('approver'), await person('staff')];
    await boss.agent
      .post(DEPUTIES)
      .send({ deputyId: deputy.id, ...period })
      .expect(201);
    await admin.patch(`/api/v1/users/${deputy.id}`).send({ role }).expect(200);
    expect(await standsInFor(deputy)).toEqual([]);
  });

  it('is nobody through an API key', async () => {
    const [boss, keyMaker] = [await person('approver'), await person('admin')];
    const { body } = await keyMaker.agent.post('/api/v1/api-keys').send({ name: 'Cổng', role: 'staff' }).expect(201);
    await admin.patch(`/api/v1/users/${keyMaker.id}`).send({ role: 'staff' }).expect(200);
    await boss.agent
      .post(DEPUTIES)
      .send({ deputyId: keyMaker.id, ...period })
      .expect(201);
    expect(await standsInFor(keyMaker)).toEqual([boss.id]);
    const program = app.request().set('Authorization', `Bearer ${body.key}`);
    const refused = await program
      .post(APPROVAL)
      .send({ contentHash: 'a'.repeat(64) })
      .expect(403);
    expect(refused.body.code).toBe('access.only-for-people');
    expect(
      (
        await program
          .post(DEPUTIES)
          .send({ deputyId: keyMaker.id, ...period })
          .expect(403)
      ).body.code,
    ).toBe('access.only-for-people');
  });
});

describe('naming a deputy is refused', () => {
  it.each(['admin', 'approver', 'auditor'] as const)('when the deputy is %s', async (role) => {
    const [boss, deputy] = [await person('approver'), await person(role)];
    const { body } = await boss.agent
      .post(DEPUTIES)
      .send({ deputyId: deputy.id, ...period })
      .expect(422);
    expect(body).toMatchObject({ code: 'deputy.not-eligible', field: 'deputyId' });
  });

  it('when the deputy is disabled, unknown, or the approver himself', async () => {
    const [boss, gone] = [await person('approver'), await person('staff')];
    await admin.patch(`/api/v1/users/${gone.id}`).send({ disabled: true }).expect(200);
    for (const deputyId of [gone.id, 2_147_483_647, boss.id]) {
      const { body } = await boss.agent
        .post(DEPUTIES)
        .send({ deputyId, ...period })
        .expect(422);
      expect(body.code).toBe('deputy.not-eligible');
    }
  });

  it('when nobody approves in whose place it would be', async () => {
    const deputy = await person('staff');
    const notApprovers = [undefined, deputy.id, (await person('auditor')).id, 2_147_483_647];
    for (const approverId of notApprovers) {
      const { body } = await admin
        .post(DEPUTIES)
        .send({ deputyId: deputy.id, approverId, ...period })
        .expect(422);
      expect(body).toMatchObject({ code: 'deputy.not-an-approver', field: 'approverId' });
    }
  });

  it('to an approver for somebody else, and to staff and auditors altogether', async () => {
    const [boss, other] = [await person('approver'), await person('approver')];
    const deputy = await person('staff');
    const foreign = { deputyId: deputy.id, approverId: other.id, ...period };
    expect((await boss.agent.post(DEPUTIES).send(foreign).expect(403)).body.code).toBe('deputy.only-for-oneself');
    for (const role of ['staff', 'auditor'] as const) {
      const { body } = await (await app.signIn(role)).post(DEPUTIES).send(foreign).expect(403);
      expect(body.code).toBe('access.not-permitted');
    }
  });

  it.each([
    [{ validFrom: '2026-11-22' }, 'deputy.period-past', 'validFrom'],
    [{ validFrom: '2026-11-30', validTo: '2026-11-29' }, 'deputy.period-reversed', 'validTo'],
    [{ validTo: '2027-02-23' }, 'deputy.period-too-long', 'validTo'],
    [{ validFrom: '2027-02-29', validTo: '2027-03-02' }, 'request.invalid', 'validFrom'],
    [{ validTo: '30/11/2026' }, 'request.invalid', 'validTo'],
    [{ reason: ' ' }, 'request.invalid', 'reason'],
  ])('for %j', async (change, code, field) => {
    const [boss, deputy] = [await person('approver'), await person('staff')];
    const { body } = await boss.agent
      .post(DEPUTIES)
      .send({ deputyId: deputy.id, ...period, ...change })
      .expect(422);
    expect(body).toMatchObject({ code, field });
  });

  it('for days on which the two are deputy and approver already, also when both are asked for at once', async () => {
    const [boss, deputy] = [await person('approver'), await person('staff')];
    const ask = (days: object) => boss.agent.post(DEPUTIES).send({ deputyId: deputy.id, ...period, ...days });
    const answers = await Promise.all([ask({}), ask({ validFrom: '2026-11-30', validTo: '2026-12-05' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('deputy.overlaps');
    await ask({ validFrom: '2026-12-06', validTo: '2026-12-07' }).expect(201);
  });
});
