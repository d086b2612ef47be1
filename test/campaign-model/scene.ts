import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createUser, openSession, type Role, SESSION_COOKIE } from '../../src/identity';
import { simulatorFiles } from '../../src/gateways';
import { localDay } from '../../src/platform/clock';
import type { Database } from '../../src/platform/database/database';
import { SYSTEM } from '../../src/platform/http/actor';
import type { Secrets } from '../../src/platform/secrets';
import { openTestDatabase } from '../harness/test-database';
import { checkBuild, Instance, SharedSimulator } from './instances';

/** `deputy` is a member of staff who writes campaigns and also approves, in the place of `approver`. */
export type PersonName = 'admin' | 'author' | 'deputy' | 'approver';

interface Person {
  readonly id: number;
  readonly cookie: string;
}

/** An answer of the service; undefined body where there was none. */
export interface Heard {
  readonly status: number;
  /** Of a refusal. */
  readonly code: string;
  readonly body: Record<string, unknown>;
}

/** What runs share: two instances of the built service, one carrier, one database, and the people at it. */
export interface Scene {
  readonly database: Database;
  readonly secrets: Secrets;
  readonly instances: Readonly<Record<'A' | 'B', Instance>>;
  readonly people: Readonly<Record<PersonName, Person>>;
  readonly templateVersionId: number;
  readonly documentId: number;
  readonly areaIds: readonly number[];
  /** Every text the carrier took, one line each. */
  readonly ledger: string;
  close(): Promise<void>;
}

/** A carrier with every kind of trouble; numbers it refuses, it refuses for good. */
const TROUBLES = {
  ...{ seed: 2021, latencyMs: 100, refuseShare: 0.08, optedOutShare: 0.01, throttleShare: 0.01, retryAfterSeconds: 1 },
  ...{ failShare: 0.02, hangShare: 0.005, dropShare: 0.01 },
  ...{ receiptsDelayMs: 150, receiptsPerPost: 20, undeliveredShare: 0.05, repeatReceiptsShare: 0.1 },
  reorderReceiptsShare: 0.1,
};

const TEMPLATE = {
  code: 'model-invitation',
  topic: 'election',
  title: 'Mời dự buổi phổ biến pháp luật',
  body: 'Sở Tư pháp An Giang: Kính mời {{ho_ten}} dự buổi phổ biến pháp luật ngày {{ngay}}.',
  legalBasis: [{ document: 'Luật Phổ biến, giáo dục pháp luật số 14/2012/QH13', article: 'Điều 11' }],
  variables: {
    ho_ten: { label: 'Họ và tên', source: 'subscriber', field: 'fullName' },
    ngay: { label: 'Ngày', source: 'campaign' },
  },
  example: { ho_ten: 'Nguyễn Thị Ngọc Phượng', ngay: '23/5/2021' },
};

const SCAN = '%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n';

export async function openScene(): Promise<Scene> {
  checkBuild();
  const dataDir = mkdtempSync(join(tmpdir(), 'tinluat-model-'));
  for (const name of ['A', 'B']) mkdirSync(join(dataDir, name));
  const { database, url: databaseUrl, secrets, close } = await openTestDatabase();
  const simulator = await SharedSimulator.start(dataDir, TROUBLES);
  const settings = { databaseUrl, simulatorUrl: simulator.url, dataDir };
  const instances = { A: new Instance('A', settings), B: new Instance('B', settings) };
  const closeAll = async (): Promise<void> => {
    await Promise.all([instances.A.kill('SIGTERM'), instances.B.kill('SIGTERM')]);
    await simulator.stop();
    await close();
    rmSync(dataDir, { recursive: true });
  };
  try {
    for (const instance of Object.values(instances)) instance.start();
    const people = await makePeople(database);
    await Promise.all(Object.values(instances).map((instance) => instance.whenUp()));
    const ledger = simulatorFiles(dataDir).ledger;
    const scene = { database, secrets, instances, people, ledger, close: closeAll };
    return { ...scene, ...(await furnish({ ...scene, templateVersionId: 0, documentId: 0, areaIds: [] })) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function makePeople(database: Database): Promise<Record<PersonName, Person>> {
  const make = async (name: PersonName, role: Role): Promise<Person> => {
    const person = { username: `model.${name}`, fullName: `Người thử ${name}`, role, password: `mat khau cua ${name}` };
    const id = await createUser(database, SYSTEM, person);
    const { token } = await database.transaction((tx) => openSession(tx, id, new Date(), 12));
    return { id, cookie: `${SESSION_COOKIE}=${token}` };
  };
  return {
    admin: await make('admin', 'admin'),
    author: await make('author', 'staff'),
    deputy: await make('deputy', 'staff'),
    approver: await make('approver', 'approver'),
  };
}

/** What campaigns need before the first one is written, through the interface. */
async function furnish(scene: Scene): Promise<Pick<Scene, 'templateVersionId' | 'documentId' | 'areaIds'>> {
  const { people, database } = scene;
  const [today, inAMonth] = [0, 30].map((days) => localDay(new Date(Date.now() + days * 24 * 60 * 60 * 1000)));
  const deputyship = {
    deputyId: people.deputy.id,
    validFrom: today,
    validTo: inAMonth,
    reason: 'Đi công tác dài ngày',
  };
  await expectOk(send(scene, 'A', 'approver', 'POST', '/api/v1/deputies', deputyship));
  for (const [name, phone] of [
    ['author', '0903000111'],
    ['deputy', '0903000222'],
  ] as const) {
    await expectOk(send(scene, 'B', 'admin', 'PATCH', `/api/v1/users/${people[name].id}`, { phone }));
  }
  const template = await expectOk(send(scene, 'A', 'author', 'POST', '/api/v1/templates', TEMPLATE));
  const form = new FormData();
  const facts = { number: '12/KH-STP', issuedOn: '2021-05-10', signer: 'Trần Văn Giám đốc' };
  for (const [field, value] of Object.entries(facts)) form.set(field, value);
  form.set('file', new Blob([SCAN], { type: 'application/pdf' }), 'ke hoach.pdf');
  const document = await expectOk(send(scene, 'B', 'author', 'POST', '/api/v1/official-documents', form));
  const areas = await database.rows<{ id: number }>(
    `insert into areas (name, search_key) select 'Xã thử ' || n, 'xa thu ' || n from generate_series(1, 3) n returning id`,
  );
  return {
    templateVersionId: template.body.id as number,
    documentId: document.body.id as number,
    areaIds: areas.map(({ id }) => id),
  };
}

async function expectOk(answer: Promise<Heard | undefined>): Promise<Heard> {
  const heard = await answer;
  if (!heard || heard.status >= 300) throw new Error(`the scene could not be set: ${JSON.stringify(heard)}`);
  return heard;
}

/** @returns undefined when the instance was killed before it answered */
export async function send(
  scene: Scene,
  via: 'A' | 'B',
  by: PersonName,
  method: string,
  path: string,
  body?: object,
): Promise<Heard | undefined> {
  const instance = scene.instances[via];
  const headers: Record<string, string> = { cookie: scene.people[by].cookie, 'sec-fetch-site': 'same-origin' };
  const isForm = body instanceof FormData;
  if (body && !isForm) headers['content-type'] = 'application/json';
  try {
    const response = await instance.fetch(path, {
      method,
      headers,
      body: isForm ? body : body && JSON.stringify(body),
    });
    const text = await response.text();
    const answer = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
    return { status: response.status, code: typeof answer.code === 'string' ? answer.code : '', body: answer };
  } catch (error) {
    if (!instance.isUp) return undefined;
    throw error;
  }
}
