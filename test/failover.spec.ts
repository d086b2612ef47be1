import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'node:querystring';
import { batchFigures, BatchFigures } from '../src/delivery';
import { GatewayHealth } from '../src/delivery/health/gateway-health.service';
import { SimulatorGateway } from '../src/gateways/simulator/simulator.gateway';
import { TwilioGateway } from '../src/gateways/twilio/twilio.gateway';
import { Secrets } from '../src/platform/secrets';
import { answer, drop, ScriptedPeer, SeenRequest, Treatment } from './gateways/scripted-peer';
import { makeBatch } from './harness/batches';
import { startTestApp, TestApp } from './harness/test-app';
import { TEST_SECRET } from './harness/test-database';

const SOCKETS = 10;
const B_SENDER = 'STP AG BACKUP';
const NAMES = { first: 'simulator', other: 'twilio' };
const ALTERNATIVES = [{ gateway: NAMES.other, sender: B_SENDER }];

/** `<batch>.<seq>` of the text a gateway was asked to take, whatever the attempt. */
const textOf = (reference: string): string => reference.split('.').slice(0, 2).join('.');
const askedOfFirst = ({ body }: SeenRequest): string => textOf((JSON.parse(body) as { reference: string }).reference);
const askedOfOther = ({ body }: SeenRequest): string =>
  textOf(new URL(String(parse(body).StatusCallback)).searchParams.values().next().value!);

/** Two gateways behind real sockets, of which a test breaks the first, and one instance that sends. */
class Scene {
  /** What each gateway took: `<batch>.<seq>`. */
  readonly takenByFirst: string[] = [];
  readonly takenByOther: string[] = [];
  readonly accept: Treatment = (response, request) => {
    this.takenByFirst.push(askedOfFirst(request));
    answer(202, { id: `s${this.takenByFirst.length}` })(response, request);
  };

  private constructor(
    readonly app: TestApp,
    readonly first: ScriptedPeer,
    readonly other: ScriptedPeer,
  ) {
    first.treat = this.accept;
    other.treat = (response, request) => {
      this.takenByOther.push(askedOfOther(request));
      answer(201, { sid: `SM${String(this.takenByOther.length).padStart(32, '0')}`, status: 'queued' })(
        response,
        request,
      );
    };
  }

  static async open(): Promise<Scene> {
    const [first, other] = [await ScriptedPeer.start(), await ScriptedPeer.start()];
    const limits = { sockets: SOCKETS, timeoutMs: 2_000 };
    const gateways = [
      new SimulatorGateway({ ...limits, url: first.url, token: 't', receiptsSecret: 's' }),
      await TwilioGateway.open({
        ...limits,
        accountSid: `AC${'0'.repeat(32)}`,
        authToken: 't',
        baseUrl: other.url,
        publicUrl: 'https://sms.example.gov.vn',
        receiptsPath: '/gateways/twilio/receipts',
      }),
    ];
    const app = await startTestApp({ gateways });
    // Chunks lie on all the hundredths by which shares are told, so that a few of them show each step.
    await app.database.run('alter sequence chunks_id_seq increment by 17');
    return new Scene(app, first, other);
  }

  async close(): Promise<void> {
    await this.app.stop();
    await this.first.stop();
    await this.other.stop();
  }

  get database(): TestApp['database'] {
    return this.app.database;
  }

  get health(): GatewayHealth {
    return this.app.app.get(GatewayHealth);
  }

  batch(size: number, plan: Parameters<typeof makeBatch>[2] = {}): Promise<number> {
    const parts = { database: this.database, secrets: new Secrets(TEST_SECRET) };
    return makeBatch(parts, size, { gateway: NAMES.first, ...plan });
  }

  async figures(batchId: number): Promise<BatchFigures> {
    return (await batchFigures(this.database, [batchId])).get(batchId)!;
  }

  /** The bell rings, after so many seconds of the same weather. */
  async ringAfter(seconds: number): Promise<void> {
    for (const [table, column] of [
      ['gateway_reports', 'since'],
      ['gateway_shares', 'changed_at'],
      ['bells', 'rung_at'],
    ]) {
      await this.database.run(`update ${table} set ${column} = ${column} - make_interval(secs => $1)`, [seconds]);
    }
    await this.health.ring();
  }

  async share(): Promise<number> {
    const row = await this.database.row<{ share: number }>('select share from gateway_shares where gateway = $1', [
      NAMES.first,
    ]);
    return row?.share ?? 100;
  }

  /** Texts that were put off are due at once. */
  hurry(): Promise<number> {
    return this.database.run(`update chunks set due_at = now() where attempt > 1`);
  }

  async until(what: () => boolean | Promise<boolean>): Promise<void> {
    for (let round = 0; round < 600; round += 1) {
      if (await what()) return;
      await sleep(100);
    }
    throw new Error('did not come about within a minute');
  }

