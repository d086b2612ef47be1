import type TestAgent from 'supertest/lib/agent';
import { failureReasons, gatewayPace } from '../src/delivery';
import { Secrets } from '../src/platform/secrets';
import { makeBatch, SENDER } from './harness/batches';
import { HandOver } from './harness/hand-over';
import { startTestApp, TestApp } from './harness/test-app';
import { TEST_SECRET } from './harness/test-database';

const secrets = new Secrets(TEST_SECRET);
const TERMS = '/api/v1/gateways/fake/terms';

let app: TestApp;
let admin: TestAgent;
let staff: TestAgent;

beforeAll(async () => {
  // No worker: it would send what the test hands over itself.
  app = await startTestApp({ config: { ROLE: 'web' } });
  admin = await app.signIn('admin');
  staff = await app.signIn('staff');
});
afterAll(() => app.stop());
afterEach(async () => {
  const used = ['outcomes', 'handovers', 'counters', 'chunks', 'messages', 'batches', 'gateway_terms', 'rate_buckets'];
  for (const table of used) await app.database.run(`delete from ${table}`);
});

describe('the terms of a gateway', () => {
  const NO_LIMITS = { segmentsPerSecond: null, messagesInFlight: null, segmentsPerDay: null };

  it('are no price and no limit until somebody enters the contract; forecasts then suppose ten segments a second', async () => {
    const { body } = await staff.get('/api/v1/gateways').expect(200);
    expect(body).toEqual([
      {
        name: 'fake',
        receiptMeans: 'handset',
        limits: expect.objectContaining({ maxSegments: 4, maxCharactersUnicode: 268, forbiddenCharacters: '&#' }),
        terms: { vndPerSegment: null, ...NO_LIMITS },
        used: { segmentsToday: 0, seats: 0 },
        senders: [],
        rate: { segmentsPerSecond: 10, basis: 'assumed' },
      },
    ]);
  });

  it('are entered by an administrator, on record with what they were before, and can be kept from then on', async () => {
    const all = { vndPerSegment: 850, segmentsPerSecond: 50, messagesInFlight: 20, segmentsPerDay: 200_000 };
    await admin.put(TERMS).send(all).expect(200);
    // The gate keeps limits by this row.
    expect(await app.database.rows('select gateway, sender from rate_buckets')).toEqual([
      { gateway: 'fake', sender: '' },
    ]);
    const { body } = await admin.put(TERMS).send({ segmentsPerSecond: 40 }).expect(200);
    const later = { vndPerSegment: null, ...NO_LIMITS, segmentsPerSecond: 40 };
    expect(body.terms).toEqual(later);
    expect(body.rate).toEqual({ segmentsPerSecond: 40, basis: 'contract' });
    const entries = await app.database.rows(
      `select subject, details from audit_entries where act = 'gateway.enter-terms' order by id`,
    );
    expect(entries).toEqual([
      { subject: 'gateway:fake', details: { ...all, ...before({ vndPerSegment: null, ...NO_LIMITS }) } },
      { subject: 'gateway:fake', details: { ...later, ...before(all) } },
    ]);
  });

  const before = (terms: object) =>
    Object.fromEntries(Object.entries(terms).map(([name, value]) => [`${name}Before`, value]));

  it('show what is used of them today, and begin anew on the next day', async () => {
    await admin.put(TERMS).send({ segmentsPerSecond: null, segmentsPerDay: 1_000, messagesInFlight: 8 }).expect(200);
    await app.database.run(
      `update rate_buckets set used = 300, day = (now() at time zone 'Asia/Ho_Chi_Minh')::date where gateway = 'fake'`,
    );
    await app.database.run(
      `insert into gateway_seats values ('fake', '', gen_random_uuid(), 5, now() + interval '1 hour'),
         ('fake', '', gen_random_uuid(), 3, now() - interval '1 second')`,
    );
    const used = async () => (await staff.get('/api/v1/gateways').expect(200)).body[0].used;
    expect(await used()).toEqual({ segmentsToday: 300, seats: 5 });
    expect((await gatewayPace(app.database, 'fake')).quota).toEqual({ segmentsPerDay: 1_000, leftToday: 700 });
    await app.database.run(`update rate_buckets set day = day - 1; delete from gateway_seats`);
    expect(await used()).toEqual({ segmentsToday: 0, seats: 0 });
    expect((await gatewayPace(app.database, 'fake')).quota).toEqual({ segmentsPerDay: 1_000, leftToday: 1_000 });
  });

  it('are not for staff to enter, nor for a gateway that is not used here', async () => {
    const terms = { vndPerSegment: 850, segmentsPerSecond: 50 };
    expect((await staff.put(TERMS).send(terms)).status).toBe(403);
    const { status, body } = await admin.put('/api/v1/gateways/viettel/terms').send(terms);
    expect([status, body.code]).toEqual([404, 'delivery.no-such-gateway']);
  });

  describe('of a single sender ID', () => {
    const OWN = `/api/v1/gateways/fake/senders/${encodeURIComponent(SENDER)}/terms`;

    it('hold beside those of the contract: the lower one decides', async () => {
      await admin.put(TERMS).send({ segmentsPerSecond: 40, segmentsPerDay: 5_000 }).expect(200);
      const { body } = await admin.put(OWN).send({ segmentsPerSecond: 5, segmentsPerDay: 9_000 }).expect(200);
      const own = { segmentsPerSecond: 5, messagesInFlight: null, segmentsPerDay: 9_000 };
      expect(body.senders).toEqual([{ sender: SENDER, ...own, used: { segmentsToday: 0, seats: 0 } }]);
      expect(await gatewayPace(app.database, 'fake', SENDER)).toEqual({
        ...{
          segmentsPerSecond: 5,
          basis: 'contract',
          isSendersOwn: true,
          isAway: false,
          quota: { segmentsPerDay: 5_000, leftToday: 5_000 },
        },
      });
      expect(await gatewayPace(app.database, 'fake', 'CA ANGIANG')).toMatchObject({ segmentsPerSecond: 40 });
      expect(await app.database.rows('select sender from rate_buckets order by sender')).toEqual([
        { sender: '' },
        { sender: SENDER },
      ]);
    });

    it('can be taken away again, on record; today goes on being counted when they come back', async () => {
      await admin.put(OWN).send({ segmentsPerSecond: 5 }).expect(200);
      await app.database.run(
        `update rate_buckets set used = 70, day = (now() at time zone 'Asia/Ho_Chi_Minh')::date where sender = $1`,
        [SENDER],
      );
      expect((await admin.delete(OWN).expect(200)).body.senders).toEqual([]);
      expect((await admin.delete(OWN)).body.code).toBe('delivery.no-such-sender-limits');
      const { body } = await admin.put(OWN).send({ segmentsPerSecond: null, segmentsPerDay: 100 }).expect(200);
      expect(body.senders[0].used.segmentsToday).toBe(70);
      const acts = await app.database.rows<{ act: string; details: object }>(
        `select act, details from audit_entries where act like 'gateway.%sender-terms' order by id desc limit 2`,
      );
      const were = { ...NO_LIMITS, segmentsPerSecond: 5 };
      expect(acts).toEqual([
        {
          act: 'gateway.enter-sender-terms',
          details: { sender: SENDER, ...NO_LIMITS, segmentsPerDay: 100, ...before(NO_LIMITS) },
        },
        { act: 'gateway.remove-sender-terms', details: { sender: SENDER, ...before(were) } },
      ]);
    });

    it('have no price of their own, and are for an administrator to enter for a name that the gateway takes', async () => {
      expect((await admin.put(OWN).send({ segmentsPerSecond: 5, vndPerSegment: 1 })).status).toBe(422);
      expect((await staff.put(OWN).send({ segmentsPerSecond: 5 })).status).toBe(403);
      expect((await staff.delete(OWN)).status).toBe(403);
      for (const sender of ['TWELVELETTERS', '12345', 'S%C3%9F', '%00']) {
        const { status, body } = await admin
          .put(`/api/v1/gateways/fake/senders/${sender}/terms`)
          .send({ segmentsPerSecond: 5 });
        expect([sender, status, body.field]).toEqual([sender, 422, 'sender']);
      }
      const { body } = await admin
        .put('/api/v1/gateways/fake/senders/TWELVELETTERS/terms')
        .send({ segmentsPerSecond: 5 });
      expect(body.detail).toContain('từ 1 đến 11 ký tự');
    });
  });
});

