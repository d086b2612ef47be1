import { workAhead } from './work-ahead';

const BATCH = { messages: 1_000, segments: 2_500, released: 1_000, queued: 1_000 };

describe('what is still to be handed over', () => {
  it('is all of it before the start, with all its segments', () => {
    expect(workAhead(BATCH, { inFirstWave: false, spreadMinutes: null })).toEqual({
      left: { messages: 1_000, segments: 2_500 },
      firstWave: null,
      spreadMinutes: null,
    });
  });

  it('tells what is left of a first wave from what waits for a look', () => {
    const ahead = workAhead({ ...BATCH, released: 100, queued: 940 }, { inFirstWave: true, spreadMinutes: null });
    expect(ahead).toMatchObject({ left: { messages: 940 }, firstWave: { messages: 40, segments: 100 } });
    const sent = workAhead({ ...BATCH, released: 100, queued: 900 }, { inFirstWave: true, spreadMinutes: null });
    expect(sent.firstWave).toBeNull();
  });

  it('is spread over what is left of the time, and no longer once all may leave', () => {
    const half = workAhead({ ...BATCH, released: 500, queued: 510 }, { inFirstWave: false, spreadMinutes: 60 });
    expect(half.spreadMinutes).toBe(30);
    expect(workAhead(BATCH, { inFirstWave: false, spreadMinutes: 60 }).spreadMinutes).toBeNull();
  });
});
