/** Hands out addresses one after another, each on a cache line. First pass counts bytes, second places. */
export interface Region {
  readonly address: number;
  /** In 8-byte numbers. */
  readonly length: number;
}

const line = 64;

export class MemoryLayout {
  private next: number;

  constructor(first: number) {
    this.next = Math.ceil(first / line) * line;
  }

  get bytes(): number {
    return this.next;
  }

  /** Room for `length` numbers. */
  numbers(length: number): Region {
    const region = { address: this.next, length };
    this.next += Math.ceil((length * 8) / line) * line;
    return region;
  }
}
