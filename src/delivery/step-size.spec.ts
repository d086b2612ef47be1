import { nextLatency, stepSize } from './step-size';

describe('the step of texts marked at once', () => {
  it('is 50 while the gateway is quick', () => {
    expect(stepSize(100, 20)).toBe(50);
    expect(stepSize(50, 400)).toBe(50);
  });

  it('is what the sockets take in 0.4 s when it is slow, so that no marked text waits long for a pause', () => {
    expect(stepSize(20, 1_000)).toBe(8);
    expect(stepSize(50, 15_000)).toBe(1);
  });

  it('is never nothing, so that even the slowest gateway gets its texts', () => {
    expect(stepSize(1, 60_000)).toBe(1);
    expect(stepSize(1, 0)).toBe(50);
  });

  it('follows the gateway within some twenty answers', () => {
    let latency = 20;
    for (let answer = 0; answer < 20; answer += 1) latency = nextLatency(latency, 2_000);
    expect(latency).toBeGreaterThan(1_700);
  });
});
