/**
 * When messages are to be sent, in ms from the beginning: decided before, and never by how fast answers come. So a
 * server that stalls does not make the load wait for it, and its stall shows in the latencies.
 */
export class Arrivals {
  readonly #gap: () => number;
  #next: number;

  /** @param random numbers from 0 up to 1; at `poisson` they make the gaps, whose mean is the same */
  constructor(kind: 'constant' | 'poisson', ratePerSecond: number, random: () => number) {
    const mean = 1_000 / ratePerSecond;
    this.#gap = kind === 'constant' ? () => mean : () => -Math.log(1 - random()) * mean;
    this.#next = this.#gap();
  }

  /** When the next message is due. */
  get next(): number {
    return this.#next;
  }

  advance(): void {
    this.#next += this.#gap();
  }
}
