import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '../src/demo/seeded-random';
import { samplePdf } from '../src/demo/sample-document';
import { drawName } from '../src/demo/vietnamese-names';
import type { Stage } from './stage';

const TEMPLATE = {
  code: 'chaos-invitation',
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
const LIST = { purpose: 'Tuyên truyền bầu cử', legalBasis: 'Luật số 14/2012/QH13' };
const DOCUMENT = { number: '12/KH-STP', issuedOn: '2021-05-10', signer: 'Trần Văn Giám đốc' };
const OVERRIDES = {
  urgent: 'Kiểm thử sự cố với cổng mô phỏng, chạy được vào giờ bất kỳ',
  fatigueCap: 'Kiểm thử sự cố gửi nhiều chiến dịch trong một ngày',
};
/** More than the faults can leave in doubt: the suite judges that itself. */
const HALT = { failures: 1_000_000, percent: 100 };
const AT_ONCE = 3;
const LOOK_MS = 200;
const TEST_TRIES = 40;
const TEST_WAIT_MS = 12_000;
const STEP_WITHIN_MS = 120_000;

interface View {
  readonly id: number;
  readonly state: string;
  readonly revision: number;
  readonly contentHash: string | null;
}

/** Writes campaigns, has them approved, and writes the next when one has ended: there is always something to send. */
export class Campaigns {
  readonly ids: number[] = [];
  /** While it is set no further campaign is begun. */
  isHeld = false;
  private readonly random: SeededRandom;
  private furniture!: { templateVersionId: number; documentId: number; listIds: number[] };

  constructor(
    private readonly stage: Stage,
    private readonly recipients: number,
  ) {
    this.random = stage.random(1);
  }

  /** What campaigns need, once, while nothing is wrong yet. */
  async furnish(): Promise<void> {
    const { office } = this.stage;
    const template = await office.must('author', 'POST', '/api/v1/templates', TEMPLATE);
    const form = new FormData();
    for (const [name, value] of Object.entries(DOCUMENT)) form.set(name, value);
    form.set('file', new Blob([samplePdf()], { type: 'application/pdf' }), 'ke hoach.pdf');
    const document = await office.must('author', 'POST', '/api/v1/official-documents', form);
    const listIds = [await this.importList(0), await this.importList(1)];
    this.furniture = { templateVersionId: template.id as number, documentId: document.id as number, listIds };
  }

  async keepGoing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { open } = await this.stage.row<{ open: number }>(
        `select count(*) as open from campaigns where id = any($1) and state not in ('completed', 'cancelled')`,
        [this.ids],
      );
      if (open < AT_ONCE && !this.isHeld) await this.launch();
      else await sleep(LOOK_MS);
    }
  }

  private async launch(): Promise<void> {
    const { listIds, templateVersionId, documentId } = this.furniture;
    const chosen = this.random.happens(0.3) ? listIds : [this.random.pick(listIds)];
    const { id } = (await this.stage.office.must('author', 'POST', '/api/v1/campaigns', {
      ...{ name: `Sự cố ${this.ids.length + 1}`, templateVersionId, documentId, listIds: chosen },
      ...{ values: { ngay: '1/6/2027' }, sender: 'STP ANGIANG', accented: this.random.happens(0.5) },
      ...{ startsAt: new Date(Date.now() - 60_000).toISOString(), overrides: OVERRIDES },
      schedule: { misfire: 'send-late', halt: HALT },
    })) as unknown as View;
    await this.tryOnStaff(id);
    await this.step(id, 'submit', ['submitted']);
    await this.step(id, 'approve', ['scheduled', 'sending', 'paused', 'completed', 'cancelled']);
    this.ids.push(id);
  }

  private async view(id: number): Promise<View> {
    return (await this.stage.office.must('approver', 'GET', `/api/v1/campaigns/${id}`)) as unknown as View;
  }

  /** Asks again until the campaign is where the act leads: an answer may be lost with the one who gave it. */
  private async step(id: number, act: 'submit' | 'approve', leadsTo: readonly string[]): Promise<void> {
    const deadline = performance.now() + STEP_WITHIN_MS;
    for (let refusal = ''; performance.now() < deadline;) {
      const { state, contentHash } = await this.view(id);
      if (leadsTo.includes(state)) return;
      const by = act === 'approve' ? 'approver' : 'author';
      const body = act === 'approve' ? { contentHash } : undefined;
      const { status, code } = await this.stage.office.ask(by, 'POST', `/api/v1/campaigns/${id}/${act}`, body);
      if (status < 300) return;
      if (code === refusal) throw new Error(`${act} of campaign ${id} was refused: ${status} ${code}`);
      refusal = code;
    }
    throw new Error(`${act} of campaign ${id} did not come through`);
  }

  /** The carrier may refuse that number, or nobody hears of it. */
  private async tryOnStaff(id: number): Promise<void> {
    const path = `/api/v1/campaigns/${id}/test-sends`;
    for (let tries = 0; tries < TEST_TRIES; tries += 1) {
      await this.stage.office.must('author', 'POST', path, {});
      const deadline = performance.now() + TEST_WAIT_MS;
      while (performance.now() < deadline) {
        const { items } = (await this.stage.office.must('auditor', 'GET', path)) as unknown as {
          items: { figures: { accepted: number; queued: number; sending: number } }[];
        };
        if (items.some(({ figures }) => figures.accepted > 0)) return;
        if (items.every(({ figures }) => figures.queued + figures.sending === 0)) break;
        await sleep(LOOK_MS);
      }
    }
    throw new Error(`no test send of campaign ${id} was accepted`);
  }

  private async importList(which: number): Promise<number> {
    const { office } = this.stage;
    const { id } = await office.must('admin', 'POST', '/api/v1/lists', { ...LIST, name: `Danh sách ${which + 1}` });
    const form = new FormData();
    form.set('file', new Blob([this.file(which)]), 'danh-sach.csv');
    let view = await office.must('admin', 'POST', `/api/v1/lists/${id as number}/imports`, form);
    const settled = async (): Promise<void> => {
      while (['uploaded', 'confirmed'].includes(view.state as string)) {
        view = await office.must('admin', 'GET', `/api/v1/imports/${view.id as number}?wait=60`);
      }
    };
    await settled();
    view = await office.must('admin', 'POST', `/api/v1/imports/${view.id as number}/confirm`, {
      revision: view.revision,
    });
    await settled();
    if (view.state !== 'done') throw new Error(`the import of list ${id as number} is ${view.state as string}`);
    return id as number;
  }

  private file(which: number): string {
    const lines = Array.from({ length: this.recipients }, (_, n) => {
      const phone = `09${which}${String(3_000_000 + n * 7).padStart(7, '0')}`;
      return `${n + 1},${drawName(this.random, 'thành phố Long Xuyên')},${phone},Phường Long Xuyên`;
    });
    return `STT,Họ và tên,Số điện thoại,Xã/phường\r\n${lines.join('\r\n')}\r\n`;
  }
}
