import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';
import { openSession, SESSION_COOKIE } from '../src/identity';
import { EventReader, type ReadEvent } from './harness/event-reader';
import { FakeGateway } from './harness/fake-gateway';
import { draftOf, type Launch, launched } from './harness/running-campaign';
import { startTestApp, TestApp } from './harness/test-app';

const STATES = ['queued', 'sending', 'accepted', 'failed', 'unknown', 'suppressed', 'cancelled', 'expired'];

let app: TestApp;
let gateway: FakeGateway;
let staff: TestAgent;
let launch: Launch;
let cookie: string;

/** A browser of somebody with this role, by its cookie. */
async function sessionOf(role: 'staff' | 'auditor' = 'staff'): Promise<string> {
  const { id } = await app.createUser(role);
  const { token } = await app.database.transaction((tx) => openSession(tx, id, new Date(), 1));
  return `${SESSION_COOKIE}=${token}`;
}

const port = (): number => (app.app.getHttpServer().address() as AddressInfo).port;
const urlOf = (id: number): string => `http://127.0.0.1:${port()}/api/v1/campaigns/${id}/progress`;

/** An account may have this many streams. */
const MOST_OF_ONE_ACCOUNT = 20;

/** So many streams of as many accounts as it takes. */
async function followers(id: number, streams: number): Promise<EventReader[]> {
  const readers: EventReader[] = [];
  while (readers.length < streams) {
    const headers = { Cookie: await sessionOf() };
    const some = Math.min(MOST_OF_ONE_ACCOUNT, streams - readers.length);
    readers.push(...(await Promise.all(Array.from({ length: some }, () => follow(id, headers)))));
  }
  return readers;
}

function follow(id: number, headers: Record<string, string> = {}): Promise<EventReader> {
  return EventReader.open(urlOf(id), { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin', ...headers });
}

async function start(options: { bells: boolean }): Promise<void> {
  gateway = new FakeGateway();
  app = await startTestApp({ gateway, ...options });
  const admin = await app.signIn('admin');
  staff = await app.signIn('staff');
  cookie = await sessionOf();
  const list = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012' };
  const { body } = await admin.post('/api/v1/lists').send(list).expect(201);
  const { body: templates } = await staff.get('/api/v1/templates').expect(200);
  launch = { templateVersionId: templates[0].id, listIds: [body.id] };
}

const sumOf = (figures: Record<string, number>): number => STATES.reduce((sum, state) => sum + figures[state]!, 0);
const figuresOf = ({ data }: ReadEvent): Record<string, number> => data.figures as Record<string, number>;
const isProgress = ({ event }: ReadEvent): boolean => event === 'progress';
const inState =
  (state: string) =>
  ({ data }: ReadEvent): boolean =>
    data.state === state;

describe('the progress of a campaign that is being sent', () => {
  beforeAll(() => start({ bells: true }));
  afterAll(() => app.stop());
  afterEach(() => expect(app.logged.filter((line) => line.includes('because of a bug'))).toEqual([]));

  it('is told at once and each second until all are accounted for, and always adds up', async () => {
    gateway.answer = async ({ reference }) => {
      await sleep(50);
      return reference.seq % 10 === 0
        ? { kind: 'rejected', code: 'unknown-subscriber' }
        : { kind: 'accepted', gatewayMessageId: `fake-${reference.seq}` };
    };
    const { id } = await launched(app, 1_000, launch);
    const reader = await follow(id);
    expect(reader.status).toBe(200);
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
      'cache-control': expect.stringContaining('no-transform'),
    });
    await reader.until(({ event }) => event === 'end');
    await reader.ended;
    const told = reader.events.filter(isProgress);
    expect(told.length).toBeGreaterThanOrEqual(3);
    for (const event of told) expect([event.data.state, sumOf(figuresOf(event))]).toEqual([event.data.state, 1_000]);
    const running = told.find(({ data }) => data.state === 'sending' && (data.rate as number) > 0)!;
    expect(running.data.rate).toBeGreaterThan(50);
    expect(running.data.rate).toBeLessThan(1_000);
    expect(running.data.remainingSeconds).toBeGreaterThan(0);
    expect(Date.parse(running.data.endsAt as string)).toBeGreaterThan(Date.now() - 60_000);
    const last = told.at(-1)!.data;
    expect(last).toMatchObject({ state: 'completed', pauseReason: null, endsAt: null, remainingSeconds: null });
    expect(last.figures).toMatchObject({ messages: 1_000, accepted: 900, failed: 100, queued: 0 });
    expect(last.topFailures).toEqual([{ kind: 'failed', messages: 100, reason: expect.any(String) }]);
    expect(reader.events.at(-1)).toMatchObject({ event: 'end', id: 'over', data: { reason: 'over' } });
  });

  it('tells of a pause within two seconds, and who has seen the end need not ask again', async () => {
    gateway.answer = async ({ reference }) => {
      await sleep(200);
      return { kind: 'accepted', gatewayMessageId: `fake-${reference.seq}` };
    };
    const { id } = await launched(app, 3_000, launch);
    const reader = await follow(id);
    await reader.until(inState('sending'));
    const pausedAtMs = performance.now();
    await staff.post(`/api/v1/campaigns/${id}/pause`).expect(200);
    const paused = await reader.until(inState('paused'));
    expect(paused.atMs - pausedAtMs).toBeLessThan(2_000);
    expect(paused.data).toMatchObject({ pauseReason: 'person', endsAt: null, remainingSeconds: null });
    await staff.post(`/api/v1/campaigns/${id}/cancel`).expect(200);
    const { id: lastId } = await reader.until(({ event }) => event === 'end');
    expect(figuresOf(reader.events.filter(isProgress).at(-1)!)).toMatchObject({ queued: 0, sending: 0 });
    const again = await follow(id, { 'Last-Event-ID': lastId! });
    expect(again.status).toBe(204);
    await again.ended;
  });
});

