/** Turns for many who would all go at once: so many a second, evenly. */
export class SpacedTurns {
  readonly #gap: number;
  #next = 0;

  constructor(perSecond: number) {
    this.#gap = 1_000 / perSecond;
  }

  /** Resolves when it is the caller's turn. */
  async next(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#gap;
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now));
  }
}
