import { setTimeout as sleep } from 'node:timers/promises';
import { Sockets } from './sockets';

describe('places for requests in flight', () => {
  it('are never overbooked, and everybody gets one in the end', async () => {
    const sockets = new Sockets(3);
    let inFlight = 0;
    let most = 0;
    const order: number[] = [];
    const work = Array.from({ length: 20 }, (_, index) =>
      sockets.use(async () => {
        order.push(index);
        most = Math.max(most, ++inFlight);
        await sleep(1);
        inFlight -= 1;
      }),
    );
    await Promise.all(work);
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('are given on after a failure', async () => {
    const sockets = new Sockets(1);
    await expect(sockets.use(() => Promise.reject(new Error('reset')))).rejects.toThrow('reset');
    await expect(sockets.use(async () => 'next')).resolves.toBe('next');
  });

  it('become fewer as those in use are given back, and more at once', async () => {
    const sockets = new Sockets(2);
    const ends: (() => void)[] = [];
    const work = Array.from({ length: 6 }, () => sockets.use(() => new Promise<void>((end) => ends.push(end))));
    sockets.resize(1);
    ends[0]!();
    await sleep(1);
    expect(ends).toHaveLength(2);
    sockets.resize(3);
    await sleep(1);
    expect([ends.length, sockets.waits]).toEqual([4, 2]);
    sockets.resize(6);
    await sleep(1);
    ends.forEach((end) => end());
    await Promise.all(work);
    expect(sockets.inUse).toBe(0);
  });

  it('let nobody wait while there are none at all', async () => {
    const sockets = new Sockets(1);
    const work = [1, 2, 3].map((n) => sockets.use(async () => (await sleep(2), n)));
    sockets.resize(0);
    expect(await Promise.all([...work, sockets.use(async () => 4)])).toEqual([1, undefined, undefined, undefined]);
    sockets.resize(1);
    expect(await sockets.use(async () => 5)).toBe(5);
  });

  it('send away who waits when they are closed, and let those in flight end', async () => {
    const sockets = new Sockets(1);
    let begun = 0;
    const work = [1, 2, 3].map((n) => sockets.use(async () => (begun++, await sleep(2), n)));
    sockets.close();
    expect(await Promise.all(work)).toEqual([1, undefined, undefined]);
    expect(begun).toBe(1);
    expect(await sockets.use(async () => 4)).toBeUndefined();
  });
});
