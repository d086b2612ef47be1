import { createHash } from 'node:crypto';
import type TestAgent from 'supertest/lib/agent';
import { SessionsService } from '../src/identity/sessions.service';
import { UsersService } from '../src/identity/users.service';
import { SystemClock } from '../src/platform/clock';
import { SYSTEM } from '../src/platform/http/actor';
import { startTestApp } from './harness/test-app';

type App = Awaited<ReturnType<typeof startTestApp>>;

let app: App;
let admin: TestAgent;

beforeAll(async () => {
  app = await startTestApp();
  admin = await app.signIn('admin');
});
afterAll(() => app.stop());

const SESSION = '/api/v1/session';
const USERS = '/api/v1/users';
const KEYS = '/api/v1/api-keys';
const PASSWORD = 'đi chợ mua cá';

/** Acts on record about a subject, the oldest first. */
function actsOn(subject: string): Promise<{ act: string; actor: string; details: object }[]> {
  return app.database.rows('select act, actor, details from audit_entries where subject = $1 order by id', [subject]);
}

async function newKey(role: string): Promise<{ id: number; key: string }> {
  return (
    await admin
      .post(KEYS)
      .send({ name: `Cổng ${role}`, role })
      .expect(201)
  ).body;
}

function withKey(key: string): TestAgent {
  return app.request().set('Authorization', `Bearer ${key}`);
}

