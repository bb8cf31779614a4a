import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import { runQuery } from './store-query.ts';

/** A longer answer says too little about the time it was given at. */
const TRUSTED_ROUND_TRIP_MS = 250;
const PROBES = 3;

type Probe = {
  /** Database time minus monotonic time, in ms. */
  readonly offset: number;
  readonly roundTripMs: number;
};

/**
 * The database's clock, as far as it can be known without asking it each time. Servers whose own clocks are minutes apart
 * agree by it on when a token ends. It runs on by the monotonic clock: setting this machine's time changes nothing.
 */
export class DatabaseClock {
  readonly #pool: Pool;
  #best: Probe | undefined;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Asks the database some times, and believes the quickest answer. Throws ChatError `unavailable`. */
  async measure(): Promise<void> {
    let quickest = await this.#probe();
    for (let n = 1; n < PROBES; n++) {
      const probe = await this.#probe();
      if (probe.roundTripMs < quickest.roundTripMs) quickest = probe;
    }
    // A slow answer is taken only where there is nothing better.
    if (this.#best === undefined || quickest.roundTripMs <= TRUSTED_ROUND_TRIP_MS) this.#best = quickest;
  }

  /** Epoch milliseconds. Throws before the first measurement. */
  now(): number {
    return Math.round(this.#measured().offset + performance.now());
  }

  /** How far `now` may have been off when it was measured. */
  get uncertaintyMs(): number {
    return this.#measured().roundTripMs / 2;
  }

  #measured(): Probe {
    if (this.#best === undefined) throw new Error("the database's clock was not measured yet");
    return this.#best;
  }

  async #probe(): Promise<Probe> {
    const before = performance.now();
    const { rows } = await runQuery<{ now: number }>(this.#pool, {
      name: 'clock',
      text: 'select now_ms() as now',
      values: [],
    });
    const after = performance.now();
    const [row] = rows;
    if (row === undefined) throw new Error('now_ms() gave no row');
    return { offset: row.now - (before + after) / 2, roundTripMs: after - before };
  }
}