  /** Whom a gateway accepted, of that batch; and that it was nobody twice. */
  taken(batchId: number): { byFirst: number; byOther: number } {
    const own = (texts: readonly string[]): string[] => texts.filter((text) => text.startsWith(`${batchId}.`));
    const [byFirst, byOther] = [own(this.takenByFirst), own(this.takenByOther)];
    expect(new Set([...byFirst, ...byOther]).size).toBe(byFirst.length + byOther.length);
    return { byFirst: byFirst.length, byOther: byOther.length };
  }
}

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.open();
});
afterEach(() => scene.close());

describe('a gateway that breaks while a campaign is sent', () => {
  const refuse = answer(401, {});

  it('is left alone, others send the rest in growing parts, and it gets them back in small ones once it is repaired', async () => {
    const size = 4_000;
    scene.first.treat = (response, request) =>
      (scene.takenByFirst.length < 100 ? scene.accept : refuse)(response, request);
    const batchId = await scene.batch(size, { alternatives: ALTERNATIVES });
    const faithful = await scene.batch(200);
    await scene.until(() => scene.health.breakerOf(NAMES.first).state !== 'closed');
    const asked = scene.first.seen.length;
    await scene.health.ring();
    expect(await scene.share()).toBe(100);

    const sent: number[] = [];
    for (const share of [80, 60, 40, 20, 0]) {
      await scene.ringAfter(6);
      expect(await scene.share()).toBe(share);
      await scene.until(() => isSettled(batchId, share));
      sent.push(scene.taken(batchId).byOther);
    }
    expect(sent.every((texts, step) => texts > (sent[step - 1] ?? 0))).toBe(true);
    await scene.until(async () => {
      await scene.hurry();
      return (await scene.figures(batchId)).accepted === size;
    });
    // Tried now and then, with a text each time: that is all it saw of thousands.
    expect(scene.first.seen.length - asked).toBeLessThan(SOCKETS + 20);
    expect(await scene.database.row('select coalesce(max(tries), 0) as most from chunks')).toEqual({ most: 0 });

    // What has no alternative waits for it.
    expect(await scene.figures(faithful)).toMatchObject({ failed: 0, unknown: 0 });
    expect(scene.taken(faithful).byOther).toBe(0);

    scene.first.treat = scene.accept;
    await (await scene.app.signIn('admin')).post(`/api/v1/gateways/${NAMES.first}/try-now`).expect(200);
    await scene.health.ring();
    await scene.until(async () => {
      await scene.hurry();
      return (await scene.figures(faithful)).accepted === 200;
    });
    expect(scene.taken(faithful)).toEqual({ byFirst: 200, byOther: 0 });
    expect(scene.taken(batchId).byFirst + scene.taken(batchId).byOther).toBe(size);

    await scene.health.ring();
    for (const share of [10, 20, 30, 40, 50, 60, 70, 80, 90, 100]) {
      await scene.ringAfter(61);
      expect(await scene.share()).toBe(share);
    }
    const shifts = await scene.database.rows<{ reason: string }>('select reason from gateway_shifts order by id');
    expect(shifts.map(({ reason }) => reason)).toEqual([
      ...Array(5).fill('account:http-401'),
      ...Array(10).fill('recovered'),
    ]);
    expect(
      await scene.database.row(
        `select count(*)::int as entries, count(distinct actor)::int as actors, min(actor) as actor
         from audit_entries where act = 'gateway.shift-share' and subject = 'gateway:simulator'`,
      ),
    ).toEqual({ entries: 15, actors: 1, actor: 'system' });
  }, 300_000);

  /** Every chunk that may go elsewhere at this share has gone there. */
  async function isSettled(batchId: number, share: number): Promise<boolean> {
    const row = await scene.database.row<{ waiting: number }>(
      `select count(*)::int as waiting from chunks
       where batch_id = $1 and attempt = 1 and state <> 'done' and id % 100 >= $2`,
      [batchId, share],
    );
    return row!.waiting === 0;
  }

  it('keeps the texts it may have taken: they stay in doubt and never go elsewhere', async () => {
    const lost: string[] = [];
    scene.first.treat = (response, request) => {
      lost.push(askedOfFirst(request));
      drop(response, request);
    };
    const batchId = await scene.batch(1_000, { alternatives: ALTERNATIVES });
    await scene.until(() => scene.health.breakerOf(NAMES.first).state !== 'closed');
    await scene.health.ring();
    for (let step = 0; step < 5; step += 1) await scene.ringAfter(6);
    expect(await scene.share()).toBe(0);
    await scene.until(async () => {
      await scene.hurry();
      const { accepted, unknown } = await scene.figures(batchId);
      return accepted + unknown === 1_000;
    });
    expect(await scene.figures(batchId)).toMatchObject({ unknown: lost.length, accepted: 1_000 - lost.length });
    expect(scene.takenByOther.filter((text) => lost.includes(text))).toEqual([]);
    expect(scene.taken(batchId)).toEqual({ byFirst: 0, byOther: 1_000 - lost.length });
    // Those on the sockets when it broke, four more, and one each time it was tried.
    expect(lost.length).toBeLessThanOrEqual(SOCKETS + 4 + 10);

    // Nothing falls to it any more, and yet it is found out that it works again.
    scene.first.treat = scene.accept;
    scene.health.breakerOf(NAMES.first).tryNow(performance.now());
    await scene.batch(3_000, { alternatives: ALTERNATIVES });
    await scene.until(() => scene.health.breakerOf(NAMES.first).state === 'closed');
    expect(scene.takenByFirst).toHaveLength(1);
  }, 300_000);

  it('keeps its texts when this instance alone is cut off from it', async () => {
    scene.first.treat = refuse;
    await scene.database.run(
      `insert into gateway_reports (gateway, owner, breaker, until)
       values ($1, gen_random_uuid(), 'closed', now() + interval '1 hour')`,
      [NAMES.first],
    );
    const batchId = await scene.batch(500, { alternatives: ALTERNATIVES });
    await scene.until(() => scene.health.breakerOf(NAMES.first).state !== 'closed');
    for (let step = 0; step < 5; step += 1) await scene.ringAfter(60);
    expect(await scene.share()).toBe(100);
    expect(scene.taken(batchId)).toEqual({ byFirst: 0, byOther: 0 });
  });
});