describe('how fast a gateway is', () => {
  const rateOf = async (sender?: string) => {
    const { segmentsPerSecond, basis } = await gatewayPace(app.database, 'fake', sender);
    return { segmentsPerSecond, basis };
  };

  /** A batch of `texts` one-segment texts, all accepted, in steps of 50 that were so many seconds apart. */
  async function sent(texts: number, gapSeconds: number, plan: Parameters<typeof makeBatch>[2] = {}): Promise<number> {
    const batchId = await makeBatch({ database: app.database, secrets }, texts, plan);
    const office = new HandOver(app.database);
    for (let chunk; (chunk = await office.lease());) {
      for (let step; chunk.marked < chunk.hi && (step = await office.mark(chunk, 50, '2021-05-20'));)
        chunk = step.chunk;
      await office.release(chunk);
    }
    await app.database.run(
      `with numbered as (
         select h.chunk_id, h.from_item, row_number() over (order by c.lo, h.from_item) as step
         from handovers h join chunks c on c.id = h.chunk_id where c.batch_id = $1)
       update handovers h set at = now() - interval '1 day' + make_interval(secs => n.step * $2)
       from numbered n where n.chunk_id = h.chunk_id and n.from_item = h.from_item`,
      [batchId, gapSeconds],
    );
    await app.database.run(`update counters set accepted = messages, closed = messages where batch_id = $1`, [batchId]);
    return batchId;
  }

  const enteredLongAgo = () => app.database.run(`update gateway_terms set updated_at = now() - interval '2 days'`);

  it('is measured by what it took while texts were sent', async () => {
    await sent(1_000, 2);
    // 1,000 segments in 19 gaps of 2 s.
    expect(await rateOf()).toEqual({ segmentsPerSecond: 26.3, basis: 'measured' });
  });

  it('does not count the night between two hand-overs', async () => {
    const batchId = await sent(1_000, 2);
    await app.database.run(
      `update handovers set at = at - interval '10 hours' where from_item <= 250 and chunk_id in (
         select id from chunks where batch_id = $1 and lo = 1)`,
      [batchId],
    );
    expect(await rateOf()).toEqual({ segmentsPerSecond: 27.8, basis: 'measured' });
  });

  it('is the lower one of what was measured and what the contract permits', async () => {
    await sent(1_000, 2);
    await admin.put(TERMS).send({ segmentsPerSecond: 20 }).expect(200);
    await enteredLongAgo();
    expect(await rateOf()).toEqual({ segmentsPerSecond: 20, basis: 'contract' });
    await app.database.run('update gateway_terms set segments_per_second = 30');
    expect(await rateOf()).toEqual({ segmentsPerSecond: 26.3, basis: 'measured' });
  });

  it('is measured anew when the terms were changed, for it was they that slowed it down', async () => {
    await sent(1_000, 2);
    await admin.put(TERMS).send({ segmentsPerSecond: 100 }).expect(200);
    expect(await rateOf()).toEqual({ segmentsPerSecond: 100, basis: 'contract' });
  });

  it('is not told from texts of a sender ID that is held to less by limits of its own', async () => {
    await sent(1_000, 2);
    await admin.put(`/api/v1/gateways/fake/senders/${SENDER}/terms`).send({ segmentsPerSecond: 30 }).expect(200);
    await enteredLongAgo();
    expect((await rateOf('CA ANGIANG')).basis).toBe('assumed');
    expect(await rateOf(SENDER)).toEqual({ segmentsPerSecond: 26.3, basis: 'measured' });
  });

  it('counts what went through it of batches whose first gateway is another one, and not what went elsewhere', async () => {
    const batchId = await sent(1_000, 2);
    await app.database.run(`update handovers set gateway = 'other'`);
    await app.database.run(
      `update batches set gateway = 'other', alternative_gateways = '{fake}', alternative_senders = '{X}' where id = $1`,
      [batchId],
    );
    expect(await rateOf()).toEqual({ segmentsPerSecond: 10, basis: 'assumed' });
    await app.database.run(`update handovers set gateway = 'fake'`);
    expect(await rateOf()).toEqual({ segmentsPerSecond: 26.3, basis: 'measured' });
  });

  it('is what is supposed while too little was sent, or only test sends, or at a pace of our own choice', async () => {
    await sent(300, 2);
    await sent(1_000, 2, { kind: 'test' });
    await sent(1_000, 2, { spreadSeconds: 100, firstWave: 1_000 });
    expect((await rateOf()).basis).toBe('assumed');
  });

  it('is not told from what was sent weeks ago', async () => {
    const batchId = await sent(1_000, 2);
    await app.database.run(
      `update batches set state = 'finished', finished_at = now() - interval '8 days' where id = $1`,
      [batchId],
    );
    expect((await rateOf()).basis).toBe('assumed');
  });
});

