/** Places for requests in flight. Who finds none free waits in order of arrival. */
export class Sockets {
  private readonly waiting: (() => void)[] = [];
  private readonly onFewer: { limit: number; resolve: () => void }[] = [];
  private free: number;

  constructor(count: number) {
    this.free = count;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      this.passOn();
    }
  }

  /** Resolves when fewer than `limit` texts wait for a place. */
  async whenFewerWaitThan(limit: number): Promise<void> {
    if (this.waiting.length < limit) return;
    await new Promise<void>((resolve) => this.onFewer.push({ limit, resolve }));
  }

  private passOn(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
    const ready = this.onFewer.filter(({ limit }) => this.waiting.length < limit);
    for (const entry of ready) {
      this.onFewer.splice(this.onFewer.indexOf(entry), 1);
      entry.resolve();
    }
  }
}
