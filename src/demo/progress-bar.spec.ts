import { describeProgress, RateMeter } from './progress-bar';

describe('the progress of the sending', () => {
  it('says share, counts, rate, remaining time and receipts, in numbers as Vietnam writes them', () => {
    const line = describeProgress({ done: 70_100, total: 140_200, receipts: 69_000 }, 3_505, false);
    expect(line).toBe('Gửi 50 % · 70.100/140.200 tin · 3.505 tin/giây · còn 20 giây · đã nhận 69.000');
  });

  it('draws half a bar when half is sent, a whole one only when all is', () => {
    const bar = (done: number): string | undefined =>
      /[█░]+/.exec(describeProgress({ done, total: 1_000, receipts: 0 }, 10, true))?.[0];
    expect(bar(500)).toBe('█'.repeat(12) + '░'.repeat(12));
    expect(bar(999)).toContain('░');
    expect(bar(1_000)).toBe('█'.repeat(24));
  });

  it('promises no time while nothing moves, and none when all is done', () => {
    expect(describeProgress({ done: 10, total: 100, receipts: 0 }, 0, false)).not.toContain('còn');
    expect(describeProgress({ done: 100, total: 100, receipts: 0 }, 50, false)).not.toContain('còn');
  });

  it('has the rate of the last seconds, so that a resumed campaign does not seem to fly', () => {
    const meter = new RateMeter();
    expect(meter.note(0, 60_000)).toBe(0);
    expect(meter.note(1_000, 62_000)).toBe(2_000);
    for (let second = 2; second <= 10; second += 1) meter.note(second * 1_000, 62_000);
    expect(meter.note(11_000, 62_500)).toBe(100);
  });
});
