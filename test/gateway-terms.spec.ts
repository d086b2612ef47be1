import type TestAgent from 'supertest/lib/agent';
import { failureReasons, gatewayRate, readTerms } from '../src/delivery';
import { Secrets } from '../src/platform/secrets';
import { makeBatch } from './harness/batches';
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
  for (const table of ['outcomes', 'handovers', 'counters', 'chunks', 'messages', 'batches', 'gateway_terms'])
    await app.database.run(`delete from ${table}`);
});

describe('the terms of a gateway', () => {
  it('are no price and ten segments a second until somebody enters the contract', async () => {
    const { body } = await staff.get('/api/v1/gateways').expect(200);
    expect(body).toEqual([
      {
        name: 'fake',
        receiptMeans: 'handset',
        limits: expect.objectContaining({ maxSegments: 4, maxCharactersUnicode: 268, forbiddenCharacters: '&#' }),
        terms: { vndPerSegment: null, segmentsPerSecond: 10 },
        rate: { segmentsPerSecond: 10, basis: 'contract' },
      },
    ]);
  });

  it('are entered by an administrator, on record with what they were before', async () => {
    await admin.put(TERMS).send({ vndPerSegment: 850, segmentsPerSecond: 50 }).expect(200);
    const { body } = await admin.put(TERMS).send({ vndPerSegment: null, segmentsPerSecond: 40 }).expect(200);
    expect(body.terms).toEqual({ vndPerSegment: null, segmentsPerSecond: 40 });
    expect(body.rate).toEqual({ segmentsPerSecond: 40, basis: 'contract' });
    expect(await readTerms(app.database, 'fake')).toEqual({ vndPerSegment: null, segmentsPerSecond: 40 });
    const entries = await app.database.rows(
      `select subject, details from audit_entries where act = 'gateway.enter-terms' order by id`,
    );
    expect(entries).toEqual([
      {
        subject: 'gateway:fake',
        details: { vndPerSegment: 850, segmentsPerSecond: 50, vndPerSegmentBefore: null, segmentsPerSecondBefore: 10 },
      },
      {
        subject: 'gateway:fake',
        details: { vndPerSegment: null, segmentsPerSecond: 40, vndPerSegmentBefore: 850, segmentsPerSecondBefore: 50 },
      },
    ]);
  });

  it('are not for staff to enter, nor for a gateway that is not used here', async () => {
    const terms = { vndPerSegment: 850, segmentsPerSecond: 50 };
    expect((await staff.put(TERMS).send(terms)).status).toBe(403);
    const { status, body } = await admin.put('/api/v1/gateways/viettel/terms').send(terms);
    expect([status, body.code]).toEqual([404, 'delivery.no-such-gateway']);
  });
});

describe('how fast a gateway is', () => {
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
    await app.database.run(`update counters set accepted = messages where batch_id = $1`, [batchId]);
    return batchId;
  }

  it('is measured by what it took while texts were sent', async () => {
    await sent(1_000, 2);
    // 1,000 segments in 19 gaps of 2 s.
    expect(await gatewayRate(app.database, 'fake')).toEqual({ segmentsPerSecond: 26.3, basis: 'measured' });
  });

  it('does not count the night between two hand-overs', async () => {
    const batchId = await sent(1_000, 2);
    await app.database.run(
      `update handovers set at = at - interval '10 hours' where from_item <= 250 and chunk_id in (
         select id from chunks where batch_id = $1 and lo = 1)`,
      [batchId],
    );
    expect(await gatewayRate(app.database, 'fake')).toEqual({ segmentsPerSecond: 27.8, basis: 'measured' });
  });

  it('is what the contract says while too little was sent, or only test sends, or at a pace of our own choice', async () => {
    await sent(300, 2);
    await sent(1_000, 2, { kind: 'test' });
    await sent(1_000, 2, { spreadSeconds: 100, firstWave: 1_000 });
    expect((await gatewayRate(app.database, 'fake')).basis).toBe('contract');
  });

  it('is not told from what was sent weeks ago', async () => {
    const batchId = await sent(1_000, 2);
    await app.database.run(
      `update batches set state = 'finished', finished_at = now() - interval '8 days' where id = $1`,
      [batchId],
    );
    expect((await gatewayRate(app.database, 'fake')).basis).toBe('contract');
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
});
