import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import type { Gateway } from '../../src/gateways';
import { AT_ANY_HOUR, officialDocument, tryOnStaff } from './campaigns';
import { FakeGateway } from './fake-gateway';
import { importFile } from './imports';
import { startTestApp, TestApp } from './test-app';

/**
 * The rules between a draft and the first text, one sentence each. An office whose clock says Monday, 23 November 2026,
 * 10:00, database included. Its people:
 * 1 Nguyễn Thị Ngọc Phượng, Ba Chúc · 2 Lê Bé, Ba Chúc · 3 Trần Văn Hòa, Núi Tô · 4 without a name, Núi Tô · 5 Chau Sóc Khăm
 * (wishes Khmer), Núi Tô. List A has 1-4, list B has 4 and 5.
 */
export let app: TestApp;
export let gateway: FakeGateway;
export let admin: TestAgent;
export let staff: TestAgent;
export let approver: TestAgent;
export let auditor: TestAgent;
export let listA: number;
export let listB: number;
export let documentId: number;
export let masks: number;

const MORNING = new Date('2026-11-23T10:00:00+07:00');
const HEAD = 'Họ và tên;Số điện thoại;Xã/phường;Ngôn ngữ nhận tin';

/** A session ends when the clock is moved on. */
export async function signIn(): Promise<void> {
  [admin, staff, approver, auditor] = (await Promise.all(
    (['admin', 'staff', 'approver', 'auditor'] as const).map((role) => app.signIn(role)),
  )) as [TestAgent, TestAgent, TestAgent, TestAgent];
}

/** Opens the office for a file of tests; closed by `app.stop()`. Its default gateway comes before the `others`. */
export async function openOffice(...others: Gateway[]): Promise<void> {
  gateway = new FakeGateway();
  app = await startTestApp({ gateways: [gateway, ...others], bells: true, at: MORNING });
  await signIn();
  listA = await newList('A', [
    'Nguyễn Thị Ngọc Phượng;0912345671;Ba Chúc;',
    'Lê Bé;0912345672;Ba Chúc;',
    'Trần Văn Hòa;0912345673;Núi Tô;',
    ';0912345674;Núi Tô;',
  ]);
  listB = await newList('B', [';0912345674;Núi Tô;', 'Chau Sóc Khăm;0912345675;Núi Tô;Khmer']);
  documentId = await officialDocument(staff);
  masks = await versionOf('covid-19-face-masks');
}

export async function newList(name: string, rows: readonly string[]): Promise<number> {
  const { body } = await admin.post('/api/v1/lists').send({ name, purpose: 'Bầu cử', legalBasis: 'Luật 14/2012/QH13' });
  await importFile(admin, body.id, [HEAD, ...rows].join('\r\n'));
  return body.id;
}

export async function versionOf(code: string): Promise<number> {
  return (await staff.get(`/api/v1/templates/${code}`).expect(200)).body[0].id;
}

export const path = (id: number, act = ''): string => `/api/v1/campaigns/${id}${act}`;

export async function draft(changes: Record<string, unknown> = {}): Promise<{ id: number; revision: number }> {
  const base = {
    name: 'Đeo khẩu trang',
    templateVersionId: masks,
    listIds: [listA],
    sender: 'STP ANGIANG',
    accented: true,
    startsAt: '2026-11-24T08:00',
    documentId,
    overrides: AT_ANY_HOUR,
  };
  return (
    await staff
      .post('/api/v1/campaigns')
      .send({ ...base, ...changes })
      .expect(201)
  ).body;
}

export async function tried(changes: Record<string, unknown> = {}): Promise<number> {
  const { id } = await draft(changes);
  await tryOnStaff(staff, id);
  return id;
}

/** Tried, submitted and approved while the gateway answers tests as usual. */
export async function launchedWith(changes: Record<string, unknown>): Promise<number> {
  const { answer } = gateway;
  gateway.answer = new FakeGateway().answer;
  const submission = await submit(await tried(changes));
  gateway.answer = answer;
  await approve(submission);
  return submission.id;
}

export async function submit(id: number): Promise<Submitted> {
  return (await staff.post(path(id, '/submit')).expect(200)).body;
}

export interface Submitted {
  readonly id: number;
  readonly contentHash: string;
  readonly revision: number;
  readonly audience: Record<string, number>;
  readonly figures: Record<string, number>;
  readonly costVnd: number | null;
  readonly state: string;
}

export async function refusal(id: number, act = '/submit'): Promise<{ code: string; status: number }> {
  const { body, status } = await staff.post(path(id, act));
  return { code: body.code, status };
}

export async function approve({ id, contentHash }: Submitted): Promise<void> {
  await approver.post(path(id, '/approve')).send({ contentHash }).expect(200);
}

export async function until(id: number, state: string): Promise<Submitted & { pauseReason: string | null }> {
  for (let i = 0; i < 100; i += 1) {
    const { body } = await auditor.get(path(id));
    if (body.state === state) return body;
    await sleep(100);
  }
  throw new Error(`the campaign is not ${state}`);
}
