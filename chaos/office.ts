import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createUser, openSession, type Role, SESSION_COOKIE } from '../src/identity';
import type { SeededRandom } from '../src/demo/seeded-random';
import type { Database } from '../src/platform/database/database';
import { SYSTEM } from '../src/platform/http/actor';
import type { Instance } from './instance';

const PEOPLE = { admin: 'admin', author: 'staff', approver: 'approver', auditor: 'auditor' } as const satisfies Record<
  string,
  Role
>;
export type PersonName = keyof typeof PEOPLE;

const ANSWER_WITHIN_MS = 20_000;
const PATIENCE_MS = 120_000;
const LOOK_AGAIN_MS = 150;
const SESSION_HOURS = 720;
/** Where test sends go: no subscriber has it. */
const STAFF_PHONE = '+84899000111';

/** What the service said. */
export interface Heard {
  readonly status: number;
  /** Of a refusal. */
  readonly code: string;
  readonly body: Record<string, unknown>;
}

/** The service never gave an answer. */
export class Unanswered extends Error {}

/** People at the REST API of whichever instance is there. */
export class Office {
  private constructor(
    private readonly cookies: Readonly<Record<PersonName, string>>,
    private readonly instances: readonly Instance[],
    private readonly random: SeededRandom,
  ) {}

  static async open(database: Database, instances: readonly Instance[], random: SeededRandom): Promise<Office> {
    const cookies: Partial<Record<PersonName, string>> = {};
    for (const [name, role] of Object.entries(PEOPLE) as [PersonName, Role][]) {
      const password = randomBytes(16).toString('hex');
      const phone = name === 'author' ? { phone: STAFF_PHONE } : {};
      const person = { username: `chaos.${name}`, fullName: `Người thử ${name}`, role, password, ...phone };
      const id = await createUser(database, SYSTEM, person);
      const { token } = await database.transaction((tx) => openSession(tx, id, new Date(), SESSION_HOURS));
      cookies[name] = `${SESSION_COOKIE}=${token}`;
    }
    return new Office(cookies as Record<PersonName, string>, instances, random);
  }

  /**
   * Asks until somebody answers: an instance that was killed under the request, or cannot reach its database, is asked
   * again, or another one. So an act may be done twice, or found done already.
   *
   * @throws Unanswered
   */
  async ask(by: PersonName, method: string, path: string, body?: object): Promise<Heard> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const heard = await this.askOnce(by, method, path, body);
      if (heard && heard.status < 500 && heard.status !== 429) return heard;
      if (performance.now() > deadline) {
        throw new Unanswered(`${method} ${path}: ${heard ? `${heard.status} ${heard.code}` : 'nobody answered'}`);
      }
      await sleep(LOOK_AGAIN_MS);
    }
  }

  /** As `ask`, where any refusal is a fault of the suite. */
  async must(by: PersonName, method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const { status, body: answer } = await this.ask(by, method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  /** @returns undefined when nobody is there, or the one who was asked died before he answered */
  async askOnce(by: PersonName, method: string, path: string, body?: object): Promise<Heard | undefined> {
    const there = this.instances.filter(({ isUp, takesRequests }) => isUp && takesRequests);
    if (there.length === 0) return undefined;
    const headers: Record<string, string> = { cookie: this.cookies[by], 'sec-fetch-site': 'same-origin' };
    const isForm = body instanceof FormData;
    if (body && !isForm) headers['content-type'] = 'application/json';
    const content = isForm ? body : body && JSON.stringify(body);
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    try {
      const url = this.random.pick(there).url + path;
      const response = await fetch(url, { method, headers, body: content, signal });
      return read(response.status, await response.text());
    } catch {
      return undefined;
    }
  }
}

function read(status: number, text: string): Heard {
  const answer = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status, code: typeof answer.code === 'string' ? answer.code : '', body: answer };
}
