import type TestAgent from 'supertest/lib/agent';
import { DEFAULT_WINDOW } from '../src/calendar';
import { draftOf, type Launch, launched } from './harness/running-campaign';
import { SENDER } from './harness/batches';
import { startTestApp, TestApp } from './harness/test-app';

describe('the forecast of a campaign, on a Monday evening one minute before texts may no longer leave', () => {
  let app: TestApp;
  let staff: TestAgent;
  let launch: Launch;

  beforeAll(async () => {
    app = await startTestApp({ at: new Date('2026-11-23T20:59:00+07:00') });
    const admin = await app.signIn('admin');
    staff = await app.signIn('staff');
    const list = { name: 'Cử tri', purpose: 'Bầu cử', legalBasis: 'Luật 14/2012' };
    const { body } = await admin.post('/api/v1/lists').send(list).expect(201);
    const { body: templates } = await staff.get('/api/v1/templates').expect(200);
    launch = { templateVersionId: templates[0].id, listIds: [body.id] };
    await permitted('fake', '', 2);
  });
  afterAll(() => app.stop());

  /** What a contract permits, of a gateway that is used here or not. */
  async function permitted(gateway: string, sender: string, perSecond: number, perDay: number | null = null) {
    await app.database.run(
      `insert into gateway_terms (gateway, sender, segments_per_second, segments_per_day, updated_by)
       values ($1, $2, $3, $4, 'user:1')`,
      [gateway, sender, perSecond, perDay],
    );
    await app.database.run('insert into rate_buckets (gateway, sender) values ($1, $2)', [gateway, sender]);
  }

  /** Of a gateway that nobody serves, so that nothing leaves while we look; its terms are those of the campaign's. */
  const standing = (size: number, draft: Launch['draft'], firstWave: number | null = null) =>
    launched(app, size, { ...launch, draft: { overrides: {}, ...draft }, batch: { gateway: 'away', firstWave } });
  const schedule = {
    window: DEFAULT_WINDOW,
    spreadMinutes: null,
    misfire: 'ask' as const,
    firstWave: null,
    halt: null,
  };

  it('says when it starts, that it rests at night, when it ends and what it costs', async () => {
    const { id } = await standing(240, { schedule });
    const { body } = await staff.get(`/api/v1/campaigns/${id}/forecast`).expect(200);
    expect(body).toMatchObject({
      state: 'sending',
      figures: { messages: 240, queued: 240 },
      pauses: [{ from: '2026-11-23T21:00:00+07:00', to: '2026-11-24T07:00:00+07:00', because: 'night' }],
      endsAt: expect.stringMatching(/^2026-11-24T07:01:/),
      expires: 0,
      segmentsPerSecond: 2,
      basis: 'contract',
      cost: { segments: 240, vndPerSegment: 350, vnd: 84_000 },
    });
  });

  it('of an urgent campaign knows no night', async () => {
    const { id } = await standing(240, { schedule, overrides: { urgent: 'Bão số 5' } });
    const { body } = await staff.get(`/api/v1/campaigns/${id}/forecast`).expect(200);
    expect(body).toMatchObject({ pauses: [], endsAt: expect.stringMatching(/^2026-11-23T21:01:/) });
  });

  it('says what will expire at the deadline, in the language of who asks', async () => {
    const { id } = await standing(240, { schedule, deadline: new Date('2026-11-23T23:00:00+07:00') });
    const { body } = await staff.get(`/api/v1/campaigns/${id}/forecast`).set('Accept-Language', 'en').expect(200);
    expect(body.expires).toBeGreaterThan(100);
    const warning = body.warnings.find(({ code }: { code: string }) => code === 'ends-after-deadline');
    expect(warning.detail).toMatch(/^At the deadline/);
    const vietnamese = await staff.get(`/api/v1/campaigns/${id}/forecast`).expect(200);
    expect(JSON.stringify(vietnamese.body.warnings)).toContain('hạn chót');
  });

  it('says so while no instance can send through its gateway, until one of them can', async () => {
    const { id } = await standing(240, { schedule });
    const codes = async (): Promise<string[]> => {
      const { body } = await staff.get(`/api/v1/campaigns/${id}/forecast`).expect(200);
      return body.warnings.map(({ code }: { code: string }) => code);
    };
    const report = (breaker: string) =>
      app.database.run(
        `insert into gateway_reports (gateway, owner, breaker, until)
         select gateway, gen_random_uuid(), $2, now() + interval '1 minute' from campaigns where id = $1`,
        [id, breaker],
      );
    expect(await codes()).not.toContain('gateway-away');
    await report('open');
    expect(await codes()).toContain('gateway-away');
    await report('closed');
    expect(await codes()).not.toContain('gateway-away');
    await app.database.run('delete from gateway_reports');
  });

  it('tells when the first wave is out and somebody has to look', async () => {
    const wave = { ...schedule, firstWave: { recipients: 20 } };
    const { id } = await standing(240, { schedule: wave }, 20);
    const { body } = await staff.get(`/api/v1/campaigns/${id}/forecast`).expect(200);
    expect(body.firstWaveEndsAt).toMatch(/^2026-11-23T20:59:/);
    expect(body.warnings.map(({ code }: { code: string }) => code)).toContain('waits-for-look');
  });

  it('reckons with the limits of its sender ID and with what other campaigns have waiting at the gateway', async () => {
    await permitted('far', '', 20);
    await permitted('far', SENDER, 4);
    const far = { draft: { overrides: { urgent: 'Bão số 5' }, schedule, gateway: 'far' }, batch: { gateway: 'far' } };
    const { id } = await launched(app, 240, { ...launch, ...far });
    const ask = async () => (await staff.get(`/api/v1/campaigns/${id}/forecast`).expect(200)).body;
    expect(await ask()).toMatchObject({
      ...{ segmentsPerSecond: 4, basis: 'contract', segmentsOfOthers: 0, warnings: [] },
      endsAt: expect.stringMatching(/^2026-11-23T21:00:/),
    });
    // Another one takes turns with it; of one that was not let go, and of one elsewhere, nothing waits.
    const other = await launched(app, 1_000, { ...launch, ...far });
    await launched(app, 500, { ...launch, ...far, batch: { gateway: 'far', firstWave: 100 } });
    await standing(1_000, { schedule });
    // Nor with texts of another sender ID, for it is its own limit that holds it up.
    await launched(app, 1_000, { ...launch, ...far, batch: { gateway: 'far', sender: 'CA ANGIANG' } });
    expect(await ask()).toMatchObject({
      segmentsOfOthers: 340,
      endsAt: expect.stringMatching(/^2026-11-23T21:01:/),
      warnings: [{ code: 'waits-for-others', detail: expect.stringContaining('340') }],
    });
    await app.database.run(`update batches set state = 'paused' where id = $1`, [other.batchId]);
    expect((await ask()).segmentsOfOthers).toBe(100);
  });

  it('goes on the next day when the day has no more segments left', async () => {
    await permitted('scarce', '', 20, 100);
    const scarce = {
      draft: { overrides: { urgent: 'Bão số 5' }, schedule, gateway: 'scarce' },
      batch: { gateway: 'scarce' },
    };
    const { id } = await launched(app, 240, { ...launch, ...scarce });
    const { body } = await staff.get(`/api/v1/campaigns/${id}/forecast`).expect(200);
    expect(body).toMatchObject({
      segmentsPerDay: 100,
      endsAt: '2026-11-25T00:00:02+07:00',
      warnings: [{ code: 'stopped-by-quota', detail: expect.stringContaining('100') }],
    });
    expect(body.pauses.map(({ because }: { because: string }) => because)).toEqual(['quota', 'quota']);
  });

  it('has no price while the office has entered none', async () => {
    const { id } = await standing(10, { schedule });
    await app.database.run('update campaigns set vnd_per_segment = null where id = $1', [id]);
    const { body } = await staff.get(`/api/v1/campaigns/${id}/forecast`).expect(200);
    expect(body.cost).toBeNull();
  });

  it('is not made before the campaign is submitted, nor of nothing', async () => {
    const id = await draftOf(app, launch);
    const { body } = await staff.get(`/api/v1/campaigns/${id}/forecast`).expect(409);
    expect(body.code).toBe('campaign.not-submitted');
    await staff.get('/api/v1/campaigns/999999/forecast').expect(404);
  });
});
