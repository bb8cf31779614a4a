const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/** How long to wait before an attempt: twice as long each time, and anything from nothing to that, so that many who lost a server together do not come back together. */
export class BackOff {
  #attempts = 0;

  next(random: () => number = Math.random): number {
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(this.#attempts, 10));
    this.#attempts++;
    return random() * longest;
  }

  reset(): void {
    this.#attempts = 0;
  }
}
