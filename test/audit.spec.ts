import type TestAgent from 'supertest/lib/agent';
import { appendAudit } from '../src/audit';
import { linkCommitted } from '../src/audit/chainer';
import { verifyChain } from '../src/audit/verify';
import { SYSTEM } from '../src/platform/http/actor';
import { startTestApp } from './harness/test-app';

type App = Awaited<ReturnType<typeof startTestApp>>;

let app: App;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

function append(act: string, subject: string, details = {}): Promise<void> {
  return app.database.transaction((tx) => appendAudit(tx, { actor: SYSTEM, act, subject, details }));
}

const TABLES = ['audit_entries', 'audit_links'];

/**
 * Does what only the owner of the database can do, past the triggers, and takes it back after the check.
 */
async function withTampering(statements: string[], check: () => Promise<void>): Promise<void> {
  const run = async (...all: string[]): Promise<void> => {
    await app.database.transaction(async (tx) => {
      // In the order of the chainer, which may be at work.
      await tx.run('lock table audit_links, audit_unchained, audit_entries in access exclusive mode');
      for (const sql of all) await tx.run(sql);
    });
  };
  await run(
    ...TABLES.flatMap((table) => [
      `drop trigger ${table}_append_only on ${table}`,
      `create table ${table}_before as table ${table}`,
    ]),
    ...statements,
  );
  try {
    await check();
  } finally {
    await run(
      'truncate audit_links, audit_unchained, audit_entries',
      ...TABLES.flatMap((table) => [
        `insert into ${table} overriding system value select * from ${table}_before`,
        `drop table ${table}_before`,
        `create trigger ${table}_append_only before update or delete or truncate on ${table}
           for each statement execute function refuse_change()`,
      ]),
    );
  }
}

describe('an audit entry', () => {
  it('is there when the act is committed, and not when the act is taken back', async () => {
    await append('test.commit', 'test:1', { count: 3 });
    const undone = app.database.transaction(async (tx) => {
      await appendAudit(tx, { actor: SYSTEM, act: 'test.undo', subject: 'test:1' });
      throw new Error('taken back');
    });
    await expect(undone).rejects.toThrow('taken back');
    const acts = await app.database.rows(`select act, actor, details from audit_entries where act like 'test.%'`);
    expect(acts).toEqual([{ act: 'test.commit', actor: 'system', details: { count: 3 } }]);
  });

  it.each(['update audit_entries set actor = actor', 'delete from audit_entries', 'truncate audit_links'])(
    'cannot be altered afterwards: %s',
    async (sql) => {
      await expect(app.database.run(sql)).rejects.toThrow('append-only');
    },
  );

  it('carries the id of the request that caused it', async () => {
    const admin = await app.signIn('admin');
    const requestId = 'a-request-of-this-test';
    await admin
      .post('/api/v1/api-keys')
      .set('X-Request-Id', requestId)
      .send({ name: 'Cổng', role: 'auditor' })
      .expect(201);
    const rows = await app.database.rows('select act from audit_entries where request_id = $1', [requestId]);
    expect(rows).toEqual([{ act: 'api-key.create' }]);
  });
});

describe('the chain', () => {
  it('is one chain although several instances link at once', async () => {
    await Promise.all(Array.from({ length: 60 }, (_, index) => append('test.many', `test:${index}`)));
    await Promise.all([1, 2, 3, 4].map(() => linkCommitted(app.database)));
    const { count } = (await app.database.row<{ count: number }>('select count(*) from audit_entries'))!;
    expect(await verifyChain(app.database)).toMatchObject({ intact: true, linked: count, waiting: 0 });
  });

  it('takes in an entry that was committed after a later one had been linked', async () => {
    let release = (): void => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    let appended = (): void => {};
    const early = new Promise<void>((resolve) => (appended = resolve));
    const slow = app.database.transaction(async (tx) => {
      await appendAudit(tx, { actor: SYSTEM, act: 'test.slow', subject: 'test:1' });
      appended();
      await held;
    });
    await early;
    await append('test.quick', 'test:1');
    await linkCommitted(app.database);
    release();
    await slow;
    await linkCommitted(app.database);
    const order = await app.database.rows<{ act: string }>(
      `select e.act from audit_links l join audit_entries e on e.id = l.entry_id
       where act in ('test.slow', 'test.quick') order by position`,
    );
    expect(order.map(({ act }) => act)).toEqual(['test.quick', 'test.slow']);
    expect(await verifyChain(app.database)).toMatchObject({ intact: true, waiting: 0 });
  });
});

