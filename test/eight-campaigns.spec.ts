import { setTimeout as sleep } from 'node:timers/promises';
import {
  app,
  approve,
  draft,
  gateway,
  newList,
  openOffice,
  path,
  staff,
  type Submitted,
  until,
  versionOf,
} from './harness/rules-office';
import { tryOnStaff } from './harness/campaigns';

const CAMPAIGNS = 8;
const PEOPLE = 40;
const PLACES = Array.from({ length: CAMPAIGNS }, (_, index) => `Điểm bầu cử số ${index + 1}`);

beforeAll(() => openOffice());
afterAll(() => app.stop());

/** Whoever finds another submission on the same topic under way comes again, as the answer says. */
async function submitPatiently(id: number): Promise<Submitted> {
  for (let i = 0; i < 20; i += 1) {
    const { status, body } = await staff.post(path(id, '/submit'));
    if (status === 200) return body;
    expect([status, body.code]).toEqual([503, 'campaign.busy']);
    await sleep(200);
  }
  throw new Error('the campaign could not be submitted');
}

describe('eight campaigns that are prepared at once', () => {
  it('and of which one is approved: only its texts leave, each of them once', async () => {
    const rows = Array.from({ length: PEOPLE }, (_, n) => `Cử tri ${n + 1};09123450${String(n + 10)};Ba Chúc;`);
    const listId = await newList('Tám', rows);
    const common = { khoa_qh: 'XVI', ngay_bau_cu: '15/3/2026', gio_mo: '7 giờ', gio_dong: '19 giờ' };
    const templateVersionId = await versionOf('election-day-reminder');
    const ids = await Promise.all(
      PLACES.map(async (place) => {
        const values = { ...common, diem_bau_cu: place };
        const planned = { startsAt: '2026-11-23T08:00', schedule: { misfire: 'send-late' } };
        const { id } = await draft({
          name: place,
          templateVersionId,
          values,
          listIds: [listId],
          accented: false,
          ...planned,
        });
        await tryOnStaff(staff, id);
        return id;
      }),
    );
    const tests = gateway.taken.length;

    const submitted = await Promise.all(ids.map(submitPatiently));
    for (const { state, figures } of submitted) expect([state, figures.queued]).toEqual(['submitted', PEOPLE]);

    const approved = submitted[3]!;
    await approve(approved);
    await until(approved.id, 'completed');
    // The others have the time to leave too, if anything let them.
    await sleep(1_500);

    const sent = gateway.taken.slice(tests);
    expect(sent).toHaveLength(PEOPLE);
    expect(new Set(sent.map(({ phone }) => phone)).size).toBe(PEOPLE);
    expect(sent.every(({ text }) => text.includes('Diem bau cu so 4'))).toBe(true);
    const { body } = await staff.get(path(approved.id, '/messages')).query({ limit: 500 }).expect(200);
    const written = body.items.map(({ phone, text }: { phone: string; text: string }) => `${phone} ${text}`).sort();
    expect(sent.map(({ phone, text }) => `${phone} ${text}`).sort()).toEqual(written);

    for (const { id } of submitted.filter((one) => one !== approved)) {
      const { body: waiting } = await staff.get(path(id)).expect(200);
      expect(waiting).toMatchObject({ state: 'submitted', figures: { queued: PEOPLE, sending: 0, accepted: 0 } });
    }
  });
});
