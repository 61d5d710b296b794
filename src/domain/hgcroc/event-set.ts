/** Counts distinct event numbers: a bitmap for those that a run can have, a set for what damaged records say. */
export class EventSet {
  size = 0;
  private last = -1;
  private bits = new Uint32Array(1024);
  private readonly strays = new Set<number>();

  add(event: number): void {
    if (event === this.last) return;
    this.last = event;
    if (event >= 0 && event < bitmapLimit) this.addToBitmap(event);
    else if (!this.strays.has(event)) {
      this.strays.add(event);
      this.size++;
    }
  }

  private addToBitmap(event: number): void {
    const word = event >>> 5;
    if (word >= this.bits.length) {
      const larger = new Uint32Array(Math.max(2 * this.bits.length, word + 1));
      larger.set(this.bits);
      this.bits = larger;
    }
    const bit = 1 << (event & 31);
    if ((this.bits[word] & bit) === 0) {
      this.bits[word] |= bit;
      this.size++;
    }
  }
}

/** 2²⁷ events fill 16 MB. */
const bitmapLimit = 1 << 27;