describe('tampering behind the back of the program is found', () => {
  let third: { position: number; id: number };

  beforeAll(async () => {
    for (let index = 1; index <= 5; index += 1) await append('test.act', `test:${index}`, { index });
    await linkCommitted(app.database);
    third = (await app.database.row<{ position: number; id: number }>(
      `select l.position, e.id from audit_links l join audit_entries e on e.id = l.entry_id
       where e.act = 'test.act' and e.subject = 'test:3'`,
    ))!;
  });
  afterEach(async () => {
    expect(await verifyChain(app.database)).toMatchObject({ intact: true });
  });

  it.each([
    `actor = 'user:1'`,
    `act = 'test.other'`,
    `subject = 'test:4'`,
    `details = '{"index": 4}'`,
    `request_id = 'x'`,
    `at = at + interval '1 microsecond'`,
  ])('a changed entry: %s', async (change) => {
    await withTampering([`update audit_entries set ${change} where id = ${third.id}`], async () => {
      const found = { intact: false, fault: 'entry-changed', position: third.position, entryId: third.id };
      expect(await verifyChain(app.database)).toEqual(found);
    });
  });

  it('a removed entry', async () => {
    const remove = [
      `delete from audit_links where entry_id = ${third.id}`,
      `delete from audit_entries where id = ${third.id}`,
    ];
    await withTampering(remove, async () => {
      expect(await verifyChain(app.database)).toMatchObject({ fault: 'link-removed', position: third.position });
    });
    // Closing the gap does not help: what follows was linked to what is gone.
    const closed = `update audit_links l set position = p.position - 1
      from (select position from audit_links order by position) p
      where p.position = l.position and p.position > ${third.position}`;
    const deferred = ['alter table audit_links drop constraint audit_links_pkey', ...remove, closed];
    await withTampering([...deferred, 'alter table audit_links add primary key (position)'], async () => {
      expect(await verifyChain(app.database)).toMatchObject({ fault: 'entry-changed', position: third.position });
    });
  });

  it('an entry removed under its link', async () => {
    const unbound = 'alter table audit_links drop constraint audit_links_entry_id_fkey';
    await withTampering([unbound, `delete from audit_entries where id = ${third.id}`], async () => {
      expect(await verifyChain(app.database)).toMatchObject({ fault: 'entry-removed', position: third.position });
    });
    await app.database.run('alter table audit_links add foreign key (entry_id) references audit_entries (id)');
  });

  it('an entry inserted beside the chain', async () => {
    const insert = `insert into audit_entries (actor, act, subject) values ('user:1', 'test.forged', 'test:1')`;
    await withTampering([insert], async () => {
      expect(await verifyChain(app.database)).toMatchObject({ intact: false, fault: 'entry-inserted', position: null });
    });
  });

  it('an entry inserted into the chain', async () => {
    const insert = `with forged as (
        insert into audit_entries (actor, act, subject) values ('user:1', 'test.forged', 'test:1') returning id
      ) update audit_links set entry_id = (select id from forged) where position = ${third.position}`;
    const unbound = 'alter table audit_links drop constraint audit_links_entry_id_fkey';
    await withTampering([unbound, insert], async () => {
      expect(await verifyChain(app.database)).toMatchObject({ fault: 'entry-changed', position: third.position });
    });
    await app.database.run('alter table audit_links add foreign key (entry_id) references audit_entries (id)');
  });

  it('an end that was cut off, by the head noted down before', async () => {
    const before = await verifyChain(app.database);
    if (!before.intact) throw new Error('the chain should be intact');
    const known = { position: before.linked, hash: before.head };
    await append('test.later', 'test:1');
    await linkCommitted(app.database);
    expect(await verifyChain(app.database, known)).toMatchObject({ intact: true });
    const cut = [
      `delete from audit_links where position > ${third.position}`,
      'delete from audit_entries e where not exists (select from audit_links l where l.entry_id = e.id)',
    ];
    await withTampering(cut, async () => {
      expect(await verifyChain(app.database)).toMatchObject({ intact: true });
      const found = { fault: 'end-removed', position: third.position + 1 };
      expect(await verifyChain(app.database, known)).toMatchObject(found);
    });
  });
});