describe('who follows the progress of a campaign', () => {
  // Without bells nothing moves but what a test moves.
  beforeEach(() => start({ bells: false }));
  afterEach(() => app.stop());
  afterEach(() => expect(app.logged.filter((line) => line.includes('because of a bug'))).toEqual([]));

  /** Of a gateway that nobody serves. */
  const standing = (size: number): Promise<{ id: number }> =>
    launched(app, size, { ...launch, batch: { gateway: 'away' } });
  const readings = (): jest.SpyInstance => jest.spyOn(app.database, 'transaction');
  /** Each in one snapshot; the service's other transactions, such as the chaining of the audit log, are not. */
  const countOf = ({ mock }: jest.SpyInstance): number =>
    mock.calls.filter(([, isolation]) => isolation === 'REPEATABLE READ').length;

  it('hears nothing while nothing changes', async () => {
    const { id } = await standing(10);
    const reader = await follow(id);
    await sleep(5_500);
    // The rate is known after the first second, and the end, reckoned from now on, may move to the next minute.
    expect(reader.events.length).toBeLessThanOrEqual(3);
    await reader.leave();
  });

  it('shares one reading a second with all others, and none is made when they have gone', async () => {
    const { id } = await standing(10);
    const readers = await followers(id, 50);
    await Promise.all(readers.map((reader) => reader.until(isProgress)));
    const spy = readings();
    await sleep(2_500);
    expect(countOf(spy)).toBeGreaterThanOrEqual(2);
    expect(countOf(spy)).toBeLessThanOrEqual(3);
    await Promise.all(readers.map((reader) => reader.leave()));
    await sleep(200);
    spy.mockClear();
    await sleep(1_500);
    expect(countOf(spy)).toBe(0);
    spy.mockRestore();
  });

  it('is refused with a problem document before anything is streamed', async () => {
    const unknown = await follow(999_999);
    expect([unknown.status, unknown.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
    const { id } = await standing(1);
    const stranger = await follow(id, { Cookie: `${SESSION_COOKIE}=nobody` });
    expect(stranger.status).toBe(401);
  });

  it('hears of a draft too', async () => {
    const id = await draftOf(app, launch);
    const reader = await follow(id);
    const { data } = await reader.until(isProgress);
    expect(data).toMatchObject({ state: 'draft', figures: null, rate: null, endsAt: null, topFailures: [] });
    await reader.leave();
  });

  it('is cut off soon after he has signed out', async () => {
    const { id } = await standing(10);
    const reader = await follow(id);
    await reader.until(isProgress);
    await app.database.run('delete from sessions');
    const { data } = await reader.until(({ event }) => event === 'end', 7_000);
    expect(data).toEqual({ reason: 'session-ended' });
    await reader.ended;
  }, 15_000);

  it('is told to come back later when two hundred others follow already', async () => {
    const { id } = await standing(10);
    const readers = await followers(id, 200);
    expect(new Set(readers.map(({ status }) => status))).toEqual(new Set([200]));
    const late = await follow(id);
    expect([late.status, late.headers['retry-after']]).toEqual([503, '60']);
    await readers.pop()!.leave();
    await sleep(200);
    const next = await follow(id);
    expect(next.status).toBe(200);
    await Promise.all([...readers, next].map((reader) => reader.leave()));
  });

  it('is told to close some pages when his account alone follows on twenty already, and others still may', async () => {
    const { id } = await standing(10);
    const readers = await Promise.all(Array.from({ length: MOST_OF_ONE_ACCOUNT }, () => follow(id)));
    const more = await EventReader.open(urlOf(id), { Cookie: cookie, 'Accept-Language': 'en' });
    expect([more.status, more.headers['retry-after']]).toEqual([429, '60']);
    await more.ended;
    expect(more.raw).toContain('progress.too-many-of-yours');
    const [other] = await followers(id, 1);
    expect(other!.status).toBe(200);
    await readers.pop()!.leave();
    await sleep(200);
    const again = await follow(id);
    expect(again.status).toBe(200);
    await Promise.all([...readers, other!, again].map((reader) => reader.leave()));
  });

  it('hears that the service stops, and a service stops at once whoever follows, a stalled reader too', async () => {
    const { id } = await standing(10);
    const reader = await follow(id);
    const stalled = await follow(id);
    await Promise.all([reader.until(isProgress), stalled.until(isProgress)]);
    stalled.stall();
    const startedMs = performance.now();
    await app.app.close();
    expect(performance.now() - startedMs).toBeLessThan(3_000);
    await reader.ended;
    expect(reader.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'stopping' } });
    await stalled.leave();
  });

  it('leaves nothing behind when he hangs up half-way through the request', async () => {
    const { id } = await standing(10);
    const spy = readings();
    for (let i = 0; i < 20; i += 1) {
      const socket = connect(port(), '127.0.0.1');
      await once(socket, 'connect');
      const head = `GET /api/v1/campaigns/${id}/progress HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n`;
      socket.write(`${head}Sec-Fetch-Site: same-origin\r\n\r\n`);
      await sleep(i);
      socket.destroy();
    }
    await sleep(300);
    spy.mockClear();
    await sleep(1_500);
    expect(countOf(spy)).toBe(0);
    spy.mockRestore();
  });
});