describe('signing in', () => {
  it('opens a session that a browser keeps to itself, and signing out ends it on the server', async () => {
    const { id, username, password } = await app.createUser('staff');
    const signedIn = await app
      .request()
      .post(SESSION)
      .send({ username: ` ${username.toUpperCase()}`, password })
      .expect(200);
    expect(signedIn.body).toMatchObject({
      username,
      role: 'staff',
      permissions: expect.arrayContaining(['campaigns.write']),
    });
    expect(signedIn.body.permissions).not.toContain('campaigns.approve');
    const [cookie] = signedIn.get('Set-Cookie')!;
    expect(cookie).toMatch(/^tinluat_session=[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/);

    const browser = app.request().set('Cookie', cookie!.split(';')[0]!);
    expect((await browser.get(SESSION).expect(200)).body).toEqual(signedIn.body);
    await browser.delete(SESSION).expect(204);
    await browser.get(SESSION).expect(401);
    expect((await actsOn(`user:${id}`)).map(({ act, actor }) => [act, actor])).toEqual([
      ['user.create', 'system'],
      ['session.start', `user:${id}`],
      ['session.end', `user:${id}`],
    ]);
  });

  it('says one and the same for a wrong password, an unknown name and a disabled account', async () => {
    const { id, username } = await app.createUser('staff');
    const disabled = await app.createUser('staff');
    await admin.patch(`${USERS}/${disabled.id}`).send({ disabled: true }).expect(200);
    const tries = [
      { username, password: 'not the password' },
      { username: 'mat-khau-go-nham', password: PASSWORD },
      { username: '\t', password: '' },
      { username: disabled.username, password: disabled.password },
    ];
    const answers = [];
    for (const body of tries) answers.push((await app.request().post(SESSION).send(body).expect(401)).body);
    const [first] = answers.map(({ requestId: _, ...problem }) => problem);
    expect(first).toMatchObject({ code: 'session.sign-in-failed', title: 'Chưa đăng nhập' });
    for (const { requestId: _, ...problem } of answers) expect(problem).toEqual(first);
    // On record, but never what was typed as a name: it may be a password.
    expect((await actsOn(`user:${id}`)).at(-1)).toEqual({
      act: 'session.refuse',
      actor: 'anonymous',
      details: { reason: 'password' },
    });
    expect((await actsOn(`user:${disabled.id}`)).at(-1)).toMatchObject({ details: { reason: 'disabled' } });
    expect(await actsOn('user:unknown')).toHaveLength(2);
    const { text } = (await app.database.row<{ text: string }>(
      'select json_agg(e)::text as text from audit_entries e',
    ))!;
    expect(text).not.toContain('go-nham');
  });

  it('takes as long for an unknown name as for a wrong password', async () => {
    const sessions = new SessionsService(app.database, new SystemClock(), app.config);
    await sessions.onModuleInit();
    const { username } = await app.createUser('staff');
    const shortest = { known: Infinity, unknown: Infinity };
    const time = async (kind: keyof typeof shortest, name: string): Promise<void> => {
      const started = performance.now();
      await expect(sessions.signIn(name, 'not the password')).rejects.toMatchObject({ code: 'session.sign-in-failed' });
      shortest[kind] = Math.min(shortest[kind], performance.now() - started);
    };
    const alike = (): boolean => shortest.unknown > shortest.known / 2 && shortest.unknown < shortest.known * 2;
    // The shortest of a few times is free of a busy machine's noise; without the hash the unknown name takes a tenth.
    for (let round = 0; round < 5 || (round < 20 && !alike()); round += 1) {
      await time('known', username);
      await time('unknown', 'nobody.here');
    }
    expect([shortest, alike()]).toEqual([shortest, true]);
  });

  it('stores only a digest of the token and of the password', async () => {
    const { username, password } = await app.createUser('staff');
    const signedIn = await app.request().post(SESSION).send({ username, password }).expect(200);
    const token = /=([^;]+)/.exec(signedIn.get('Set-Cookie')![0]!)![1]!;
    const rows = await app.database.rows(
      `select encode(token_hash, 'hex') as hash, password_hash from sessions s join users u on u.id = s.user_id
       where username = $1`,
      [username],
    );
    const hash = createHash('sha256').update(token).digest('hex');
    expect(rows).toEqual([{ hash, password_hash: expect.stringMatching(/^\$argon2id\$/) }]);
  });

  it('lasts as long as configured, and expired sessions are cleared away', async () => {
    const { id, username, password } = await app.createUser('staff');
    const signIn = () => app.request().post(SESSION).send({ username, password }).expect(200);
    const cookie = (await signIn()).get('Set-Cookie')![0]!;
    const lasts =
      'select extract(epoch from expires_at - created_at)::int / 3600 as hours from sessions where user_id = $1';
    expect(await app.database.rows(lasts, [id])).toEqual([{ hours: app.config.SESSION_HOURS }]);
    const browser = app.request().set('Cookie', cookie.split(';')[0]!);
    await browser.get(SESSION).expect(200);
    await app.database.run('update sessions set expires_at = now() where user_id = $1', [id]);
    expect((await browser.get(SESSION).expect(401)).body.code).toBe('access.credentials-not-valid');
    await signIn();
    expect(await app.database.rows(lasts, [id])).toHaveLength(1);
  });

  it('with a password that is being replaced in the same moment opens no session', async () => {
    const sessions = new SessionsService(app.database, new SystemClock(), app.config);
    await sessions.onModuleInit();
    const { id, username, password } = await app.createUser('staff');
    let signingIn: Promise<unknown> = Promise.resolve();
    await app.database.transaction(async (tx) => {
      await tx.run(`update users set password_hash = 'replaced' where id = $1`, [id]);
      signingIn = sessions.signIn(username, password);
      signingIn.catch(() => {});
      // Long enough for the old password to be found right before its replacement is committed.
      await new Promise((resolve) => setTimeout(resolve, 400));
    });
    await expect(signingIn).rejects.toMatchObject({ code: 'session.sign-in-failed' });
    expect(await app.database.rows('select 1 from sessions where user_id = $1', [id])).toEqual([]);
  });

  it('refuses what is not a name and a password, and unknown fields', async () => {
    const { body } = await app.request().post(SESSION).send({ username: 1, password: 'x', admin: true }).expect(422);
    expect(new Set(body.errors.map(({ field }: { field: string }) => field))).toEqual(new Set(['admin', 'username']));
  });
});

describe('signing in at a public address', () => {
  let throttled: App;
  beforeAll(async () => {
    throttled = await startTestApp({ config: { PUBLIC_URL: 'https://tinluat.angiang.gov.vn' } });
  });
  afterAll(() => throttled.stop());

  it('is refused to another web site, which would sign its visitor in as somebody else', async () => {
    const { username, password } = await throttled.createUser('staff');
    const elsewhere = throttled.request().post(SESSION).set('Sec-Fetch-Site', 'cross-site');
    expect((await elsewhere.send({ username, password }).expect(403)).body.code).toBe('access.cross-origin');
  });

  it('stops after ten tries a minute from one address, and says how long to wait', async () => {
    const { username, password } = await throttled.createUser('staff');
    const first = await throttled.request().post(SESSION).send({ username, password }).expect(200);
    // Behind TLS the cookie never travels without it.
    expect(first.get('Set-Cookie')![0]).toMatch(/; HttpOnly; Secure; SameSite=Strict$/);
    // With the one above and the one refused to another web site these are ten.
    for (let index = 3; index <= 10; index += 1) {
      await throttled
        .request()
        .post(SESSION)
        .send({ username: `guess.${index}`, password: 'x' })
        .expect(401);
    }
    const refused = await throttled.request().post(SESSION).send({ username, password }).expect(429);
    expect(refused.body).toMatchObject({ code: 'session.too-many-tries', title: 'Quá nhiều yêu cầu' });
    expect(Number(refused.get('Retry-After'))).toBeGreaterThan(50);
    // Nothing else is throttled.
    const signedIn = await throttled.signIn('staff');
    for (let index = 0; index < 20; index += 1) await signedIn.get(SESSION).expect(200);
  });
});

describe('guessing at one person', () => {
  let throttled: App;
  beforeAll(async () => {
    throttled = await startTestApp({ config: { TRUST_PROXY: true } });
  });
  afterAll(() => throttled.stop());

  it('stops after ten tries a minute, from however many addresses', async () => {
    const { username } = await throttled.createUser('staff');
    const guessFrom = (address: string, name: string) =>
      throttled.request().post(SESSION).set('X-Forwarded-For', address).send({ username: name, password: 'x' });
    for (let index = 1; index <= 10; index += 1) await guessFrom(`203.0.113.${index}`, username).expect(401);
    const { body } = await guessFrom('203.0.113.11', ` ${username.toUpperCase()}`).expect(429);
    expect(body.code).toBe('session.too-many-tries');
    await guessFrom('203.0.113.11', 'somebody.else').expect(401);
  });
});

describe('who is let in', () => {
  it.each([
    ['get', SESSION],
    ['delete', SESSION],
    ['get', USERS],
    ['post', USERS],
    ['patch', `${USERS}/1`],
    ['get', KEYS],
    ['post', KEYS],
    ['delete', `${KEYS}/1`],
    ['get', '/api/v1/audit'],
  ] as const)('nobody without signing in: %s %s', async (method, path) => {
    const { body, headers } = await app.request()[method](path).set('Accept-Language', 'en').expect(401);
    expect(body).toMatchObject({ code: 'access.not-signed-in', title: 'Not signed in', status: 401 });
    expect(headers['www-authenticate']).toBe('Bearer');
  });

  it.each(['staff', 'approver', 'auditor'] as const)('a person of the role %s gives no access', async (role) => {
    const person = await app.signIn(role);
    for (const path of [USERS, KEYS]) {
      const { body } = await person.get(path).expect(403);
      expect(body).toMatchObject({
        code: 'access.not-permitted',
        params: { permission: expect.stringMatching('manage') },
      });
    }
    await person.post(USERS).send({ username: 'x.y', fullName: 'X', role: 'admin', password: PASSWORD }).expect(403);
    await person.get(SESSION).expect(200);
  });

  it('a new role counts from the next request on', async () => {
    const person = await app.createUser('staff');
    const { id } = person;
    const browser = await app.signInAs(person);
    await browser.get(USERS).expect(403);
    await admin.patch(`${USERS}/${id}`).send({ role: 'admin' }).expect(200);
    await browser.get(USERS).expect(200);
  });

  it('no other web site makes a signed-in browser act', async () => {
    const newUser = { username: 'made.elsewhere', fullName: 'X', role: 'admin', password: PASSWORD };
    for (const site of ['cross-site', 'same-site']) {
      const { body } = await admin.post(USERS).set('Sec-Fetch-Site', site).send(newUser).expect(403);
      expect(body.code).toBe('access.cross-origin');
    }
    const outdated = admin.post(USERS).unset('Sec-Fetch-Site').set('Origin', 'http://evil.example');
    await outdated.send(newUser).expect(403);
    const { body } = await admin.get(USERS).set('Sec-Fetch-Site', 'cross-site').expect(200);
    expect(body.items.map(({ username }: { username: string }) => username)).not.toContain('made.elsewhere');
  });
});

describe('API keys', () => {
  it('are shown once, work until they are revoked, and are on record', async () => {
    const { id, key } = await newKey('auditor');
    expect(key).toMatch(/^tl_[\w-]{43}$/);
    const listed = await admin.get(KEYS).expect(200);
    expect(listed.text).not.toContain(key.slice(3));
    expect(listed.body.items.at(-1)).toMatchObject({ id, role: 'auditor', lastUsedAt: null, revokedAt: null });

    const program = withKey(key);
    await program.get('/api/v1/audit').expect(200);
    await admin.delete(`${KEYS}/${id}`).expect(204);
    await admin.delete(`${KEYS}/${id}`).expect(204);
    expect((await program.get('/api/v1/audit').expect(401)).body.code).toBe('access.credentials-not-valid');
    expect((await actsOn(`key:${id}`)).map(({ act, details }) => [act, details])).toEqual([
      ['api-key.create', { role: 'auditor' }],
      ['api-key.revoke', {}],
    ]);
    const { text } = (await app.database.row<{ text: string }>('select json_agg(k)::text as text from api_keys k'))!;
    expect(text).not.toContain(key.slice(3));
  });

  it('note their last use at most once a minute', async () => {
    const { id, key } = await newKey('auditor');
    const lastUse = async () =>
      (await app.database.row<{ at: Date | null }>('select last_used_at as at from api_keys where id = $1', [id]))!.at;
    await withKey(key).get('/api/v1/audit').expect(200);
    const first = await lastUse();
    expect(first).not.toBeNull();
    await withKey(key).get('/api/v1/audit').expect(200);
    expect(await lastUse()).toEqual(first);
    await app.database.run(`update api_keys set last_used_at = now() - interval '61 seconds' where id = $1`, [id]);
    await withKey(key).get('/api/v1/audit').expect(200);
    expect((await lastUse())!.getTime()).toBeGreaterThanOrEqual(first!.getTime());
  });

  it('cannot do what only people do, whatever their role', async () => {
    const { key } = await newKey('admin');
    for (const path of [USERS, KEYS, SESSION]) {
      const { body } = await withKey(key).get(path).expect(403);
      expect(body.code).toBe('access.only-for-people');
    }
    await withKey(key).get('/api/v1/audit').expect(200);
  });

  it('rest while the person who answers for them is disabled', async () => {
    const owner = await app.createUser('admin');
    const browser = await app.signInAs(owner);
    const { body } = await browser.post(KEYS).send({ name: 'Cổng', role: 'auditor' }).expect(201);
    await withKey(body.key).get('/api/v1/audit').expect(200);
    await admin.patch(`${USERS}/${owner.id}`).send({ disabled: true }).expect(200);
    await withKey(body.key).get('/api/v1/audit').expect(401);
    await admin.patch(`${USERS}/${owner.id}`).send({ disabled: false }).expect(200);
    await withKey(body.key).get('/api/v1/audit').expect(200);
  });

  it('that are wrong do not fall back to the session beside them', async () => {
    await admin.get(KEYS).set('Authorization', 'Bearer tl_wrong').expect(401);
  });

  it.each([
    [{ name: '', role: 'staff' }, 'name'],
    [{ name: 'a\u0000', role: 'staff' }, 'name'],
    [{ name: 'Cổng', role: 'root' }, 'role'],
    [{ name: 'Cổng', role: 'staff', key: 'tl_mine' }, 'key'],
  ])('are refused for %j', async (body, field) => {
    expect((await admin.post(KEYS).send(body).expect(422)).body).toMatchObject({ field });
  });

  it('that do not exist cannot be revoked', async () => {
    expect((await admin.delete(`${KEYS}/2147483647`).expect(404)).body.code).toBe('api-key.not-found');
    expect((await admin.delete(`${KEYS}/2147483648`).expect(422)).body.field).toBe('id');
    expect((await admin.delete(`${KEYS}/x`).expect(422)).body.field).toBe('id');
  });
});

describe('accounts', () => {
  const fresh = {
    username: 'an.nguyen',
    fullName: 'Nguyễn Văn An'.normalize('NFD'),
    role: 'staff',
    password: PASSWORD,
  };

  it('are made once for each name, without showing anything of the password', async () => {
    const { body, text } = await admin.post(USERS).send(fresh).expect(201);
    expect(body).toEqual({
      id: expect.any(Number),
      username: 'an.nguyen',
      fullName: 'Nguyễn Văn An'.normalize('NFC'),
      role: 'staff',
      disabled: false,
      phone: null,
      createdAt: expect.stringMatching(/\+07:00$/),
    });
    expect(text).not.toContain('argon2');
    expect((await admin.get(USERS).expect(200)).body.items).toContainEqual(body);
    const again = await admin
      .post(USERS)
      .send({ ...fresh, username: 'An.Nguyen' })
      .expect(409);
    expect(again.body).toMatchObject({ code: 'user.username-taken', field: 'username' });
    const [entry] = await actsOn(`user:${body.id}`);
    expect(entry).toEqual({
      act: 'user.create',
      actor: expect.stringMatching(/^user:\d+$/),
      details: { role: 'staff' },
    });
  });

  it.each([
    [{ username: 'Nguyễn' }, 'username', 'user.username-form'],
    [{ fullName: 'An\u0000' }, 'fullName', 'request.invalid'],
    [{ password: 'ngan qua' }, 'password', 'password.too-short'],
    [{ username: 'nguyen.van.an', password: 'nguyen.van.an' }, 'password', 'password.is-username'],
    [{ role: 'root' }, 'role', 'request.invalid'],
    [{ id: 1 }, 'id', 'request.invalid'],
  ])('are refused with %j', async (change, field, code) => {
    const { body } = await admin
      .post(USERS)
      .send({ ...fresh, username: 'someone.else', ...change })
      .expect(422);
    expect(body).toMatchObject({ field, code });
  });

  it.each([[{ disabled: true }], [{ password: 'mật khẩu mới dài' }]])('lose their sessions with %j', async (change) => {
    const person = await app.createUser('staff');
    const { id } = person;
    const browser = await app.signInAs(person);
    await browser.get(SESSION).expect(200);
    await admin.patch(`${USERS}/${id}`).send(change).expect(200);
    await browser.get(SESSION).expect(401);
    const sessions = await app.database.rows('select 1 from sessions where user_id = $1', [id]);
    expect(sessions).toEqual([]);
    const entry = (await actsOn(`user:${id}`)).at(-1)!;
    expect(entry).toMatchObject({ act: 'user.change', details: { changed: Object.keys(change), sessionsEnded: 1 } });
    expect(JSON.stringify(entry)).not.toContain('mật khẩu');
  });

  it.each([
    [{ fullName: null }, 'fullName'],
    [{ disabled: 'yes' }, 'disabled'],
    [{ username: 'another' }, 'username'],
    [{ password: 'ngan qua' }, 'password'],
  ])('are not changed by %j', async (change, field) => {
    const { id } = await app.createUser('staff');
    const { body } = await admin.patch(`${USERS}/${id}`).send(change).expect(422);
    expect(body.field).toBe(field);
    expect(await actsOn(`user:${id}`)).toHaveLength(1);
  });

  it('that do not exist cannot be changed', async () => {
    await admin.patch(`${USERS}/2147483647`).send({ role: 'staff' }).expect(404);
    await admin.patch(`${USERS}/2147483647`).send({ password: PASSWORD }).expect(404);
  });
});

describe('the directory of colleagues', () => {
  const COLLEAGUES = '/api/v1/colleagues';
  type Colleague = { id: number; actor: string };

  it('gives everybody, a program too, the names and roles behind ids, of disabled accounts as well, and nothing else', async () => {
    const left = await app.createUser('staff');
    await admin.patch(`${USERS}/${left.id}`).send({ phone: '0901000077', disabled: true }).expect(200);
    const { fullName } = (await admin.get(USERS)).body.items.find(({ id }: Colleague) => id === left.id);
    const expected = { id: left.id, actor: `user:${left.id}`, fullName, role: 'staff', isDisabled: true };
    const { key } = await newKey('auditor');
    for (const agent of [withKey(key), await app.signIn('staff'), await app.signIn('approver'), admin]) {
      const { body, text } = await agent.get(COLLEAGUES).expect(200);
      expect(body.find(({ id }: Colleague) => id === left.id)).toEqual(expected);
      expect(body.map(({ actor }: Colleague) => actor)).toContain('user:1');
      expect(text).not.toContain(left.username);
      expect(text).not.toContain('901000077');
    }
  });

  it('is not for strangers', async () => {
    await app.request().get(COLLEAGUES).expect(401);
  });
});

describe('the last administrator', () => {
  /** Leaves exactly these administrators. */
  async function onlyAdmins(ids: number[]): Promise<void> {
    await app.database.run(`update users set role = 'staff' where role = 'admin' and id <> all($1)`, [ids]);
    await app.database.run(`update users set role = 'admin', disabled_at = null where id = any($1)`, [ids]);
  }

  it('can be neither disabled nor given another role', async () => {
    const last = await app.signIn('admin');
    const { items } = (await last.get(USERS).expect(200)).body as { items: { id: number; username: string }[] };
    const me = (await last.get(SESSION)).body.username;
    const { id } = items.find(({ username }) => username === me)!;
    await onlyAdmins([id]);
    for (const change of [{ disabled: true }, { role: 'auditor' }]) {
      expect((await last.patch(`${USERS}/${id}`).send(change).expect(409)).body.code).toBe('user.last-admin');
    }
    await last.patch(`${USERS}/${id}`).send({ fullName: 'Quản Trị' }).expect(200);
  });

  it('stays when two administrators demote each other in the same moment', async () => {
    const users = new UsersService(app.database, new SystemClock());
    const [one, two] = [await app.createUser('admin'), await app.createUser('admin')];
    for (let round = 0; round < 10; round += 1) {
      await onlyAdmins([one.id, two.id]);
      const outcomes = await Promise.allSettled([
        users.change(SYSTEM, one.id, { role: 'staff' }),
        users.change(SYSTEM, two.id, { disabled: true }),
      ]);
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).toEqual([{ status: 'rejected', reason: expect.objectContaining({ code: 'user.last-admin' }) }]);
    }
  });
});

