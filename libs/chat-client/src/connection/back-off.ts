/** Delays before the next try: exponential with full jitter, so that thousands who lost a server don't return together. */
export class BackOff {
  readonly #baseMs: number;
  readonly #capMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: { readonly baseMs?: number; readonly capMs?: number; readonly random: () => number }) {
    this.#baseMs = options.baseMs ?? 500;
    this.#capMs = options.capMs ?? 30_000;
    this.#random = options.random;
  }

  /** Counts one more failure and answers how long to wait. `atLeast` failures are assumed to have happened before. */
  next(atLeast = 0): number {
    this.#failures = Math.max(this.#failures, atLeast);
    const ceiling = Math.min(this.#capMs, this.#baseMs * 2 ** this.#failures);
    this.#failures += 1;
    return Math.round(this.#random() * ceiling);
  }

  get failures(): number {
    return this.#failures;
  }

  reset(): void {
    this.#failures = 0;
  }
}
