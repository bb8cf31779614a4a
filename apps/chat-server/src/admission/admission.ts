import { ChatError } from '@chat/protocol';
import type { LoadMonitor } from './load-monitor.ts';

/** Whom this server sends away comes back after this, spread over as long again and more: nobody comes with all others. */
const RETRY_FROM_MS = 2_000;
const RETRY_SPREAD_MS = 8_000;

export type AdmissionParts = {
  readonly load: Pick<LoadMonitor, 'overloaded'>;
  /** CONNECTs that are looked into at once, and how many of them may wait for that. */
  readonly connectsAtOnce: number;
  readonly connectsWaiting: number;
  readonly random?: () => number;
};

/** Who may come in while there is much to do. Those who are in are served in any case. */
export class Admission {
  readonly #parts: AdmissionParts;
  readonly #random: () => number;
  readonly #queue: (() => void)[] = [];
  #inProgress = 0;
  /** Openings and CONNECTs sent away. */
  refused = 0;

  constructor(parts: AdmissionParts) {
    this.#parts = parts;
    this.#random = parts.random ?? Math.random;
  }

  get connecting(): number {
    return this.#inProgress;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Why nobody new may come in now; nothing if they may. */
  refusal(): ChatError | undefined {
    return this.#parts.load.overloaded ? this.#refuse('This server has too much to do.') : undefined;
  }

  /** Does `connect` when it is its turn. Throws `ChatError` unavailable, with when to come back, if there is too much to do. */
  async connect<Result>(connect: () => Promise<Result>): Promise<Result> {
    const refusal = this.refusal();
    if (refusal !== undefined) throw refusal;
    await this.#turn();
    try {
      return await connect();
    } finally {
      const next = this.#queue.shift();
      if (next === undefined) this.#inProgress--;
      else next(); // takes over the place
    }
  }

  async #turn(): Promise<void> {
    if (this.#inProgress < this.#parts.connectsAtOnce) {
      this.#inProgress++;
      return;
    }
    if (this.#queue.length >= this.#parts.connectsWaiting) throw this.#refuse('Too many connect at once.');
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  #refuse(why: string): ChatError {
    this.refused++;
    const retryAfterMs = Math.round(RETRY_FROM_MS + this.#random() * RETRY_SPREAD_MS);
    return new ChatError('unavailable', `${why} Come back in ${retryAfterMs} ms, which is another time for everyone, or connect to another server.`, retryAfterMs);
  }
}
