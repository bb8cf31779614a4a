const EMPTY = new Uint8Array(0);
const FIRST_CAPACITY = 64;

/**
 * Bytes of a line or body that is cut across chunks. Copies them, so that no small piece keeps a large chunk alive,
 * and doubles its room, so that one byte at a time costs no more than linear time.
 */
export class PartialBytes {
  #bytes = EMPTY;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(source: Uint8Array, from: number, to: number): void {
    const length = this.#length + (to - from);
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(length, this.#bytes.length * 2, FIRST_CAPACITY));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    if (to - from === 1) this.#bytes[this.#length] = source[from] ?? 0; // byte by byte a view would cost more than it moves
    else this.#bytes.set(source.subarray(from, to), this.#length);
    this.#length = length;
  }

  /** Gives the bytes away and is empty from then on. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = EMPTY;
    this.#length = 0;
    return taken;
  }
}
