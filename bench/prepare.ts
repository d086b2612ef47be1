import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../src/platform/database/database';
import { withBenchDatabase } from './bench-database';
import { BenchService } from './bench-service';
import { BenchResult, median, rounded, timed } from './report';

const SIZES = [37_400, 1_000_000] as const;
const ROUNDS: Readonly<Record<number, number>> = { 37_400: 7, 1_000_000: 3 };
const SECRET = 'a secret for benchmarks only, 32 characters';
const TEMPLATE = 'election-day-reminder';
const VALUES = {
  khoa_qh: 'XV',
  ngay_bau_cu: '23/5/2021',
  gio_mo: '7 giờ',
  gio_dong: '19 giờ',
  diem_bau_cu: 'Trường Tiểu học A Vĩnh Thạnh Trung',
};

interface Measured {
  readonly prepareSeconds: number[];
  readonly bareSeconds: number[];
  readonly peakRssMb: number[];
}

/**
 * One submission over REST (audience fixed, every recipient rendered, counted, digested, stored, the campaign frozen) against
 * a bare INSERT … SELECT of the same columns, keys and indexes, whose text replace() makes in SQL and whose digest and
 * segments are made up. Rounds alternate, so that a drift of the machine hits both.
 */
export async function benchPrepare(): Promise<BenchResult> {
  return withBenchDatabase(async ({ database, url, dataDir }) => {
    const measured = new Map<number, Measured>();
    for (const size of SIZES) {
      const service = await BenchService.start({
        databaseUrl: url,
        secret: SECRET,
        dataDir: join(dataDir, 'service'),
      });
      try {
        measured.set(size, await measure(service, database, size));
      } finally {
        await service.stop();
      }
    }
    return report(measured);
  });
}

async function measure(service: BenchService, database: Database, size: number): Promise<Measured> {
  const listId = await fillRegister(database, size);
  await database.run('drop table if exists bare');
  await database.run('create table bare (like messages including all)');
  await service.signIn(database, 'staff');
  const campaignId = await triedDraft(service, listId);
  const measured: Measured = { prepareSeconds: [], bareSeconds: [], peakRssMb: [] };
  // The first round warms up.
  for (let round = 0; round <= ROUNDS[size]!; round += 1) {
    const bare = await timed(() => insertBare(database, listId));
    await database.run('checkpoint');
    service.takePeakRssMb();
    const prepare = await timed(() => submit(service, campaignId, size));
    const peak = service.takePeakRssMb();
    await forget(service, database, campaignId);
    if (round === 0) continue;
    measured.bareSeconds.push(bare);
    measured.prepareSeconds.push(prepare);
    measured.peakRssMb.push(peak);
    console.log(
      `${size} round ${round}: bare ${bare.toFixed(2)} s, prepare ${prepare.toFixed(2)} s, ` +
        `ratio ${(bare / prepare).toFixed(3)}, peak ${peak} MB`,
    );
  }
  return measured;
}

/** Names as long as people's, in the areas of today's An Giang. The keys are as random as digests of numbers. */
async function fillRegister(database: Database, size: number): Promise<number> {
  await database.run('truncate list_members, subscribers, subscriber_history');
  const list = await database.row<{ id: number }>(
    `insert into subscriber_lists (name, purpose, legal_basis)
     values ('Bench ' || $1, 'Bench', 'Luật 14/2012/QH13') returning id`,
    [size],
  );
  await database.run(
    `with communes as (
       select array_agg(id order by id) as ids from areas where province_code = '91' and valid_until is null
     ), words as (
       select array['Nguyễn','Trần','Lê','Phạm','Huỳnh','Phan','Võ','Đặng','Bùi','Đỗ'] as family,
         array['Thị Ngọc','Văn','Thị','Hữu','Minh','Thị Kim','Quốc','Thanh'] as middle,
         array['Phượng','Hòa','Bé','Tuấn','Lan','Dũng','Thảo','Khánh','Yến','Sơn','Trang'] as given
     )
     insert into subscribers (phone, phone_key, full_name, name_key, area_id)
     select '+84' || (900000000 + n), substring(sha256(int8send(n)) for 16),
       family[1 + n % 10] || ' ' || middle[1 + n / 10 % 8] || ' ' || given[1 + n / 80 % 11], 'bench', ids[1 + n % cardinality(ids)]
     from generate_series(1, $1::bigint) n, communes, words`,
    [size],
  );
  await database.run('insert into list_members (list_id, subscriber_id) select $1, id from subscribers', [list!.id]);
  await database.run('vacuum analyze subscribers, list_members');
  return list!.id;
}

