/** Draws that are always the same for a seed (the mulberry32 generator, in the public domain). Never for secrets. */
export class SeededRandom {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 ≤ draw < 1 */
  draw(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  /** A whole number, 0 ≤ number < limit. */
  below(limit: number): number {
    return Math.floor(this.draw() * limit);
  }

  happens(share: number): boolean {
    return this.draw() < share;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Picks by weight: an entry of weight 3 three times as often as one of weight 1. */
  pickWeighted<T>(entries: readonly (readonly [weight: number, item: T])[]): T {
    let left = this.draw() * entries.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, item] of entries) if ((left -= weight) < 0) return item;
    return entries[entries.length - 1]![1];
  }

  digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('');
  }
}
