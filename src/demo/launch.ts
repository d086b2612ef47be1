import { writeFile } from 'node:fs/promises';
import { missingInService } from './demo-faults';
import { type Notice, NOTICES, overridesOf, SENDER } from './notices';
import type { RestClient } from './rest-client';
import { SAMPLE_DOCUMENT, samplePdf } from './sample-document';
import type { CampaignView, ForecastView } from './service-views';
import { approvalLines, preparedLine, triedLine } from './spoken-lines';
import type { Setting } from './story';
import { tryOnStaff } from './test-sends';

const MOST_CAMPAIGNS = 500;
/** No carrier's: a price to reckon with, and a rate that is kept, though hardly a machine comes near it. */
const EXAMPLE_TERMS = { vndPerSegment: 350, segmentsPerSecond: 20_000 };
/** More than a kill can leave in doubt, so that a demo that was killed goes on by itself. */
const HALT = { failures: 1_000, percent: 20 };

/** Where the four notices go. */
export interface Audience {
  readonly listId: number;
  readonly affectedAreaIds: readonly number[];
}

/**
 * Brings every notice to where it sends: drafted by staff with the official document behind it, tried on staff, submitted,
 * and approved by the approver, who are different people. What an earlier run did already is left as it is.
 *
 * @returns the campaigns' ids
 */
export async function launchCampaigns(setting: Setting, audience: Audience): Promise<number[]> {
  const { staff } = setting.people;
  const { items } = await staff.get<{ items: CampaignView[] }>(`/api/v1/campaigns?limit=${MOST_CAMPAIGNS}`);
  const known = (notice: Notice) => items.find(({ name, state }) => name === notice.name && state !== 'cancelled');
  // Before the first draft; so where all four are there, this is done.
  const documentId = NOTICES.every(known) ? undefined : await prepareOffice(setting);
  const ids: number[] = [];
  for (const notice of NOTICES) {
    const campaign = known(notice) ?? (await draft(staff, notice, audience, documentId!));
    await launch(setting, campaign);
    ids.push(campaign.id);
  }
  return ids;
}

/**
 * What a campaign needs beside its text: terms of the gateway and the official document, which the service keeps once
 * however often it is uploaded.
 *
 * @returns the document's id
 */
async function prepareOffice({ folder, people, screen }: Setting): Promise<number> {
  const { admin, staff } = people;
  await admin.put('/api/v1/gateways/simulator/terms', EXAMPLE_TERMS);
  await writeFile(folder.officialDocument, samplePdf());
  const document = { file: folder.officialDocument, fields: SAMPLE_DOCUMENT };
  const { id } = await staff.upload<{ id: number }>('/api/v1/official-documents', document.file, document.fields);
  screen.say(preparedLine(SAMPLE_DOCUMENT.number));
  return id;
}

async function draft(
  staff: RestClient,
  notice: Notice,
  { listId, affectedAreaIds }: Audience,
  documentId: number,
): Promise<CampaignView> {
  const { name, templateCode, values, onlyAffectedAreas } = notice;
  const templates = await staff.get<{ id: number; code: string }[]>('/api/v1/templates');
  const template = templates.find(({ code }) => code === templateCode);
  if (!template) throw missingInService({ what: `templates/${templateCode}` });
  return staff.post<CampaignView>('/api/v1/campaigns', {
    name,
    templateVersionId: template.id,
    values,
    listIds: [listId],
    ...(onlyAffectedAreas ? { areaIds: affectedAreaIds } : {}),
    sender: SENDER,
    accented: false,
    startsAt: new Date().toISOString(),
    // A demo that is resumed hours later starts what was approved, without asking.
    schedule: { misfire: 'send-late', halt: HALT },
    overrides: overridesOf(notice),
    documentId,
  });
}

async function launch({ people, screen }: Setting, { id, name, state }: CampaignView): Promise<void> {
  const { staff, approver } = people;
  const path = `/api/v1/campaigns/${id}`;
  if (state === 'draft') {
    await tryOnStaff(people, id);
    screen.line(triedLine(name));
    await staff.post(`${path}/submit`);
  }
  if (state === 'draft' || state === 'submitted') {
    const { contentHash, costVnd, figures } = await approver.get<CampaignView>(path);
    const { endsAt } = await approver.get<ForecastView>(`${path}/forecast`);
    await approver.post(`${path}/approve`, { contentHash });
    const { messages, segments } = figures!;
    for (const line of approvalLines(name, { messages, segments, costVnd, endsAt })) screen.line(line);
  }
  if (state === 'paused') await staff.post(`${path}/resume`);
}
