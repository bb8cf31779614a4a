/** The last `capacity` things that were added, in a ring; whoever owns them is told what drops out. */
export class Recent<T> {
  readonly #ring: T[] = [];
  readonly #capacity: number;
  readonly #onForget: (item: T) => void;
  #oldest = 0;

  constructor(capacity: number, onForget: (item: T) => void) {
    this.#capacity = capacity;
    this.#onForget = onForget;
  }

  add(item: T): void {
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(item);
      return;
    }
    const forgotten = this.#ring[this.#oldest];
    this.#ring[this.#oldest] = item;
    this.#oldest = (this.#oldest + 1) % this.#capacity;
    if (forgotten !== undefined) this.#onForget(forgotten);
  }
}
