import { setTimeout as sleep } from 'node:timers/promises';
import type TestAgent from 'supertest/lib/agent';

/** Rules that tests set aside, so that they work at any hour and with notices of 2021; each is put on record. */
export const AT_ANY_HOUR = {
  urgent: 'Kiểm thử vào giờ bất kỳ',
  expiredTemplate: 'Kiểm thử với thông báo của năm 2021',
  fatigueCap: 'Kiểm thử nhiều chiến dịch trong một ngày',
};

const SCAN = Buffer.from('%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n');

/** Uploads the paper behind a campaign. */
export async function officialDocument(staff: TestAgent, number = '12/KH-STP'): Promise<number> {
  const { body } = await staff
    .post('/api/v1/official-documents')
    .field('number', number)
    .field('issuedOn', '2021-05-10')
    .field('signer', 'Trần Văn Giám đốc')
    .attach('file', SCAN, { filename: 'ke hoach.pdf', contentType: 'application/pdf' })
    .expect(201);
  return body.id as number;
}

const PATIENCE_MS = 10_000;

/** Sends a draft's text to the signed-in person's own number and waits until the gateway has accepted it. */
export async function tryOnStaff(staff: TestAgent, campaignId: number): Promise<void> {
  await staff.post(`/api/v1/campaigns/${campaignId}/test-sends`).send({}).expect(201);
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const { body } = await staff.get(`/api/v1/campaigns/${campaignId}/test-sends`).expect(200);
    if (body.items[0].figures.accepted > 0) return;
    await sleep(20);
  }
  throw new Error('the test send was not accepted');
}

/** A draft as `POST /campaigns` takes it, with a document and at any hour, tried on staff and submitted. */
export async function submitTried(
  staff: TestAgent,
  draft: Readonly<Record<string, unknown>>,
): Promise<{ id: number; contentHash: string; revision: number; figures: Record<string, number> }> {
  const documentId = await officialDocument(staff);
  const { body } = await staff
    .post('/api/v1/campaigns')
    .send({ documentId, overrides: AT_ANY_HOUR, ...draft })
    .expect(201);
  await tryOnStaff(staff, body.id);
  return (await staff.post(`/api/v1/campaigns/${body.id}/submit`).expect(200)).body;
}
