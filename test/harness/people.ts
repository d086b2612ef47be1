import { randomBytes } from 'node:crypto';
import type TestAgent from 'supertest/lib/agent';
import { createUser, openSession, type Role, SESSION_COOKIE } from '../../src/identity';
import type { Database } from '../../src/platform/database/database';
import { SYSTEM } from '../../src/platform/http/actor';

export interface Person {
  readonly id: number;
  readonly username: string;
  readonly password: string;
}

export interface People {
  createUser(role: Role): Promise<Person>;
  /** A browser in which a new person with this role is signed in. */
  signIn(role: Role): Promise<TestAgent>;
  signInAs(person: Person): Promise<TestAgent>;
}

interface Application {
  readonly database: Database;
  /** A new agent on the application at each call. */
  readonly request: () => TestAgent;
  /** The time at which sessions are opened. */
  readonly now?: () => Date;
}

const TEST_SESSION_HOURS = 1;
/** Where test sends to anybody go. */
const PHONE = '0903000111';

export function peopleOf({ database, request, now = () => new Date() }: Application): People {
  const newPerson = async (role: Role): Promise<Person> => {
    const username = `${role}.${randomBytes(4).toString('hex')}`;
    const password = `mat khau cua ${username}`;
    const person = { username, fullName: `Người thử ${role}`, role, password, phone: PHONE };
    const id = await createUser(database, SYSTEM, person);
    return { id, username, password };
  };
  const signInAs = async ({ id }: Person): Promise<TestAgent> => {
    // Not through POST /api/v1/session, of which one address gets ten a minute; identity.spec.ts tests that one.
    const { token } = await database.transaction((tx) => openSession(tx, id, now(), TEST_SESSION_HOURS));
    return request().set('Cookie', `${SESSION_COOKIE}=${token}`).set('Sec-Fetch-Site', 'same-origin');
  };
  return { createUser: newPerson, signInAs, signIn: async (role) => signInAs(await newPerson(role)) };
}
