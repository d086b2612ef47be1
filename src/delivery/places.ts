/**
 * How many requests a gateway seems to bear at once, between 1 and `most`: half as many after it refused for too many at once
 * (once per round of answers), one more after as many answers as there are places. So it settles a little below what is permitted
 * where nobody has entered it (additive increase, multiplicative decrease: RFC 5681 §3.1, for the same reasons).
 */
export class Places {
  private bears: number;
  private sinceCut = 0;
  /** What was under way when it was cut is refused too, and says nothing new. */
  private underWay = 0;

  constructor(private readonly most: number) {
    this.bears = most;
  }

  get count(): number {
    return Math.max(1, Math.floor(this.bears));
  }

  /** @returns whether the count changed. */
  note(isRateRefusal: boolean): boolean {
    const before = this.count;
    this.sinceCut += 1;
    if (!isRateRefusal) this.bears = Math.min(this.most, this.bears + 1 / this.bears);
    else if (this.sinceCut > this.underWay) {
      this.bears = Math.max(1, this.bears / 2);
      this.sinceCut = 0;
      this.underWay = before;
    }
    return this.count !== before;
  }
}
