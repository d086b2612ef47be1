import type TestAgent from 'supertest/lib/agent';
import { Secrets } from '../../src/platform/secrets';
import { startTestApp, type TestApp, type TestAppOptions } from './test-app';

/** A subscriber as the interface shows him. */
export interface ShownSubscriber {
  readonly id: number;
  readonly phone: string;
  readonly revision: number;
}

export interface RegisterScene {
  readonly app: TestApp;
  readonly admin: TestAgent;
  readonly staff: TestAgent;
  readonly auditor: TestAgent;
  /** A number nobody has yet, as people write it. */
  newNumber(): string;
  /** The digest by which the register knows a number written with its leading zero. */
  keyOf(typed: string): Buffer;
  newList(facts?: object): Promise<number>;
  newArea(name: string): Promise<number>;
  /** By hand, with a new number unless the facts say one. */
  add(facts: object, listIds: readonly number[]): Promise<ShownSubscriber>;
  /** An import that is done. */
  newImport(listId: number, fileName: string): Promise<number>;
  find(agent: TestAgent, query: object): Promise<number[]>;
  membersOf(listId: number): Promise<number[]>;
  /** Newest first. */
  auditOf(query: object): Promise<{ details: Record<string, unknown> }[]>;
}

/** The application with an administrator, a member of staff and an auditor at the register. */
export async function openRegisterScene(options: TestAppOptions = {}): Promise<RegisterScene> {
  const app = await startTestApp(options);
  const [admin, staff, auditor] = [await app.signIn('admin'), await app.signIn('staff'), await app.signIn('auditor')];
  let next = 910_000_000;
  const newNumber = (): string => `0${next++}`;
  const find: RegisterScene['find'] = async (agent, query) => {
    const { body } = await agent.get('/api/v1/subscribers').query(query).expect(200);
    return body.items.map(({ id }: ShownSubscriber) => id);
  };
  const idOf = async (sql: string, values: unknown[]): Promise<number> =>
    (await app.database.row<{ id: number }>(`${sql} returning id`, values))!.id;
  return {
    ...{ app, admin, staff, auditor, newNumber, find },
    keyOf: (typed) => app.app.get(Secrets).phoneDigest(`+84${typed.slice(1)}`),
    newList: async (facts) => {
      const list = { name: `Danh sách ${Math.random()}`, purpose: 'Thông báo', legalBasis: 'Luật 14/2012/QH13' };
      const answer = await admin
        .post('/api/v1/lists')
        .send({ ...list, ...facts })
        .expect(201);
      return answer.body.id;
    },
    newArea: (name) =>
      idOf('insert into areas (name, search_key) values ($1, $2)', [name, `thu ${Math.random()}`.replace('.', ' ')]),
    add: async (facts, listIds) => {
      const subscriber = { phone: newNumber(), listIds, ...facts };
      return (await staff.post('/api/v1/subscribers').send(subscriber).expect(201)).body;
    },
    newImport: (listId, fileName) =>
      idOf(
        `insert into imports (list_id, file_name, file_bytes, file_sha256, created_by, confirmed_by, state, done_at)
         values ($1, $2, 1, 'x', 'user:1', 'user:1', 'done', now())`,
        [listId, fileName],
      ),
    membersOf: (listId) => find(admin, { listId, limit: 500 }),
    auditOf: async (query) => (await auditor.get('/api/v1/audit').query(query).expect(200)).body.items,
  };
}
