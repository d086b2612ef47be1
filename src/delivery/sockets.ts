/**
 * Places for requests in flight. Who finds none free waits in order of arrival. Their number may change at any time; it falls
 * below what is in use by letting no one in. While there is none at all nobody waits, for nobody could say how long. States:
 * open -> closed: then those who wait are sent away.
 */
export class Sockets {
  private readonly waiting: ((hasPlace: boolean) => void)[] = [];
  private used = 0;
  private isClosed = false;
  /** Called when somebody who waited has a place, or was sent away. */
  onAdvance: () => void = () => undefined;

  constructor(private limit: number) {}

  get places(): number {
    return this.limit;
  }

  get inUse(): number {
    return this.used;
  }

  get waits(): number {
    return this.waiting.length;
  }

  resize(places: number): void {
    this.limit = places;
    if (places === 0) this.sendAway();
    this.fill();
  }

  /** @returns undefined when it was closed before there was a place, or there is none at all: then the work was not begun. */
  async use<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    if (this.isClosed || this.limit === 0) return undefined;
    if (this.used < this.limit && this.waiting.length === 0) this.used += 1;
    else if (!(await new Promise<boolean>((resolve) => this.waiting.push(resolve)))) return undefined;
    try {
      return await work();
    } finally {
      this.used -= 1;
      this.fill();
    }
  }

  close(): void {
    this.isClosed = true;
    this.sendAway();
  }

  private sendAway(): void {
    const waiting = this.waiting.splice(0);
    for (const resolve of waiting) resolve(false);
    if (waiting.length > 0) this.onAdvance();
  }

  private fill(): void {
    let advanced = false;
    while (this.used < this.limit && this.waiting.length > 0) {
      this.used += 1;
      this.waiting.shift()!(true);
      advanced = true;
    }
    if (advanced) this.onAdvance();
  }
}
