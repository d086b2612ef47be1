import { existsSync } from 'node:fs';
import type { People } from './accounts';
import { DEMO_AREAS } from './an-giang-areas';
import type { DemoFolder } from './data-folder';
import { audienceDiffers, missingInService } from './demo-faults';
import { writeOfficeFile } from './office-file';
import { AFFECTED_SUBSCRIBERS, SUBSCRIBERS } from './office-rows';
import type { RestClient } from './rest-client';
import type { Screen } from './screen';
import type { ImportReport, ListView } from './service-views';
import { importLine } from './spoken-lines';

const LIST = {
  name: 'Thuê bao di động tỉnh An Giang năm 2021',
  purpose: 'Tuyên truyền bầu cử và phòng, chống dịch COVID-19',
  legalBasis: 'Luật Phổ biến, giáo dục pháp luật số 14/2012/QH13',
};
/** The day the office finished the list. */
const LIST_DAY = '2021-05-04';

/** What everything in the story needs. */
export interface Setting {
  readonly folder: DemoFolder;
  readonly people: People;
  readonly screen: Screen;
}

/**
 * The list with the office's file in it: made and imported unless it was before. An import is one transaction, so a list
 * is either empty or whole.
 *
 * @returns the list's id
 * @throws audienceDiffers
 */
export async function importSubscribers({ folder, people, screen }: Setting): Promise<number> {
  const { admin } = people;
  const known = (await admin.get<ListView[]>('/api/v1/lists')).find(({ name }) => name === LIST.name);
  const { id, subscribers } = known ?? (await admin.post<ListView>('/api/v1/lists', LIST));
  if (subscribers === 0) {
    if (!existsSync(folder.officeFile)) await writeOfficeFile(folder.officeFile, folder.scale);
    screen.say(importLine(await importFile(admin, id, folder.officeFile)));
  }
  const { subscribers: found } = await admin.get<ListView>(`/api/v1/lists/${id}`);
  checkAudience(`"${LIST.name}"`, found, SUBSCRIBERS * folder.scale);
  return id;
}

/** The file is analysed, and what was analysed is confirmed. The list is of 2021, and so are its areas. */
async function importFile(admin: RestClient, listId: number, officeFile: string): Promise<ImportReport> {
  const fields = { listDay: LIST_DAY };
  const analysed = await settled(admin, await admin.upload(`/api/v1/lists/${listId}/imports`, officeFile, fields));
  const { id, revision } = analysed;
  return settled(admin, await admin.post<ImportReport>(`/api/v1/imports/${id}/confirm`, { revision }));
}

/** The import once the service is through with it. */
async function settled(admin: RestClient, seen: ImportReport): Promise<ImportReport> {
  let view = seen;
  while (view.state === 'uploaded' || view.state === 'confirmed')
    view = await admin.get(`/api/v1/imports/${view.id}?wait=60`);
  return view;
}

interface AreaView {
  readonly id: number;
  readonly name: string;
  /** What it was called earlier: Phường Tịnh Biên was Thị trấn Tịnh Biên in 2021. */
  readonly formerNames: readonly string[];
  readonly subscribers: number;
}

/**
 * The ids of the areas of the fourth notice.
 *
 * @throws missingInService, audienceDiffers
 */
export async function findAffectedAreas({ folder, people }: Setting): Promise<number[]> {
  const areas = await people.staff.get<AreaView[]>(`/api/v1/areas?validOn=${LIST_DAY}`);
  const affected = DEMO_AREAS.filter(({ isAffected }) => isAffected).map(({ name }) => {
    const official = name.charAt(0).toUpperCase() + name.slice(1);
    const area = areas.find((one) => one.name === official || one.formerNames.includes(official));
    if (!area) throw missingInService({ what: name });
    return area;
  });
  const found = affected.reduce((sum, { subscribers }) => sum + subscribers, 0);
  checkAudience('vùng dịch / the affected areas', found, AFFECTED_SUBSCRIBERS * folder.scale);
  return affected.map(({ id }) => id);
}

function checkAudience(what: string, found: number, expected: number): void {
  if (found !== expected) throw audienceDiffers({ what, found, expected });
}
