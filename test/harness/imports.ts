import type TestAgent from 'supertest/lib/agent';

/** What the answer to an import holds, as far as tests look at it. */
export interface ImportAnswer {
  readonly id: number;
  readonly state: string;
  readonly revision: number;
  readonly [name: string]: unknown;
}

/** Sends a file to a list and has it analysed. */
export async function upload(
  admin: TestAgent,
  listId: number,
  content: string | Buffer,
  options: { name?: string; choice?: Readonly<Record<string, string>> } = {},
): Promise<ImportAnswer> {
  const { name = 'danh sách.csv', choice = {} } = options;
  const request = admin.post(`/api/v1/lists/${listId}/imports`).attach('file', Buffer.from(content as string), name);
  for (const [field, value] of Object.entries(choice)) void request.field(field, value);
  return (await request.expect(201)).body as ImportAnswer;
}

/** Sends a file to a list and imports what can be taken of it. */
export async function importFile(
  admin: TestAgent,
  listId: number,
  content: string | Buffer,
  options: { name?: string; choice?: Readonly<Record<string, string>> } = {},
): Promise<ImportAnswer> {
  const { id, revision } = await upload(admin, listId, content, options);
  const { body } = await admin.post(`/api/v1/imports/${id}/confirm`).send({ revision }).expect(202);
  return body as ImportAnswer;
}
