import * as fc from 'fast-check';
import { failuresOf, firstWaveSize, goneOf, judgeRunning, type RunningFigures } from './watch';

/** Figures of a batch at any instant of its life; all that is not queued was released. */
const anyFigures = fc
  .record({
    queued: fc.nat(1_000),
    held: fc.nat(1_000),
    sending: fc.nat(50),
    accepted: fc.nat(1_000),
    failed: fc.nat(1_000),
    unknown: fc.nat(1_000),
  })
  .map(({ held, ...states }): RunningFigures => {
    const queued = states.queued + held;
    const { sending, accepted, failed, unknown } = states;
    const messages = queued + sending + accepted + failed + unknown;
    return { ...states, queued, messages, released: messages - held };
  });
const anyHalt = fc.record({ failures: fc.integer({ min: 1, max: 500 }), percent: fc.integer({ min: 1, max: 100 }) });
const NOTHING = { failures: 0, gone: 0 };

describe('a first wave', () => {
  it('is at least one text, and never more than there are', () => {
    const anyWave = fc.oneof(
      fc.record({ recipients: fc.integer({ min: 1, max: 5_000 }) }),
      fc.record({ percent: fc.integer({ min: 1, max: 99 }) }),
    );
    fc.assert(
      fc.property(anyWave, fc.integer({ min: 1, max: 1_000_000 }), (wave, size) => {
        const texts = firstWaveSize(wave, size);
        expect(texts).toBeGreaterThanOrEqual(1);
        expect(texts).toBeLessThanOrEqual(size);
        if ('percent' in wave) expect(texts * 100).toBeGreaterThanOrEqual(size * wave.percent);
        else expect(texts).toBe(Math.min(wave.recipients, size));
      }),
    );
  });

  it('of one per cent of 150 people is two of them', () => {
    expect(firstWaveSize({ percent: 1 }, 150)).toBe(2);
  });

  const released = { messages: 100, released: 10, accepted: 8, failed: 1, unknown: 0 };

  it('stops the campaign once each of its texts is accounted for', () => {
    const over = { ...released, accepted: 9, queued: 90, sending: 0 };
    expect(judgeRunning(null, over, { inFirstWave: true, seen: NOTHING })).toBe('first-wave');
  });

  it('does not stop it while a text is on its way, or waits for another try', () => {
    const onItsWay = { ...released, queued: 90, sending: 1 };
    const deferred = { ...released, queued: 91, sending: 0 };
    for (const figures of [onItsWay, deferred]) {
      expect(judgeRunning(null, figures, { inFirstWave: true, seen: NOTHING })).toBe('go-on');
    }
  });

  it('stops nothing twice, and nothing of which no rest waits', () => {
    const over = { ...released, accepted: 9, queued: 90, sending: 0 };
    expect(judgeRunning(null, over, { inFirstWave: false, seen: NOTHING })).toBe('go-on');
    // Past its deadline: the rest expires.
    expect(judgeRunning(null, { ...over, queued: 40 }, { inFirstWave: true, seen: NOTHING })).toBe('go-on');
    expect(judgeRunning(null, { ...over, queued: 0 }, { inFirstWave: true, seen: NOTHING })).toBe('go-on');
  });
});

describe('the automatic halt', () => {
  it('needs both the count and the share, of the texts that left', () => {
    fc.assert(
      fc.property(anyHalt, anyFigures, (halt, figures) => {
        const failures = failuresOf(figures);
        const isTooMuch = failures >= halt.failures && failures >= (halt.percent / 100) * goneOf(figures) - 1e-9;
        const verdict = judgeRunning(halt, figures, { inFirstWave: false, seen: NOTHING });
        expect(verdict).toBe(isTooMuch ? 'failures' : 'go-on');
      }),
    );
  });

  it('counts what is unknown as a failure', () => {
    const figures = { messages: 100, released: 100, queued: 50, sending: 0, accepted: 30, failed: 10, unknown: 10 };
    const halt = { failures: 20, percent: 40 };
    expect(judgeRunning(halt, figures, { inFirstWave: false, seen: NOTHING })).toBe('failures');
  });

  it('never stops again for what somebody had before him when he let the campaign go on', () => {
    fc.assert(
      fc.property(anyHalt, anyFigures, fc.nat(1_000), (halt, figures, more) => {
        const seen = { failures: failuresOf(figures), gone: goneOf(figures) };
        const later = { ...figures, accepted: figures.accepted + more, messages: figures.messages + more };
        expect(judgeRunning(halt, later, { inFirstWave: false, seen })).toBe('go-on');
      }),
    );
  });

  it('stops again for as many new failures', () => {
    const halt = { failures: 20, percent: 40 };
    const seen = { failures: 50, gone: 60 };
    const figures = { messages: 999, released: 999, queued: 879, sending: 0, accepted: 50, failed: 70, unknown: 0 };
    expect(judgeRunning(halt, figures, { inFirstWave: false, seen })).toBe('go-on');
    expect(judgeRunning(halt, { ...figures, accepted: 40 }, { inFirstWave: false, seen })).toBe('failures');
    expect(judgeRunning(halt, { ...figures, failed: 69, accepted: 11 }, { inFirstWave: false, seen })).toBe('go-on');
  });

  it('is told rather than the first wave when both apply', () => {
    const figures = { messages: 100, released: 10, queued: 90, sending: 0, accepted: 0, failed: 10, unknown: 0 };
    const halt = { failures: 5, percent: 50 };
    expect(judgeRunning(halt, figures, { inFirstWave: true, seen: NOTHING })).toBe('failures');
  });
});
