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

  it('tell when few enough wait', async () => {
    const sockets = new Sockets(1);
    const work = [1, 2, 3].map(() => sockets.use(() => sleep(5)));
    let told = false;
    const few = sockets.whenFewerWaitThan(1).then(() => (told = true));
    await sleep(2);
    expect(told).toBe(false);
    await few;
    await Promise.all(work);
  });
});
