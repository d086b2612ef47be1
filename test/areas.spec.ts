import type TestAgent from 'supertest/lib/agent';
import { submitTried } from './harness/campaigns';
import { startTestApp, TestApp } from './harness/test-app';
import { phoneOf } from './harness/batches';
import { Config } from '../src/platform/config';
import { createLog } from '../src/platform/observability/log';
import { SystemClock } from '../src/platform/clock';
import { readOfficialUnits } from '../src/subscribers/areas/area-files';
import { writeOfficialUnits } from '../src/subscribers/areas/areas.store';
import { areasWithPredecessors } from '../src/subscribers/areas/areas.read-model';
import { AreasService } from '../src/subscribers/areas/areas.service';

interface Area {
  id: number;
  name: string;
  code: string | null;
  district: string | null;
  validFrom: string | null;
  validUntil: string | null;
  isCurrent: boolean;
  formerNames: string[];
  subscribers: number;
  successors: { id: number; name: string }[];
}

describe('areas', () => {
  let app: TestApp;
  let admin: TestAgent;
  let staff: TestAgent;

  beforeAll(async () => {
    app = await startTestApp();
    [admin, staff] = await Promise.all([app.signIn('admin'), app.signIn('staff')]);
  });
  afterAll(() => app.stop());

  const list = async (query = ''): Promise<Area[]> => (await staff.get(`/api/v1/areas${query}`).expect(200)).body;
  const area = async (name: string, district: string | null = null): Promise<Area> =>
    (await list()).find((one) => one.name === name && one.district === district)!;
  let people = 0;
  const person = async (facts: { areaId?: number; areaText?: string }): Promise<number> => {
    const phone = phoneOf((people += 1));
    const row = await app.database.row<{ id: number }>(
      `insert into subscribers (phone, phone_key, area_id, area_text) values ($1, sha256($1::text::bytea), $2, $3) returning id`,
      [phone, facts.areaId ?? null, facts.areaText ?? null],
    );
    return row!.id;
  };

  describe('of An Giang', () => {
    it('are 85 communes, 14 wards and 3 special zones today, with their official codes', async () => {
      const today = await list('?validOn=2025-07-01');
      const kinds = today.map(({ name }) => /^(Xã|Phường|Đặc khu) /.exec(name)![1]);
      expect(['Xã', 'Phường', 'Đặc khu'].map((kind) => kinds.filter((one) => one === kind).length)).toEqual([
        85, 14, 3,
      ]);
      expect(today.every((one) => one.isCurrent && one.validFrom === '2025-07-01' && one.successors.length === 0)).toBe(
        true,
      );
      expect(today.find(({ name }) => name === 'Phường Long Xuyên')).toMatchObject({
        code: '30307',
        province: 'An Giang',
      });
    });

    it('were 156 in An Giang and 144 in Kiên Giang in 2021, 155 and 143 on the last day', async () => {
      const counts = async (day: string): Promise<[number, number]> => {
        const valid = (await list(`?validOn=${day}`)) as (Area & { province: string })[];
        expect(valid.every((one) => !one.isCurrent && one.district !== null)).toBe(true);
        return [
          valid.filter((one) => one.province === 'An Giang').length,
          valid.filter((one) => one.province === 'Kiên Giang').length,
        ];
      };
      expect(await counts('2021-05-04')).toEqual([156, 144]);
      expect(await counts('2024-11-30')).toEqual([156, 144]);
      expect(await counts('2024-12-01')).toEqual([156, 143]);
      expect(await counts('2025-01-01')).toEqual([155, 143]);
      expect(await counts('2025-06-30')).toEqual([155, 143]);
    });

    it('all became something, the divided ones several communes', async () => {
      const former = (await list()).filter(({ validUntil }) => validUntil !== null);
      expect(former).toHaveLength(300);
      const divided = former.filter(({ successors }) => successors.length !== 1);
      expect(divided.map(({ name, successors }) => [name, successors.map((next) => next.name)])).toEqual([
        ['Xã Phú Hội', ['Xã An Phú', 'Xã Nhơn Hội']],
        ['Xã Phước Hưng', ['Xã An Phú', 'Xã Nhơn Hội', 'Xã Phú Hữu']],
        ['Xã Vĩnh Châu', ['Phường Châu Đốc', 'Phường Vĩnh Tế']],
      ]);
      const became = former.flatMap(({ successors }) => successors.map(({ name }) => name));
      expect(new Set(became).size).toBe(102);
    });

    it('stand in the order of Vietnamese dictionaries by their bare names', async () => {
      const names = (await list('?validOn=2026-01-01')).map(({ name }) => name);
      expect(names.slice(0, 4)).toEqual(['Xã An Biên', 'Xã An Châu', 'Xã An Cư', 'Xã An Minh']);
      expect(names.slice(-2)).toEqual(['Xã Vĩnh Tuy', 'Xã Vĩnh Xương']);
    });

    it('are found by part of a name in any spelling, former names too', async () => {
      const found = async (q: string): Promise<string[]> =>
        (await list(`?q=${encodeURIComponent(q)}`)).map(
          ({ name, district }) => `${name}${district ? ` / ${district}` : ''}`,
        );
      expect(await found('ba chuc')).toEqual(['Thị trấn Ba Chúc / Huyện Tri Tôn', 'Xã Ba Chúc']);
      expect(await found('Thị trấn Nhà Bàng')).toEqual(['Phường Nhà Bàng / Thị xã Tịnh Biên']);
      expect(await found('Ô Long Vĩ')).toEqual(['Xã Ô Long Vỹ / Huyện Châu Phú']);
      expect(await found('%')).toEqual([]);
      expect(await found('')).toHaveLength(402);
    });

    it('take any question as text', async () => {
      for (const q of ['\u0000', '_%\\', '\ud800', '🙂', "'; drop table areas"]) {
        const { status } = await staff.get('/api/v1/areas').query({ q });
        expect([q, [200, 422].includes(status)]).toEqual([q, true]);
      }
      await admin.delete('/api/v1/areas/1/aliases/%00').expect(({ status }) => expect([404, 422]).toContain(status));
      expect(app.logged.filter((line) => line.includes('because of a bug'))).toEqual([]);
    });

    it.each(['2021-02-30', 'hôm qua', '21-5-4', ''])('refuse the day "%s"', async (day) => {
      const { body } = await staff.get(`/api/v1/areas?validOn=${encodeURIComponent(day)}`).expect(422);
      expect(JSON.stringify(body)).toContain('validOn');
    });
  });

  it('are loaded once however often the service starts, and take new names from the files', async () => {
    const before = await list();
    const units = await readOfficialUnits('91');
    expect(await app.database.transaction((tx) => writeOfficialUnits(tx, units))).toBe(0);
    const renamed = units.map((unit) =>
      unit.code === '31078' && unit.district === null ? { ...unit, name: 'Đặc khu Đảo Ngọc' } : unit,
    );
    expect(await app.database.transaction((tx) => writeOfficialUnits(tx, renamed))).toBe(1);
    expect((await list('?q=phu quoc')).map(({ name }) => name)).not.toContain('Đặc khu Phú Quốc');
    expect(await app.database.transaction((tx) => writeOfficialUnits(tx, units.slice(50)))).toBe(1);
    expect(await list()).toEqual(before);
  });

  it('are those of another province where the settings say so, and no province there is none of', async () => {
    const start = (code: string): Promise<void> => {
      const config = Object.assign(new Config(), { PROVINCE_CODE: code });
      return new AreasService(
        app.database,
        new SystemClock(),
        config,
        createLog('error', { write: () => undefined }),
      ).onModuleInit();
    };
    await expect(start('89')).rejects.toThrow(/PROVINCE_CODE: .*91 An Giang/);
    expect((await readOfficialUnits('46')).length).toBeGreaterThan(100);
  });

  it('say how many subscribers they have, and can be narrowed to those that have any', async () => {
    const { id } = await area('Xã Óc Eo');
    await person({ areaId: id });
    expect((await list('?withSubscribers=true')).map((one) => [one.name, one.subscribers])).toContainEqual([
      'Xã Óc Eo',
      1,
    ]);
    expect((await list('?withSubscribers=true')).every((one) => one.subscribers > 0)).toBe(true);
  });

  it('that were made from files before stay, without a code', async () => {
    await app.database.run(`insert into areas (name, search_key) values ('Xã 3', '3')`);
    expect(await area('Xã 3')).toMatchObject({ code: null, isCurrent: true, successors: [] });
    await app.database.run(`delete from areas where name = 'Xã 3'`);
  });

  describe('an alias', () => {
    it('gives its area to whoever came with that text and has none, and to nobody else', async () => {
      const [oLam, coTo] = [await area('Xã Ô Lâm'), await area('Xã Cô Tô')];
      const came = [await person({ areaText: 'O-Lam cu' }), await person({ areaText: 'Ô LÂM (cũ)' })];
      const others = [await person({ areaText: 'Ô Lắm' }), await person({ areaId: coTo.id, areaText: 'o lam cu' })];
      const { body } = await admin.post(`/api/v1/areas/${oLam.id}/aliases`).send({ alias: 'Ô Lâm cũ' }).expect(201);
      expect(body).toEqual({ subscribers: 2 });
      const rows = await app.database.rows<{ areaId: number; areaText: string | null; revision: number }>(
        `select area_id as "areaId", area_text as "areaText", revision from subscribers where id = any($1) order by id`,
        [[...came, ...others]],
      );
      expect(rows).toEqual([
        { areaId: oLam.id, areaText: null, revision: 2 },
        { areaId: oLam.id, areaText: null, revision: 2 },
        { areaId: null, areaText: 'Ô Lắm', revision: 1 },
        { areaId: coTo.id, areaText: 'o lam cu', revision: 1 },
      ]);
      const history = await app.database.rows(
        `select subscriber_id as id, act, revision, before, after from subscriber_history where subscriber_id = any($1) order by id`,
        [came],
      );
      expect(history[0]).toEqual({
        id: came[0],
        act: 'corrected',
        revision: 2,
        before: { areaId: null, areaText: 'O-Lam cu' },
        after: { areaId: oLam.id, areaText: null },
      });
      expect(history).toHaveLength(2);
      const audit = await app.database.row(
        `select details from audit_entries where act = 'area.add-alias' and subject = $1`,
        [`area:${oLam.id}`],
      );
      expect(audit).toEqual({ details: { subscribers: 2 } });
      expect((await staff.get(`/api/v1/areas/${oLam.id}/aliases`).expect(200)).body).toMatchObject([
        { alias: 'Ô Lâm cũ' },
      ]);
    });

    it('means one area only, until it is deleted', async () => {
      const [oLam, coTo] = [await area('Xã Ô Lâm'), await area('Xã Cô Tô')];
      const { body } = await admin.post(`/api/v1/areas/${coTo.id}/aliases`).send({ alias: 'o lam cu' }).expect(409);
      expect(body).toMatchObject({ code: 'area-alias.taken', field: 'alias' });
      await admin.delete(`/api/v1/areas/${coTo.id}/aliases/o%20lam%20cu`).expect(404);
      await admin.delete(`/api/v1/areas/${oLam.id}/aliases/${encodeURIComponent('Ô LÂM cũ')}`).expect(204);
      await admin.post(`/api/v1/areas/${coTo.id}/aliases`).send({ alias: 'o lam cu' }).expect(201);
    });

    it('is an administrator’s to record, of an area there is, with something to compare', async () => {
      const { id } = await area('Xã Ô Lâm');
      await staff.post(`/api/v1/areas/${id}/aliases`).send({ alias: 'OL' }).expect(403);
      await admin.post('/api/v1/areas/999999/aliases').send({ alias: 'OL' }).expect(404);
      await admin.get('/api/v1/areas/999999/aliases').expect(404);
      const { body } = await admin.post(`/api/v1/areas/${id}/aliases`).send({ alias: '???' }).expect(422);
      expect(body.code).toBe('area-alias.empty');
      for (const alias of ['', '  ', 'a\nb', 'x'.repeat(201), 5]) {
        await admin.post(`/api/v1/areas/${id}/aliases`).send({ alias }).expect(422);
      }
    });
  });

  it('that no cell could be matched to are listed with what they may mean, the most frequent first', async () => {
    await Promise.all([
      person({ areaText: 'Ba Chúk' }),
      person({ areaText: 'Ba Chúk' }),
      person({ areaText: 'Núi Sập' }),
      person({ areaText: 'xa phu thanh, Phú Tân' }),
    ]);
    const { body } = await admin.get('/api/v1/areas/unmatched').expect(200);
    expect(body[0]).toEqual({
      areaText: 'Ba Chúk',
      subscribers: 2,
      why: 'area-unknown',
      areaId: null,
      candidates: ['Xã Ba Chúc', 'Thị trấn Ba Chúc (Huyện Tri Tôn)'],
    });
    expect(body).toContainEqual({
      areaText: 'xa phu thanh, Phú Tân',
      subscribers: 1,
      why: 'area-ambiguous',
      areaId: null,
      candidates: ['Xã Phú Thạnh (Huyện Phú Tân)', 'Xã Phú Thành (Huyện Phú Tân)'],
    });
    const nuiSap = await area('Thị trấn Núi Sập', 'Huyện Thoại Sơn');
    expect(body).toContainEqual({ areaText: 'Núi Sập', subscribers: 1, why: null, areaId: nuiSap.id, candidates: [] });
    await staff.get('/api/v1/areas/unmatched').expect(403);
  });

  describe('and the communes they were made of', () => {
    const namesWith = async (...names: string[]): Promise<string[]> => {
      const all = await list();
      const ids = names.map((name) => all.find((one) => one.name === name && one.isCurrent)!.id);
      const found = await areasWithPredecessors(app.database, ids);
      return found.map((id) => all.find((one) => one.id === id)!.name).sort();
    };

    it('belong together, without those that were divided', async () => {
      expect(await namesWith('Xã Ba Chúc')).toEqual(['Thị trấn Ba Chúc', 'Xã Ba Chúc', 'Xã Lê Trì', 'Xã Lạc Quới']);
      expect(await namesWith('Xã An Phú')).toEqual(['Thị trấn An Phú', 'Xã An Phú', 'Xã Vĩnh Hội Đông']);
      expect(await namesWith()).toEqual([]);
    });

    it('also those divided among areas that are all meant', async () => {
      const both = await namesWith('Phường Châu Đốc', 'Phường Vĩnh Tế');
      expect(both).toContain('Xã Vĩnh Châu');
      expect(await namesWith('Phường Vĩnh Tế')).not.toContain('Xã Vĩnh Châu');
    });

    it('are texted by a campaign to the area of today', async () => {
      const { body: made } = await admin
        .post('/api/v1/lists')
        .send({ name: 'Tri Tôn', purpose: 'Bầu cử', legalBasis: 'Luật' });
      const living = [
        await area('Xã Ba Chúc'),
        await area('Thị trấn Ba Chúc', 'Huyện Tri Tôn'),
        await area('Xã Lê Trì', 'Huyện Tri Tôn'),
        await area('Xã Núi Tô', 'Huyện Tri Tôn'),
      ];
      for (const { id } of living) {
        const subscriber = await person({ areaId: id });
        await app.database.run('insert into list_members (list_id, subscriber_id) values ($1, $2)', [
          made.id,
          subscriber,
        ]);
      }
      const recipients = async (areaId: number): Promise<number> => {
        const { body: templates } = await staff.get('/api/v1/templates');
        const { figures } = await submitTried(staff, {
          name: `Địa bàn ${areaId}`,
          templateVersionId: templates.find(({ code }: { code: string }) => code === 'covid-19-face-masks').id,
          listIds: [made.id],
          areaIds: [areaId],
          sender: 'STP ANGIANG',
          accented: true,
          startsAt: '2021-05-20T08:00',
        });
        return figures.messages!;
      };
      expect(await recipients(living[0]!.id)).toBe(3);
      // A former unit means itself alone.
      expect(await recipients(living[1]!.id)).toBe(1);
    });
  });
});