describe('why texts failed', () => {
  it('is said by code and in words, the most frequent first; what was settled since is not among it', async () => {
    const batchId = await makeBatch({ database: app.database, secrets }, 8, { gateway: 'twilio' });
    const outcomes: [number, number, string, string][] = [
      [1, 1, 'failed', '30005'],
      [2, 1, 'failed', '30005'],
      [3, 1, 'failed', '99999'],
      [4, 1, 'unknown', 'lease-expired'],
      [5, 1, 'unknown', 'timeout'],
      [5, 1, 'accepted', 'by-receipt'],
      [6, 1, 'suppressed', 'opted-out'],
      [7, 1, 'deferred', '20429'],
      [7, 2, 'failed', 'retries-exhausted:20429'],
      [8, 1, 'accepted', ''],
    ];
    for (const [seq, attempt, kind, code] of outcomes) {
      await app.database.run(
        `insert into outcomes (batch_id, seq, attempt, certain, kind, code, day)
         values ($1, $2, $3, $4, $5, $6, '2021-05-20')`,
        [batchId, seq, attempt, kind !== 'unknown', kind, code],
      );
    }
    const reasons = await failureReasons(app.database, batchId, 10);
    expect(reasons.map(({ kind, code, messages }) => [kind, code, messages])).toEqual([
      ['failed', '30005', 2],
      ['failed', '99999', 1],
      ['failed', 'retries-exhausted:20429', 1],
      ['suppressed', 'opted-out', 1],
      ['unknown', 'lease-expired', 1],
    ]);
    expect(reasons.map(({ reason }) => reason.vi)).toEqual([
      'Số không tồn tại hoặc không còn hoạt động. Hãy kiểm tra lại số trong danh bạ.',
      'Cổng nhắn tin báo mã 99999. Hãy tra mã này trong tài liệu của nhà cung cấp.',
      'Gửi nhanh hơn mức Twilio cho phép, đã thử lại nhiều lần.',
      'Người nhận đã từ chối nhận tin.',
      'Dịch vụ dừng đột ngột khi đang gửi: không rõ tin đã được nhận hay chưa.',
    ]);
    expect(await failureReasons(app.database, batchId, 1)).toHaveLength(1);
  });

  it('means what the gateway means by it that the text went through', async () => {
    const batchId = await makeBatch({ database: app.database, secrets }, 3, {
      gateway: 'fake',
      alternatives: [{ gateway: 'twilio', sender: SENDER }],
    });
    const office = new HandOver(app.database, 'twilio');
    await app.database.run(`insert into gateway_shares (gateway, share) values ('fake', 0)`);
    const step = (await office.mark((await office.lease())!, 3, '2021-05-20'))!;
    for (const text of step.inFlight) await office.answer(text, 'failed');
    await app.database.run(`update outcomes set code = '30005' where batch_id = $1`, [batchId]);
    const [first] = await failureReasons(app.database, batchId, 1);
    expect(first).toMatchObject({ messages: 3, reason: { vi: expect.stringContaining('Số không tồn tại') } });
  });
});
