import { MISFIRE_RULES } from '../plan';
import { judgeStart } from './misfire';

const DUE = new Date('2026-11-23T08:00:00+07:00');
const late = (minutes: number): Date => new Date(DUE.getTime() + minutes * 60_000);

describe('a campaign whose start comes', () => {
  it.each(MISFIRE_RULES)(
    'is started in time, and after a short restart of the service, whatever its rule (%s)',
    (rule) => {
      expect(judgeStart({ dueAt: DUE, now: DUE, rule })).toBe('start');
      expect(judgeStart({ dueAt: DUE, now: late(5), rule })).toBe('start');
    },
  );

  it.each([
    ['send-late', 'start'],
    ['skip', 'skip'],
    ['ask', 'ask'],
  ] as const)('after an outage follows its rule %s: %s', (rule, expected) => {
    expect(judgeStart({ dueAt: DUE, now: late(5.1), rule })).toBe(expected);
    expect(judgeStart({ dueAt: DUE, now: late(60 * 24 * 30), rule })).toBe(expected);
  });
});
