/** A set of whole numbers from 1, one bit each: ten million take 1.3 MB. */
export class SerialSet {
  private bits = new Uint8Array(1024);

  add(serial: number): void {
    const index = serial >>> 3;
    if (index >= this.bits.length) {
      const grown = new Uint8Array(Math.max(index + 1, this.bits.length * 2));
      grown.set(this.bits);
      this.bits = grown;
    }
    this.bits[index] = (this.bits[index] ?? 0) | (1 << (serial & 7));
  }

  has(serial: number): boolean {
    return ((this.bits[serial >>> 3] ?? 0) & (1 << (serial & 7))) !== 0;
  }
}