const VIETNAM_TIME = /\+07:00$/;

describe('the health of a gateway', () => {
  it('is shown to staff: each instance, since when, why, and how much goes elsewhere', async () => {
    scene.first.treat = answer(401, {});
    await scene.batch(100, { alternatives: ALTERNATIVES });
    await scene.until(() => scene.health.breakerOf(NAMES.first).state !== 'closed');
    await scene.health.ring();
    await scene.ringAfter(6);
    const staff = await scene.app.signIn('staff');
    const { body } = await staff.get('/api/v1/gateways/simulator/health').expect(200);
    expect(body).toMatchObject({ gateway: 'simulator', share: 80, triedAt: null });
    expect(body.instances).toEqual([
      {
        instance: expect.any(String),
        breaker: expect.stringMatching(/open/),
        since: expect.stringMatching(VIETNAM_TIME),
        isIdle: false,
        latencyMs: expect.any(Number),
        code: 'account:http-401',
        reason: {
          vi: 'Cổng nhắn tin không nhận tin nào của tài khoản cho đến khi có người xử lý. Cổng nhắn tin trả lời HTTP 401, không nêu lý do. Quản trị viên hãy xem tài liệu của nhà cung cấp.',
          en: 'The gateway takes nothing of this account until somebody acts. The gateway answered HTTP 401 and gave no reason. An administrator should see the provider’s documentation.',
        },
      },
    ]);
    expect(body.shifts).toEqual([
      expect.objectContaining({
        at: expect.stringMatching(VIETNAM_TIME),
        shareBefore: 100,
        shareAfter: 80,
        code: 'account:http-401',
      }),
    ]);
    const other = await staff.get('/api/v1/gateways/twilio/health').expect(200);
    expect(other.body).toMatchObject({ share: 100, shifts: [], instances: [{ breaker: 'closed', reason: null }] });
  });

  it('is tried at once when an administrator says so, on record; staff may not, and there is none of another name', async () => {
    const [admin, staff] = [await scene.app.signIn('admin'), await scene.app.signIn('staff')];
    const breaker = scene.health.breakerOf(NAMES.first);
    // It was refused so often that it waits for a minute, which begins in ten.
    for (let trial = 0; trial < 10; trial += 1) {
      const nowMs = performance.now() + trial * 61_000;
      breaker.allows(nowMs);
      breaker.note({ kind: 'deferred', because: 'account', code: 'http-401' }, nowMs + 2, nowMs + 1);
    }
    await scene.health.ring();
    expect(breaker.state).toBe('open');
    const { body } = await admin.post('/api/v1/gateways/simulator/try-now').expect(200);
    expect(body.triedAt).toMatch(VIETNAM_TIME);
    await scene.health.ring();
    await scene.until(() => breaker.state === 'half-open');
    const batchId = await scene.batch(10);
    await scene.until(async () => (await scene.figures(batchId)).accepted === 10);
    await staff.post('/api/v1/gateways/simulator/try-now').expect(403);
    for (const answered of [
      await admin.post('/api/v1/gateways/viettel/try-now'),
      await staff.get('/api/v1/gateways/viettel/health'),
    ]) {
      expect([answered.status, answered.body.code]).toEqual([404, 'delivery.no-such-gateway']);
    }
    const entries = await scene.database.rows(
      `select subject, details from audit_entries where act = 'gateway.try-now'`,
    );
    expect(entries).toEqual([{ subject: 'gateway:simulator', details: {} }]);
  });

  it('is no longer reported by an instance that was stopped', async () => {
    await scene.health.ring();
    expect(await reports()).toBe(2);
    await scene.health.beforeApplicationShutdown();
    await scene.health.ring();
    expect(await reports()).toBe(0);
  });

  const reports = async (): Promise<number> =>
    (await scene.database.row<{ n: number }>('select count(*)::int as n from gateway_reports'))!.n;
});
