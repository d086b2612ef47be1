import type TestAgent from 'supertest/lib/agent';
import { Clock } from '../src/platform/clock';
import { startTestApp, TestApp } from './harness/test-app';

class SetClock extends Clock {
  at = new Date();
  /** Vietnam time, `2021-05-20T08:00`. */
  set(local: string): void {
    this.at = new Date(`${local}:00+07:00`);
  }
  now(): Date {
    return this.at;
  }
}

const clock = new SetClock();
const REQUEST = {
  kind: 'access',
  channel: 'phone-call',
  phone: '0912 345 678',
  name: 'Lê Thị Bé',
  text: 'Hỏi Sở lưu những gì về tôi',
};

let app: TestApp;
let admin: TestAgent;
let staff: TestAgent;
let auditor: TestAgent;

beforeAll(async () => {
  app = await startTestApp({ clock });
  admin = await app.signIn('admin');
  staff = await app.signIn('staff');
  auditor = await app.signIn('auditor');
});
afterAll(() => app.stop());
beforeEach(async () => {
  clock.set('2021-05-18T09:00');
  await app.database.run('delete from citizen_requests');
  await app.database.run('delete from calendar_days');
});

const record = async (facts: object = {}): Promise<{ id: number; dueAt: string }> =>
  (
    await staff
      .post('/api/v1/requests')
      .send({ ...REQUEST, ...facts })
      .expect(201)
  ).body;
const listed = async (query = ''): Promise<Record<string, unknown>[]> =>
  (await staff.get(`/api/v1/requests${query}`).expect(200)).body.items;

describe("a citizen's request", () => {
  it('is due by the end of the second working day after it came', async () => {
    expect(await record()).toMatchObject({
      state: 'open',
      isOverdue: false,
      receivedAt: '2021-05-18T09:00:00+07:00',
      dueAt: '2021-05-20T23:59:59+07:00',
      phone: '+84912345678',
      recordedBy: expect.stringMatching(/^user:/),
    });
    expect((await record({ receivedAt: '2021-05-14T16:00' })).dueAt).toBe('2021-05-18T23:59:59+07:00');
  });

  it('is overdue a second later, and stands among the overdue ones until it is answered', async () => {
    const { id } = await record();
    clock.set('2021-05-20T23:59');
    expect(await listed('?overdue=true')).toEqual([]);
    clock.set('2021-05-21T00:00');
    expect(await listed('?overdue=true&state=open')).toEqual([expect.objectContaining({ id, isOverdue: true })]);
    const answer = { answer: 'Đã gửi bản sao, công văn số 12/STP-VP' };
    const { body } = await staff.post(`/api/v1/requests/${id}/answer`).send(answer).expect(200);
    expect(body).toMatchObject({ state: 'answered', isOverdue: true, answer: answer.answer });
    expect(await listed('?state=open')).toEqual([]);
    expect(await listed('?state=answered&overdue=true')).toHaveLength(1);
  });

  it('answered in time never becomes overdue', async () => {
    const { id } = await record();
    await staff.post(`/api/v1/requests/${id}/answer`).send({ answer: 'Đã trả lời qua điện thoại' }).expect(200);
    clock.set('2021-06-30T00:00');
    expect(await listed('?overdue=true')).toEqual([]);
    expect(await listed('?overdue=false')).toHaveLength(1);
  });

  it('is answered once', async () => {
    const { id } = await record();
    const answers = await Promise.all(
      ['một', 'hai'].map((answer) => staff.post(`/api/v1/requests/${id}/answer`).send({ answer })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)!.body.code).toBe('request.answered-already');
  });

  it('shows an auditor what was asked and until when, not by whom', async () => {
    const { id } = await record();
    const { body } = await auditor.get(`/api/v1/requests/${id}`).expect(200);
    expect(body).toMatchObject({ kind: 'access', phone: '091***678', name: null, text: null });
    await auditor.post('/api/v1/requests').send(REQUEST).expect(403);
    const trail = await auditor.get('/api/v1/audit?act=requests.view-phones').expect(200);
    expect(trail.body.items.length).toBeGreaterThan(0);
    expect(JSON.stringify(trail.body)).not.toContain('912345678');
  });

  it('cannot come from the future, nor at a time that nobody understands', async () => {
    const codeOf = async (receivedAt: string) =>
      (await staff.post('/api/v1/requests').send({ ...REQUEST, receivedAt })).body.code as string;
    expect(await codeOf('2021-05-18T09:01')).toBe('request.received-in-future');
    expect(await codeOf('hôm qua')).toBe('request.received-unreadable');
    expect((await staff.get('/api/v1/requests/99')).body.code).toBe('request.not-found');
    expect((await staff.post('/api/v1/requests/99/answer').send({ answer: 'x' })).body.code).toBe('request.not-found');
  });
});

