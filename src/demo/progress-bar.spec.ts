import { describeProgress, ProgressBar, RateMeter } from './progress-bar';
import { displayWidth } from './vietnamese-format';

const plain = { drawn: false, columns: 80 };
const drawn = { drawn: true, columns: 120 };

describe('the progress of the sending', () => {
  it('says share, counts, rate, remaining time and receipts, in numbers as Vietnam writes them', () => {
    const line = describeProgress({ done: 70_100, total: 140_200, receipts: 69_000 }, 3_505, plain);
    expect(line).toBe('Gửi 50 % · 70.100/140.200 tin · 3.505 tin/giây · còn 20 giây · đã nhận 69.000');
  });

  it('draws half a bar when half is sent, a whole one only when all is', () => {
    const bar = (done: number): string | undefined =>
      /[█░]+/.exec(describeProgress({ done, total: 1_000, receipts: 0 }, 10, drawn))?.[0];
    expect(bar(500)).toBe('█'.repeat(12) + '░'.repeat(12));
    expect(bar(999)).toContain('░');
    expect(bar(1_000)).toBe('█'.repeat(24));
  });

  it('leaves out the bar and then whole fields where the terminal is narrow, and cuts no number', () => {
    const whole =
      /^Gửi ([█░]{6,24} )?50 %( · 70\.100\/140\.200 tin)?( · 985 tin\/giây)?( · còn 1 phút 11 giây)?( · đã nhận 69\.000)?$/;
    const progress = { done: 70_100, total: 140_200, receipts: 69_000 };
    for (let columns = 10; columns <= 130; columns += 1) {
      const line = describeProgress(progress, 985, { drawn: true, columns });
      expect(line).toMatch(whole);
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      if (line.includes('█')) expect(line).toContain('tin/giây');
    }
    expect(describeProgress(progress, 985, { drawn: true, columns: 79 })).toContain('còn 1 phút 11 giây');
  });

  it('promises no time while nothing moves, and neither time nor rate when all is done or nothing is known', () => {
    expect(describeProgress({ done: 10, total: 100, receipts: 0 }, 0, plain)).not.toContain('còn');
    expect(describeProgress({ done: 100, total: 100, receipts: 99 }, 50, plain)).toBe(
      'Gửi 100 % · 100/100 tin · đã nhận 99',
    );
    expect(describeProgress({ done: 0, total: 100, receipts: 0 }, undefined, plain)).toBe(
      'Gửi 0 % · 0/100 tin · đã nhận 0',
    );
  });

  it('has the rate of the last seconds, so that a resumed campaign does not seem to fly', () => {
    const meter = new RateMeter();
    expect(meter.note(0, 60_000)).toBeUndefined();
    expect(meter.note(500, 60_000)).toBeUndefined();
    expect(meter.note(1_000, 62_000)).toBe(2_000);
    for (let second = 2; second <= 10; second += 1) meter.note(second * 1_000, 62_000);
    expect(meter.note(11_000, 62_500)).toBe(100);
  });

  it('owns up to a standstill after a while', () => {
    const meter = new RateMeter();
    meter.note(0, 7);
    expect(meter.note(5_000, 7)).toBe(0);
  });

  it('ends with 100 % in a pipe too, where lines come every few seconds only', () => {
    const lines: string[] = [];
    const screen = { isTerminal: false, columns: 80, line: (text = '') => void lines.push(text) };
    const bar = new ProgressBar({ ...screen, redraw: jest.fn(), endRedraw: jest.fn() });
    bar.show({ done: 0, total: 100, receipts: 0 }, 0);
    bar.show({ done: 90, total: 100, receipts: 0 }, 1_000);
    bar.show({ done: 100, total: 100, receipts: 99 }, 2_000);
    bar.finish();
    expect(lines).toEqual(['Gửi 0 % · 0/100 tin · đã nhận 0', 'Gửi 100 % · 100/100 tin · đã nhận 99']);
  });
});
