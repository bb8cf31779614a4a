import { vi } from 'vitest';

/**
 * The monotonic clock of this worker, which can be put forward: what is due then is done at the server's next tick,
 * within a second. It never goes back, also not after the tests of the file that took it.
 */
export class ForwardClock {
  #ahead = 0;

  constructor() {
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + this.#ahead);
  }

  letPass(seconds: number): void {
    this.#ahead += seconds * 1000;
  }
}