/** At any hour and however often, each rule set aside with its reason; the text was tried on staff. */
async function triedDraft(service: BenchService, listId: number): Promise<number> {
  const templates = await service.get<{ id: number; code: string }[]>('/api/v1/templates');
  const scan = Buffer.from('%PDF-1.4\n%%EOF\n');
  const facts = { number: '12/KH-STP', issuedOn: '2021-05-10', signer: 'Bench' };
  const document = await service.uploadBytes<{ id: number }>('/api/v1/official-documents', 'scan.pdf', scan, facts);
  const { id } = await service.post<{ id: number }>('/api/v1/campaigns', {
    name: 'Bench',
    templateVersionId: templates.find(({ code }) => code === TEMPLATE)!.id,
    values: VALUES,
    listIds: [listId],
    sender: 'STP ANGIANG',
    accented: true,
    startsAt: '2035-01-01T08:00',
    documentId: document.id,
    overrides: { urgent: 'Đo tốc độ', expiredTemplate: 'Đo tốc độ', fatigueCap: 'Đo tốc độ' },
  });
  await service.post(`/api/v1/campaigns/${id}/test-sends`, {});
  for (;;) {
    const tests = await service.get<{ items: { figures: { accepted: number } }[] }>(
      `/api/v1/campaigns/${id}/test-sends`,
    );
    if (tests.items[0]!.figures.accepted > 0) return id;
    await sleep(100);
  }
}

async function submit(service: BenchService, id: number, size: number): Promise<void> {
  const { figures } = await service.post<{ figures: { messages: number } }>(`/api/v1/campaigns/${id}/submit`, {});
  if (figures.messages !== size) throw new Error(`${figures.messages} of ${size} recipients were prepared`);
}

/** Any edit deletes what was prepared. */
async function forget(service: BenchService, database: Database, id: number): Promise<void> {
  const { revision } = await service.get<{ revision: number }>(`/api/v1/campaigns/${id}`);
  await service.patch(`/api/v1/campaigns/${id}`, { revision, name: 'Bench' });
  await database.run('truncate bare');
  await database.run('vacuum messages');
  await database.run('checkpoint');
}

async function insertBare(database: Database, listId: number): Promise<void> {
  const body = await database.row<{ body: string }>(
    `select v.body from template_versions v join templates t on t.id = v.template_id where t.code = $1
     order by v.version desc limit 1`,
    [TEMPLATE],
  );
  const text = Object.entries(VALUES).reduce(
    (made, [name, value]) => made.replaceAll(`{{${name}}}`, value),
    body!.body,
  );
  await database.run(
    `insert into bare (batch_id, seq, subscriber_id, area_id, segments, phone, phone_key, digest, text)
     select 1, row_number() over (), s.id, s.area_id, 4, s.phone, s.phone_key, s.phone_key || s.phone_key,
       replace(replace($2, '{{ho_ten}}', s.full_name), '{{xa_phuong}}', a.name)
     from list_members m join subscribers s on s.id = m.subscriber_id join areas a on a.id = s.area_id
     where m.list_id = $1`,
    [listId, text],
  );
}

function report(measured: ReadonlyMap<number, Measured>): BenchResult {
  const medians: Record<string, number> = {};
  const ratios: number[] = [];
  for (const [size, { prepareSeconds, bareSeconds, peakRssMb }] of measured) {
    medians[`${size}_recipients_per_second`] = Math.round(size / median(prepareSeconds));
    medians[`${size}_bare_recipients_per_second`] = Math.round(size / median(bareSeconds));
    medians[`${size}_peak_rss_mb`] = median(peakRssMb);
    const ratio = median(bareSeconds.map((bare, round) => bare / prepareSeconds[round]!));
    medians[`${size}_prepare_vs_insert_select`] = rounded(ratio);
    ratios.push(ratio);
  }
  const [small, large] = SIZES.map((size) => medians[`${size}_peak_rss_mb`]!);
  return {
    settings: {
      recipients: SIZES.join(' and '),
      rounds: Object.values(ROUNDS).join(' and '),
      template: TEMPLATE,
      fsync: 'on',
    },
    medians,
    ratios: { prepare_vs_insert_select: rounded(Math.min(...ratios)), memory_1m_vs_37k: rounded(large! / small!) },
  };
}
