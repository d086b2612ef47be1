import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeCsv } from '../../bench/import-files';
import { SENDER } from '../../src/demo/notices';
import { RestClient } from '../../src/demo/rest-client';
import { SAMPLE_DOCUMENT, samplePdf } from '../../src/demo/sample-document';
import type { CampaignFigures, CampaignView, ImportReport, TestSendView } from '../../src/demo/service-views';
import { createUser, type Role } from '../../src/identity';
import type { Database } from '../../src/platform/database/database';
import { SYSTEM } from '../../src/platform/http/actor';

const POLL_MS = 200;
/** Where test sends go: nobody of the list has it. */
export const STAFF_PHONE = '+84899000111';
const LIST = { name: 'Thuê bao', purpose: 'Kiểm tra hệ thống', legalBasis: 'Luật 14/2012/QH13' };
const REASON = 'Kiểm tra hệ thống qua cổng mô phỏng, không nhắn cho ai';

/** The people of an office at one instance's REST API, who bring one campaign from a file to its end. */
export class Office {
  private constructor(
    private readonly admin: RestClient,
    private readonly staff: RestClient,
    private readonly approver: RestClient,
  ) {}

  static async open(url: string, database: Database): Promise<Office> {
    const person = async (role: Role): Promise<RestClient> => {
      const account = { username: `check.${role}`, password: randomBytes(16).toString('hex') };
      const phone = role === 'staff' ? { phone: STAFF_PHONE } : {};
      await createUser(database, SYSTEM, { ...account, fullName: `Người thử ${role}`, role, ...phone });
      return RestClient.signIn(url, account);
    };
    return new Office(await person('admin'), await person('staff'), await person('approver'));
  }

  /** A list of so many people, by a file. @param folder for the files; @returns the list's id */
  async importPeople(people: number, folder: string): Promise<number> {
    const { id: listId } = await this.admin.post<{ id: number }>('/api/v1/lists', LIST);
    const file = join(folder, 'people.csv');
    await writeCsv(file, people);
    const analysed = await this.imported(await this.admin.upload(`/api/v1/lists/${listId}/imports`, file, {}));
    const { id, revision } = analysed;
    await this.imported(await this.admin.post(`/api/v1/imports/${id}/confirm`, { revision }));
    return listId;
  }

  /** Drafted, tried on staff, submitted and approved. @returns the campaign's id */
  async launch(listId: number, folder: string): Promise<number> {
    const { staff, approver } = this;
    const document = join(folder, 'document.pdf');
    await writeFile(document, samplePdf());
    const { id: documentId } = await staff.upload<{ id: number }>(
      '/api/v1/official-documents',
      document,
      SAMPLE_DOCUMENT,
    );
    const templates = await staff.get<{ id: number; code: string }[]>('/api/v1/templates');
    const { id } = await staff.post<CampaignView>('/api/v1/campaigns', {
      ...{ name: 'Đeo khẩu trang nơi công cộng', listIds: [listId], sender: SENDER, accented: false, documentId },
      templateVersionId: templates.find(({ code }) => code === 'covid-19-face-masks')!.id,
      startsAt: new Date().toISOString(),
      schedule: { misfire: 'send-late', halt: null },
      overrides: { urgent: REASON, expiredTemplate: REASON },
    });
    const path = `/api/v1/campaigns/${id}`;
    await staff.post(`${path}/test-sends`);
    await until('the test send', 60, async () => {
      const { items } = await staff.get<{ items: TestSendView[] }>(`${path}/test-sends`);
      return items.some(({ figures }) => (figures?.accepted ?? 0) > 0);
    });
    await staff.post(`${path}/submit`);
    const { contentHash } = await approver.get<CampaignView>(path);
    await approver.post(`${path}/approve`, { contentHash });
    return id;
  }

  campaign(id: number): Promise<CampaignView> {
    return this.approver.get<CampaignView>(`/api/v1/campaigns/${id}`);
  }

  /** Until so many texts are accounted for. */
  untilGone(id: number, messages: number, seconds: number): Promise<void> {
    return until(`${messages} texts to be accounted for`, seconds, async () => {
      const { figures } = await this.campaign(id);
      return figures !== null && figures.messages - figures.queued - figures.sending >= messages;
    });
  }

  /** Until it has ended by itself. */
  async untilCompleted(id: number, seconds: number): Promise<CampaignFigures> {
    await until('the end of the campaign', seconds, async () => (await this.campaign(id)).state === 'completed');
    return (await this.campaign(id)).figures!;
  }

  private async imported(seen: ImportReport): Promise<ImportReport> {
    let view = seen;
    while (view.state === 'uploaded' || view.state === 'confirmed')
      view = await this.admin.get(`/api/v1/imports/${view.id}?wait=60`);
    return view;
  }
}

/** @throws when it is not so in time */
export async function until(what: string, seconds: number, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s for ${what} in vain`);
    await sleep(POLL_MS);
  }
}