describe('holidays', () => {
  const holiday = { day: '2021-04-21', name: 'Giỗ Tổ Hùng Vương (10/3 âm lịch)' };

  it('that are entered later move the time of open requests, and move it back when they are removed', async () => {
    clock.set('2021-04-20T09:00');
    const { id } = await record();
    const dueAt = async () => (await staff.get(`/api/v1/requests/${id}`)).body.dueAt as string;
    expect(await dueAt()).toBe('2021-04-22T23:59:59+07:00');
    await admin.post('/api/v1/holidays').send(holiday).expect(201);
    expect(await dueAt()).toBe('2021-04-23T23:59:59+07:00');
    expect((await staff.get('/api/v1/holidays')).body).toEqual([{ ...holiday, isWorkingDay: false }]);
    await admin.delete(`/api/v1/holidays/${holiday.day}`).expect(204);
    expect(await dueAt()).toBe('2021-04-22T23:59:59+07:00');
    expect((await admin.delete(`/api/v1/holidays/${holiday.day}`)).body.code).toBe('holiday.not-found');
  });

  it('do not move the time of a request that was answered', async () => {
    clock.set('2021-04-20T09:00');
    const { id, dueAt } = await record();
    await staff.post(`/api/v1/requests/${id}/answer`).send({ answer: 'Đã trả lời' }).expect(200);
    await admin.post('/api/v1/holidays').send(holiday).expect(201);
    expect((await staff.get(`/api/v1/requests/${id}`)).body.dueAt).toBe(dueAt);
  });

  it('entered at the moment in which requests are recorded count for those too', async () => {
    clock.set('2021-04-20T09:00');
    const recording = Array.from({ length: 6 }, () => record());
    await Promise.all([...recording, admin.post('/api/v1/holidays').send(holiday).expect(201)]);
    expect(new Set((await listed()).map(({ dueAt }) => dueAt))).toEqual(new Set(['2021-04-23T23:59:59+07:00']));
  });

  it('entered again take the new name; a Saturday may be worked in exchange', async () => {
    await admin.post('/api/v1/holidays').send(holiday).expect(201);
    await admin
      .post('/api/v1/holidays')
      .send({ ...holiday, name: 'Giỗ Tổ' })
      .expect(201);
    const saturday = { day: '2021-05-22', name: 'Làm bù', isWorkingDay: true };
    await admin.post('/api/v1/holidays').send(saturday).expect(201);
    expect((await staff.get('/api/v1/holidays')).body).toEqual([
      { day: holiday.day, name: 'Giỗ Tổ', isWorkingDay: false },
      saturday,
    ]);
    clock.set('2021-05-20T09:00');
    expect((await record()).dueAt).toBe('2021-05-22T23:59:59+07:00');
  });

  it('are entered by administrators, as days that exist', async () => {
    await staff.post('/api/v1/holidays').send(holiday).expect(403);
    for (const day of ['2021-02-30', '21/4/2021', '2021-04-21T00:00']) {
      const answer = await admin.post('/api/v1/holidays').send({ ...holiday, day });
      expect([day, answer.status, answer.body.field]).toEqual([day, 422, 'day']);
    }
  });
});
