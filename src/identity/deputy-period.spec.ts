import { faultOfPeriod } from './deputy-period';

describe('the period of a deputyship', () => {
  it.each([
    ['2026-11-23', '2026-11-23'],
    ['2026-12-31', '2027-01-01'],
    // 92 days: the whole of a quarter.
    ['2027-07-01', '2027-09-30'],
  ])('%s to %s will do', (from, to) => expect(faultOfPeriod(from, to, '2026-11-23')).toBeUndefined());

  it.each([
    ['2026-11-22', '2026-11-30', 'deputy.period-past'],
    ['2026-12-02', '2026-12-01', 'deputy.period-reversed'],
    ['2027-07-01', '2027-10-01', 'deputy.period-too-long'],
  ])('%s to %s will not: %s', (from, to, code) => {
    expect(faultOfPeriod(from, to, '2026-11-23')?.code).toBe(code);
  });
});