describe('GET /api/v1/audit', () => {
  let auditor: TestAgent;

  beforeAll(async () => {
    auditor = await app.signIn('auditor');
  });

  it('shows the newest entries first, page after page, with their place in the chain', async () => {
    for (let index = 1; index <= 5; index += 1) await append('test.page', 'test:77', { index });
    await linkCommitted(app.database);
    const seen: number[] = [];
    let after = '';
    for (let page = 0; page < 3; page += 1) {
      const { body } = await auditor.get(`/api/v1/audit?subject=test:77&limit=2${after}`).expect(200);
      seen.push(...body.items.map((item: { details: { index: number } }) => item.details.index));
      after = `&after=${body.next}`;
      expect(body.next === null).toBe(page === 2);
    }
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    const { body } = await auditor.get('/api/v1/audit?subject=test:77&limit=1').expect(200);
    expect(body.items[0]).toEqual({
      id: expect.any(Number),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$/),
      actor: 'system',
      act: 'test.page',
      subject: 'test:77',
      details: { index: 5 },
      requestId: null,
      position: expect.any(Number),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('finds by act and by period, its end not included', async () => {
    await append('test.period', 'test:1');
    const find = async (query: string): Promise<number> =>
      (await auditor.get(`/api/v1/audit?act=test.period&${query}`).expect(200)).body.items.length;
    expect(await find('')).toBe(1);
    expect(await find('from=2021-05-23')).toBe(1);
    expect(await find('to=2021-05-23T08:00')).toBe(0);
    const { at } = (await auditor.get('/api/v1/audit?act=test.period')).body.items[0] as { at: string };
    expect(await find(`from=${at.slice(0, 10)}`)).toBe(1);
    expect(await find(`from=2021-05-23&to=${at.slice(0, 10)}`)).toBe(0);
  });

  it('is for administrators and auditors', async () => {
    await (await app.signIn('admin')).get('/api/v1/audit').expect(200);
    await (await app.signIn('staff')).get('/api/v1/audit').expect(403);
    await (await app.signIn('approver')).get('/api/v1/audit').expect(403);
    await app.request().get('/api/v1/audit').expect(401);
  });

  it.each([
    ['limit=0', 'limit', 'request.invalid'],
    ['limit=201', 'limit', 'request.invalid'],
    ['after=abc', 'after', 'request.invalid'],
    ['subject=' + encodeURIComponent("x' or 1=1"), 'subject', 'request.invalid'],
    ['from=2021-02-30', 'from', 'audit.time-unreadable'],
    ['to=tomorrow', 'to', 'audit.time-unreadable'],
    ['from=2021-05-23&to=2021-05-23', 'to', 'audit.period-empty'],
    ['colour=red', 'colour', 'request.invalid'],
  ])('says what is wrong with ?%s', async (query, field, code) => {
    const { body } = await auditor.get(`/api/v1/audit?${query}`).expect(422);
    expect(body).toMatchObject({ status: 422, code, field });
  });
});