describe("a colleague's number for test sends", () => {
  let admin: TestAgent;
  beforeAll(async () => {
    admin = await app.signIn('admin');
  });

  it('is set by an administrator, and taken away again', async () => {
    const made = await admin
      .post(USERS)
      .send({ username: 'co.so', fullName: 'Có Số', role: 'staff', password: PASSWORD, phone: '0912 345 678' })
      .expect(201);
    expect(made.body.phone).toBe('+84912345678');
    const changed = await admin.patch(`${USERS}/${made.body.id}`).send({ phone: '84987654321' }).expect(200);
    expect(changed.body.phone).toBe('+84987654321');
    expect((await admin.patch(`${USERS}/${made.body.id}`).send({ phone: null }).expect(200)).body.phone).toBeNull();

    expect((await actsOn(`user:${made.body.id}`)).at(-1)).toMatchObject({
      act: 'user.change',
      details: { changed: ['phone'] },
    });
  });

  it.each(['staff', 'approver', 'auditor'] as const)(
    'is seen by a person with the role %s, who cannot make it a number of his choice: test sends go out unapproved',
    async (role) => {
      const person = await app.createUser(role);
      const himself = await app.signInAs(person);
      const before = (await himself.get(SESSION).expect(200)).body.phone;
      expect(before).toMatch(/^\+84\d{9}$/);
      await himself.patch(SESSION).send({ phone: '0939111222' }).expect(404);
      await himself.patch(`${USERS}/${person.id}`).send({ phone: '0939111222' }).expect(403);
      expect((await himself.get(SESSION).expect(200)).body.phone).toBe(before);
    },
  );

  it.each(['', '123', '02963851234', '+855912345678', '0912345678; 0987654321', 5])('cannot be %j', async (phone) => {
    const person = await app.createUser('staff');
    const { body } = await admin.patch(`${USERS}/${person.id}`).send({ phone }).expect(422);
    expect(body.field).toBe('phone');
  });

  it('is seen by who manages accounts, which is put on record, and stands in no log and no audit entry', async () => {
    const person = await app.createUser('staff');
    await admin.patch(`${USERS}/${person.id}`).send({ phone: '0977000111' }).expect(200);
    const me = (await admin.get(SESSION).expect(200)).body.id;
    type Listed = { id: number; phone: string | null };
    const { body } = await admin.get(USERS).expect(200);
    expect(body.items.find(({ id }: { id: number }) => id === person.id).phone).toBe('+84977000111');
    expect((await actsOn('users')).at(-1)).toMatchObject({
      act: 'user.view-phones',
      details: { count: body.items.filter(({ id, phone }: Listed) => phone !== null && id !== me).length },
    });
    const shown = (await actsOn('users')).length;
    expect((await admin.patch(`${USERS}/${person.id}`).send({}).expect(200)).body.phone).toBe('+84977000111');
    expect(await actsOn('users')).toHaveLength(shown + 1);
    const { text } = (await app.database.row<{ text: string }>(
      'select json_agg(e)::text as text from audit_entries e',
    ))!;
    for (const place of [text, app.logged.join('\n')]) expect(place).not.toContain('77000111');
  });
});
