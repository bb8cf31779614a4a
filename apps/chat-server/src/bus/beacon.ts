import type { PublishOutcome } from './rabbitmq-publisher.ts';

export type BeaconOptions = {
  readonly everyMs: number;
  readonly missedMs: number;
  /** Publishes one beacon to this server's own key. */
  readonly send: () => Promise<PublishOutcome>;
  readonly onMissed: (reason: string) => void;
};

/**
 * Finds a consumer that no longer gets anything: queue deleted, binding removed, cancel swallowed, consumer wedged.
 * The broker reports none of these reliably.
 *
 * Only a beacon that the broker has answered counts: one that it took must arrive, and one that it refused says that
 * our own queue is full and not being read. A beacon that could not be published says nothing of the consumer, and
 * anything that arrives says that the consumer works, so that a long backlog is not taken for silence.
 */
export class Beacon {
  readonly #options: BeaconOptions;
  #ticker: NodeJS.Timeout | undefined;
  #missTimer: NodeJS.Timeout | undefined;
  #arrivals = 0;

  constructor(options: BeaconOptions) {
    this.#options = options;
  }

  start(): void {
    this.stop();
    this.#ticker = setInterval(() => void this.#tick(), this.#options.everyMs);
  }

  stop(): void {
    clearInterval(this.#ticker);
    this.#ticker = undefined;
    this.#clearMiss();
  }

  /** To be called for whatever is delivered, envelope or beacon. */
  onArrival(): void {
    this.#arrivals += 1;
    if (this.#missTimer !== undefined) this.#clearMiss();
  }

  onReturned(): void {
    if (this.#ticker !== undefined) this.#options.onMissed('no queue is bound to the own key');
  }

  async #tick(): Promise<void> {
    const ticker = this.#ticker;
    const before = this.#arrivals;
    const outcome = await this.#options.send();
    const answered = outcome === 'taken' || outcome === 'refused';
    if (!answered || this.#arrivals !== before || this.#ticker !== ticker || this.#missTimer !== undefined) return;
    this.#missTimer = setTimeout(() => this.#onMissTimer(), this.#options.missedMs);
  }

  /** After a pause of the process timers come before sockets, so what lies in the socket is read first. */
  #onMissTimer(): void {
    const timer = this.#missTimer;
    setImmediate(() => {
      if (this.#missTimer === timer && timer !== undefined) this.#options.onMissed('no beacon arrives');
    });
  }

  #clearMiss(): void {
    clearTimeout(this.#missTimer);
    this.#missTimer = undefined;
  }
}
